// What a page can tell a host of how it is, part by part, from Mattermost's store (its shapes are the same from 5.39 to 11).

import { csrfToken } from './csrf.js';
import { dependencies, unread } from './unread.js';

/**
 * @typedef {object} Part
 * @property {(state: any) => boolean} exists whether this version has what the part is made of
 * @property {(state: any) => unknown[]} basis as long as each of it is the same, so is the value
 * @property {(state: any) => unknown} value
 */

/** What a user can be; out of office (`ooo`) holds back notifications as `dnd` does. */
const STATUSES = /** @satisfies {import('../../host/src/protocol.js').UserStatus[]} */ (['online', 'away', 'dnd', 'offline']);

/** Half of the brightest. */
const DARK = 128;

/** Before the title of the page Mattermost puts how much is unread, which is another part. */
const COUNT = /^\((\d+|•)\) |^\* /;

/** Mattermost's router, of whose paths the subpath is no part. */
const router = () => /** @type {any} */ (window).WebappUtils?.browserHistory;

/** The theme as it was last read: to read a style makes the browser compute it, which is too much for each change of the store. */
let lastTheme = '';

/** Whether Mattermost is dark, by the background of its messages, which it writes as `#rgb` or `#rrggbb`. */
function readTheme() {
  const background = getComputedStyle(document.documentElement).getPropertyValue('--center-channel-bg').trim();
  const digits = /^#([\da-f]{1,2})([\da-f]{1,2})([\da-f]{1,2})$/i.exec(background)?.slice(1) ?? ['f', 'f', 'f'];
  const [red, green, blue] = digits.map((digit) => parseInt(digit.padEnd(2, digit), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 < DARK ? 'dark' : 'light';
}

/** @param {any} state */
function channelOnScreen({ entities: { channels, users } }) {
  const channel = channels.channels[channels.currentChannelId];
  if (channel?.type !== 'D') return channel?.display_name ?? '';
  const [one, other] = channel.name.split('__');
  const user = users.profiles[one === users.currentUserId ? other : one];
  return user ? '@' + user.username : '';
}

/** @type {Map<import('../../host/src/protocol.js').Capability, Part>} */
export const PARTS = new Map([
  [
    'unread',
    {
      exists: ({ entities }) => !!(entities?.channels?.myMembers && entities.teams?.myMembers),
      basis: dependencies,
      value: unread,
    },
  ],
  [
    'status',
    {
      exists: ({ entities }) => !!entities?.users?.statuses,
      basis: ({ entities: { users } }) => [users.statuses[users.currentUserId]],
      value: ({ entities: { users } }) => {
        const status = users.statuses[users.currentUserId];
        return status === 'ooo' ? 'dnd' : STATUSES.find((known) => known === status);
      },
    },
  ],
  [
    'context',
    {
      exists: ({ entities }) => !!(entities?.teams?.teams && entities.channels?.channels && router()?.location),
      basis: ({ entities: { teams, channels, users } }) => [
        teams.teams[teams.currentTeamId],
        channels.channels[channels.currentChannelId],
        users.profiles,
        router().location.pathname,
        document.title.replace(COUNT, ''),
        (lastTheme ||= readTheme()),
      ],
      value: (state) => {
        const { teams, users } = state.entities;
        return {
          team: teams.teams[teams.currentTeamId]?.display_name ?? '',
          channel: channelOnScreen(state),
          path: router().location.pathname,
          title: document.title.replace(COUNT, ''),
          locale: users.profiles[users.currentUserId]?.locale ?? '',
          theme: lastTheme,
        };
      },
    },
  ],
]);

/**
 * Calls whenever the context may have changed without a word of the store: the title and the colours follow a moment later.
 * @param {() => void} look
 * @returns {() => void} ends it
 */
export function followContext(look) {
  lastTheme = '';
  // Mattermost writes its colours into the style of the page's element, or into a style sheet.
  const observer = new MutationObserver(() => {
    lastTheme = '';
    look();
  });
  observer.observe(document.head, { subtree: true, childList: true, characterData: true });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  const unlisten = router().listen?.(look);
  return () => {
    observer.disconnect();
    unlisten?.();
  };
}

/**
 * Sets the user's status, with the user's own session.
 * @param {Store} store
 * @param {unknown} status
 * @returns {Promise<import('../../host/src/protocol.js').Rejections[number] | undefined>} why it is not set
 */
export async function setStatus(store, status) {
  if (!STATUSES.some((known) => known === status)) return 'invalid';
  const user = store.getState().entities?.users?.currentUserId;
  const site = new URL('../../../', import.meta.url).href;
  const answer = await fetch(site + 'api/v4/users/' + user + '/status', {
    method: 'PUT',
    headers: { 'X-Requested-With': 'XMLHttpRequest', 'X-CSRF-Token': csrfToken() },
    body: JSON.stringify({ user_id: user, status }),
  }).catch(() => undefined);
  return answer?.ok ? undefined : 'failed';
}
