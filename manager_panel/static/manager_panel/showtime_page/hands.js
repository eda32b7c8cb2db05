/** Mouse, finger and keyboard on the plan. */
import { $, many, say } from "../dom.js";
import { seatsChosen } from "./words.js";

export function follow(plan, showtime, { open }) {
  let stroke = null;
  const seatOf = (target) => showtime.seats.get(Number(target.closest?.("[data-seat]")?.dataset.seat));
  const within = (one, other) => {
    const [left, right] = [one.x, other.x].sort((low, high) => low - high);
    const [top, bottom] = [one.y, other.y].sort((low, high) => low - high);
    return [...showtime.seats.values()].filter(({ x, y }) => x > left && x < right && y > top && y < bottom);
  };

  function choose(seats) {
    showtime.select(new Set([...showtime.selection, ...seats.map((seat) => seat.id)]));
    say(showtime.selection.size ? `${seatsChosen(showtime.chosen)}.` : "Only free and blocked seats can be chosen.");
  }

  function press(seat, options) {
    if (!showtime.mayBeChosen(seat)) return open(seat, options);
    const chosen = new Set(showtime.selection);
    if (!chosen.delete(seat.id)) chosen.add(seat.id);
    showtime.select(chosen);
    say(chosen.size ? `${seatsChosen(showtime.chosen)}.` : "Nothing chosen.");
  }

  plan.svg.addEventListener("pointerdown", (event) => {
    // A finger moves the plan.
    if (event.button !== 0 || stroke || event.pointerType === "touch") return;
    stroke = { pointer: event.pointerId, from: plan.point(event), moved: false };
    plan.svg.setPointerCapture(event.pointerId);
  });
  plan.svg.addEventListener("pointermove", (event) => {
    if (event.pointerId !== stroke?.pointer) return;
    const point = plan.point(event);
    stroke.moved ||= Math.hypot(point.x - stroke.from.x, point.y - stroke.from.y) > 0.3;
    if (stroke.moved) plan.band(stroke.from, point);
  });
  plan.svg.addEventListener("pointerup", (event) => {
    if (event.pointerId !== stroke?.pointer) return;
    const { from, moved } = stroke;
    plan.svg.releasePointerCapture(event.pointerId);
    plan.band();
    stroke = null;
    if (moved) {
      const seats = within(from, plan.point(event));
      showtime.moveTo(seats.at(-1));
      plan.focus();
      choose(seats);
    }
    else pressAt(document.elementFromPoint(event.clientX, event.clientY));
  });
  plan.svg.addEventListener("pointercancel", () => { stroke = null; plan.band(); });
  plan.svg.addEventListener("click", (event) => event.pointerType === "touch" && pressAt(event.target));

  function pressAt(target) {
    const seat = target && seatOf(target);
    if (!seat) return;
    showtime.moveTo(seat);
    plan.focus();
    press(seat, { byKeys: false });
  }

  const rowOf = (seat) => showtime.rows.findIndex((row) => row.seats.includes(seat));
  const nearest = (row, x) => row?.seats.reduce((best, seat) => (Math.abs(seat.x - x) < Math.abs(best.x - x) ? seat : best));
  const sideways = (by) => (seat) => showtime.rows[rowOf(seat)].seats[showtime.rows[rowOf(seat)].seats.indexOf(seat) + by];
  const steps = {
    ArrowLeft: sideways(-1),
    ArrowRight: sideways(1),
    ArrowUp: (seat) => nearest(showtime.rows[rowOf(seat) - 1], seat.x),
    ArrowDown: (seat) => nearest(showtime.rows[rowOf(seat) + 1], seat.x),
    Home: (seat) => showtime.rows[rowOf(seat)].seats[0],
    End: (seat) => showtime.rows[rowOf(seat)].seats.at(-1),
  };

  function go(event) {
    const next = steps[event.key](showtime.cursor);
    if (!next) return;
    showtime.moveTo(next, { keepAnchor: event.shiftKey });
    plan.focus();
    if (!event.shiftKey) return;
    const [one, other] = [showtime.anchor, next];
    const [rows, xs] = [[rowOf(one), rowOf(other)].sort((low, high) => low - high), [one.x, other.x].sort((low, high) => low - high)];
    const seats = showtime.rows.slice(rows[0], rows[1] + 1).flatMap((row) => row.seats.filter(({ x }) => x > xs[0] - 0.5 && x < xs[1] + 0.5));
    showtime.select(seats.map((seat) => seat.id));
    say(`${many(showtime.selection.size, "seat")} chosen.`);
  }

  plan.svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !showtime.cursor) return;
    if (steps[event.key]) go(event);
    else if (event.key === "Enter" || event.key === " ") press(showtime.cursor, { byKeys: true });
    else if (event.key === "Escape") { showtime.select([]); say("Nothing chosen."); }
    else return;
    event.preventDefault();
  });
  // Screen readers go to a cell without any key of ours.
  // An svg that hears of the focus itself would be a stop for the Tab key.
  plan.svg.parentElement.addEventListener("focusin", (event) => {
    const seat = seatOf(event.target);
    if (seat && seat !== showtime.cursor) showtime.moveTo(seat);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select, dialog")) return;
    event.preventDefault();
    $("#find").focus();
  });
}
