/** Which showing it is and what it costs: what the seat plan and the booking both say. */
import { h, link, picture } from "./dom.js";
import * as format from "./format.js";

const clock = (iso, starts_at) => `${iso.slice(0, 10) === starts_at.slice(0, 10) ? "" : `${format.day(iso)}, `}${format.clock(iso)}`;

/** Doors open 19:30, and until when people come in where that is before the end. */
function doors({ starts_at, ends_at, admission_opens_at, admission_closes_at, status }) {
  if (status === "cancelled") return "";
  const last = admission_closes_at !== ends_at && ` · last admission ${clock(admission_closes_at, starts_at)}`;
  return h("p", { class: "small" }, `Doors open ${clock(admission_opens_at, starts_at)}`, last);
}

export function occasion(showtime, ...more) {
  const { movie, theater, starts_at, screen } = showtime;
  return [picture(movie.poster, movie.title, "thumb"), h("div", {},
    h("h1", {}, link(`/film/${movie.id}/`, movie.title, "")),
    h("p", {}, h("b", {}, `${format.longDay(starts_at)}, ${format.clock(starts_at)}`)),
    doors(showtime),
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
