// Runs functions in tasks of their own, in the order in which they were added.

/**
 * Posts a task; not as a timer, which hidden pages slow down to one a second.
 * @param {() => void} run
 */
function post(run) {
  if ('scheduler' in globalThis) {
    // A message between ports takes a way through another thread, where the processors are busy a long one.
    scheduler.postTask(run).catch(reportError);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(0);
}

/** Makes a queue. */
export function taskQueue() {
  /** @type {(() => void)[]} */
  const waiting = [];
  /** A task of the browser's is under way that none of the functions has had yet. */
  let currentTaskFree = false;

  function run() {
    const task = waiting.shift();
    // First of all: the function may throw, and what it adds comes after those that wait.
    if (waiting.length) post(run);
    task?.();
  }

  return {
    /** @param {() => void} task */
    add(task) {
      if (waiting.push(task) === 1 && !currentTaskFree) post(run);
    },

    /**
     * Makes a call in a task of the browser's, such as the delivery of a message, while nothing of the page's is on the stack. The
     * first function that the call adds runs in this task, once the call is over, unless others were waiting before.
     * @param {() => void} call
     */
    inCurrentTask(call) {
      currentTaskFree = !waiting.length;
      try {
        call();
      } finally {
        if (currentTaskFree) {
          currentTaskFree = false;
          run();
        }
      }
    },
  };
}
