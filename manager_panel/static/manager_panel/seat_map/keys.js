/** The keyboard: one-key commands where the plan has the focus, and those with Ctrl on the whole page. */
import { $, many, say } from "../dom.js";
import { addRow, closeAisle, moveRows, openAisle, slide } from "./edits.js";
import { byKey, byRow, columnAt, labelOf, rowsByKey, yAt } from "./hall.js";
import { KINDS } from "./kinds.js";
import { placesBetween } from "./levels.js";

export const TOOLS = { v: "select", d: "draw", p: "paint", e: "erase" };

export function followKeys(plan, editor, { chooseTool, commands }) {
  const kinds = Object.fromEntries(Object.entries(KINDS).map(([kind, { key }]) => [key, kind]));
  const ids = editor.facts.categories.map((one) => one.id);

  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function go(event) {
    const { hall, here } = editor;
    if (!here) return;
    const [right, down] = steps[event.key];
    const at = hall.rows.findIndex((row) => row.key === here.row);
    const row = hall.rows[Math.min(Math.max(at + down, 0), hall.rows.length - 1)].key;
    const { x: left, width } = plan.box;
    const x = Math.min(Math.max(here.x + right, left + 1), left + width - 1);
    editor.moveTo({ row, x: columnAt(hall, row, x) }, { keepAnchor: event.shiftKey });
    if (event.shiftKey) selectToAnchor();
    plan.focus();
  }

  function selectToAnchor() {
    const { hall, anchor, cursor } = editor;
    const point = ({ row, x }) => ({ x, y: yAt(rowsByKey(hall).get(row), x) });
    const places = placesBetween(hall, point(anchor), point(cursor), hall.rows.length);
    const near = (seat) => places.some((place) => place.row === seat.row && Math.abs(place.x - seat.x) < 0.5);
    editor.select(hall.seats.filter(near).map((seat) => seat.key));
    say(`${many(editor.selection.size, "seat")} selected.`);
  }

  function toEnd(which) {
    const seats = editor.here && byRow(editor.hall).get(editor.here.row);
    if (!seats?.length) return;
    editor.moveTo({ row: editor.here.row, x: seats.at(which).x });
    plan.focus();
  }

  function press() {
    const seat = editor.seatHere;
    if (!seat) {
      if (!editor.here) return;
      editor.add([editor.here]);
      if (editor.seatHere) say(`New seat ${labelOf(editor.hall, editor.seatHere)}.`);
      return;
    }
    const chosen = new Set(editor.selection);
    if (!chosen.delete(seat.key)) chosen.add(seat.key);
    editor.select(chosen);
    say(`${labelOf(editor.hall, seat)} ${chosen.has(seat.key) ? "selected" : "not selected"}.`);
  }

  /** What a command is about: what is selected, else the seat at the cursor. */
  const targets = () => (editor.selection.size ? editor.selection : new Set([editor.seatHere?.key].filter(Boolean)));

  function paint(patch, words) {
    const keys = targets();
    editor.brush = patch;
    editor.pen = { ...editor.pen, ...patch };
    if (!editor.paint(keys, patch)) editor.tell();
    say(keys.size ? `${many(keys.size, "seat")}: ${words}.` : `Painting with ${words} now.`);
  }

  function erase() {
    const keys = targets();
    if (editor.remove(keys)) say(`${many(keys.size, "seat")} removed.`);
    plan.focus();
  }

  function move(event) {
    const [right, down] = steps[event.key];
    const seat = editor.seatHere;
    const done = right
      ? editor.edit("seats moved", (hall) => slide(hall, targets(), right / 2))
      : editor.edit("rows moved", (hall) => moveRows(hall, editor.rowsHere, down / 2));
    say(done ? "Moved." : "No room there.");
    const after = done && seat && byKey(editor.hall).get(seat.key);
    if (after) editor.moveTo({ row: after.row, x: after.x });
    plan.focus();
  }

  function aisle(change, done, not) {
    if (!editor.here) return;
    const { x } = editor.here;
    say(editor.edit("an aisle", (hall) => change(hall, editor.rowsThrough, x)) ? done : not);
  }

  const plain = {
    Home: () => toEnd(0),
    End: () => toEnd(-1),
    Enter: press,
    " ": press,
    Delete: erase,
    Backspace: erase,
    Escape: () => { editor.select([]); say("Nothing selected."); },
    "]": () => aisle(openAisle, "An aisle is there.", "There is no seat to move."),
    "[": () => aisle(closeAisle, "The gap is closed.", "There are seats at this place: go to an empty one."),
    "+": commands.closer,
    "=": commands.closer,
    "-": commands.further,
    0: commands.fit,
    "?": commands.help,
  };

  plan.svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (steps[key]) (event.altKey ? move : go)(event);
    else if (event.altKey) return;
    else if (plain[key]) plain[key]();
    else if (TOOLS[key]) chooseTool(TOOLS[key]);
    else if (kinds[key]) paint({ kind: kinds[key] }, KINDS[kinds[key]].name.toLowerCase());
    else if (key >= "1" && key <= "9" && ids[key - 1]) paint({ category: ids[key - 1] }, editor.categories.get(ids[key - 1]).name);
    else return;
    event.preventDefault();
  });

  // Screen readers go to a cell without any key of ours.
  plan.svg.parentElement.addEventListener("focusin", (event) => {
    const seat = byKey(editor.hall).get(Number(event.target.dataset.seat));
    if (seat && seat !== editor.seatHere) editor.moveTo({ row: seat.row, x: seat.x });
  });

  const typing = (target) => target.closest("input, textarea, select, dialog");
  const withControl = {
    z: (event) => (event.shiftKey ? commands.redo() : commands.undo()),
    y: () => commands.redo(),
    s: () => commands.save(),
    a: () => { editor.select(editor.hall.seats.map((seat) => seat.key)); say(`${many(editor.selection.size, "seat")} selected.`); },
    d: () => {
      if (!editor.here) return;
      const { row } = editor.here;
      editor.build("a row twice", (hall) => addRow(hall, { after: row, like: row, style: editor.lettering }));
      say("The row is there twice.");
    },
  };
  document.addEventListener("keydown", (event) => {
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && withControl[event.key.toLowerCase()];
    if (!command || $("dialog[open]") || (typing(event.target) && event.key.toLowerCase() !== "s")) return;
    event.preventDefault();
    command(event);
  });
}
