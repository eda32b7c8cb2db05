/** Who sits there: a card beside the seat that the mouse or the keyboard is at. */
import { $, fill, h } from "../dom.js";
import { KINDS } from "../seat_map/kinds.js";
import { clock, stateOf } from "./words.js";

export function showCards(plan, showtime) {
  const card = $("#card");
  let at = null;
  const seatOf = (target) => showtime.seats.get(Number(target.closest?.("[data-seat]")?.dataset.seat));

  function put(seat) {
    at = seat;
    card.hidden = !seat;
    if (!seat) return;
    fill(card, lines(seat));
    const spot = plan.cells.get(seat.id).cell.getBoundingClientRect();
    const { width, height } = card.getBoundingClientRect();
    const left = Math.min(Math.max(spot.left + spot.width / 2 - width / 2, 8), innerWidth - width - 8);
    const above = spot.top - height - 8;
    card.style.left = `${left}px`;
    card.style.top = `${above > 8 ? above : spot.bottom + 8}px`;
  }

  function lines(seat) {
    const booking = showtime.bookingOf(seat);
    const is = seat.is ?? {};
    const kind = seat.kind === "standard" ? "" : ` · ${KINDS[seat.kind].name}`;
    return [
      h("p", { class: "where" }, h("strong", {}, seat.label), ` ${seat.category?.name ?? ""}${kind}`),
      booking && h("p", { class: "who" }, booking.name || "No name"),
      booking && h("p", {}, h("code", {}, is.booking), [is.type, is.paid].filter(Boolean).map((word) => ` · ${word}`).join("")),
      booking?.disputed && h("p", { class: "error" }, "Disputed at the bank: ask at the door"),
      h("p", { class: "state" }, seat.state === "held" ? `Held, ${clock(showtime.secondsLeft(is.until))} left` : capital(stateOf(showtime, seat))),
    ];
  }

  plan.svg.addEventListener("pointerover", (event) => event.pointerType === "mouse" && !event.buttons && put(seatOf(event.target)));
  plan.svg.addEventListener("pointerdown", () => put(null));
  plan.svg.addEventListener("pointerleave", () => put(null));
  plan.svg.parentElement.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && put(seatOf(event.target)));
  plan.svg.parentElement.addEventListener("focusout", () => put(null));
  addEventListener("scroll", () => put(null), true);
  showtime.addEventListener("change", () => at && put(at));
  return () => at && at.state === "held" && put(at);
}

const capital = (words) => words[0].toUpperCase() + words.slice(1);
