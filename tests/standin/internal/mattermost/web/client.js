// The calls of Mattermost's REST API that the page makes.

function cookie(name) {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : '';
}

export class Client {
  #api;

  constructor(basename) {
    this.#api = `${basename}/api/v4`;
  }

  async logIn(name, password) {
    const response = await this.#post('/users/login', { login_id: name, password });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(answer.message);
    }
    return answer;
  }

  logOut() {
    return this.#post('/users/logout', {});
  }

  /** The logged-in user, or null. */
  async me() {
    const response = await fetch(`${this.#api}/users/me`);
    return response.ok ? response.json() : null;
  }

  async plugins() {
    const response = await fetch(`${this.#api}/plugins/webapp`);
    return response.ok ? response.json() : [];
  }

  /** Mattermost's configuration as this administrator may read it. */
  config() {
    return this.#read('/config');
  }

  environment() {
    return this.#read('/config/environment');
  }

  installedPlugins() {
    return this.#read('/plugins');
  }

  /** What Save does: up to 9.x the whole configuration is put, later it is a patch of the whole. */
  async saveConfig(config, generation) {
    const response = await this.#send('PUT', generation < 10 ? '/config' : '/config/patch', config);
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(answer.message);
    }
    return answer;
  }

  async #read(path) {
    const response = await fetch(this.#api + path);
    if (!response.ok) {
      throw new Error(`${path}: ${response.status}`);
    }
    return response.json();
  }

  #post(path, body) {
    return this.#send('POST', path, body);
  }

  #send(method, path, body) {
    return fetch(this.#api + path, {
      method,
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': cookie('MMCSRF') },
      body: JSON.stringify(body),
    });
  }
}
