/** Which showing it is and what it costs: what the seat plan and the booking both say. */
import { h, link, picture } from "./dom.js";
import * as format from "./format.js";

export function occasion({ movie, theater, starts_at, screen, ...showtime }, ...more) {
  return [picture(movie.poster, movie.title, "thumb"), h("div", {},
    h("h1", {}, link(`/film/${movie.id}/`, movie.title, "")),
    h("p", {}, h("b", {}, `${format.longDay(starts_at)}, ${format.clock(starts_at)}`)),
    h("p", { class: "soft small" }, link(`/cinema/${theater.id}/`, theater.name, ""),
      `, ${theater.city} · ${screen.name} · ${format.version(showtime)}`),
    more)];
}

export function costLines({ lines, total, currency }) {
  const line = (text, amount, kind) => [h("dt", { class: kind }, text), h("dd", { class: kind }, format.money(amount, currency))];
  return [lines.map((one) => line(one.description, one.amount)), line("Total", total, "total")];
}

/** The seats of a booking as its lines name them: A1, A2 */
export const seatNames = ({ lines }) =>
  lines.filter((one) => one.kind === "seat").map((one) => one.description.replace(/^Seat |,.*/g, "")).join(", ");
