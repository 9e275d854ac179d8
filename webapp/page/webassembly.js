// The component as WebAssembly: compiled by a frame of this page's origin whose document bears no policy, run in the page's own realm.

import * as glue from 'component/glue';

import { engine } from './engine.js';

/** What the component's code calls its surroundings. */
const SURROUNDINGS = './component_bg.js';

/** The document that a frame has before it gets its own. */
const BLANK = 'about:blank';

/**
 * What compiles is asked for the policy of the realm that it belongs to, not of its caller's (Chromium 156, Firefox 153, WebKitGTK 2.50).
 * What it made lives on when the frame is gone.
 * @param {HTMLIFrameElement} frame
 * @param {Promise<Response | Error>} code
 */
export async function webAssembly(frame, code) {
  const opened = new Promise((resolve) => {
    frame.onload = resolve;
    // Where framing is forbidden another document is in there: the browser's own, of another origin.
    if (frame.contentDocument?.URL !== BLANK) resolve(undefined);
  });
  const answer = await code;
  if (answer instanceof Error) throw answer;
  if (!answer.ok) throw new Error('the server answered ' + answer.status);
  const bytes = await answer.arrayBuffer();
  await opened;
  if (!frame.contentDocument) throw new Error('the frame for it may not be shown');
  const { WebAssembly } = /** @type {Window & typeof globalThis} */ (frame.contentWindow);
  if (!WebAssembly) throw new Error('this browser has none');
  const module = await WebAssembly.compile(bytes);
  const surroundings = { [SURROUNDINGS]: glue };
  // A copy of the module in this page's realm lets the frame's be freed, 0.2 MB in Chromium. WebKitGTK refuses to instantiate it.
  const here = async () => self.WebAssembly.instantiate(structuredClone(module), surroundings);
  const { exports } = await here().catch(() => WebAssembly.instantiate(module, surroundings));
  return engine(glue, exports);
}
