// The Notifications Standard (and what HTML and Web IDL say of its handlers and conversions), clause by clause, as tests.
//
// They run in node and in pages, against the delegate and against an engine's own class.

import { CONSTRUCTION } from './construction.js';
import { EVENTS } from './events.js';
import { HOSTED } from './hosted.js';
import { INTERFACE } from './interface.js';

/**
 * The other end: who shows what the class makes, as a test sees and plays it. What was sent is counted from the clause's begin.
 * @typedef {object} Host
 * @property {(command: string) => any[]} sent the messages `notification.<command>` so far
 * @property {(title: string, count?: number) => Promise<number>} shows waits until the host was told of so many of that title; gives the last one's number
 * @property {() => Promise<void>} hears waits until all that was said so far, either way, has had its effect
 * @property {(report: string, id: number) => void} report says `onclick` or `onclose` of a notification
 * @property {(permission: string) => Promise<void>} permit changes what the host's user permits
 * @property {(request: number, permission: string) => void} settle answers a request for the permission
 * @property {(title: string, options: object) => void} makes hands these to the constructor of the host's own browser
 */

/**
 * @typedef {object} World
 * @property {any} Notification the class under test, which is also the page's
 * @property {Host} host
 */

/**
 * @typedef {object} Clause
 * @property {string} of what the clause is about
 * @property {string} says what it says of that
 * @property {'host' | 'window'} [needs] a host, or a window that reports errors; without it the clause is not tried
 * @property {(world: World) => void | Promise<void>} check throws unless it holds
 */

/** @type {Clause[]} */
export const CLAUSES = [...INTERFACE, ...CONSTRUCTION, ...EVENTS, ...HOSTED];
