// The keyboard on the timeline. A move by arrows is shown at once, kept by Enter, undone by Escape.

import { later } from "./dom.js";
import { refusal, snapped, stays, STEP } from "./rules.js";

const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const DAYS = { PageUp: -1, PageDown: 1 };

export class Keys {
  constructor(board) {
    this.board = board;
    const grid = board.timeline.grid;
    grid.addEventListener("keydown", (event) => this.#pressed(event));
    grid.addEventListener("focusout", (event) => this.#left(event));
    board.root.addEventListener("keydown", (event) => this.#turnsDay(event));
  }

  #turnsDay(event) {
    if (!(event.key in DAYS) || event.target.closest("dialog, input, select")) return;
    event.preventDefault();
    this.board.go(later(this.board.aim, DAYS[event.key]));
  }

  #pressed(event) {
    const block = event.target.closest("[data-id]");
    if (!block || this.board.saving || event.altKey || event.ctrlKey || event.metaKey) return;
    const show = this.board.showtime(block.dataset.id);
    if (event.key in ARROWS) this.#step(show, ...ARROWS[event.key]);
    else if (event.key === "Delete") this.board.changes.remove(show);
    else if (event.key === "Enter" && this.board.moving) this.#keep(show);
    else if (event.key === "Escape" && this.board.moving) this.#putBack(show);
    else return;
    event.preventDefault();
  }

  #step(show, minutes, rows) {
    const { board } = this;
    const why = stays(show, board.day.day);
    if (why) return board.say(why, "bad");
    const from = board.moving ?? show;
    const screens = board.day.screens;
    const index = screens.findIndex((one) => one.id === from.screen) + rows;
    const screen = screens[Math.min(Math.max(index, 0), screens.length - 1)];
    const at = minutes ? snapped(from.at + minutes) : from.at;
    const place = { id: show.id, screen: screen.id, at: Math.min(Math.max(at, 0), board.day.minutes - STEP) };
    place.until = place.at + show.until - show.at;
    place.refusal = place.at === show.at && place.screen === show.screen ? "" : refusal(board.day, board.clock, place);
    board.moving = place;
    board.draw();
    board.say(`${board.clock.at(place.at)}, ${screen.name}. ${place.refusal || "Free. Enter keeps it, Escape puts it back."}`, place.refusal ? "bad" : "good");
    return board.timeline.reveal(place.id);
  }

  #keep(show) {
    const { board } = this;
    const place = board.moving;
    if (place.refusal) return board.say(place.refusal, "bad");
    board.moving = null;
    return board.changes.move(show, place);
  }

  #putBack(show) {
    this.board.moving = null;
    this.board.draw();
    this.board.say(`${show.title} stays at ${this.board.clock.at(show.at)}.`);
  }

  /** Whoever goes elsewhere in the middle of a move has not kept it. */
  #left(event) {
    const { moving } = this.board;
    if (!moving || this.board.saving || !event.relatedTarget || event.target.dataset.id !== String(moving.id)) return;
    if (event.relatedTarget.dataset?.id === String(moving.id)) return;
    setTimeout(() => this.board.moving === moving && this.#putBack(this.board.showtime(moving.id)));
  }
}
