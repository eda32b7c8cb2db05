/** The hall as a drawing, which is also an ARIA grid: rows of cells, one of which has the focus. */
import { draw } from "../dom.js";
import { bounds, byRow, columnAt, labelOf, nameOf, rowsByKey, yAt } from "./hall.js";
import { KINDS } from "./kinds.js";

export const UNIT = 40;
const SIZE = { width: 34, height: 31 };
// Empty places around the hall, in seats: there is room for labels, the screen, and one more row.
const AROUND = { left: 3, right: 3, top: 3, bottom: 2 };

/** Whether dark letters are easier to read on `colour` (#rrggbb) than light ones. */
export function isLight(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140;
}

export const glyph = (kind) =>
  KINDS[kind].mark && draw("path", { d: KINDS[kind].mark, class: "mark", transform: "translate(-6 -13.500) scale(.5)" });

export class Plan {
  constructor(svg, editor) {
    Object.assign(this, { svg, editor, seats: new Map(), rows: new Map(), zoom: 1 });
    this.canvas = draw("g", { class: "canvas", "aria-hidden": "true" });
    this.places = draw("path", { class: "places", "aria-hidden": "true" });
    this.lines = draw("g", { role: "presentation" });
    this.over = draw("g", { class: "over", "aria-hidden": "true" });
    this.ghost = draw("g", { role: "gridcell", class: "ghost", tabindex: -1 }, draw("rect", box()));
    svg.append(this.canvas, this.places, this.lines, this.over);
    editor.addEventListener("change", () => this.render());
  }

  /** Draw again what is another than before. */
  render() {
    const { hall } = this.editor;
    const held = this.lines.contains(document.activeElement);
    this.troubled = new Set(this.editor.issues.flatMap((issue) => issue.keys));
    this.frame(hall);
    for (const row of hall.rows) this.renderRow(hall, row);
    for (const [key, row] of this.rows) if (!hall.rows.some((one) => one.key === key)) this.drop(key, row);
    for (const seat of hall.seats) this.renderSeat(hall, seat);
    this.renderCursor();
    if (held) this.focus();
  }

  frame(hall) {
    const { left, right, top, bottom, middle, half } = bounds(hall);
    this.box = {
      x: left - AROUND.left, y: top - AROUND.top,
      width: right - left + AROUND.left + AROUND.right, height: bottom - top + AROUND.top + AROUND.bottom,
    };
    const { x, y, width, height } = this.box;
    this.svg.setAttribute("viewBox", [x, y, width, height].map((value) => value * UNIT).join(" "));
    this.svg.style.width = `${width * UNIT * this.zoom}px`;
    this.svg.style.height = `${height * UNIT * this.zoom}px`;
    this.svg.setAttribute("aria-rowcount", hall.rows.length);
    const screen = { from: (middle - half * 0.8) * UNIT, to: (middle + half * 0.8) * UNIT, y: (top - 1.6) * UNIT };
    const bow = Math.min(half * 2, 22);
    const arc = `M${screen.from} ${screen.y} Q${middle * UNIT} ${screen.y - bow} ${screen.to} ${screen.y}`;
    this.canvas.replaceChildren(
      draw("path", { d: arc, class: "screen" }),
      draw("text", { x: middle * UNIT, y: screen.y + 18, class: "caption" }, "Screen"));
    this.places.setAttribute("d", this.editor.tool === "draw" ? dots(hall, this.box) : "");
  }

  renderRow(hall, row) {
    const seats = byRow(hall).get(row.key);
    let known = this.rows.get(row.key);
    if (!known) {
      const header = draw("g", { role: "rowheader", class: "label", "data-row": row.key }, draw("rect", box(30)), draw("text"));
      const group = draw("g", { role: "row" }, header);
      known = { group, header, tail: draw("text", { class: "tail", "aria-hidden": "true" }) };
      this.rows.set(row.key, known);
    }
    if (known.row !== row || !same(known.seats, seats, stands)) {
      const [from, to] = [(seats[0]?.x ?? 0) - 1.4, (seats.at(-1)?.x ?? 0) + 1.4];
      known.header.setAttribute("transform", at(from, seats[0]?.y ?? row.y));
      known.header.lastChild.textContent = row.label || "?";
      known.tail.setAttribute("transform", at(to, seats.at(-1)?.y ?? row.y));
      known.tail.textContent = seats.length ? row.label : "";
      known.header.setAttribute("aria-label", `Row ${row.label || "without a label"}, ${seats.length} seats`);
      const cells = () => seats.map((seat) => this.cell(seat).group);
      if (!same(known.seats, seats, () => true)) known.group.replaceChildren(known.header, ...cells(), known.tail);
      Object.assign(known, { row, seats });
    }
    const place = hall.rows.indexOf(row);
    if (this.lines.children[place] !== known.group) this.lines.insertBefore(known.group, this.lines.children[place] ?? null);
  }

  cell(seat) {
    let known = this.seats.get(seat.key);
    if (!known) {
      const group = draw("g", { role: "gridcell", class: "seat", tabindex: -1, "data-seat": seat.key });
      this.seats.set(seat.key, (known = { group }));
    }
    return known;
  }

  renderSeat(hall, seat) {
    const { selection, sold, categories } = this.editor;
    const known = this.cell(seat);
    const row = rowsByKey(hall).get(seat.row);
    if (known.seat !== seat || known.called !== row.label || known.sold !== sold) {
      const label = labelOf(hall, seat);
      const was = sold.get(nameOf(hall, seat));
      const category = categories.get(seat.category);
      const { group } = known;
      group.setAttribute("transform", at(seat.x, seat.y));
      group.style.setProperty("--colour", category?.colour ?? "#888888");
      group.classList.toggle("light", isLight(category?.colour ?? "#888888"));
      group.classList.toggle("sold", Boolean(was));
      const kind = seat.kind === "standard" ? "" : `, ${KINDS[seat.kind].name.toLowerCase()}`;
      group.setAttribute("aria-label", `${label}, ${category?.name ?? "no category"}${kind}${was ? ", sold" : ""}`);
      const mark = glyph(seat.kind);
      group.replaceChildren(
        draw("rect", box()), ...(mark ? [mark] : []),
        draw("text", { y: mark ? 11.5 : 5, class: mark ? "small" : "" }, String(seat.number)),
        ...(was ? [draw("path", { class: "flag", d: "M17 -15.500v10l-10 -10z" })] : []));
      Object.assign(known, { seat, called: row.label, sold });
    }
    mark(known, "selected", selection.has(seat.key));
    mark(known, "trouble", this.troubled.has(seat.key));
    if (known.told !== known.selected) known.group.setAttribute("aria-selected", (known.told = known.selected));
  }

  drop(key, row) {
    row.group.remove();
    this.rows.delete(key);
    for (const seat of row.seats) this.seats.delete(seat.key);
  }

  /** One tab stop in all: the seat, or the empty place, where the cursor is. */
  renderCursor() {
    const { here, seatHere, hall } = this.editor;
    this.stop?.setAttribute("tabindex", -1);
    this.ghost.remove();
    this.stop = null;
    if (!here) return;
    if (seatHere) this.stop = this.seats.get(seatHere.key).group;
    else {
      const row = hall.rows.find((one) => one.key === here.row);
      this.ghost.setAttribute("transform", at(here.x, yAt(row, here.x)));
      this.ghost.setAttribute("aria-label", `Row ${row.label}, column ${Math.round(here.x) + 1}, empty`);
      this.rows.get(here.row).group.append(this.ghost);
      this.stop = this.ghost;
    }
    this.stop.setAttribute("tabindex", 0);
  }

  focus() {
    this.stop?.focus({ preventScroll: true });
    this.stop?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** Where on the plan a point of the window is, in seats. */
  point({ clientX, clientY }) {
    const area = this.svg.getBoundingClientRect();
    const { x, y, width, height } = this.box;
    return { x: x + ((clientX - area.left) / area.width) * width, y: y + ((clientY - area.top) / area.height) * height };
  }

  setZoom(zoom) {
    this.zoom = Math.min(Math.max(zoom, 0.2), 2.5);
    this.frame(this.editor.hall);
  }

  /** As large as fits into `area`, and at most as large as is good to read. */
  fit(area) {
    const { width, height } = this.box;
    this.setZoom(Math.min((area.clientWidth - 8) / (width * UNIT), (area.clientHeight - 8) / (height * UNIT), 1.25));
  }

  /** What a stroke is about to do: a rectangle from one point to another, or cells. */
  show(...shapes) {
    this.over.replaceChildren(...shapes);
  }

  band(from, to) {
    const [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
    const size = { width: Math.abs(from.x - to.x) * UNIT, height: Math.abs(from.y - to.y) * UNIT };
    this.show(draw("rect", { class: "band", x: x * UNIT, y: y * UNIT, ...size }));
  }

  cells(places) {
    this.show(...places.map(({ x, y }) => draw("rect", { ...box(), class: "coming", transform: at(x, y) })));
  }
}

const at = (x, y) => `translate(${x * UNIT} ${y * UNIT})`;

const box = (width = SIZE.width) => ({ x: -width / 2, y: -SIZE.height / 2, width, height: SIZE.height, rx: 7 });

function mark(known, name, on) {
  if (known[name] === on) return;
  known[name] = on;
  known.group.classList.toggle(name, on);
}

/** Whether these are the same seats in the same order, each of them as `fits` wants it. */
const same = (before, now, fits) =>
  before?.length === now.length && now.every((seat, index) => seat.key === before[index].key && fits(seat, before[index]));
const stands = (seat, before) => seat.x === before.x && seat.y === before.y;

/** A dot on each empty place, where a seat can be drawn; also on one row more. */
function dots(hall, { x, width }) {
  const { bottom } = bounds(hall);
  const rows = hall.rows.length ? hall.rows : [];
  const lines = rows.map((row) => {
    const seats = byRow(hall).get(row.key);
    const first = columnAt(hall, row.key, x + 1);
    const columns = Array.from({ length: Math.floor(width) - 1 }, (_, index) => first + index);
    const free = columns.filter((column) => !seats.some((seat) => Math.abs(seat.x - column) < 0.95));
    return free.map((column) => `M${column * UNIT} ${yAt(row, column) * UNIT}h.01`).join("");
  });
  const next = Array.from({ length: Math.floor(width) - 1 }, (_, index) => Math.ceil(x + 1) + index);
  return [...lines, ...next.map((column) => `M${column * UNIT} ${(bottom + 1) * UNIT}h.01`)].join("");
}
