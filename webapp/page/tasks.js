// Runs functions in tasks of their own, in the order in which they were added.

/** Not timers, which hidden pages slow down to one a second. */
export function taskQueue() {
  /** @type {(() => void)[]} */
  const waiting = [];
  /** A task of the browser's is under way that none of the functions has had yet. */
  let free = false;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = run;

  const post = () => port2.postMessage(0);

  function run() {
    const task = waiting.shift();
    // First of all: the function may throw, and what it adds comes after those that wait.
    if (waiting.length) post();
    task?.();
  }

  /** @param {() => void} task */
  function add(task) {
    if (waiting.push(task) === 1 && !free) post();
  }

  /**
   * Makes a call in a task of the browser's, such as the delivery of a message, while nothing of the page's is on the stack. The
   * first function that the call adds runs in this task, once the call is over, unless others were waiting before.
   * @param {() => void} call
   */
  function during(call) {
    free = !waiting.length;
    call();
    if (free) {
      free = false;
      run();
    }
  }

  /** What was added before still runs. */
  const close = () => add(() => port1.close());

  return { add, during, close };
}
