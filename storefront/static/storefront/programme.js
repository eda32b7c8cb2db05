/** A strip of days and the showtimes of the chosen one, for a film or for a cinema. */
import { get } from "./api.js";
import { $, button, fill, h, notice } from "./dom.js";
import * as format from "./format.js";

const CLOSED = {
  not_yet_on_sale: "Not on sale yet",
  sales_ended: "At the box office only",
  started: "Has started",
  cancelled: "Cancelled",
};

function slot(showtime, date) {
  const { open, reason } = showtime.sales;
  const from = showtime.price_from && `from ${format.money(showtime.price_from, showtime.currency)}`;
  const state = !open ? CLOSED[reason] ?? "Not on sale"
    : showtime.sold_out ? "Sold out"
    : showtime.almost_sold_out ? `${format.count(showtime.seats_left, "seat")} left` : from;
  const can = open && !showtime.sold_out;
  const night = showtime.starts_at.slice(0, 10) > date;
  return h("li", {}, h(can ? "a" : "span", { class: `slot ${can ? "" : "shut"}`, href: can && `/showing/${showtime.id}/` },
    h("b", {}, format.clock(showtime.starts_at)), night && h("small", { class: "night" }, "after midnight"),
    h("small", {}, `${format.version(showtime)} · ${showtime.screen.name}`),
    h("small", { class: open && showtime.almost_sold_out ? "hot" : "" }, state)));
}

export const slots = (showtimes, date) =>
  h("ul", { class: "slots" }, showtimes.map((showtime) => slot(showtime, date)));

/**
 * Run the section `#when`: the days of `path` (…/showtimes/), and of the chosen day what
 * `groups(answer, date)` makes of it. The day is kept in the address. `zone(answer)` is the time
 * zone by which it is today, or nothing if there are several todays.
 */
export async function programme(path, { groups, zone }) {
  const place = $("#day");
  const first = await get(path);
  const asked = new URLSearchParams(location.search).get("date");
  $("#when").hidden = false;
  if (!first.dates.length) {
    return fill(place, notice("", "Nothing is planned at the moment. New dates are usually out on Mondays."));
  }

  async function open(date) {
    history.replaceState(null, "", `?date=${date}`);
    const days = first.dates.map((one) => {
      const knob = button(format.dayName(one, zone(first)), () => open(one));
      knob.setAttribute("aria-pressed", one === date);
      return knob;
    });
    fill($("#dates"), days);
    days.find((one) => one.ariaPressed === "true")?.scrollIntoView({ block: "nearest", inline: "center" });
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await get(`${path}?date=${date}`);
      fill(place, groups(answer, date));
    } catch (error) {
      fill(place, notice("bad", error.message, button("Try again", () => open(date))));
    }
    place.removeAttribute("aria-busy");
  }
  return open(first.dates.includes(asked) ? asked : first.dates[0]);
}
