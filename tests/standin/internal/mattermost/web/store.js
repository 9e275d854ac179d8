// The page's store, in Redux' shape: getState, subscribe, dispatch.

const initial = () => ({
  entities: {
    users: { currentUserId: '', profiles: {}, statuses: {} },
    general: { config: {} },
    preferences: { myPreferences: {} },
    teams: { currentTeamId: '', teams: {}, myMembers: {} },
    channels: { currentChannelId: '', channels: {}, myMembers: {}, messageCounts: {} },
    threads: { counts: {}, countsIncludingDirect: {} },
    admin: { config: {}, environmentConfig: {}, plugins: {} },
  },
  views: { channel: 'town-square', posts: [], browser: { focused: true } },
});

const TEAM = 'team';
const CHANNELS = { 'town-square': 'Town Square', design: 'Design', support: 'Support' };

/** The team's channels, all of them read: as 9, 10 and 11 keep them (read in 9.8 and 11). */
function everyChannel() {
  const all = (make) => Object.fromEntries(Object.keys(CHANNELS).map((name) => [name, make(name)]));
  return {
    currentChannelId: 'town-square',
    channels: all((name) => ({ id: name, name, display_name: CHANNELS[name], team_id: TEAM, type: 'O', delete_at: 0 })),
    myMembers: all(() => ({
      msg_count: 0,
      msg_count_root: 0,
      mention_count: 0,
      mention_count_root: 0,
      notify_props: { mark_unread: 'all' },
    })),
    messageCounts: all(() => ({ total: 0, root: 0 })),
  };
}

/** A post has come into a channel. */
function reduceCounts({ myMembers, messageCounts, ...rest }, { channel, mentioned }) {
  const { total, root } = messageCounts[channel];
  const member = myMembers[channel];
  const mentions = member.mention_count + Number(mentioned);
  return {
    ...rest,
    messageCounts: { ...messageCounts, [channel]: { total: total + 1, root: root + 1 } },
    myMembers: { ...myMembers, [channel]: { ...member, mention_count: mentions, mention_count_root: mentions } },
  };
}

/** A channel has been read. */
function reduceRead({ myMembers, messageCounts, ...rest }, channel) {
  const { total, root } = messageCounts[channel] ?? { total: 0, root: 0 };
  const read = { msg_count: total, msg_count_root: root, mention_count: 0, mention_count_root: 0 };
  return { ...rest, messageCounts, myMembers: { ...myMembers, [channel]: { ...myMembers[channel], ...read } } };
}

/** How many posts the page keeps on screen. */
const SHOWN_POSTS = 50;

/** What the System Console knows; the names of the actions are Mattermost's own (read in 5.39 to 11.6). */
function reduceAdmin(admin, action) {
  switch (action.type) {
    case 'RECEIVED_CONFIG':
      return { ...admin, config: action.data };
    case 'RECEIVED_ENVIRONMENT_CONFIG':
      return { ...admin, environmentConfig: action.data };
    case 'RECEIVED_PLUGINS':
      return { ...admin, plugins: Object.fromEntries(action.data.active.map((plugin) => [plugin.id, plugin])) };
    default:
      return admin;
  }
}

function reduce(state, action) {
  const admin = reduceAdmin(state.entities.admin, action);
  if (admin !== state.entities.admin) {
    return { ...state, entities: { ...state.entities, admin } };
  }
  switch (action.type) {
    case 'RECEIVED_ME':
      return {
        ...state,
        entities: {
          ...state.entities,
          users: {
            currentUserId: action.user.id,
            profiles: { [action.user.id]: action.user },
            statuses: { [action.user.id]: 'online' },
          },
          teams: { currentTeamId: TEAM, teams: { [TEAM]: { id: TEAM, name: TEAM, display_name: 'Stand-in' } }, myMembers: { [TEAM]: {} } },
          channels: everyChannel(),
        },
      };
    case 'LOGOUT':
      return initial();
    case 'SELECT_CHANNEL':
      return {
        ...state,
        entities: {
          ...state.entities,
          channels: { ...reduceRead(state.entities.channels, action.channel), currentChannelId: action.channel },
        },
        views: { ...state.views, channel: action.channel },
      };
    case 'RECEIVED_STATUS': {
      const { users } = state.entities;
      const statuses = { ...users.statuses, [action.user]: action.status };
      return { ...state, entities: { ...state.entities, users: { ...users, statuses } } };
    }
    case 'BROWSER_CHANGE_FOCUS':
      return { ...state, views: { ...state.views, browser: { focused: action.focus } } };
    case 'RECEIVED_POST': {
      const { channel, sender, message } = action;
      const posts = [...state.views.posts, { channel, sender, message }].slice(-SHOWN_POSTS);
      const counted = reduceCounts(state.entities.channels, action);
      const channels = action.read ? reduceRead(counted, channel) : counted;
      return { ...state, entities: { ...state.entities, channels }, views: { ...state.views, posts } };
    }
    default:
      return state;
  }
}

export function createStore() {
  let state = initial();
  const listeners = new Set();
  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch(action) {
      state = reduce(state, action);
      for (const listener of [...listeners]) {
        listener();
      }
      return action;
    },
  };
}
