// What we say to the server, and what it answers. What it refuses is a Refusal.

import { ask, tell } from "../server.js";

export class Api {
  constructor(home) {
    this.home = home;
  }

  get(path, query = {}) {
    return ask(`${this.home}${path}?${new URLSearchParams(query)}`);
  }

  /** Send `data`; the answer holds the day that is looked at, as it is then. */
  post(path, day, data) {
    return tell(`${this.home}${path}?${new URLSearchParams({ day })}`, data);
  }
}
