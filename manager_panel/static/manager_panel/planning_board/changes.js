// What the board does to showtimes, and how the last move is taken back.

import { counted } from "./dom.js";
import { version } from "./plan.js";

const PATIENCE = 400; // ms
const SAVING = "Saving …";

export class Changes {
  constructor(board) {
    this.board = board;
    this.undo = null;
  }

  /** Send, and show the day as it is then; what is refused is thrown, beside a fresh board. */
  async save(path, data, said, before) {
    const slow = setTimeout(() => this.board.say(SAVING), PATIENCE);
    this.board.saving = true;
    try {
      const fresh = await this.board.api.post(path, this.board.day.day, data);
      // What was done before this is not the last any more.
      this.undo = null;
      this.board.show(fresh);
      if (before) this.#rememberUndo(before, fresh, said);
      if (fresh.id) this.board.timeline.reveal(fresh.id);
      if (said) this.board.say(said);
      return fresh;
    } catch (refused) {
      const fresh = await this.board.api.get("day/", { day: this.board.day.day }).catch(() => null);
      this.board.moving = null;
      if (fresh) this.board.show(fresh);
      else this.board.draw();
      throw refused;
    } finally {
      clearTimeout(slow);
      this.board.saving = false;
      this.board.unsay(SAVING);
    }
  }

  /** The same where no window shows what is refused; answers whether it was done. */
  async act(path, data, said, before) {
    try {
      await this.save(path, data, said, before);
      return true;
    } catch (refused) {
      this.board.say(refused.message, "bad");
      return false;
    }
  }

  /** `before` is what a new showtime was made of, or a showtime as it was. */
  #rememberUndo(before, fresh, said) {
    const now = this.board.showtime(fresh.id);
    if (!now) return;
    if (!before.id) {
      this.board.films.all();
      this.undo = { label: `Undo: ${said}`, path: `showtimes/${now.id}/remove/`, data: {}, said: `${now.title} is taken off the board again.` };
    } else if (before.at !== now.at || before.screen !== now.screen) {
      const said = `${now.title} is back at ${this.board.clock.at(before.at)}, ${this.board.screen(before.screen).name}.`;
      this.undo = { label: `Undo: ${now.title} back to ${this.board.clock.at(before.at)}`, path: `showtimes/${now.id}/`, data: this.#move(now, before), said };
    }
    this.board.draw();
  }

  #move(show, place) {
    const starts = place.starts_at ?? this.board.clock.moment(place.at);
    return { screen: place.screen, starts_at: starts, seen: { movie: show.movie, screen: show.screen, starts_at: show.starts_at } };
  }

  /** Move `show` to `place`, unless it is there. It is shown there at once. */
  move(show, place) {
    if (show.at === place.at && show.screen === place.screen) return this.board.draw();
    this.board.moving = { ...place, id: show.id };
    this.board.draw();
    const said = `${show.title} moved to ${this.board.clock.at(place.at)}, ${this.board.screen(place.screen).name}.`;
    return this.act(`showtimes/${show.id}/`, this.#move(show, { screen: place.screen, at: place.at }), said, show);
  }

  async takeBack() {
    if (!this.undo) return;
    const { path, data, said } = this.undo;
    this.undo = null;
    this.board.draw();
    await this.act(path, data, said);
  }

  /** Delete `show`, if whoever is asked says yes. */
  async remove(show) {
    if (show.sold) return this.board.say(`${show.title} cannot be deleted: ${counted(show.sold, "seat")} taken.`, "bad");
    const dialog = document.getElementById("board-confirm");
    dialog.querySelector("h2").textContent = `Delete ${show.title}?`;
    dialog.querySelector("[data-text]").textContent = `${this.board.clock.at(show.at)}, ${this.board.screen(show.screen).name}. It disappears from the timetable; this cannot be undone.`;
    dialog.returnValue = "no";
    dialog.showModal();
    await new Promise((done) => dialog.addEventListener("close", done, { once: true }));
    if (dialog.returnValue !== "yes") return false;
    this.undo = null;
    const done = await this.act(`showtimes/${show.id}/remove/`, {}, `${show.title}, ${this.board.clock.at(show.at)}, is deleted.`);
    if (done) this.board.focus();
    return done;
  }

  /** Put those of `ids` on sale or take them off. */
  async turn(ids, status) {
    const fresh = await this.save("sale/", { showtimes: ids, status });
    const what = status === "on_sale" ? "put on sale." : "taken off sale. Tickets that were sold stay good.";
    this.board.say(fresh.changed ? `${counted(fresh.changed, "showtime")} ${what}` : "Nothing changed: they are that already.");
  }

  /** Plan `film` where it was dropped, as it is shown there as a rule. */
  place(film, { screen, at }) {
    const plan = { movie: film.id, screen, starts_at: this.board.clock.moment(at), ...version(film, this.board.screen(screen)) };
    const said = `Placed: ${film.title}, ${this.board.clock.at(at)}, ${this.board.screen(screen).name}. It is not on sale yet.`;
    return this.act("plan/", plan, said, { title: film.title });
  }
}
