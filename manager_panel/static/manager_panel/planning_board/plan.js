// The window in which a film is placed and a showtime is changed.

import { Dialog } from "./dialog.js";
import { counted, make } from "./dom.js";
import { refusal, stays, taken } from "./rules.js";

const DELAY = "If it begins late, add minutes of adverts. If it cannot run, cancel it on its page, and plan another.";
const FORMATS = { imax: "imax", dolby: "dolby" };

/** What `film` becomes on `screen` unless somebody says otherwise. */
export const version = (film, screen) => ({ format: FORMATS[screen?.kind] ?? "2d", language: film.language });

export class Plan extends Dialog {
  /** `board` has the day, its clock, and changes. */
  constructor(theater, board) {
    super("board-plan");
    Object.assign(this, { theater, board });
    this.fields.format.append(...Object.entries(theater.formats).map(([value, label]) => new Option(label, value)));
    this.form.addEventListener("input", () => this.#preview());
    this.fields.screen.addEventListener("change", () => this.#otherScreen());
    this.find("[data-delete]").addEventListener("click", () => this.#remove());
    this.find("[data-turn]").addEventListener("click", () => this.#turn());
  }

  /** A new showtime of `film`, at `place` ({screen, at}) if that is known. */
  place(film, place) {
    const screen = this.board.day.screens.find((one) => one.id === place.screen) ?? this.board.day.screens[0];
    const { adverts, cleaning } = this.theater;
    this.#fill({
      ...{ title: film.title, movie: film.id, screen: screen?.id, at: place.at, prices: {} },
      ...{ adverts, cleaning, film: film.minutes, preview: film.released > this.board.day.day },
      ...version(film, screen),
      subtitles: "",
    });
  }

  change(show) {
    this.#fill({ ...show, film: show.until - show.at - show.adverts - show.cleaning });
  }

  #fill(show) {
    this.show = show;
    const { day, clock } = this.board;
    const why = show.id ? stays(show, day.day) : "";
    this.find("h2").textContent = show.id ? show.title : `Place ${show.title}`;
    const sold = show.id ? `${show.sold} of ${counted(show.seats, "seat")} taken, ${show.status === "on_sale" ? "on sale" : show.status}.` : "";
    this.find("[data-facts]").textContent = sold;
    this.find("[data-note]").textContent = [why, why && show.sold && !show.started && DELAY].filter(Boolean).join(" ");
    this.find("[data-note]").hidden = !why;
    this.fields.screen.replaceChildren(...day.screens.map((one) => new Option(one.name, one.id)));
    const values = {
      ...{ screen: show.screen, time: show.at == null ? "" : clock.at(show.at), format: show.format },
      ...{ advert_minutes: show.adverts, cleaning_minutes: show.cleaning },
      ...{ language: show.language, subtitles: show.subtitles },
    };
    for (const [name, value] of Object.entries(values)) this.fields[name].value = value ?? "";
    this.fields.preview.checked = show.preview;
    this.fields.on_sale.checked = false;
    this.fields.screen.disabled = this.fields.time.disabled = Boolean(why);
    this.before = this.#typed();
    this.#buttons(show);
    this.#prices();
    this.shown = this.#version();
    this.#preview();
    this.open();
    if (!show.id && show.at == null) this.fields.time.focus();
  }

  #buttons(show) {
    const { status, sold } = show;
    const page = this.find("[data-page]");
    page.hidden = !show.id;
    if (show.page) page.href = show.page;
    this.find("[data-delete]").hidden = !show.id || Boolean(sold);
    this.find("[data-at-once]").hidden = Boolean(show.id);
    const turn = this.find("[data-turn]");
    turn.hidden = !show.id || status === "cancelled" || show.started;
    turn.textContent = status === "planned" ? "Put on sale" : "Take off sale";
    this.find("[data-save]").textContent = show.id ? "Save" : "Place it";
  }

  #typed() {
    return `${this.fields.screen.value} ${this.fields.time.value}`;
  }

  /** Where it would be, as the form stands. */
  #place() {
    const at = this.before === this.#typed() && this.show.at != null ? this.show.at : this.board.clock.when(this.fields.time.value);
    if (at == null) return null;
    const [adverts, cleaning] = ["advert_minutes", "cleaning_minutes"].map((name) => Number(this.fields[name].value));
    const until = at + adverts + this.show.film + cleaning;
    return { id: this.show.id, screen: Number(this.fields.screen.value), at, until, adverts, cleaning };
  }

  #preview() {
    this.wrong("");
    const line = this.find("[data-preview]");
    const place = this.#place();
    line.classList.remove("is-bad");
    if (!place) {
      line.textContent = this.fields.time.value ? "The clocks skip that time on this day." : "Say when the adverts begin.";
      return;
    }
    const { day, clock } = this.board;
    const film = place.at + place.adverts;
    const why = (this.fields.time.disabled ? taken : refusal)(day, clock, place);
    line.classList.toggle("is-bad", Boolean(why));
    const late = place.at >= 21 * 60 ? " (in the night after this day)" : "";
    line.textContent = why || `Adverts ${clock.at(place.at)}${late}, film ${clock.at(film)} to ${clock.at(film + this.show.film)}, screen clean at ${clock.at(place.until)}.`;
  }

  /** A film that is new on the board follows the kind of its screen. */
  #otherScreen() {
    const screen = this.board.day.screens.find((one) => one.id === Number(this.fields.screen.value));
    if (!this.show.id) this.fields.format.value = version(this.show, screen).format;
    this.#prices();
  }

  #prices() {
    const box = this.find("[data-prices]");
    const screen = this.board.day.screens.find((one) => one.id === Number(this.fields.screen.value));
    const categories = this.theater.categories.filter((one) => screen?.categories.includes(one.id));
    const step = 10 ** -this.theater.decimals;
    const fields = categories.map((one) =>
      make("label", {}, `${one.name}, ${this.theater.currency}`, make("input", { type: "number", min: "0", step, inputmode: "decimal", "data-category": one.id, placeholder: one.price, value: this.show.prices[one.id] ?? "" })),
    );
    box.replaceChildren(make("legend", {}, "Prices before price rules (empty: the category's own)"), ...fields);
    box.hidden = !fields.length;
  }

  async send() {
    const place = this.#place();
    if (!place) return this.wrong("Say when the adverts begin.", ["time"]);
    const plan = this.#plan(place);
    const path = this.show.id ? `showtimes/${this.show.id}/` : "plan/";
    const when = `${this.board.clock.at(place.at)}, ${this.fields.screen.selectedOptions[0]?.text}`;
    const said = this.show.id ? `Saved: ${this.show.title}, ${when}.` : `Placed: ${this.show.title}, ${when}.`;
    let fresh;
    const done = await this.tried(async () => (fresh = await this.board.changes.save(path, plan, said, this.show)));
    if (done) this.#close(fresh.id);
  }

  /** All that is typed but the place. */
  #version() {
    const { fields } = this;
    const prices = [...this.form.querySelectorAll("[data-category]")]
      .filter((input) => input.value !== "")
      .map((input) => ({ category: Number(input.dataset.category), amount: input.value }));
    return {
      ...{ advert_minutes: fields.advert_minutes.value, cleaning_minutes: fields.cleaning_minutes.value },
      ...{ format: fields.format.value, subtitles: fields.subtitles.value.trim(), preview: fields.preview.checked, prices },
      ...(fields.language.value.trim() && { language: fields.language.value.trim() }),
    };
  }

  /** What is sent: of a showtime only what was touched, since others may have changed the rest. */
  #plan(place) {
    const { show, shown } = this;
    const version = this.#version();
    if (!show.id) return { ...version, ...this.#where(place), movie: show.movie, status: this.fields.on_sale.checked ? "on_sale" : "planned" };
    const touched = Object.entries(version).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(shown[name]));
    const plan = Object.fromEntries(touched);
    if (this.before === this.#typed()) return plan;
    return { ...plan, ...this.#where(place), seen: { movie: show.movie, screen: show.screen, starts_at: show.starts_at } };
  }

  #where(place) {
    return { screen: place.screen, starts_at: this.board.clock.moment(place.at) };
  }

  async #remove() {
    if (!(await this.board.changes.remove(this.show))) return;
    this.dialog.close();
    this.board.focus();
  }

  async #turn() {
    const status = this.show.status === "planned" ? "on_sale" : "planned";
    if (await this.tried(() => this.board.changes.turn([this.show.id], status))) this.#close(this.show.id);
  }

  /** Back to the showtime, which was drawn anew behind the window. */
  #close(id) {
    this.dialog.close();
    this.board.focus(id);
  }
}
