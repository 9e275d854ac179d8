// Opens the realm: a hidden frame of the page's own origin, in which WebAssembly compiles although the page's policy forbids it here.

/** How long the realm may take to hand over the component, in milliseconds. */
const TIMEOUT = 30000;

/**
 * @param {string} folder
 * @param {(component: ComponentClass) => void} opened
 * @param {(reason: unknown) => void} failed
 * @returns {() => void} removes the realm
 */
export function openRealm(folder, opened, failed) {
  const frame = /** @type {HTMLIFrameElement & { notifymatters?: Door }} */ (document.createElement('iframe'));
  const timer = setTimeout(() => fail('no answer within 30 seconds'), TIMEOUT);
  let waits = true;

  function close() {
    waits = false;
    clearTimeout(timer);
    frame.remove();
  }

  /** @param {unknown} reason */
  function fail(reason) {
    if (!waits) return;
    close();
    failed(reason);
  }

  // The frame takes a while to open, and the component as long to come.
  const bytes = fetch(folder + COMPONENT_FILE).then((response) => {
    if (!response.ok) throw new Error('the server answered ' + response.status);
    return response.arrayBuffer();
  });
  bytes.catch(fail);

  frame.notifymatters = {
    bytes,
    open(component) {
      clearTimeout(timer);
      if (waits) opened(component);
      waits = false;
    },
    fail,
  };
  frame.onload = () => {
    const realm = frame.contentDocument;
    // Where framing is forbidden, another document is in there: the browser's own, of another origin.
    if (!realm) return fail('the frame for it may not be shown');
    const script = realm.createElement('script');
    script.type = 'module';
    script.src = import.meta.url;
    script.onerror = () => fail('the script for it may not be run');
    realm.documentElement.append(script);
  };
  frame.hidden = true;
  frame.title = 'Notifymatters';
  frame.src = folder + REALM_FILE;
  // Outside of the body, where nobody rearranges anything: a frame that is moved loads again.
  document.documentElement.append(frame);
  return close;
}
