/** Mouse, pen and finger on the plan: choosing, drawing, painting and erasing. */
import { many, say } from "../dom.js";
import { byKey, byRow, columnAt, rowsByKey } from "./hall.js";
import { fillPlaces, levelAt, placesBetween, rowLevels } from "./levels.js";

let strokes = 0;

export function followPointer(plan, editor) {
  let stroke = null;

  const seatUnder = ({ x, y }) =>
    editor.hall.seats.find((seat) => Math.abs(seat.x - x) < 0.5 && Math.abs(seat.y - y) < 0.5);
  const seatsWithin = (from, to) => {
    const [left, right] = [from.x, to.x].sort((low, high) => low - high);
    const [top, bottom] = [from.y, to.y].sort((low, high) => low - high);
    return editor.hall.seats.filter(({ x, y }) => x > left && x < right && y > top && y < bottom).map((seat) => seat.key);
  };
  /** The keyboard goes on where the pointer was: in the nearest row. */
  const placeCursor = (point) => {
    const level = rowLevels(editor.hall)[levelAt(rowLevels(editor.hall), point)];
    if (level) editor.cursor = editor.anchor = { row: level.row, x: columnAt(editor.hall, level.row, point.x) };
  };

  /** Do what the tool does to the seats of `keys`, as a part of this stroke. */
  const touch = (keys) => {
    const differs = (key) => Object.entries(editor.brush).some(([name, value]) => byKey(editor.hall).get(key)[name] !== value);
    const wanted = new Set(editor.tool === "erase" ? keys : keys.filter(differs));
    const options = { stroke: stroke.id };
    if (editor.tool === "erase") editor.remove(wanted, options);
    else editor.paint(wanted, editor.brush, options);
    stroke.count += wanted.size;
  };

  const tools = {
    select: {
      move: (point) => plan.band(stroke.from, point),
      end(point) {
        const hit = seatUnder(point);
        const keys = stroke.moved ? seatsWithin(stroke.from, point) : hit ? [hit.key] : [];
        const toggles = stroke.adds && !stroke.moved;
        const chosen = toggles ? toggled(editor.selection, keys) : new Set([...(stroke.adds ? editor.selection : []), ...keys]);
        editor.select(chosen);
        say(chosen.size ? `${many(chosen.size, "seat")} selected.` : "Nothing selected.");
      },
    },
    draw: {
      move: (point) => plan.cells(placesBetween(editor.hall, stroke.from, point, editor.facts.most.rows)),
      end(point) {
        const places = placesBetween(editor.hall, stroke.from, point, editor.facts.most.rows);
        const before = editor.hall.seats.length;
        editor.build("new seats", (hall) => fillPlaces(hall, places, editor.pen, editor.lettering));
        say(`${many(editor.hall.seats.length - before, "new seat")}.`);
      },
    },
    paint: {
      begin: (point) => !stroke.adds && touch(under(point)),
      move: (point, before) => (stroke.adds ? plan.band(stroke.from, point) : touch(along(before, point).flatMap(under))),
      end(point) {
        if (stroke.adds) touch(stroke.moved ? seatsWithin(stroke.from, point) : under(point));
        this.report();
      },
      report() {
        const words = editor.tool === "erase" ? "removed" : "painted";
        say(stroke.count ? `${many(stroke.count, "seat")} ${words}.` : `Nothing ${words}.`);
      },
    },
  };
  tools.erase = tools.paint;
  const under = (point) => [seatUnder(point)].filter(Boolean).map((seat) => seat.key);

  const ended = (event) => {
    if (!stroke || event.pointerId !== stroke.pointer) return;
    const point = plan.point(event);
    plan.show();
    if (event.type === "pointerup") {
      placeCursor(point);
      tools[editor.tool].end(point);
      plan.focus();
    }
    stroke = null;
  };

  plan.svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || stroke) return;
    const header = event.target.closest("[data-row]");
    if (header && editor.tool !== "draw") return onRow(Number(header.dataset.row), event.shiftKey);
    const from = plan.point(event);
    const adds = event.shiftKey || event.ctrlKey || event.metaKey || (event.pointerType === "touch" && editor.tool === "select");
    stroke = { id: ++strokes, pointer: event.pointerId, from, last: from, adds, moved: false, count: 0 };
    if (event.pointerType !== "touch" || editor.tool !== "select") plan.svg.setPointerCapture(event.pointerId);
    tools[editor.tool].begin?.(from);
    if (editor.tool === "draw") tools.draw.move(from);
  });

  plan.svg.addEventListener("pointermove", (event) => {
    if (!stroke || event.pointerId !== stroke.pointer) return;
    const point = plan.point(event);
    stroke.moved ||= Math.hypot(point.x - stroke.from.x, point.y - stroke.from.y) > 0.3;
    if (stroke.moved) tools[editor.tool].move(point, stroke.last);
    stroke.last = point;
  });
  for (const type of ["pointerup", "pointercancel"]) plan.svg.addEventListener(type, ended);

  /** A click on a row's label does to the row what the tool does to a seat. */
  function onRow(key, adds) {
    if (editor.tool === "select") return chooseRow(key, adds);
    stroke = { id: ++strokes, count: 0 };
    touch(byRow(editor.hall).get(key).map((seat) => seat.key));
    tools.paint.report();
    stroke = null;
  }

  function chooseRow(key, adds) {
    const seats = byRow(editor.hall).get(key);
    editor.cursor = editor.anchor = { row: key, x: seats[0]?.x ?? columnAt(editor.hall, key, 0) };
    editor.select([...(adds ? editor.selection : []), ...seats.map((seat) => seat.key)]);
    say(`Row ${rowsByKey(editor.hall).get(key).label}: ${many(seats.length, "seat")} selected.`);
    // The browser moves the focus after this.
    requestAnimationFrame(() => plan.focus());
  }
}

const toggled = (chosen, keys) => {
  const next = new Set(chosen);
  for (const key of keys) if (!next.delete(key)) next.add(key);
  return next;
};

/** Points on the way from one to another, so close that no seat is missed. */
function along(from, to) {
  const steps = Math.max(Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 0.3), 1);
  return Array.from({ length: steps }, (_, index) => ({
    x: from.x + ((to.x - from.x) * (index + 1)) / steps,
    y: from.y + ((to.y - from.y) * (index + 1)) / steps,
  }));
}
