// The unread count, against what Mattermost's own title shows of the same store.

import assert from 'node:assert/strict';
import test from 'node:test';

import { unread } from '../page/unread.js';

const ME = 'me';

/** A store in which one user is in two teams and has read everything; `shape` says of which version. */
function store({ shape = '11', config = {}, preferences = {} } = {}) {
  const old = shape === '5.39';
  return {
    entities: {
      general: { config: { CollapsedThreads: 'default_off', ...(old && { FeatureFlagCollapsedThreads: 'true' }), ...config } },
      preferences: { myPreferences: preferences },
      users: { currentUserId: ME, profiles: { ben: { delete_at: 0 }, gone: { delete_at: 5 } } },
      teams: { currentTeamId: 'here', myMembers: /** @type {any} */ ({ here: {}, there: {} }) },
      channels: {
        channels: /** @type {any} */ ({}),
        myMembers: /** @type {any} */ ({}),
        messageCounts: /** @type {any} */ (old ? undefined : {}),
      },
      threads: { counts: /** @type {any} */ ({}), countsIncludingDirect: /** @type {any} */ (old ? undefined : {}) },
    },
  };
}

/**
 * Adds a channel with so many unread messages and mentions; `root` are those that begin a thread.
 * @param {ReturnType<typeof store>} state
 * @param {any} channel
 */
function channel(state, { id, unread = 0, mentions = 0, root = [unread, mentions], muted = false, ...channel }) {
  const { channels } = state.entities;
  const counts = { total: 10 + unread, root: 5 + root[0] };
  channels.channels[id] = { name: id, type: 'O', team_id: 'here', delete_at: 0, ...channel };
  if (channels.messageCounts) channels.messageCounts[id] = counts;
  else Object.assign(channels.channels[id], { total_msg_count: counts.total, total_msg_count_root: counts.root });
  channels.myMembers[id] = {
    msg_count: 10,
    msg_count_root: 5,
    mention_count: mentions,
    mention_count_root: root[1],
    notify_props: { mark_unread: muted ? 'mention' : 'all' },
  };
}

const DIRECT = { type: 'D', team_id: '' };
const THREADS = { 'display_settings--collapsed_reply_threads': { value: 'on' } };
const counts = (/** @type {number} */ threads, /** @type {number} */ mentions) => ({
  total_unread_threads: threads,
  total_unread_mentions: mentions,
});

/** @type {[name: string, shape: string, options: object, fill: (state: any) => void, expected: [mentions: number, messages: number]][]} */
const CASES = ['5.39', '9', '10', '11'].flatMap(
  (shape) =>
    /** @type {any} */ ([
      ['nothing', shape, {}, () => {}, [0, 0]],
      ['messages without a mention', shape, {}, (s) => channel(s, { id: 'a', unread: 3 }), [0, 3]],
      ['a mention is a message, too', shape, {}, (s) => channel(s, { id: 'a', unread: 3, mentions: 1 }), [1, 3]],
      ['a muted channel', shape, {}, (s) => channel(s, { id: 'a', unread: 3, mentions: 1, muted: true }), [0, 0]],
      ['an archived channel', shape, {}, (s) => channel(s, { id: 'a', unread: 3, mentions: 1, delete_at: 7 }), [0, 0]],
      ['a direct message', shape, {}, (s) => channel(s, { id: 'd', name: 'ben__me', unread: 2, mentions: 2, ...DIRECT }), [2, 2]],
      [
        'a direct message, the ids in the other order',
        shape,
        {},
        (s) => channel(s, { id: 'd', name: 'me__ben', unread: 2, mentions: 2, ...DIRECT }),
        [2, 2],
      ],
      ['of somebody who is gone', shape, {}, (s) => channel(s, { id: 'd', name: 'gone__me', unread: 2, mentions: 2, ...DIRECT }), [0, 0]],
      ['a group message', shape, {}, (s) => channel(s, { id: 'g', type: 'G', team_id: '', unread: 4, mentions: 4 }), [4, 4]],
      ['a channel of another team', shape, {}, (s) => channel(s, { id: 'a', team_id: 'there', unread: 3, mentions: 1 }), [1, 3]],
      [
        'several channels',
        shape,
        {},
        (s) => {
          channel(s, { id: 'a', unread: 3, mentions: 1 });
          channel(s, { id: 'b', team_id: 'there', unread: 5 });
          channel(s, { id: 'd', name: 'ben__me', unread: 1, mentions: 1, ...DIRECT });
        },
        [2, 9],
      ],
      [
        'a channel that the page does not know',
        shape,
        {},
        (s) => (channel(s, { id: 'a', unread: 3 }), delete s.entities.channels.channels.a),
        [0, 0],
      ],
      ['more read than there is', shape, {}, (s) => channel(s, { id: 'a', unread: -2 }), [0, 0]],
      [
        'a team of which the page knows the sums only',
        shape,
        {},
        (s) =>
          Object.assign(s.entities.teams.myMembers.there, { msg_count: 6, mention_count: 2, msg_count_root: 1, mention_count_root: 1 }),
        [2, 6],
      ],
      [
        'the sums of a team that was left',
        shape,
        {},
        (s) => Object.assign(s.entities.teams.myMembers.there, { msg_count: 6, mention_count: 2, delete_at: 3 }),
        [0, 0],
      ],
      [
        'the sums of a team of which the page knows the channels',
        shape,
        {},
        (s) => {
          Object.assign(s.entities.teams.myMembers.there, { msg_count: 6, mention_count: 2 });
          channel(s, { id: 'a', team_id: 'there', unread: 3, mentions: 1 });
        },
        [1, 3],
      ],
      [
        'threads that are not collapsed',
        shape,
        {},
        (s) => (channel(s, { id: 'a', unread: 3, mentions: 2, root: [1, 0] }), (s.entities.threads.counts.here = counts(2, 1))),
        [2, 3],
      ],
      [
        'collapsed threads',
        shape,
        { preferences: THREADS },
        (s) => (channel(s, { id: 'a', unread: 3, mentions: 2, root: [1, 0] }), (s.entities.threads.counts.here = counts(2, 1))),
        [1, 3],
      ],
      [
        'collapsed threads of two teams',
        shape,
        { preferences: THREADS },
        (s) => Object.assign(s.entities.threads.counts, { here: counts(2, 1), there: counts(1, 1) }),
        [2, 3],
      ],
      [
        'collapsed threads by default',
        shape,
        { config: { CollapsedThreads: 'default_on' } },
        (s) => (s.entities.threads.counts.here = counts(2, 1)),
        [1, 2],
      ],
      [
        'collapsed threads for all',
        shape,
        { config: { CollapsedThreads: 'always_on' }, preferences: { ...THREADS, ...{} } },
        (s) => (s.entities.threads.counts.here = counts(2, 1)),
        [1, 2],
      ],
      [
        'collapsed threads that nobody may have',
        shape,
        { config: { CollapsedThreads: 'disabled' }, preferences: THREADS },
        (s) => (s.entities.threads.counts.here = counts(2, 1)),
        [0, 0],
      ],
      [
        'the sums of a team with collapsed threads',
        shape,
        { preferences: THREADS },
        (s) =>
          Object.assign(s.entities.teams.myMembers.there, { msg_count: 6, mention_count: 2, msg_count_root: 1, mention_count_root: 1 }),
        [1, 1],
      ],
    ]),
);

CASES.push(
  [
    'without the feature flag of 5.39',
    '5.39',
    { config: { FeatureFlagCollapsedThreads: 'false' }, preferences: THREADS },
    (s) => (s.entities.threads.counts.here = counts(2, 1)),
    [0, 0],
  ],
  [
    'threads in direct messages count once',
    '11',
    { preferences: THREADS },
    (s) => {
      Object.assign(s.entities.threads.counts, { here: counts(1, 0), there: counts(1, 0) });
      Object.assign(s.entities.threads.countsIncludingDirect, { here: counts(3, 2), there: counts(3, 2) });
    },
    [2, 4],
  ],
);

for (const [name, shape, options, fill, [mentions, messages]] of CASES) {
  test(`${shape}: ${name}`, () => {
    const state = store({ shape, ...options });
    fill(state);
    assert.deepEqual(unread(state), { mentions, messages });
  });
}
