/** What would keep a hall from being saved, seen while it is drawn. The server has the last word. */
import { byRow, labelOf } from "./hall.js";

const FEW = 12;
const few = (labels) => (labels.length > FEW ? `${labels.slice(0, FEW).join(" ")} and ${labels.length - FEW} more` : labels.join(" "));

/** A list of {words, keys, labels}: the seats on the plan that it is about, or the labels of seats that are gone. */
export function issuesOf(hall, sold) {
  const called = new Map();
  for (const seat of hall.seats) {
    const label = labelOf(hall, seat);
    called.set(label, [...(called.get(label) ?? []), seat]);
  }
  return [...twice(called), ...nameless(hall), ...crowded(hall), ...lost(called, sold)];
}

function twice(called) {
  return [...called].filter(([, seats]) => seats.length > 1).map(([label, seats]) => ({
    words: `${label} is there ${seats.length} times.`, keys: seats.map((seat) => seat.key), labels: [label],
  }));
}

const nameless = (hall) =>
  hall.rows.filter((row) => !row.label.trim() && byRow(hall).get(row.key).length).map((row) => ({
    words: "A row has seats and no label.", keys: byRow(hall).get(row.key).map((seat) => seat.key), labels: [],
  }));

function crowded(hall) {
  const places = new Map();
  const found = [];
  for (const seat of hall.seats) {
    const place = `${seat.x} ${seat.y}`;
    const other = places.get(place);
    if (other) found.push({ words: `${labelOf(hall, seat)} is on the place of ${labelOf(hall, other)}.`, keys: [seat.key, other.key], labels: [] });
    places.set(place, seat);
  }
  return found;
}

function lost(called, sold) {
  const gone = [];
  const other = [];
  for (const [label, was] of sold) {
    const seat = called.get(label)?.[0];
    if (!seat) gone.push(label);
    else if (seat.category !== was.category || seat.kind !== was.kind) other.push([label, seat.key]);
  }
  return [
    gone.length && { sold: true, words: `Sold, and gone from the plan: ${few(gone)}.`, keys: [], labels: gone },
    other.length && {
      sold: true, words: `Sold as another category or kind: ${few(other.map(([label]) => label))}.`,
      keys: other.map(([, key]) => key), labels: other.map(([label]) => label),
    },
  ].filter(Boolean);
}
