// The list of films to place: what runs here first, or what fits into a gap.

import { make, span } from "./dom.js";

const PATIENCE = 250; // ms after the last letter
const WHEN = { here: "Runs here", now: "Runs elsewhere", soon: "Coming soon", other: "" };

export class Films {
  constructor({ root, films, api, place, grab, extra, say, address }) {
    Object.assign(this, { root, films, api, place, grab, extra, say, address });
    this.list = root.querySelector("[data-films]");
    this.search = root.querySelector("[type=search]");
    this.search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#look(), PATIENCE);
    });
    root.querySelector("[data-gap-end]").addEventListener("click", async () => {
      await this.all();
      this.search.focus();
    });
    this.draw();
  }

  /** Show what fits into `gap` ({screen, at, until, words}). */
  async fit(gap) {
    await this.#turn(gap);
    this.say(`${this.films.length ? this.films.length : "No"} film${this.films.length === 1 ? "" : "s"} fit: ${gap.words}.`);
    (this.list.querySelector("button") ?? this.search).focus();
  }

  /** Show all films again, if only some are shown. */
  all() {
    return this.gap && this.#turn(null);
  }

  #turn(gap) {
    this.gap = gap;
    this.root.querySelector("[data-gap]").hidden = !gap;
    if (gap) this.root.querySelector("[data-gap-text]").textContent = `What fits: ${gap.words}.`;
    return this.#look();
  }

  async #look() {
    const query = { q: this.search.value.trim() };
    if (this.gap) query.longest = Math.max(0, Math.floor(this.gap.until - this.gap.at) - this.extra);
    const asked = (this.asked = Symbol());
    try {
      const { films } = await this.api.get("films/", query);
      if (asked !== this.asked) return;
      this.films = films;
      this.draw();
    } catch (refused) {
      this.say(refused.message, "bad");
    }
  }

  draw() {
    this.list.replaceChildren(...this.films.map((film) => this.#film(film)));
    if (this.films.length) return;
    const why = this.search.value ? "No film matches that." : this.gap ? "No film is short enough." : "There are no films yet. An admin adds them.";
    this.list.append(make("li", { class: "board-empty" }, why));
  }

  #film(film) {
    const long = film.minutes + this.extra;
    const facts = [`${film.minutes} min`, film.language, film.certificate].filter(Boolean).join(" · ");
    const left = this.gap ? `leaves ${span(this.gap.until - this.gap.at - long)}` : WHEN[film.when];
    const poster = film.poster ? make("img", { src: film.poster, alt: "", loading: "lazy", draggable: "false" }) : make("span", { class: "board-no-poster material-symbols-outlined", "aria-hidden": "true" }, "movie");
    return make(
      "li",
      { class: "board-film", "data-film": film.id, pointerdown: (event) => event.target.closest("button") || this.grab(event, film) },
      poster,
      make("span", { class: "board-film-facts" }, make("strong", {}, film.title), make("span", {}, facts), left ? make("span", { class: `board-when is-${film.when}` }, left) : null),
      make("button", { type: "button", "aria-label": `Place ${film.title}`, click: () => this.place(film, this.gap) }, "Place"),
    );
  }
}
