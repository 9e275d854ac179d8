// What is on screen: a login form, or channels and posts.

const CHANNELS = [
  ['town-square', 'Town Square'],
  ['design', 'Design'],
  ['support', 'Support'],
];

const GREETINGS = {
  'town-square': [
    ['@ben', 'Good morning! The new calendar is online.'],
    ['@clara', 'Looks great, thank you.'],
  ],
  design: [['@clara', 'The first sketches are in the shared folder.']],
  support: [['@ben', 'Nothing open. Enjoy the quiet.']],
};

function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
}

export class View {
  #root;
  #basename;
  #store;
  #actions;
  #shown = '';

  constructor(root, basename, store, actions) {
    this.#root = root;
    this.#basename = basename;
    this.#store = store;
    this.#actions = actions;
    store.subscribe(() => {
      // A login form that is being filled in, or pressed, must not be drawn again.
      if (this.#content() !== this.#shown) this.render();
    });
  }

  #content() {
    const { entities, views } = this.#store.getState();
    return JSON.stringify([entities.users.currentUserId, views.channel, views.posts]);
  }

  render() {
    this.#shown = this.#content();
    const { entities, views } = this.#store.getState();
    const { currentUserId, profiles } = entities.users;
    this.#root.replaceChildren(currentUserId ? this.#channels(profiles[currentUserId], views) : this.#loginForm());
    document.title = currentUserId ? `${new Map(CHANNELS).get(views.channel)} - Mattermost` : 'Log in - Mattermost';
    const path = currentUserId ? `${this.#basename}/team/channels/${views.channel}` : `${this.#basename}/login`;
    if (location.pathname !== path) {
      history.replaceState(null, '', path);
    }
    this.#root.querySelector('.posts')?.lastElementChild?.scrollIntoView({ block: 'end' });
  }

  #loginForm() {
    const name = element('input', { id: 'loginId', placeholder: 'Username', autocomplete: 'username' });
    const password = element('input', { id: 'password', type: 'password', placeholder: 'Password', autocomplete: 'current-password' });
    const gitlab = element('a', { id: 'gitlab', href: `${this.#basename}/oauth/gitlab/login`, textContent: 'GitLab' });
    gitlab.addEventListener('click', this.#actions.signOn);
    const problem = element('p', { className: 'problem', role: 'alert' });
    const form = element(
      'form',
      { className: 'login' },
      element('h1', { textContent: 'Log in to your account' }),
      name,
      password,
      problem,
      element('button', { id: 'logIn', textContent: 'Log in' }),
      gitlab,
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#actions.logIn(name.value, password.value).catch((error) => {
        problem.textContent = error.message;
      });
    });
    return form;
  }

  #channels(user, views) {
    const list = element(
      'nav',
      { className: 'sidebar' },
      element('header', {}, element('b', { textContent: 'Stand-in' }), element('small', { textContent: `@${user.username}` })),
    );
    for (const [name, display] of CHANNELS) {
      const button = element('button', {
        className: name === views.channel ? 'channel active' : 'channel',
        id: `channel-${name}`,
        textContent: display,
      });
      button.addEventListener('click', () => this.#store.dispatch({ type: 'SELECT_CHANNEL', channel: name }));
      list.append(button);
    }
    const out = element('button', { id: 'logOut', className: 'quiet', textContent: 'Log out' });
    out.addEventListener('click', () => this.#actions.logOut());
    list.append(out);

    const posts = element('div', { className: 'posts' });
    const arrived = views.posts.filter((post) => post.channel === views.channel).map((post) => [post.sender, post.message]);
    for (const [sender, message] of [...GREETINGS[views.channel], ...arrived]) {
      posts.append(
        element(
          'article',
          {},
          element('span', { className: 'avatar', textContent: sender[1].toUpperCase() }),
          element('div', {}, element('b', { textContent: sender }), element('p', { textContent: message })),
        ),
      );
    }
    const display = new Map(CHANNELS).get(views.channel);
    const main = element(
      'main',
      {},
      element('header', { id: 'channelHeaderTitle', textContent: display }),
      posts,
      element('div', { className: 'composer', textContent: `Write to ${display}` }),
    );
    return element('div', { className: 'app' }, list, main);
  }
}
