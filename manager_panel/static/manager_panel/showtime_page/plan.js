/** The hall as a drawing, which is also an ARIA grid: rows of cells, one of which has the focus. */
import { draw } from "../dom.js";
import { UNIT, glyph } from "../seat_map/plan.js";
import { clock, described } from "./words.js";

const SIZE = { width: 34, height: 31 };
const AROUND = { left: 1.7, right: 1.2, top: 2.3, bottom: 1 };
const box = { x: -SIZE.width / 2, y: -SIZE.height / 2, ...SIZE, rx: 7 };
const MARKS = {
  blocked: () => draw("path", { class: "cross", d: "M-9 -8.500L9 8.500M9 -8.500L-9 8.500" }),
  admitted: () => draw("path", { class: "check", d: "M5 -12l3.500 3.500L15 -15" }),
};

export class Plan {
  constructor(svg, showtime) {
    Object.assign(this, { svg, showtime, cells: new Map(), zoom: 1 });
    this.over = draw("g", { "aria-hidden": "true" });
    this.frame();
    for (const row of showtime.rows) svg.append(this.row(row));
    svg.append(this.letters(), this.over);
    this.moveStop();
    showtime.addEventListener("change", () => this.render());
    showtime.addEventListener("cursor", () => this.moveStop());
  }

  frame() {
    const seats = [...this.showtime.seats.values()];
    const [xs, ys] = [seats.map((seat) => seat.x), seats.map((seat) => seat.y)];
    const [left, right, top, bottom] = seats.length ? [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)] : [0, 8, 0, 2];
    this.box = { x: left - AROUND.left, y: top - AROUND.top, width: right - left + AROUND.left + AROUND.right, height: bottom - top + AROUND.top + AROUND.bottom };
    const { x, y, width, height } = this.box;
    this.svg.setAttribute("viewBox", [x, y, width, height].map((value) => value * UNIT).join(" "));
    this.svg.setAttribute("aria-rowcount", this.showtime.rows.length);
    const [middle, half] = [(left + right) / 2, Math.max((right - left) / 2, 1)];
    const [from, to, line] = [(middle - half * 0.8) * UNIT, (middle + half * 0.8) * UNIT, (top - 1.5) * UNIT];
    this.svg.append(draw("g", { "aria-hidden": "true" },
      draw("path", { class: "screen", d: `M${from} ${line} Q${middle * UNIT} ${line - Math.min(half * 2, 22)} ${to} ${line}` }),
      draw("text", { class: "caption", x: middle * UNIT, y: line + 18 }, "Screen")));
  }

  row({ label, seats }) {
    const [first] = seats;
    const header = draw("g", { role: "rowheader", class: "label", transform: `translate(${(this.box.x + 0.55) * UNIT} ${first.y * UNIT})` }, draw("text", {}, label));
    return draw("g", { role: "row" }, header, seats.map((seat) => this.cell(seat)));
  }

  /** The letters of the rows once more, on a strip that stays in view in a hall wider than the window. */
  letters() {
    const { x, y, height } = this.box;
    const letter = ({ label, seats: [first] }) => draw("text", { x: (x + 0.55) * UNIT, y: first.y * UNIT }, label);
    return (this.strip = draw("g", { class: "label letters", "aria-hidden": "true", visibility: "hidden" },
      draw("rect", { x: x * UNIT, y: y * UNIT, width: 1.1 * UNIT, height: height * UNIT }), this.showtime.rows.map(letter)));
  }

  keepLetters(stage) {
    const [drawn, seen] = [this.svg.getBoundingClientRect(), stage.getBoundingClientRect()];
    const hidden = Math.max(seen.left - drawn.left, 0);
    this.strip.setAttribute("visibility", stage.scrollLeft > 0 ? "visible" : "hidden");
    this.strip.setAttribute("transform", `translate(${(hidden / drawn.width) * this.box.width * UNIT} 0)`);
  }

  cell(seat) {
    const cell = draw("g", { role: "gridcell", class: "seat", tabindex: -1, "data-seat": seat.id, transform: `translate(${seat.x * UNIT} ${seat.y * UNIT})` });
    cell.style.setProperty("--colour", seat.category?.colour ?? "#888888");
    this.cells.set(seat.id, { cell });
    return cell;
  }

  /** Draw again what is another than before. */
  render() {
    const { showtime } = this;
    for (const seat of showtime.seats.values()) {
      const known = this.cells.get(seat.id);
      const look = [seat.state, Boolean(showtime.bookingOf(seat)?.disputed)].join();
      if (known.look !== look) this.dress(known, seat, look);
      const words = described(showtime, seat);
      if (known.words !== words) known.cell.setAttribute("aria-label", (known.words = words));
      mark(known, "selected", showtime.selection.has(seat.id));
      mark(known, "shown", showtime.shown.has(seat.id));
      mark(known, "aside", Boolean(showtime.filter) && !matches(showtime.filter, seat));
      if (known.told !== known.selected) known.cell.setAttribute("aria-selected", (known.told = known.selected));
    }
    this.svg.classList.toggle("telling", showtime.shown.size > 0);
    this.tick();
  }

  dress(known, seat, look) {
    const { cell } = known;
    cell.dataset.state = seat.state;
    cell.classList.toggle("disputed", look.endsWith("true"));
    const sign = glyph(seat.kind);
    const held = seat.state === "held";
    const number = draw("text", { y: held ? -2.5 : sign ? 9.5 : 3.5, class: held || sign ? "small" : "" }, String(seat.number));
    known.left = held ? draw("text", { class: "left", y: 9.5 }) : null;
    cell.replaceChildren(...[
      draw("rect", { ...box, class: "body" }), draw("rect", { class: "stripe", x: -11, y: 11.5, width: 22, height: 3, rx: 1.5 }),
      sign && !held && seat.state !== "blocked" && sign, number, known.left, MARKS[seat.state]?.(),
    ].filter(Boolean));
    if (known.look !== undefined) this.flash(cell);
    known.look = look;
  }

  flash(cell) {
    cell.classList.remove("new");
    cell.getBoundingClientRect();
    cell.classList.add("new");
  }

  /** The seconds that holds have left. */
  tick() {
    for (const seat of this.showtime.seats.values()) {
      const { left } = this.cells.get(seat.id);
      if (left) left.textContent = clock(this.showtime.secondsLeft(seat.is.until));
    }
  }

  moveStop() {
    this.stop?.setAttribute("tabindex", -1);
    this.stop = this.showtime.cursor && this.cells.get(this.showtime.cursor.id).cell;
    this.stop?.setAttribute("tabindex", 0);
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

  /** As wide as `stage`, no higher than the window, and never so small that nobody can hit a seat. */
  fit(stage) {
    const { width, height } = this.box;
    const room = Math.min((stage.clientWidth - 4) / (width * UNIT), Math.max(innerHeight - 340, 300) / (height * UNIT));
    const least = matchMedia("(pointer: coarse), (max-width: 860px)").matches ? 0.75 : 0.42;
    const zoom = Math.min(Math.max(room, least), 1.5);
    this.svg.style.width = `${width * UNIT * zoom}px`;
    this.svg.style.height = `${height * UNIT * zoom}px`;
    this.keepLetters(stage);
  }

  band(from, to) {
    this.over.replaceChildren(...(to ? [draw("rect", {
      class: "band", x: Math.min(from.x, to.x) * UNIT, y: Math.min(from.y, to.y) * UNIT,
      width: Math.abs(from.x - to.x) * UNIT, height: Math.abs(from.y - to.y) * UNIT,
    })] : []));
  }
}

/** Who was admitted has bought the seat, too. */
export const matches = (filter, seat) => seat.state === filter || (filter === "sold" && seat.state === "admitted");

function mark(known, name, on) {
  if (known[name] === on) return;
  known[name] = on;
  known.cell.classList.toggle(name, on);
}
