// What we say to the server, and what it answers.

export class Refused extends Error {
  constructor(errors, status) {
    super(errors.map((one) => one.detail).join(" "));
    this.fields = errors.map((one) => one.attr).filter(Boolean);
    this.status = status;
  }
}

const SILENT = "The server did not answer. Nothing is known to have changed; look again in a moment.";
const SIGNED_OUT = "You are not signed in any more. Load this page again.";

export class Api {
  constructor(home, csrf) {
    this.home = home;
    this.csrf = csrf;
  }

  get(path, query = {}) {
    return this.#ask(`${this.home}${path}?${new URLSearchParams(query)}`, {});
  }

  /** Send `data`; the answer holds the day that is looked at, as it is then. */
  post(path, day, data) {
    return this.#ask(`${this.home}${path}?${new URLSearchParams({ day })}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
      body: JSON.stringify(data),
    });
  }

  async #ask(address, options) {
    const answer = await fetch(address, options).catch(() => null);
    if (!answer) throw new Refused([{ detail: SILENT }], 0);
    if (answer.redirected) throw new Refused([{ detail: SIGNED_OUT }], 401);
    const body = await answer.json().catch(() => null);
    if (!body) throw new Refused([{ detail: SILENT }], answer.status);
    if (!answer.ok) throw new Refused(body.errors ?? [{ detail: SILENT }], answer.status);
    return body;
  }
}
