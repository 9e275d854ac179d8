// Brings the component to life. Loaded when a host knocks.

import { say } from './say.js';
import { serve } from './serve.js';
import { webAssembly } from './webassembly.js';

/** How long the frame and the component may take, in milliseconds. */
const TIMEOUT = 30000;

/** Where the server part answers. */
const SERVER = new URL('../../../plugins/notifymatters/', import.meta.url).href;

/**
 * For all lives of the plugin in this page: one copy of the component serves them one after the other. One that failed stays here as
 * a failure, and so does what could not be loaded: the next attempt loads this script by another address.
 * @type {Promise<Engine> | undefined}
 */
let engine;

/**
 * @param {Context} context
 * @returns {() => void} ends all of it, at once
 */
export function start({ frame, code, ...context }) {
  /** @type {(() => void) | undefined} */
  let stop;
  let over = false;

  if (engine) frame.remove();
  else engine = load(frame, code);

  /** @param {string} sentence */
  function failed(sentence) {
    engine = Promise.reject(sentence);
    engine.catch(() => {});
    context.failed(sentence);
  }

  engine
    .then((engine) => {
      if (!over) stop = serve(engine, { ...context, server: SERVER, failed });
    })
    .catch((sentence) => context.failed(String(sentence)));

  return () => {
    over = true;
    stop?.();
  };
}

/**
 * Where WebAssembly has no way in (a proxy's headers on the static files, a browser without it), the same component as JavaScript.
 * @param {HTMLIFrameElement} frame
 * @param {Promise<Response | Error>} code
 * @returns {Promise<Engine>}
 */
async function load(frame, code) {
  try {
    const late = new Promise((_, reject) => setTimeout(reject, TIMEOUT, new Error('no answer within 30 seconds')));
    return await Promise.race([webAssembly(frame, code), /** @type {Promise<never>} */ (late)]);
  } catch (reason) {
    say('uses its slower form, because WebAssembly could not be loaded: ' + reason);
  } finally {
    frame.remove();
  }
  // As fresh as this script is.
  const script = SERVER + FALLBACK_FILE + new URL(import.meta.url).search;
  try {
    return (await import(script)).default;
  } catch {
    const cause = await fetch(script).then(({ status }) => status, String);
    throw 'could not load ' + FALLBACK_FILE + ': ' + cause;
  }
}
