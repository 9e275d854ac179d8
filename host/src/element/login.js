// What a login needs in a frame of another site: a cookie, which the chat's plugin sets.

/** What may be behind Mattermost's address: a slash, or the path of a team's channel, message or threads. */
const BEHIND = /\/([^/]+\/(channels|messages|pl|threads)(\/.*)?)?$/;

/**
 * Asks the plugin for the cookie. Which sites are one, only browsers know: they tell the plugin whether this page is of another
 * (`Sec-Fetch-Site`), and it sets the cookie only then. The frame does not wait for that: people take longer to log in. A plugin
 * that does not know of it answers that there is nothing.
 * @param {string} address the frame's
 */
export function prepareLogin(address) {
  const { protocol, origin, pathname } = new URL(address);
  if (protocol !== 'https:' || origin === location.origin) return;
  const endpoint = origin + pathname.replace(BEHIND, '') + '/plugins/notifymatters/embed';
  fetch(endpoint, { mode: 'no-cors', credentials: 'include' }).catch(() => {});
}
