/** What is being drawn and what is chosen: the hall, its past, the selection, the cursor, the tool. Tells `change`. */
import { add, alter, countedOn, follows, labelledOn, lettered, remove } from "./edits.js";
import { byKey, byRow, columnAt, EMPTY, hallOf, labelOf, placeName, remembered, rowsByKey, seatAt, seatsOf } from "./hall.js";
import { issuesOf } from "./issues.js";
import { LETTERED, ORDERS, PLAIN } from "./numbering.js";

const textOf = remembered("text", (hall) => JSON.stringify(seatsOf(hall)));
const LONGEST_PAST = 300;

export class Editor extends EventTarget {
  constructor(facts) {
    super();
    this.facts = facts;
    this.categories = new Map(facts.categories.map((one) => [one.id, one]));
    this.tool = "select";
    this.pen = { category: facts.categories[0]?.id ?? null, kind: "standard" };
    this.brush = { category: this.pen.category };
    this.open(facts.layout, facts.sold);
  }

  /** Begin with what is saved. */
  open(layout, sold) {
    this.saved = hallOf(layout.seats);
    this.know(layout.version, sold);
    Object.assign(this, { hall: this.saved, past: [], future: [], selection: new Set(), cursor: null, anchor: null });
    this.numbering = numberingOf(this.hall);
    this.lettering = letteringOf(this.hall);
    this.tell();
  }

  /** What the server says of the saved plan: its version, and which seats are sold. */
  know(version, sold) {
    this.version = version;
    this.sold = new Map(sold.map((one) => [placeName(one.row, one.number), one]));
    this.checked = null;
  }

  /** Which seats are sold by now. */
  sells(sold) {
    this.know(this.version, sold);
    this.tell();
  }

  /** What was drawn is saved now. */
  settle(layout, sold) {
    this.saved = this.hall;
    this.know(layout.version, sold);
    this.tell();
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  /** Whether there is something to save. */
  get dirty() {
    return this.hall !== this.saved && textOf(this.hall) !== textOf(this.saved);
  }

  /** What would keep the plan from being saved. */
  get issues() {
    if (this.checked?.hall !== this.hall) this.checked = { hall: this.hall, list: issuesOf(this.hall, this.sold) };
    return this.checked.list;
  }

  /** Make another hall with `change(hall)`. Steps with the same `stroke` (not null) are undone as one. */
  edit(words, change, { stroke = null, select = null } = {}) {
    const before = this.hall;
    const after = change(before);
    if (after === before) return false;
    if (stroke === null || this.past.at(-1)?.stroke !== stroke) this.past.push({ hall: before, selection: this.selection, words, stroke });
    if (this.past.length > LONGEST_PAST) this.past.shift();
    this.future = [];
    this.become(after, select ? select(after) : this.selection);
    return true;
  }

  undo() {
    return this.step(this.past, this.future);
  }

  redo() {
    return this.step(this.future, this.past);
  }

  step(from, to) {
    const step = from.pop();
    if (!step) return null;
    to.push({ ...step, hall: this.hall, selection: this.selection, stroke: null });
    this.become(step.hall, step.selection);
    return step.words;
  }

  become(hall, selection) {
    this.hall = hall;
    this.selection = new Set([...selection].filter((key) => byKey(hall).has(key)));
    for (const name of ["cursor", "anchor"]) if (this[name] && !rowsByKey(hall).has(this[name].row)) this[name] = null;
    this.tell();
  }

  select(keys) {
    this.selection = new Set(keys);
    this.tell();
  }

  /** The place where the keyboard is: {row, x}, or the first seat; null in an empty hall. */
  get here() {
    if (this.cursor) return this.cursor;
    const row = this.hall.rows[0];
    return row ? { row: row.key, x: byRow(this.hall).get(row.key)[0]?.x ?? columnAt(this.hall, row.key, 0) } : null;
  }

  get seatHere() {
    return this.here && seatAt(this.hall, this.here.row, this.here.x);
  }

  moveTo(place, { keepAnchor = false } = {}) {
    this.anchor = keepAnchor ? (this.anchor ?? this.here) : place;
    this.cursor = place;
    this.tell();
  }

  /** The rows in which seats are selected; else that of the cursor. */
  get rowsHere() {
    const rows = new Set([...this.selection].map((key) => byKey(this.hall).get(key).row));
    return rows.size || !this.here ? rows : new Set([this.here.row]);
  }

  /** The rows that an aisle goes through: those selected if there are several, else all. */
  get rowsThrough() {
    return this.rowsHere.size > 1 ? this.rowsHere : new Set(this.hall.rows.map((row) => row.key));
  }

  labels(keys) {
    return [...keys].map((key) => labelOf(this.hall, byKey(this.hall).get(key)));
  }

  /** An edit by which seats or rows come or go: the others are counted and labelled on, where nobody minds. */
  build(words, change, options) {
    const { numbering, lettering, sold } = this;
    const all = (before) => labelledOn(before, countedOn(before, change(before), numbering, sold), lettering, sold);
    return this.edit(words, all, options);
  }

  add(cells, options) {
    return this.build("new seats", (before) => add(before, cells, this.pen), options);
  }

  remove(keys, options) {
    return this.build("seats removed", (before) => remove(before, keys), options);
  }

  paint(keys, patch, options) {
    return this.edit("painting", (before) => alter(before, keys, patch), options);
  }

  /** Paint with that from now on; what is selected gets it at once. Answers whether anything changed. */
  take(patch) {
    this.brush = patch;
    this.pen = { ...this.pen, ...patch };
    const changed = this.tool !== "draw" && this.selection.size > 0 && this.paint(this.selection, patch);
    if (!changed) this.tell();
    return changed;
  }
}

/** The numbering that most rows of `hall` follow. */
function numberingOf(hall) {
  if (hall === EMPTY || !hall.rows.length) return PLAIN;
  const fits = (order) => hall.rows.filter((row) => follows(hall, row.key, { ...PLAIN, order })).length;
  const best = Object.keys(ORDERS).reduce((one, other) => (fits(other) > fits(one) ? other : one));
  return { ...PLAIN, order: best };
}

/** The lettering that the rows of `hall` follow, or else that of new halls. */
function letteringOf(hall) {
  const styles = ["letters", "figures"].flatMap((style) => ["front", "back"].flatMap((from) =>
    [["I", "O"], []].map((skip) => ({ ...LETTERED, style, from, skip }))));
  return (hall.rows.length && styles.find((style) => lettered(hall, style))) || LETTERED;
}
