// The planning board: holds what is shown, and ties its parts together.

import { Api } from "./api.js";
import { Changes } from "./changes.js";
import { Clock } from "./clock.js";
import { Copy } from "./copy.js";
import { Drag } from "./drag.js";
import { counted, later, short } from "./dom.js";
import { Films } from "./films.js";
import { Keys } from "./keys.js";
import { Plan } from "./plan.js";
import { Prices } from "./prices.js";
import { isThere, stays } from "./rules.js";
import { Timeline } from "./timeline.js";

const REFRESH = 45_000; // ms
const SCALES = [0.45, 0.6, 0.8, 1, 1.3, 1.7, 2.2, 3];
const MORNING = 6.5 * 60; // 09:30: where an empty day begins to be shown
const SCALE_KEY = "marquee.board.scale";

class Board {
  constructor(root, data) {
    this.root = root;
    this.theater = data.theater;
    this.home = data.home;
    this.title = document.title;
    this.api = new Api(data.home);
    this.chosen = new Set();
    this.selecting = false;
    this.scale = SCALES.find((one) => String(one) === localStorage.getItem(SCALE_KEY)) ?? (innerWidth < 700 ? 1.7 : 1.3);
    this.changes = new Changes(this);
    this.timeline = new Timeline(this.find("[data-grid]"), data.theater);
    this.plan = new Plan(data.theater, this);
    this.copy = new Copy(this, this.api);
    this.prices = new Prices(data.theater, this, this.api, data.planned);
    this.keys = new Keys(this);
    this.drag = new Drag({
      grid: this.timeline.grid,
      scroll: this.find("[data-scroll]"),
      from: [this.timeline.grid, this.find("[data-films]")],
      view: () => this,
      drop: (what, place) => this.#drop(what, place),
      say: (text, kind) => this.say(text, kind),
    });
    this.films = new Films({
      root: this.find(".board-films"),
      films: data.films,
      api: this.api,
      extra: data.theater.adverts + data.theater.cleaning,
      place: (film, gap) => this.plan.place(film, gap ?? {}),
      grab: (event, film) => this.#grabFilm(event, film),
      say: (text, kind) => this.say(text, kind),
    });
    this.show(data.day);
    this.#scrollToStart();
    this.#listen();
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  showtime(id) {
    return this.day.showtimes.find((show) => show.id === Number(id));
  }

  /** Go on with the keyboard at a showtime, or at the timeline. */
  focus(id) {
    (this.find(`[data-id="${id}"]`) ?? this.find("[data-scroll]")).focus();
  }

  screen(id) {
    return this.day.screens.find((screen) => screen.id === id);
  }

  /** Show `day` as the server told it. */
  show(day) {
    this.day = day;
    this.clock = new Clock(day);
    this.moving = null;
    for (const id of this.chosen) if (!this.showtime(id)) this.chosen.delete(id);
    this.find("#board-title").textContent = day.title;
    // Nobody is disturbed who types a date there.
    if (document.activeElement?.id !== "board-day") this.find("#board-day").value = day.day;
    this.find("[data-today]").disabled = day.day === day.today;
    document.title = `${short(day.day)} · ${this.title}`;
    this.#upToDate();
    const shows = day.showtimes.filter((show) => isThere(show) && show.day === day.day);
    const sold = shows.reduce((sum, show) => sum + show.sold, 0);
    const planned = shows.filter((show) => show.status === "planned").length;
    this.find("[data-sum]").textContent = shows.length
      ? [counted(shows.length, "showtime"), `${counted(sold, "seat")} taken`, planned && `${planned} not on sale`].filter(Boolean).join(" · ")
      : day.day < day.today ? "Nothing ran on this day." : "Nothing is planned yet.";
    const last = this.find("[data-copy-last]");
    last.hidden = Boolean(shows.length) || day.day < day.today || !day.screens.length;
    last.textContent = `Copy ${short(later(day.day, -7))} to this day`;
    this.#cancelled();
    this.draw();
  }

  draw() {
    this.timeline.draw(this);
    const bar = this.find("[data-chosen]");
    bar.hidden = !this.selecting;
    this.find("[data-chosen-count]").textContent = `${this.chosen.size || "None"} chosen`;
    for (const button of bar.querySelectorAll("[data-sale]")) button.disabled = !this.chosen.size;
    const undo = this.find("[data-undo]");
    undo.disabled = !this.changes.undo;
    undo.title = this.changes.undo?.label ?? "Nothing to undo";
  }

  #cancelled() {
    const gone = this.day.showtimes.filter((show) => !isThere(show) && show.day === this.day.day);
    const line = this.find("[data-cancelled]");
    line.hidden = !gone.length;
    line.textContent = `Cancelled: ${gone.map((show) => `${show.title}, ${this.clock.at(show.at)}, ${this.screen(show.screen).name}`).join("; ")}.`;
  }

  /** Say what happened, aloud and in writing. `kind`: good, bad, quiet (only aloud). */
  say(text, kind = "good") {
    const line = this.find("[data-said]");
    line.className = `board-said is-${kind}`;
    line.textContent = text;
  }

  /** The day that is looked at, or is about to be. */
  get aim() {
    return this.wanted ?? this.day.day;
  }

  /** Take `text` back, if nothing else was said since. */
  unsay(text) {
    if (this.find("[data-said]").textContent === text) this.say("");
  }

  /** Look at another day. Of several, asked for one after another, the last. */
  async go(day) {
    if (!day || day === this.aim) return;
    this.wanted = day;
    this.find("#board-day").value = day;
    try {
      const fresh = await this.api.get("day/", { day });
      if (this.wanted !== day) return;
      this.changes.undo = null;
      this.chosen.clear();
      this.show(fresh);
      this.#scrollToStart();
      this.say(`${fresh.title}. ${this.find("[data-sum]").textContent}`, "quiet");
      history.pushState({ day }, "", `${this.home}?day=${day}`);
    } catch (refused) {
      if (this.wanted !== day) return;
      this.say(refused.message, "bad");
      this.find("#board-day").value = this.day.day;
    } finally {
      if (this.wanted === day) this.wanted = null;
    }
  }

  async refresh() {
    const before = this.day;
    try {
      const fresh = await this.api.get("day/", { day: before.day });
      // What was done meanwhile is newer than this answer.
      if (before === this.day && !this.busy) this.show(fresh);
    } catch (refused) {
      const line = this.find("[data-stale]");
      line.hidden = false;
      line.textContent = `This is how it was at ${this.clockNow}. ${refused.message}`;
    }
  }

  #upToDate() {
    this.find("[data-stale]").hidden = true;
    this.clockNow = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: this.theater.timezone }).format();
  }

  /** Whether somebody is in the middle of something that a fresh board would disturb. */
  get busy() {
    return Boolean(this.drag.active || this.moving || this.saving || document.querySelector("dialog[open]") || document.hidden);
  }

  choose(id) {
    if (!this.chosen.delete(id)) this.chosen.add(id);
    this.draw();
    this.say(`${this.chosen.size || "None"} chosen.`);
  }

  #select(on) {
    this.selecting = on;
    this.chosen.clear();
    this.find("[data-select]").setAttribute("aria-pressed", String(on));
    this.draw();
    this.say(on ? "Choose showtimes, then put them on sale or take them off." : "");
  }

  #grabFilm(event, film) {
    if (this.saving) return;
    const long = film.minutes + this.theater.adverts + this.theater.cleaning;
    const { adverts, cleaning } = this.theater;
    this.drag.begin(event, { title: film.title, long, adverts, cleaning, grab: 0, film });
  }

  #grab(event, show) {
    if (this.selecting || this.saving) return;
    const lane = event.target.closest(".board-lane").getBoundingClientRect();
    const grab = (event.clientX - lane.left) / this.scale - show.at;
    const { id, title, adverts, cleaning } = show;
    const why = stays(show, this.day.day);
    this.drag.begin(event, { id, title, long: show.until - show.at, adverts, cleaning, grab, why });
  }

  #drop(what, place) {
    if (!what.film) this.changes.move(this.showtime(what.id), place);
    // A preview is something to decide.
    else if (what.film.released > this.day.day) this.plan.place(what.film, place);
    else this.changes.place(what.film, place);
  }

  #gap(gap) {
    const words = `${this.screen(gap.screen).name}, ${this.clock.at(gap.at)} to ${this.clock.at(gap.until)}`;
    this.films.fit({ ...gap, words });
  }

  #zoom(step) {
    const scroll = this.find("[data-scroll]");
    const half = (scroll.clientWidth - this.find(".board-corner").offsetWidth) / 2;
    const middle = (scroll.scrollLeft + half) / this.scale;
    this.scale = SCALES[Math.min(Math.max(SCALES.indexOf(this.scale) + step, 0), SCALES.length - 1)];
    localStorage.setItem(SCALE_KEY, this.scale);
    this.draw();
    scroll.scrollLeft = middle * this.scale - half;
  }

  #scrollToStart() {
    const starts = this.day.showtimes.filter((show) => isThere(show) && show.at >= 0).map((show) => show.at);
    const { now, minutes } = this.day;
    const first = now > 0 && now < minutes ? now - 60 : Math.min(...starts, MORNING) - 15;
    this.find("[data-scroll]").scrollLeft = Math.max(0, first) * this.scale;
  }

  #listen() {
    const on = (selector, act) => {
      for (const one of this.root.querySelectorAll(selector)) one.addEventListener("click", () => act(one));
    };
    on("[data-go]", (button) => this.go(later(this.aim, Number(button.dataset.go))));
    on("[data-today]", () => this.go(this.day.today));
    on("[data-undo]", () => this.changes.takeBack());
    on("[data-select]", () => this.#select(!this.selecting));
    on("[data-select-end]", () => this.#select(false));
    on("[data-choose-all]", () => {
      for (const show of this.day.showtimes) if (isThere(show) && show.day === this.day.day) this.chosen.add(show.id);
      this.draw();
      this.say(`${this.chosen.size} chosen.`);
    });
    on("[data-sale]", (button) => this.changes.turn([...this.chosen], button.dataset.sale).catch((refused) => this.say(refused.message, "bad")));
    on("[data-copy]", () => this.copy.show());
    on("[data-copy-last]", () => this.copy.fetch(later(this.day.day, -7)));
    on(".board-tools [data-prices]", () => this.prices.show());
    on("[data-zoom]", (button) => this.#zoom(button.dataset.zoom === "in" ? 1 : -1));
    // Whoever types a year has typed the year 2 first, and then 20.
    this.find("#board-day").addEventListener("change", ({ target }) => target.validity.valid && this.go(target.value));
    this.find("#board-day").addEventListener("blur", ({ target }) => { target.value = this.aim; });
    this.find("[data-theaters] select")?.addEventListener("change", (event) => location.assign(`${event.target.value}?day=${this.day.day}`));
    const { grid } = this.timeline;
    grid.addEventListener("pointerdown", (event) => {
      const block = event.target.closest("[data-id]");
      if (block) this.#grab(event, this.showtime(block.dataset.id));
    });
    grid.addEventListener("click", (event) => {
      if (this.saving) return undefined;
      const gap = event.target.closest("[data-gap]");
      if (gap) return this.#gap(JSON.parse(gap.dataset.gap));
      const block = event.target.closest("[data-id]");
      if (!block) return undefined;
      const show = this.showtime(block.dataset.id);
      return this.selecting ? this.choose(show.id) : this.plan.change(show);
    });
    addEventListener("popstate", () => location.reload());
    setInterval(() => this.busy || this.refresh(), REFRESH);
    document.addEventListener("visibilitychange", () => this.busy || this.refresh());
  }
}

const data = JSON.parse(document.getElementById("board-data").textContent);
new Board(document.getElementById("board"), data);
