// The page's store, in Redux' shape: getState, subscribe, dispatch.

const initial = () => ({
  entities: {
    users: { currentUserId: '', profiles: {} },
    general: { config: {} },
    admin: { config: {}, environmentConfig: {}, plugins: {} },
  },
  views: { channel: 'town-square', posts: [] },
});

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
        entities: { ...state.entities, users: { currentUserId: action.user.id, profiles: { [action.user.id]: action.user } } },
      };
    case 'LOGOUT':
      return initial();
    case 'SELECT_CHANNEL':
      return { ...state, views: { ...state.views, channel: action.channel } };
    case 'RECEIVED_POST': {
      const { channel, sender, message } = action;
      const posts = [...state.views.posts, { channel, sender, message }].slice(-SHOWN_POSTS);
      return { ...state, views: { ...state.views, posts } };
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
