/** Where rows run, and where another one could: in an aisle across, and behind the last. */
import { add } from "./edits.js";
import { bounds, columnAt, hall, newKey, round, yAt } from "./hall.js";
import { labelsOf } from "./numbering.js";

/** The rows of `one`, from the screen on: {row, y, bend, middle}. */
export const rowLevels = (one) => one.rows.map((row) => ({ row: row.key, y: row.y, bend: row.bend, middle: row.middle }));

/** The rows of `one` and the empty lines between and behind them, from the screen on: {row (or null), y, bend, middle}. */
export function levelsOf(one, most) {
  const lines = rowLevels(one);
  const all = lines.flatMap((line, index) => {
    const next = lines[index + 1]?.y ?? Infinity;
    const room = next === Infinity ? most - lines.length : Math.floor(next - line.y - 0.25) - 1;
    const free = Array.from({ length: Math.max(room, 0) }, (_, at) => ({ ...line, row: null, y: round(line.y + at + 1) }));
    return [line, ...free.filter((extra) => extra.y < next - 0.5)];
  });
  if (all.length) return all;
  return Array.from({ length: most }, (_, y) => ({ row: null, y, bend: 0, middle: bounds(one).middle }));
}

/** Which of `levels` runs nearest to `point`. */
export function levelAt(levels, { x, y }) {
  const far = levels.map((level) => Math.abs(yAt(level, x) - y));
  return far.indexOf(Math.min(...far));
}

/** The places of a rectangle from one point to another, along the rows: {level, row, x, y}. */
export function placesBetween(one, from, to, most) {
  const levels = levelsOf(one, most);
  const [first, last] = [levelAt(levels, from), levelAt(levels, to)].sort((low, high) => low - high);
  const [left, right] = [from.x, to.x].sort((low, high) => low - high);
  return levels.slice(first, last + 1).flatMap((level) => {
    const start = level.row ? columnAt(one, level.row, left) : Math.round(left);
    const count = Math.floor(right - start + 0.5) + 1;
    return Array.from({ length: Math.max(count, 1) }, (_, index) => {
      const x = round(start + index);
      return { level, row: level.row, x, y: yAt(level, x) };
    });
  });
}

/** Seats at `places`, in new rows where there was none. */
export function fillPlaces(one, places, pen, style) {
  const fresh = new Map();
  for (const { level } of places) {
    if (level.row || fresh.has(level)) continue;
    const used = new Set([...one.rows, ...fresh.values()].map((row) => row.label));
    const label = labelsOf(used.size + 1, { ...style, from: "front", start: "" }).find((name) => !used.has(name));
    fresh.set(level, { key: newKey(), label, y: level.y, bend: level.bend, middle: level.middle });
  }
  const cells = places.map(({ level, x }) => ({ row: level.row ?? fresh.get(level).key, x }));
  return add(fresh.size ? hall([...one.rows, ...fresh.values()], one.seats) : one, cells, pen);
}
