/** How seats, times and news are said. */
import { many } from "../dom.js";
import { KINDS } from "../seat_map/kinds.js";

/** What has become of a booking. */
export const STATUS = { pending: "Held, not paid", confirmed: "Paid", cancelled: "Cancelled", expired: "Not paid in time" };

/** 4:32 */
export const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** A1, B4–B8: as short as can be. */
export function labels(seats) {
  const inOrder = [...seats].sort((one, other) => one.row.localeCompare(other.row) || one.number - other.number);
  const runs = [];
  for (const seat of inOrder) {
    const last = runs.at(-1)?.at(-1);
    if (last && last.row === seat.row && last.number + 1 === seat.number) runs.at(-1).push(seat);
    else runs.push([seat]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0].label}–${run.at(-1).label}` : run.map((seat) => seat.label).join(", "))).join(", ");
}

const who = (showtime, seat) => {
  const booking = showtime.bookingOf(seat);
  return booking ? [booking.name || "no name", seat.is.booking].join(", ") : "";
};

const STATES = {
  free: () => "free",
  held: (showtime, { is }) => `${is.swap ? "held for an exchange" : "held"}, ${clock(showtime.secondsLeft(is.until))} left`,
  sold: () => "sold",
  admitted: (_, { is }) => `admitted at ${is.admitted}`,
  blocked: (showtime, seat) => {
    const block = showtime.blockOf(seat) ?? {};
    return ["blocked", block.why, block.note, block.freed && `free again ${block.freed}`].filter(Boolean).join(", ");
  },
};

export const stateOf = (showtime, seat) => STATES[seat.state](showtime, seat);

/** All of it in one line, for people who listen. */
export const described = (showtime, seat) =>
  [
    seat.label, seat.category?.name, seat.kind !== "standard" && KINDS[seat.kind].name.toLowerCase(), stateOf(showtime, seat),
    who(showtime, seat), seat.is?.type, seat.is?.paid, showtime.bookingOf(seat)?.disputed && "disputed at the bank",
  ].filter(Boolean).join(", ");

const HAPPENED = {
  free: (was) => (was === "blocked" ? "put on sale again" : "free again"),
  held: () => "held",
  sold: () => "sold",
  admitted: () => "admitted",
  blocked: () => "blocked",
};

/** Sentences about what changed: seats of one booking, or of one block, are named together. */
export function told(showtime, changes) {
  const groups = new Map();
  for (const { seat, was, is } of changes) {
    const key = [is.state, was.state, is.booking ?? is.block ?? ""].join();
    groups.set(key, [...(groups.get(key) ?? []), { seat, was, is }]);
  }
  return [...groups.values()].map((group) => {
    const [{ seat, was, is }] = group;
    const seats = labels(group.map((one) => one.seat));
    const name = showtime.bookingOf(seat)?.name;
    const whose = is.booking ? (name ? ` – ${name}, ${is.booking}` : ` – ${is.booking}`) : "";
    const why = is.block ? ` – ${showtime.blockOf(seat)?.why ?? ""}` : "";
    return { words: `${seats} ${HAPPENED[is.state](was.state)}${whose}${why}`, booking: is.booking, state: is.state };
  });
}

/** Who has the seats that somebody wanted: one sentence for each. */
export const firstCome = (showtime, seats) =>
  seats.map((seat) => {
    const booking = showtime.bookingOf(seat);
    if (booking) return `${seat.label} is ${seat.state === "held" ? "held by" : "sold to"} ${booking.name || "somebody"} (${seat.is.booking}).`;
    return `${seat.label} is ${stateOf(showtime, seat)}.`;
  }).join(" ");

export const seatsChosen = (seats) => `${many(seats.length, "seat")} chosen: ${labels(seats)}`;
