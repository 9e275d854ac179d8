// Judges by windows alone whether a message's sender can be the page's embedder.

/** How far a chain of openers is followed; longer ones are nobody's. */
const CHAIN = 16;

/**
 * Whether following parents and openers leads from one window to another.
 * @param {Window | null} from
 * @param {Window | null} to
 */
function leads(from, to) {
  for (let link = 0; from && link < CHAIN; link++) {
    const top = /** @type {Window} */ (from.top);
    if (top === to) return true;
    from = top.opener;
  }
  return false;
}

/**
 * Where the page has a parent, its embedders are its ancestors. Where it is top-level (Kopano's DeskApp shows it in a webview), the
 * embedder is no relative: not the page itself, a frame in it, a window that it opened, or one that opened it.
 * @param {MessageEventSource | null} source
 * @param {Window} page
 */
export function embeds(source, page) {
  const sender = /** @type {Window | null} */ (source);
  if (!sender) return false;
  if (page.parent === page) return !leads(sender, page) && !leads(page, sender.top);
  for (let window = page; window !== window.parent; ) {
    window = window.parent;
    if (window === sender) return true;
  }
  return false;
}
