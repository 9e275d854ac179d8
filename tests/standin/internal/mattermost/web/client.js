// The calls of Mattermost's REST API that the page makes.

function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? found.slice(name.length + 1) : "";
}

export class Client {
  #api;

  constructor(basename) {
    this.#api = `${basename}/api/v4`;
  }

  async logIn(name, password) {
    const response = await this.#post("/users/login", { login_id: name, password });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(answer.message);
    }
    return answer;
  }

  logOut() {
    return this.#post("/users/logout", {});
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

  #post(path, body) {
    return fetch(this.#api + path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": cookie("MMCSRF") },
      body: JSON.stringify(body),
    });
  }
}
