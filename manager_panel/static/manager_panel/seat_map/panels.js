/** What stands beside the plan: what to paint with, what is selected, rows and aisles, numbers, counts. */
import { $, $$, draw, fill, h, many, say } from "../dom.js";
import * as edits from "./edits.js";
import { bounds, bowOf, byKey, byRow, rowsByKey } from "./hall.js";
import { KINDS } from "./kinds.js";
import { ORDERS, skipped } from "./numbering.js";
import { glyph, isLight } from "./plan.js";

/** Set up the panels of `editor`, and keep them true. */
export function furnish(editor) {
  const { categories } = editor.facts;
  let strokes = 0;
  let counted = "";

  const swatch = (colour, kind) => {
    const mark = kind && glyph(kind);
    const element = h("span", { class: `swatch ${kind ?? ""} ${colour && isLight(colour) ? "light" : ""}`, "aria-hidden": "true" },
      mark && draw("svg", { viewBox: "-8 -16 16 16" }, mark));
    if (colour) element.style.setProperty("--colour", colour);
    return element;
  };
  const brush = (patch, swatch, name, more, key) =>
    h("button", { type: "button", class: "brush", "data-brush": JSON.stringify(patch), onclick: () => take(patch, name) },
      swatch, h("span", { class: "what" }, name, more && h("small", {}, more)), key && h("kbd", {}, key));

  $("#no-categories").hidden = categories.length > 0;
  fill($("#palette"),
    h("div", { role: "group", "aria-label": "Categories" }, categories.map((one, index) =>
      brush({ category: one.id }, swatch(one.colour), one.name, one.price, index < 9 && String(index + 1)))),
    h("div", { role: "group", "aria-label": "Kinds of seats" }, Object.entries(KINDS).map(([kind, { name, key }]) =>
      brush({ kind }, swatch(null, kind), name, "", key.toUpperCase()))));

  const colours = new Set(categories.map((one) => one.colour));
  $("#same-colours").hidden = colours.size === categories.length;
  for (const link of $$("a[data-to=categories]")) link.href = editor.facts.addresses.categories;

  function take(patch, name) {
    const count = editor.selection.size;
    const done = editor.take(patch);
    say(done ? `${many(count, "seat")}: ${name}.` : `Painting with ${name} now.`);
  }

  for (const select of $$("#order, [name=order]")) fill(select, Object.entries(ORDERS).map(([value, words]) => h("option", { value }, words)));

  const edit = (words, change, said, not = "There is nothing to change.") => say(editor.edit(words, change) ? said : not);
  const rows = () => editor.rowsHere;
  const row = () => rowsByKey(editor.hall).get(editor.here?.row);
  const lastOf = () => editor.hall.rows.filter((one) => rows().has(one.key)).at(-1);
  const scope = () => (editor.selection.size ? rows() : new Set(editor.hall.rows.map((one) => one.key)));

  const actions = {
    remove: () => {
      const { size } = editor.selection;
      say(editor.remove(editor.selection) ? `${many(size, "seat")} removed.` : "Select seats first.");
    },
    left: () => edit("seats moved", (hall) => edits.slide(hall, editor.selection, -0.5), "Moved.", "No room there."),
    right: () => edit("seats moved", (hall) => edits.slide(hall, editor.selection, 0.5), "Moved.", "No room there."),
    "whole-rows": () => editor.select([...rows()].flatMap((key) => byRow(editor.hall).get(key).map((seat) => seat.key))),
    "add-row": () => addRow(null),
    "twin-row": () => addRow(lastOf()?.key ?? null),
    "remove-rows": () => {
      const count = rows().size;
      const done = editor.build("rows removed", (hall) => edits.removeRows(hall, rows()));
      say(done ? `${many(count, "row")} removed.` : "There is no row.");
    },
    "open-aisle": () => edit("an aisle", (hall) => edits.openAisle(hall, editor.rowsThrough, editor.here.x), "An aisle is there."),
    "close-aisle": () => edit("a gap closed", (hall) => edits.closeAisle(hall, editor.rowsThrough, editor.here.x), "The gap is closed.",
      "There are seats at this place: go to an empty one first."),
    "open-across": () => edit("an aisle across", (hall) => edits.openAcross(hall, lastOf()), "An aisle is behind the row."),
    "close-across": () => edit("an aisle closed", (hall) => edits.closeAcross(hall, lastOf()), "The aisle is closed.", "There is no aisle behind this row."),
    renumber: () => {
      const [start, skip] = [Number($("#start").value) || 1, skipped($("#skip-numbers").value).map(Number)];
      editor.numbering = { order: $("#order").value, start, skip };
      edit("numbers", (hall) => edits.renumber(hall, scope(), editor.numbering), "The seats are numbered.", "They have these numbers already.");
    },
    relabel: () => {
      const [style, from, start] = ["#style", "#from", "#first-label"].map((id) => $(id).value);
      editor.lettering = { style, from, start, skip: skipped($("#skip-labels").value) };
      edit("row labels", (hall) => edits.relabel(hall, scope(), editor.lettering), "The rows are labelled.", "They have these labels already.");
    },
  };

  function addRow(like) {
    const after = lastOf()?.key ?? null;
    const known = new Set(editor.hall.rows.map((one) => one.key));
    editor.build("a new row", (hall) => edits.addRow(hall, { after, like, style: editor.lettering }));
    const fresh = editor.hall.rows.find((one) => !known.has(one.key));
    const first = byRow(editor.hall).get(fresh.key)[0];
    editor.moveTo({ row: fresh.key, x: first?.x ?? Math.round(bounds(editor.hall).left) });
    editor.select(byRow(editor.hall).get(fresh.key).map((seat) => seat.key));
    say(`Row ${rowsByKey(editor.hall).get(fresh.key).label} is new.`);
  }

  $(".side").addEventListener("click", (event) => {
    const action = event.target.closest("[data-do]")?.dataset.do;
    if (!action) return;
    actions[action]();
    if (event.target.closest(":disabled")) $("#plan [tabindex='0']")?.focus({ preventScroll: true });
  });

  $("#bow").addEventListener("pointerdown", () => (strokes += 1));
  $("#bow").addEventListener("input", (event) => {
    const keys = scope();
    editor.edit("the curve", (hall) => edits.bow(hall, keys, Number(event.target.value)), { stroke: `bow ${strokes} ${[...keys]}` });
  });
  $("#seat-number").addEventListener("change", (event) => {
    const number = Number(event.target.value);
    if (!Number.isInteger(number) || number < 1 || number > 9999) return editor.tell();
    return editor.edit("a number", (hall) => edits.alter(hall, editor.selection, { number }));
  });
  $("#row-label").addEventListener("change", (event) => {
    const label = event.target.value.trim();
    return label ? editor.edit("a row label", (hall) => edits.alterRows(hall, rows(), () => ({ label }))) : editor.tell();
  });

  function show() {
    const { hall, selection } = editor;
    for (const knob of $$("[data-brush]")) {
      const patch = JSON.parse(knob.dataset.brush);
      const [[name, value]] = Object.entries(patch);
      knob.setAttribute("aria-pressed", editor.tool === "draw" ? editor.pen[name] === value : editor.brush[name] === value);
    }
    const paints = selection.size > 0 && editor.tool !== "draw";
    $("#palette-hint").textContent = paints ? `Press one to paint ${many(selection.size, "seat")}.` : HINTS[editor.tool];
    showSelection(hall, selection);
    const all = hall.rows.length === scope().size;
    const words = all ? "all rows" : `row ${labels(hall, scope())}`;
    $("#rows-hint").textContent = row() ? `The curve is that of ${words}. The cursor is in row ${row().label}.` : "";
    $("#numbers-hint").textContent = `For ${words}.`;
    const [first] = scope();
    const depth = first === undefined ? 0 : bowOf(hall, rowsByKey(hall).get(first));
    if (document.activeElement !== $("#bow")) $("#bow").value = depth;
    $("#bow-said").textContent = Math.abs(depth) < 0.05 ? "straight" : `${depth.toFixed(2).replace(/\.?0+$/, "")} seats`;
    if (document.activeElement !== $("#order")) $("#order").value = editor.numbering.order;
    showCounts(hall);
  }

  function showSelection(hall, selection) {
    const inRows = new Set([...selection].map((key) => byKey(hall).get(key).row));
    const text = editor.labels(selection);
    $("#chosen").textContent = selection.size
      ? `${many(selection.size, "seat")}: ${text.slice(0, 12).join(" ")}${text.length > 12 ? " …" : ""}`
      : "Nothing. Click a seat or a row's label, or drag a frame.";
    $("#number-field").hidden = selection.size !== 1;
    $("#label-field").hidden = inRows.size !== 1;
    const [only] = selection;
    if (selection.size === 1) $("#seat-number").value = byKey(hall).get(only).number;
    if (inRows.size === 1) $("#row-label").value = rowsByKey(hall).get([...inRows][0]).label;
    for (const name of ["remove", "left", "right", "whole-rows"]) $(`[data-do=${name}]`).disabled = !selection.size;
    const anywhere = Boolean(editor.here);
    for (const knob of $$("[data-do*=aisle], [data-do*=across], [data-do=remove-rows], [data-do=twin-row]")) knob.disabled = !anywhere;
  }

  function showCounts(hall) {
    const count = (test) => hall.seats.filter(test).length;
    const lines = [
      ...categories.map((one) => [one.name, count((seat) => seat.category === one.id)]),
      ...Object.entries(KINDS).slice(1).map(([kind, { name }]) => [name, count((seat) => seat.kind === kind)]),
    ];
    const told = JSON.stringify(lines);
    if (told === counted) return;
    counted = told;
    fill($("#counts"), lines.map(([name, number]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, String(number)))));
  }

  $("#style").value = editor.lettering.style;
  $("#from").value = editor.lettering.from;
  $("#skip-labels").value = editor.lettering.skip.join(", ");
  editor.addEventListener("change", show);
  show();
}

const labels = (hall, keys) => {
  const names = hall.rows.filter((row) => keys.has(row.key)).map((row) => row.label);
  return names.length > 8 ? `${names[0]} to ${names.at(-1)}` : names.join(", ");
};

const HINTS = {
  select: "Select seats to paint them, or choose Paint and drag.",
  draw: "New seats become this.",
  paint: "Drag over seats. With Shift, drag a frame.",
  erase: "Drag over seats to remove them.",
};
