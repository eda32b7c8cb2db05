/** What can be done to a hall: each of these answers a new one, or the same if there is nothing to do. */
import { bounds, byRow, columnAt, hall, nameOf, newKey, round, rowsByKey, seatAt, yAt } from "./hall.js";
import { labelsOf, numbersOf } from "./numbering.js";

const mapped = (one, change) => {
  const seats = one.seats.map(change);
  return seats.every((seat, index) => seat === one.seats[index]) ? one : { ...one, seats };
};

/** Each seat of `keys` with what `patch` says of it. */
export const alter = (one, keys, patch) => mapped(one, (seat) => {
  const differs = keys.has(seat.key) && Object.entries(patch).some(([name, value]) => seat[name] !== value);
  return differs ? { ...seat, ...patch } : seat;
});

export const remove = (one, keys) =>
  keys.size ? { ...one, seats: one.seats.filter((seat) => !keys.has(seat.key)) } : one;

/** A number for a new seat at `x` among `others` of its row: that beside it goes on, if it is free. */
function numberAt(others, x) {
  const used = new Set(others.map((seat) => seat.number));
  const sorted = [...others].sort((first, second) => Math.abs(first.x - x) - Math.abs(second.x - x));
  const [near, next] = sorted;
  const step = near && next ? Math.sign(near.number - next.number) || 1 : 1;
  const wanted = near ? near.number + step : 1;
  return wanted > 0 && !used.has(wanted) ? wanted : Math.max(0, ...used) + 1;
}

/** Seats at those of `cells` ({row, x}) that are empty, like `pen` ({category, kind}). */
export function add(one, cells, pen) {
  const added = [];
  for (const { row: key, x } of cells) {
    const others = [...byRow(one).get(key), ...added.filter((seat) => seat.row === key)];
    if (others.some((seat) => Math.abs(seat.x - x) < 0.95)) continue;
    const y = yAt(rowsByKey(one).get(key), x);
    added.push({ key: newKey(), row: key, number: numberAt(others, x), x, y, ...pen });
  }
  return added.length ? { ...one, seats: [...one.seats, ...added] } : one;
}

/** The rows of `keys` with what `change` makes of each, and their seats where they then run. */
export function alterRows(one, keys, change) {
  const rows = new Map(one.rows.map((row) => [row.key, keys.has(row.key) ? { ...row, ...change(row) } : row]));
  const seats = one.seats.map((seat) => {
    const [before, after] = [rowsByKey(one).get(seat.row), rows.get(seat.row)];
    const y = round(seat.y + yAt(after, seat.x) - yAt(before, seat.x));
    return y === seat.y ? seat : { ...seat, y };
  });
  return hall([...rows.values()], seats);
}

/** Rows that bow by `bow` to the screen at the edges of the hall. */
export function bow(one, keys, depth) {
  const { middle, half } = bounds(one);
  return alterRows(one, keys, () => ({ bend: depth / half ** 2, middle }));
}

/** Rows from `y` on, further from the screen by `by`. */
const pushed = (one, y, by) => {
  const behind = new Set(one.rows.filter((row) => row.y >= y).map((row) => row.key));
  return behind.size ? alterRows(one, behind, (row) => ({ y: round(row.y + by) })) : one;
};

/** A label that no row has: the next letter or figure after the last. */
function freeLabel(one, style) {
  const used = new Set(one.rows.map((row) => row.label));
  return labelsOf(used.size + 1, { ...style, from: "front", start: "" }).find((label) => !used.has(label));
}

/** A row behind that of `after` (null: behind the last), with the seats of `like` if that is a row. */
export function addRow(one, { after, like = null, style }) {
  const before = one.rows.find((row) => row.key === after) ?? one.rows.at(-1);
  const y = before ? round(before.y + 1) : 0;
  const close = one.rows.some((row) => row.y > (before?.y ?? 0) && row.y < y + 1);
  const room = close ? pushed(one, before.y + 0.001, 1) : one;
  const { bend, middle } = before ?? { bend: 0, middle: bounds(one).middle };
  const row = { key: newKey(), label: freeLabel(one, style), y, bend, middle };
  const twins = (like ? byRow(one).get(like) : []).map((seat) => ({ ...seat, key: newKey(), row: row.key, y: yAt(row, seat.x) }));
  return hall([...room.rows, row], [...room.seats, ...twins]);
}

/** Without those rows and their seats; what is behind them moves up. */
export function removeRows(one, keys) {
  const gone = one.rows.filter((row) => keys.has(row.key)).reverse();
  const left = { rows: one.rows.filter((row) => !keys.has(row.key)), seats: one.seats.filter((seat) => !keys.has(seat.row)) };
  return gone.reduce((rest, row) => {
    const beside = rest.rows.some((other) => Math.abs(other.y - row.y) < 0.5);
    return beside ? rest : pushed(rest, row.y, -1);
  }, left);
}

/** Rows moved by `by`, as long as they meet no other. */
export function moveRows(one, keys, by) {
  const others = one.rows.filter((row) => !keys.has(row.key));
  const moved = one.rows.filter((row) => keys.has(row.key));
  const order = (rows) => rows.map((row) => row.key).join();
  const next = alterRows(one, keys, (row) => ({ y: round(row.y + by) }));
  const meets = moved.some((row) => others.some((other) => Math.abs(other.y - row.y - by) < 0.75));
  return meets || order(next.rows) !== order(one.rows) ? one : next;
}

/** Seats moved along their rows by `by`, as long as they meet no other. */
export function slide(one, keys, by) {
  const next = mapped(one, (seat) => {
    if (!keys.has(seat.key)) return seat;
    const row = rowsByKey(one).get(seat.row);
    const x = round(seat.x + by);
    return { ...seat, x, y: round(seat.y + yAt(row, x) - yAt(row, seat.x)) };
  });
  const meet = [...byRow(next).values()].some((seats) => seats.some((seat, at) => at && seat.x - seats[at - 1].x < 0.95));
  return meet ? one : next;
}

/** An aisle one seat wide before `x` in the rows of `keys`. */
export function openAisle(one, keys, x) {
  const behind = new Set(one.seats.filter((seat) => keys.has(seat.row) && seat.x > x - 0.5).map((seat) => seat.key));
  return behind.size ? slide(one, behind, 1) : one;
}

/** Without the empty place at `x` in the rows of `keys`: what is right of it moves one to the left. */
export function closeAisle(one, keys, x) {
  const inRows = one.seats.filter((seat) => keys.has(seat.row));
  const taken = inRows.some((seat) => Math.abs(seat.x - x) < 0.5);
  const behind = new Set(inRows.filter((seat) => seat.x > x).map((seat) => seat.key));
  return taken || !behind.size ? one : slide(one, behind, -1);
}

/** An aisle across, one row deep, behind that row. */
export const openAcross = (one, row) => pushed(one, row.y + 0.001, 1);

/** Without as much of the aisle behind that row as is wider than a row. */
export function closeAcross(one, row) {
  const next = one.rows.find((other) => other.y > row.y + 0.001);
  return next && next.y - row.y >= 2 ? pushed(one, next.y, -1) : one;
}

/** The seats of those rows, counted as `scheme` says. */
export function renumber(one, keys, scheme) {
  const numbers = new Map();
  for (const key of keys) {
    const seats = byRow(one).get(key) ?? [];
    const fresh = numbersOf(seats.map((seat) => seat.x), scheme, bounds(one).middle);
    seats.forEach((seat, index) => numbers.set(seat.key, fresh[index]));
  }
  return mapped(one, (seat) => {
    const number = numbers.get(seat.key) ?? seat.number;
    return number === seat.number ? seat : { ...seat, number };
  });
}

/** Those rows, labelled as `style` says. */
export function relabel(one, keys, style) {
  const wanted = one.rows.filter((row) => keys.has(row.key));
  const labels = new Map(labelsOf(wanted.length, style).map((label, index) => [wanted[index].key, label]));
  const rows = one.rows.map((row) => (labels.has(row.key) && labels.get(row.key) !== row.label ? { ...row, label: labels.get(row.key) } : row));
  return { ...one, rows };
}

/** Whether the seats of that row are counted as `scheme` says. */
export function follows(one, key, scheme) {
  const seats = byRow(one).get(key) ?? [];
  const wanted = numbersOf(seats.map((seat) => seat.x), scheme, bounds(one).middle);
  return seats.every((seat, index) => seat.number === wanted[index]);
}

/**
 * `after`, with its rows counted on where seats came or went, if they were counted as `scheme` says
 * and nobody of `sold` (names of seats) would sit elsewhere for it.
 */
export function countedOn(before, after, scheme, sold) {
  const rows = new Set(after.rows.map((row) => row.key).filter((key) => {
    const [old, now] = [byRow(before).get(key) ?? [], byRow(after).get(key)];
    const changed = old.length !== now.length || now.some((seat, index) => seat.key !== old[index].key);
    return changed && follows(before, key, scheme) && !old.some((seat) => sold.has(nameOf(before, seat)));
  }));
  return renumber(after, rows, scheme);
}

/** Whether the rows of `one` are labelled as `style` says. */
export const lettered = (one, style) => labelsOf(one.rows.length, style).every((label, index) => label === one.rows[index].label);

/**
 * `after`, with its rows labelled on where rows came or went, if they were labelled as `style` says
 * and nobody of `sold` (names of seats) would sit in a row of another name for it.
 */
export function labelledOn(before, after, style, sold) {
  if (before.rows.length === after.rows.length || !lettered(before, style)) return after;
  const next = relabel(after, new Set(after.rows.map((row) => row.key)), style);
  const renamed = before.rows.filter((row) => (rowsByKey(next).get(row.key) ?? row).label !== row.label);
  const sits = renamed.some((row) => byRow(before).get(row.key).some((seat) => sold.has(nameOf(before, seat))));
  return sits ? after : next;
}

/** A new hall: `rows` of `places`, with aisles after the places of `aisles`. */
export function drawn({ rows, places, aisles, across, depth, category, numbers, labels }) {
  const columns = Array.from({ length: places }, (_, index) => index + aisles.filter((after) => after <= index).length);
  const names = labelsOf(rows, labels);
  const middle = (columns.at(-1) ?? 0) / 2;
  const lines = names.map((label, index) => ({
    key: newKey(), label, y: index + across.filter((after) => after <= index).length, bend: 0, middle,
  }));
  const pen = { category, kind: "standard" };
  const straight = lines.reduce((one, { key }) => add(one, columns.map((x) => ({ row: key, x })), pen), hall(lines, []));
  const keys = new Set(lines.map((row) => row.key));
  return bow(renumber(straight, keys, numbers), keys, depth);
}

/** The seats with those `names`, back as they were in `saved`: there again, of their category and kind. */
export function restored(one, saved, names) {
  return saved.seats.filter((seat) => names.has(nameOf(saved, seat))).reduce((rest, was) => {
    const old = rowsByKey(saved).get(was.row);
    const there = rest.rows.find((row) => row.label === old.label);
    const present = there && byRow(rest).get(there.key).find((seat) => seat.number === was.number);
    if (present) return alter(rest, new Set([present.key]), { category: was.category, kind: was.kind });
    const row = there ?? { ...old, key: newKey() };
    const room = rest.rows.some((other) => Math.abs(other.y - old.y) < 0.75) ? pushed(rest, old.y - 0.75, 1) : rest;
    const widened = there ? rest : hall([...room.rows, row], room.seats);
    const free = columnAt(widened, row.key, was.x);
    const x = seatAt(widened, row.key, was.x) ? freeBeside(widened, row.key, free) : was.x;
    return { ...widened, seats: [...widened.seats, { ...was, key: newKey(), row: row.key, x, y: x === was.x ? was.y : yAt(row, x) }] };
  }, one);
}

function freeBeside(one, key, x) {
  for (let far = 1; ; far += 1) for (const next of [x + far, x - far]) if (!seatAt(one, key, next)) return next;
}

