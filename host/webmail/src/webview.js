// The chat in Kopano's DeskApp: a <webview>, the element of NW.js, which asks its page for what a browser asks its user for.

/** What the chat may do: calls, files, videos in full screen. All else is refused. */
const PERMITTED = ['media', 'download', 'fullscreen'];

/**
 * @param {string} address
 * @returns {HTMLIFrameElement} as far as it matters here
 */
export function makeWebview(address) {
  const webview = /** @type {HTMLIFrameElement} */ (document.createElement('webview'));
  // The session of each user, kept between starts; the same as in the plugin before this.
  webview.setAttribute('partition', `persist:kw-plugin-${PLUGIN.name}-${container.getUser().getUserName()}`);
  webview.setAttribute('src', address);
  const { origin } = new URL(address, location.href);
  /** @type {Record<string, (event: any) => void>} */
  const listeners = {
    permissionrequest(event) {
      event.preventDefault();
      const { permission, request } = event;
      // Of what is embedded in the chat, nothing is known.
      const isChats = !request.url || new URL(request.url).origin === origin;
      if (PERMITTED.includes(permission) && isChats) request.allow();
      else request.deny();
    },
    newwindow(event) {
      event.preventDefault();
      event.window.discard();
      if (/^(https?|mailto):/i.test(event.targetUrl)) window.nw?.Shell?.openExternal(event.targetUrl);
    },
    dialog({ messageType, messageText, defaultPromptText, dialog }) {
      if (messageType === 'alert') {
        alert(messageText);
        dialog.ok();
        return;
      }
      const answer = messageType === 'confirm' ? confirm(messageText) && '' : prompt(messageText, defaultPromptText);
      if (typeof answer === 'string') dialog.ok(answer);
      else dialog.cancel();
    },
  };
  for (const [type, listener] of Object.entries(listeners)) webview.addEventListener(type, listener);
  return webview;
}
