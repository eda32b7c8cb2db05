/** What would keep a hall from being saved, seen while it is drawn. The server has the last word. */
import { byRow, labelOf, nameOf } from "./hall.js";

const FEW = 12;
const few = (labels) => (labels.length > FEW ? `${labels.slice(0, FEW).join(" ")} and ${labels.length - FEW} more` : labels.join(" "));

/** A list of {words, keys, names}: the seats on the plan that it is about, and the names of those that are sold. */
export function issuesOf(hall, sold) {
  const called = new Map();
  for (const seat of hall.seats) {
    const name = nameOf(hall, seat);
    called.set(name, [...(called.get(name) ?? []), seat]);
  }
  return [...twice(hall, called), ...nameless(hall), ...crowded(hall), ...lost(called, sold)];
}

function twice(hall, called) {
  return [...called.values()].filter((seats) => seats.length > 1).map((seats) => ({
    words: `${labelOf(hall, seats[0])} is there ${seats.length} times.`, keys: seats.map((seat) => seat.key), names: [],
  }));
}

const nameless = (hall) =>
  hall.rows.filter((row) => !row.label.trim() && byRow(hall).get(row.key).length).map((row) => ({
    words: "A row has seats and no label.", keys: byRow(hall).get(row.key).map((seat) => seat.key), names: [],
  }));

function crowded(hall) {
  const places = new Map();
  const found = [];
  for (const seat of hall.seats) {
    const place = `${seat.x} ${seat.y}`;
    const other = places.get(place);
    if (other) found.push({ words: `${labelOf(hall, seat)} is on the place of ${labelOf(hall, other)}.`, keys: [seat.key, other.key], names: [] });
    places.set(place, seat);
  }
  return found;
}

function lost(called, sold) {
  const gone = [];
  const other = [];
  for (const [name, was] of sold) {
    const seat = called.get(name)?.[0];
    if (!seat) gone.push({ name, was });
    else if (seat.category !== was.category || seat.kind !== was.kind) other.push({ name, was, key: seat.key });
  }
  const issue = (words, list) => list.length && {
    sold: true,
    words: `${words}: ${few(list.map(({ was }) => `${was.row}${was.number}`))}.`,
    keys: list.map(({ key }) => key).filter(Boolean),
    names: list.map(({ name }) => name),
  };
  return [issue("Sold, and gone from the plan", gone), issue("Sold as another category or kind", other)].filter(Boolean);
}
