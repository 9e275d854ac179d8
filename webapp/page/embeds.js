// Judges by windows alone whether a message's sender can be the page's embedder.

/** How far a chain of openers is followed; longer ones are nobody's. */
const CHAIN = 16;

/**
 * Whether following parents and openers leads from one window to another.
 * @param {Window | null | undefined} from
 * @param {Window} to
 * @returns {boolean}
 */
const leads = (from, to, links = CHAIN) => !!from && links > 0 && (from.top === to || leads(from.top?.opener, to, links - 1));

/**
 * Whether a window is among a page's ancestors.
 * @param {Window} window
 * @param {Window} page
 * @returns {boolean}
 */
const isAbove = (window, page) => page.parent !== page && (page.parent === window || isAbove(window, page.parent));

/**
 * Where the page has a parent, its embedders are its ancestors. Where it is top-level (Kopano's DeskApp shows it in a webview), the
 * embedder is no relative: not the page itself, a frame in it, a window that it opened, or one that opened it.
 * @param {MessageEventSource | null} source
 * @param {Window} page
 */
export function embeds(source, page) {
  const sender = /** @type {Window | null} */ (source);
  // A frame that is removed in the task in which it posts is a window of no tree when the message arrives.
  if (!sender?.top) return false;
  return page.parent === page ? !leads(sender, page) && !leads(page, sender.top) : isAbove(sender, page);
}
