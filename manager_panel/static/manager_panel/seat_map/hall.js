/**
 * A hall that is being drawn: `{rows, seats}`, which nothing changes; edits.js makes new ones.
 *
 * A row is `{key, label, y, bend, middle}`: at `x` it runs at y − bend · (x − middle)², so that with
 * a positive bend its ends come nearer to the screen. A seat is `{key, row, number, x, y, category,
 * kind}`, where `row` is a row's key. x grows to the right and y away from the screen, in seat widths.
 */

let last = 0;
export const newKey = () => ++last;
export const round = (value) => Math.round(value * 1000) / 1000;
const sum = (values) => values.reduce((one, other) => one + other, 0);
export const EMPTY = { rows: [], seats: [] };

/** Where `row` runs at `x`. */
export const yAt = (row, x) => round(row.y - row.bend * (x - row.middle) ** 2);

/** A new hall of `rows` and `seats`, with its rows from the screen on. */
export const hall = (rows, seats) => ({ rows: [...rows].sort((one, other) => one.y - other.y), seats });

const known = new WeakMap();
/** `work`, done once for each hall. */
export const remembered = (name, work) => (one) => {
  if (!known.has(one)) known.set(one, {});
  const facts = known.get(one);
  return (facts[name] ??= work(one));
};

/** The seats of each row by its key, from left to right. */
export const byRow = remembered("byRow", ({ rows, seats }) => {
  const lists = new Map(rows.map((row) => [row.key, []]));
  for (const seat of seats) lists.get(seat.row).push(seat);
  lists.forEach((list) => list.sort((one, other) => one.x - other.x));
  return lists;
});

export const byKey = remembered("byKey", ({ seats }) => new Map(seats.map((seat) => [seat.key, seat])));
export const rowsByKey = remembered("rowsByKey", ({ rows }) => new Map(rows.map((row) => [row.key, row])));

/** Where it begins and ends. */
export const bounds = remembered("bounds", ({ rows, seats }) => {
  const [xs, ys] = [seats.map((seat) => seat.x), [...seats, ...rows].map((one) => one.y)];
  const [left, right] = xs.length ? [Math.min(...xs), Math.max(...xs)] : [0, 11];
  const [top, bottom] = ys.length ? [Math.min(...ys), Math.max(...ys)] : [0, 0];
  return { left, right, top, bottom, middle: (left + right) / 2, half: Math.max((right - left) / 2, 0.5) };
});

/** What is written on it: A1. Rows with figures may share it: 1 and 11, 11 and 1. */
export const labelOf = (one, seat) => `${rowsByKey(one).get(seat.row).label}${seat.number}`;

/** By what it is known, whatever its row is called. */
export const nameOf = (one, seat) => placeName(rowsByKey(one).get(seat.row).label, seat.number);
export const placeName = (row, number) => `${row} ${number}`;

/** How far the ends of `row` bow to the screen at the edges of `one`. */
export const bowOf = (one, row) => round(row.bend * bounds(one).half ** 2);

/** How far from a whole column the seats of a row stand: staggered rows have a half. */
export function offsetOf(one, rowKey) {
  const [first] = byRow(one).get(rowKey) ?? [];
  return first ? first.x - Math.floor(first.x) : 0;
}

/** The place of `row` that is nearest to `x`. */
export const columnAt = (one, rowKey, x) => {
  const offset = offsetOf(one, rowKey);
  return round(Math.round(x - offset) + offset);
};

/** The seat of that row at `x`, or undefined. */
export const seatAt = (one, rowKey, x) => byRow(one).get(rowKey)?.find((seat) => Math.abs(seat.x - x) < 0.5);

/** The hall that the API describes as a list of seats. */
export function hallOf(listed) {
  const groups = new Map();
  for (const seat of listed) groups.set(seat.row, [...(groups.get(seat.row) ?? []), seat]);
  const xs = listed.map((seat) => seat.x);
  const middle = listed.length ? (Math.min(...xs) + Math.max(...xs)) / 2 : 5.5;
  const rows = [];
  const seats = [];
  for (const [label, group] of groups) {
    const row = { key: newKey(), label, middle, ...arcOf(group, middle) };
    rows.push(row);
    for (const { number, x, y, category, kind } of group) seats.push({ key: newKey(), row: row.key, number, x, y, category, kind });
  }
  return hall(rows, seats);
}

/** The arc on which `seats` stand, as nearly as can be (least squares). */
function arcOf(seats, middle) {
  const us = seats.map((seat) => (seat.x - middle) ** 2);
  const [u, y] = [sum(us) / us.length, sum(seats.map((seat) => seat.y)) / us.length];
  const spread = sum(us.map((one) => (one - u) ** 2));
  const slope = spread && sum(seats.map((seat, index) => (us[index] - u) * (seat.y - y))) / spread;
  const flat = Math.abs(slope) * Math.max(...us) < 0.02;
  return flat ? { y: round(y), bend: 0 } : { y: round(y - slope * u), bend: -slope };
}

/** What the API hears of it: a list of seats, none of them left of or before the corner of the plan. */
export function seatsOf(one) {
  const { left, top } = bounds(one);
  const [right, down] = [Math.max(Math.ceil(-left), 0), Math.max(Math.ceil(-top), 0)];
  return one.rows.flatMap((row) =>
    byRow(one).get(row.key).map(({ number, x, y, category, kind }) => ({
      row: row.label, number, x: round(x + right), y: round(y + down), category, kind,
    })));
}
