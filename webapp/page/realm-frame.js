// Opens the realm: a hidden frame of the page's own origin, in which WebAssembly compiles although the page's policy forbids it here.

/** How long the realm may take to hand over the component, in milliseconds. */
const TIMEOUT = 30000;

/**
 * @param {string} folder
 * @param {Door} door
 * @returns {() => void} removes the realm
 */
export function openRealm(folder, door) {
  const frame = /** @type {HTMLIFrameElement & { notifymatters?: Door }} */ (document.createElement('iframe'));
  const timer = setTimeout(() => fail('no answer within 30 seconds'), TIMEOUT);
  let waits = true;

  /** @param {unknown} error */
  function fail(error) {
    if (waits) door.fail(error);
    waits = false;
  }

  frame.notifymatters = {
    open(component) {
      clearTimeout(timer);
      if (waits) door.open(component);
      waits = false;
    },
    fail,
  };
  frame.hidden = true;
  frame.title = 'Notifymatters';
  frame.src = folder + REALM_FILE;
  // Outside of the body, where nobody rearranges anything: a frame that is moved loads again.
  document.documentElement.append(frame);
  return () => {
    waits = false;
    clearTimeout(timer);
    frame.remove();
  };
}
