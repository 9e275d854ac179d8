// Functions in tasks of their own: which task, and in which order.

import assert from 'node:assert/strict';
import test from 'node:test';

import { taskQueue } from '../page/tasks.js';

/** A queue, a diary, and a way to wait until all of it has run. */
function begin() {
  const queue = taskQueue();
  /** @type {string[]} */
  const diary = [];
  /** @param {string} entry */
  const write = (entry) => () => void diary.push(entry);
  const end = () => /** @type {Promise<void>} */ (new Promise((resolve) => queue.add(resolve)));
  return { ...queue, diary, write, end };
}

/** Errors thrown in tasks come here instead of failing the test. @param {import('node:test').TestContext} context */
function catchUncaught(context) {
  /** @type {unknown[]} */
  const caught = [];
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => caught.push(error));
  context.after(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of before) process.on('uncaughtException', listener);
  });
  return caught;
}

test('what a call of the page adds runs after the call, each in a task of its own', async () => {
  const { add, diary, write, end } = begin();
  for (const name of ['1', '2', '3']) {
    add(() => {
      diary.push(name);
      queueMicrotask(write('after ' + name));
    });
  }
  diary.push('call');
  await end();
  assert.deepEqual(diary, ['call', '1', 'after 1', '2', 'after 2', '3', 'after 3']);
});

test('the first that a task of the browser adds runs in it, once the call is over, and the rest in tasks of their own', async () => {
  const { add, inCurrentTask, diary, write, end } = begin();
  inCurrentTask(() => {
    for (const name of ['1', '2']) {
      add(() => {
        diary.push(name);
        queueMicrotask(write('after ' + name));
      });
    }
    diary.push('call');
  });
  diary.push('back');
  await end();
  assert.deepEqual(diary, ['call', '1', 'back', 'after 1', '2', 'after 2']);
});

test('what waits from before is not overtaken', async () => {
  const { add, inCurrentTask, diary, write, end } = begin();
  add(write('1'));
  inCurrentTask(() => add(write('2')));
  diary.push('back');
  inCurrentTask(() => add(write('3')));
  await end();
  assert.deepEqual(diary, ['back', '1', '2', '3']);
});

test('what a function adds comes after those that wait', async () => {
  const { add, inCurrentTask, diary, write, end } = begin();
  inCurrentTask(() => {
    add(() => {
      diary.push('1');
      add(write('3'));
    });
    add(write('2'));
  });
  add(write('4'));
  await end();
  assert.deepEqual(diary, ['1', '2', '3', '4']);
});

test('what a function adds to an empty queue comes in another task', async () => {
  const { add, inCurrentTask, diary, write, end } = begin();
  inCurrentTask(() => add(() => add(write('2'))));
  diary.push('1');
  await end();
  assert.deepEqual(diary, ['1', '2']);
});

test('a task of the browser that adds nothing is nothing, and the next is as the first', async () => {
  const { add, inCurrentTask, diary, write, end } = begin();
  inCurrentTask(() => {});
  add(write('queued'));
  diary.push('call');
  await end();
  inCurrentTask(() => add(write('direct')));
  diary.push('back');
  assert.deepEqual(diary, ['call', 'queued', 'direct', 'back']);
});

test('a function that throws stops nothing', async (context) => {
  const caught = catchUncaught(context);
  const { add, inCurrentTask, diary, write, end } = begin();
  const thrown = [new Error('queued'), new Error('direct')];
  add(() => {
    throw thrown[0];
  });
  add(write('1'));
  await end();
  assert.throws(() => {
    inCurrentTask(() => {
      add(() => {
        throw thrown[1];
      });
      add(write('2'));
    });
  }, thrown[1]);
  add(write('3'));
  await end();
  inCurrentTask(() => add(write('4')));
  assert.deepEqual(diary, ['1', '2', '3', '4']);
  assert.deepEqual(caught, [thrown[0]]);
});

test('a call that throws keeps its error, and the queue its order', async () => {
  const { add, inCurrentTask, diary, write, end } = begin();
  const thrown = new Error('call');
  assert.throws(() => {
    inCurrentTask(() => {
      add(write('1'));
      throw thrown;
    });
  }, thrown);
  add(write('2'));
  await end();
  assert.deepEqual(diary, ['1', '2']);
});

test('where there is a scheduler its tasks are used, and what a function throws is reported as of any other task', async (context) => {
  const page = /** @type {any} */ (globalThis);
  /** @type {unknown[]} */
  const reported = [];
  page.scheduler = { postTask: (/** @type {() => void} */ run) => new Promise((resolve) => setImmediate(resolve)).then(run) };
  page.reportError = (/** @type {unknown} */ error) => reported.push(error);
  context.mock.method(page, 'MessageChannel', () => assert.fail('a message between ports'));
  context.after(() => {
    delete page.scheduler;
    delete page.reportError;
  });
  const { add, inCurrentTask, diary, write, end } = begin();
  const thrown = new Error('mine');
  add(() => {
    throw thrown;
  });
  add(write('1'));
  inCurrentTask(() => add(write('2')));
  await end();
  assert.deepEqual(diary, ['1', '2']);
  assert.deepEqual(reported, [thrown]);
});
