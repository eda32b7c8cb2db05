// Draws the day: a row for each screen, and on it showtimes and gaps.

import { counted, make, span } from "./dom.js";
import { gaps, isThere, stays } from "./rules.js";

// px: narrower than these have no room for words.
const WIDE_HOUR = 42;
const WIDE_GAP = 76;
const WIDE_END = 130;
const STATES = {
  planned: "planned, not on sale",
  on_sale: "on sale",
  almost_sold_out: "on sale, almost sold out",
  sold_out: "sold out",
  over: "over",
  cancelled: "cancelled",
};

export class Timeline {
  constructor(grid, theater) {
    this.grid = grid;
    this.theater = theater;
  }

  /** `view`: the day, its clock, px per minute, what is chosen, what is being moved by keys. */
  draw(view) {
    this.view = view;
    const { day, scale } = view;
    const focus = document.activeElement?.dataset?.key;
    this.grid.style.setProperty("--scale", `${scale}px`);
    this.grid.style.setProperty("--minutes", day.minutes);
    this.grid.replaceChildren(this.#hours(), ...day.screens.map((screen) => this.#row(screen)));
    if (focus) this.grid.querySelector(`[data-key="${focus}"]`)?.focus({ preventScroll: true });
  }

  #hours() {
    const all = this.view.clock.hours();
    const hours = all.filter((_, index) => index % 2 === 0 || 60 * this.view.scale > WIDE_HOUR).map(([minute, shows]) =>
      make("span", { style: { "--at": minute } }, shows),
    );
    return make("div", { class: "board-hours", "aria-hidden": "true" }, make("span", { class: "board-corner" }), make("div", { class: "board-ruler" }, ...hours));
  }

  #row(screen) {
    const { day } = this.view;
    const shows = this.#shows().filter((show) => show.screen === screen.id && show.until > 0 && show.at < day.minutes);
    const free = this.view.moving ? [] : gaps(day, screen);
    const things = [...shows.map((one) => [one.at, this.block(one, screen)]), ...free.map((one) => [one.at, this.#gap(one, screen)])];
    things.sort(([one], [other]) => one - other);
    const now = day.now >= 0 && day.now < day.minutes ? make("span", { class: "board-now", style: { "--at": day.now } }) : null;
    return make(
      "div",
      { class: "board-row", role: "group", "aria-label": screen.name },
      make("div", { class: "board-screen" }, make("strong", {}, screen.name), make("span", {}, [screen.kind === "standard" ? "" : screen.label, screen.seats ? counted(screen.seats, "seat") : ""].filter(Boolean).join(" · ")),
        screen.seats ? null : make("a", { href: screen.plan }, "No seats yet: draw them")),
      make("div", { class: "board-lane", "data-screen": screen.id }, ...things.map(([, thing]) => thing), now),
    );
  }

  #shows() {
    const { day, moving } = this.view;
    return day.showtimes.filter(isThere).map((show) => (moving?.id === show.id ? { ...show, ...moving } : show));
  }

  #gap(gap, screen) {
    const { clock } = this.view;
    const minutes = gap.until - gap.at;
    const long = Math.min(gap.until, this.view.day.minutes) - gap.at;
    const toTheEnd = gap.until > this.view.day.minutes;
    const words = long * this.view.scale < (toTheEnd ? WIDE_END : WIDE_GAP) ? "+" : toTheEnd ? `+ free from ${clock.at(gap.at)}` : `+ ${span(minutes)}`;
    const label = `${screen.name} is free from ${clock.at(gap.at)} to ${clock.at(gap.until)}, ${span(minutes)}. What fits?`;
    return make(
      "button",
      { type: "button", class: "board-free", "aria-label": label, title: label, "data-key": `gap-${screen.id}-${gap.at}`, "data-gap": JSON.stringify(gap), style: { "--at": gap.at, "--long": long } },
      make("span", { class: "board-sticky" }, words),
    );
  }

  /** A showtime: adverts, film and cleaning. */
  block(show, screen) {
    const { clock, day, chosen, selecting, moving } = this.view;
    const film = show.until - show.at - show.adverts - show.cleaning;
    const isMoving = moving?.id === show.id;
    const why = stays(show, day.day);
    const classes = ["board-show", `is-${show.state}`, isMoving && "is-moving", isMoving && moving.refusal && "is-clashing", why && "is-fixed", chosen.has(show.id) && "is-chosen"];
    return make(
      "button",
      {
        type: "button",
        class: classes.filter(Boolean).join(" "),
        "data-id": show.id,
        "data-key": `show-${show.id}`,
        "aria-label": this.name(show, screen),
        "aria-pressed": selecting ? String(chosen.has(show.id)) : null,
        title: why || "Drag to move. Enter opens it.",
        style: { "--at": show.at, "--long": show.until - show.at },
      },
      make("span", { class: "board-part is-adverts", style: { "--long": show.adverts } }),
      make(
        "span",
        { class: "board-part is-film", style: { "--long": film } },
        make(
          "span",
          { class: "board-sticky" },
          make("span", { class: "board-film-title" }, show.title),
          make("span", { class: "board-times" }, clock.at(show.at), make("span", { class: "board-wide" }, `–${clock.at(show.until - show.cleaning)}`)),
          make("span", { class: "board-version" }, show.version),
          make("span", { class: "board-sold" }, show.seats ? `${show.sold}/${show.seats}` : "No seats yet", make("span", { class: "board-price board-wide" }, this.price(show))),
        ),
        make("span", { class: "board-bar-of-seats" }, make("span", { style: { width: `${show.seats ? (100 * show.sold) / show.seats : 0}%` } })),
      ),
      make("span", { class: "board-part is-cleaning", style: { "--long": show.cleaning } }),
    );
  }

  /** Bring a showtime into view. */
  reveal(id) {
    const block = this.grid.querySelector(`[data-id="${id}"]`);
    block?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  price(show) {
    if (show.price_from == null) return "";
    return show.price_from === show.price_to ? show.price_from : `${show.price_from}–${show.price_to}`;
  }

  /** What a screen reader says of a showtime. */
  name(show, screen) {
    const { clock } = this.view;
    const price = this.price(show);
    const clean = show.cleaning ? `, clean at ${clock.at(show.until)}` : "";
    return [
      `${show.title}, ${screen.name}, ${clock.at(show.at)} to ${clock.at(show.until - show.cleaning)}${clean}`,
      show.version, `${show.sold} of ${counted(show.seats, "seat")} taken`, price && `${price} ${this.theater.currency}`, STATES[show.state],
    ].filter(Boolean).join(". ");
  }
}
