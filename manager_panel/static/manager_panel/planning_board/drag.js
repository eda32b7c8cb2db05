// Dragging with a mouse or a pen: a showtime to another place, or a film onto a screen. On a touch
// screen the timeline scrolls instead, and the form places.

import { make } from "./dom.js";
import { refusal, snapped } from "./rules.js";

const THRESHOLD = 4; // px: less is a click
const EDGE = 48; // px: nearer than this the timeline scrolls by itself

export class Drag {
  /** `view()` is what the timeline shows; `drop(what, place)` is told where something was let go. */
  constructor({ grid, scroll, view, drop, say }) {
    Object.assign(this, { grid, scroll, view, drop, say });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.ghost) return;
      this.#end();
      this.say("");
    });
  }

  /**
   * `what`: {id?, title, long, adverts, cleaning, grab: minutes between its beginning and the pointer}. Without an id
   * it is a film; with `why` it stays where it is, and that is said.
   */
  begin(event, what) {
    if (event.button !== 0 || event.pointerType === "touch") return;
    this.what = what;
    this.from = [event.clientX, event.clientY];
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("pointermove", (moved) => this.#move(moved), { signal });
    document.addEventListener("pointerup", (up) => this.#up(up), { signal });
    document.addEventListener("pointercancel", () => this.#end(), { signal });
  }

  get active() {
    return Boolean(this.ghost);
  }

  #move(event) {
    const far = Math.hypot(event.clientX - this.from[0], event.clientY - this.from[1]);
    if (!this.ghost && far < THRESHOLD) return undefined;
    event.preventDefault();
    if (this.what.why) {
      this.say(this.what.why, "bad");
      return this.#end();
    }
    if (!this.ghost) this.#show();
    this.#scroll(event);
    this.place = this.#place(event);
    return this.#paint();
  }

  #show() {
    this.time = make("strong");
    this.why = make("span");
    const part = (name, long) => make("span", { class: `board-part is-${name}`, style: { "--long": long } });
    const { long, adverts, cleaning } = this.what;
    this.ghost = make("div", { class: "board-ghost", style: { "--long": long } }, part("adverts", adverts), part("cleaning", cleaning), this.time, make("span", {}, this.what.title), this.why);
    document.body.classList.add("is-dragging");
    this.grid.querySelector(`[data-id="${this.what.id}"]`)?.classList.add("is-lifted");
  }

  #scroll(event) {
    const box = this.scroll.getBoundingClientRect();
    if (event.clientY < box.top || event.clientY > box.bottom) return;
    if (event.clientX > box.right - EDGE && event.clientX < box.right) this.scroll.scrollLeft += 16;
    const left = box.left + (this.grid.querySelector(".board-screen")?.offsetWidth ?? 0);
    if (event.clientX < left + EDGE && event.clientX > box.left) this.scroll.scrollLeft -= 16;
    if (event.clientY > box.bottom - EDGE / 2) this.scroll.scrollTop += 12;
    if (event.clientY < box.top + EDGE) this.scroll.scrollTop -= 12;
  }

  #place(event) {
    for (const lane of this.grid.querySelectorAll(".board-lane")) {
      const box = lane.getBoundingClientRect();
      if (event.clientY < box.top || event.clientY >= box.bottom) continue;
      const outside = this.scroll.getBoundingClientRect();
      if (event.clientX < outside.left || event.clientX > outside.right) return null;
      const at = snapped((event.clientX - box.left) / this.view().scale - this.what.grab);
      return { id: this.what.id, screen: Number(lane.dataset.screen), at, until: at + this.what.long, lane };
    }
    return null;
  }

  #paint() {
    if (!this.place) return this.ghost.remove();
    const { day, clock } = this.view();
    const before = this.refusal ?? "";
    this.place.refusal = this.refusal = refusal(day, clock, this.place);
    if (before !== this.refusal) this.say(this.refusal, "bad");
    this.time.textContent = `${clock.at(this.place.at)}–${clock.at(this.place.until)}`;
    this.why.textContent = this.place.refusal;
    this.ghost.classList.toggle("is-clashing", Boolean(this.place.refusal));
    this.ghost.style.setProperty("--at", this.place.at);
    if (this.ghost.parentNode !== this.place.lane) this.place.lane.append(this.ghost);
  }

  #up() {
    const { what, place, ghost } = this;
    this.#end();
    if (!ghost) return;
    // The click that follows is not meant.
    const swallow = (event) => event.stopPropagation();
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }));
    if (!place) return;
    if (place.refusal) this.say(place.refusal, "bad");
    else this.drop(what, place);
  }

  #end() {
    this.stop?.abort();
    this.ghost?.remove();
    this.grid.querySelector(".is-lifted")?.classList.remove("is-lifted");
    document.body.classList.remove("is-dragging");
    this.ghost = this.place = this.refusal = null;
  }
}
