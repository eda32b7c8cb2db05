// Dragging: a showtime to another place, or a film onto a screen. A mouse or a pen lifts by moving. A finger
// that moves scrolls; one that rests lifts, and then drags.

import { make } from "./dom.js";
import { refusal, snapped } from "./rules.js";

const THRESHOLD = { mouse: 4, touch: 10 }; // px: less is a click, or a finger at rest
const REST = 350; // ms: sooner than the browser's own menu of a long press
const EDGE = 48; // px: nearer than this the timeline, or the page, scrolls by itself
const DRIFT = { every: 30, timeline: 12, page: 9 }; // ms, px

export class Drag {
  /** `view()` is what the timeline shows; `drop(what, place)` is told where something was let go; `from` are elements. */
  constructor({ grid, scroll, from, view, drop, say }) {
    Object.assign(this, { grid, scroll, view, drop, say });
    for (const source of from) {
      // Only who listened before the finger came down may keep the page from scrolling.
      source.addEventListener("touchmove", (event) => this.active && event.preventDefault(), { passive: false });
      source.addEventListener("contextmenu", (event) => this.touches && event.preventDefault());
    }
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
    if (event.button !== 0 || !event.isPrimary) return;
    this.#end();
    Object.assign(this, { what, from: [event.clientX, event.clientY], touches: event.pointerType === "touch" });
    if (this.touches) this.rest = setTimeout(() => this.#lift(event), REST);
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
    if (!this.ghost && far < THRESHOLD[this.touches ? "touch" : "mouse"]) return undefined;
    if (!this.ghost && this.touches) return this.#end();
    event.preventDefault();
    return this.ghost ? this.#follow(event) : this.#lift(event);
  }

  /** From now on it hangs at the pointer; what has to stay says why. */
  #lift(event) {
    if (this.what.why) {
      this.say(this.what.why, "bad");
      return this.#end();
    }
    this.#show();
    if (this.touches) navigator.vibrate?.(15);
    this.drift = setInterval(() => this.#drift(), DRIFT.every);
    return this.#follow(event);
  }

  #follow(event) {
    this.last = event;
    this.place = this.#place(event);
    return this.#paint();
  }

  /** Near an edge more of the timeline, or of the page, comes into view. */
  #drift() {
    const { clientX, clientY } = this.last;
    const box = this.scroll.getBoundingClientRect();
    const left = box.left + (this.grid.querySelector(".board-screen")?.offsetWidth ?? 0);
    const over = clientY > box.top && clientY < box.bottom && clientX > box.left && clientX < box.right;
    if (over) this.scroll.scrollBy(towards(clientX, left, box.right) * DRIFT.timeline, towards(clientY, box.top, box.bottom) * DRIFT.timeline);
    scrollerOf(this.scroll).scrollBy(0, towards(clientY, 0, innerHeight) * DRIFT.page);
    this.#follow(this.last);
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
    const { what, place, ghost, touches } = this;
    this.#end();
    if (!ghost) return;
    // The click that follows is not meant; after a finger it comes late.
    const swallow = (event) => event.stopPropagation();
    document.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => document.removeEventListener("click", swallow, { capture: true }), touches ? 300 : 0);
    if (!place) return;
    if (place.refusal) this.say(place.refusal, "bad");
    else this.drop(what, place);
  }

  #end() {
    this.stop?.abort();
    clearTimeout(this.rest);
    clearInterval(this.drift);
    this.touches = false;
    this.ghost?.remove();
    this.grid.querySelector(".is-lifted")?.classList.remove("is-lifted");
    document.body.classList.remove("is-dragging");
    this.ghost = this.place = this.refusal = null;
  }
}

/** -1, 0 or 1: to which of two edges it is near. */
const towards = (at, low, high) => (at < low + EDGE ? -1 : at > high - EDGE ? 1 : 0);

/** What scrolls when `element` is not in view. */
function scrollerOf(element) {
  for (let one = element.parentElement; one; one = one.parentElement) {
    if (one.scrollHeight > one.clientHeight && /auto|scroll/.test(getComputedStyle(one).overflowY)) return one;
  }
  return document.scrollingElement;
}
