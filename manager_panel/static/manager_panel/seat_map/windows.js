/** The windows of the editor: a new hall by numbers, another screen's plan, text, help. */
import { $, $$, fill, h, many, say } from "../dom.js";
import { ask, Refusal, tell } from "../server.js";
import { drawn } from "./edits.js";
import { hallOf, seatsOf } from "./hall.js";
import { LETTERED, PLAIN, skipped } from "./numbering.js";

/** Wire the windows; answers `open(name)`. */
export function hang(editor) {
  const openers = { "new-hall": newHall(editor), copy: copying(editor), text: texts(editor), help: () => {} };
  const open = (name) => {
    openers[name]();
    $(`#${name}`).showModal();
  };
  for (const knob of $$("[data-window]")) knob.addEventListener("click", () => open(knob.dataset.window));
  for (const knob of $$("dialog [value=cancel]")) knob.addEventListener("click", () => knob.closest("dialog").close());
  return open;
}

const numbers = (text) => skipped(text).map(Number).filter((one) => Number.isInteger(one) && one > 0);

function newHall(editor) {
  const form = $("#new-hall form");
  const value = (name) => form.elements[name].value;
  const { most, categories } = editor.facts;
  fill(form.elements.category, categories.map((one) => h("option", { value: one.id }, one.name)));
  const asked = () => {
    const lettering = { ...LETTERED, style: value("style"), from: value("from"), skip: skipped(value("skip")) };
    return {
      rows: Math.min(Number(value("rows")), most.rows), places: Math.min(Number(value("places")), most.places),
      aisles: numbers(value("aisles")), across: numbers(value("across")), depth: Number(value("depth")),
      category: Number(value("category")), numbers: { ...PLAIN, order: value("order") }, labels: lettering,
    };
  };
  const forecast = () => {
    const { rows, places } = asked();
    const much = rows * places > most.seats ? ` A screen has ${most.seats} at most.` : "";
    $(".forecast", form).textContent = `${many(rows * places || 0, "seat")}.${much}`;
    $("[value=draw]", form).disabled = Boolean(much) || !categories.length;
  };
  form.addEventListener("input", forecast);
  form.addEventListener("submit", () => {
    const wanted = asked();
    Object.assign(editor, { numbering: wanted.numbers, lettering: wanted.labels });
    editor.edit("a new hall", () => drawn(wanted), { select: () => [] });
    say(`${many(editor.hall.rows.length, "row")} with ${many(editor.hall.seats.length, "seat")}.`);
    editor.dispatchEvent(new Event("fit"));
  });
  return forecast;
}

function copying(editor) {
  const { others } = editor.facts;
  const copy = async (other) => {
    $("#copy .error").textContent = "";
    try {
      const layout = await ask(other.layout);
      editor.edit(`a copy of ${other.name}`, () => hallOf(layout.seats), { select: () => [] });
      $("#copy").close();
      say(`This is the plan of ${other.name} now, not yet saved.`);
      editor.dispatchEvent(new Event("fit"));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      $("#copy .error").textContent = error.message;
    }
  };
  const choices = others.map((other) =>
    h("button", { type: "button", onclick: () => copy(other) }, other.name, h("small", {}, many(other.seats, "seat"))));
  return () => fill($("#copy .choices"), choices.length ? choices : h("p", {}, "No other screen of this theater has seats."));
}

function texts(editor) {
  const field = $("#text-field");
  const { addresses, categories, screen } = editor.facts;
  let legend = {};

  const attempt = async (work) => {
    $("#text .error").textContent = "";
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      $("#text .error").textContent = error.message;
    }
  };

  const write = () => attempt(async () => {
    field.value = "";
    const { layout } = await tell(addresses.check, { seats: seatsOf(editor.hall) });
    field.value = written(layout);
    legend = layout.legend && Object.keys(layout.legend).length ? layout.legend : plainLegend(categories);
    const named = ({ category, kind }) => [editor.categories.get(category)?.name, kind === "standard" ? "" : kind];
    const names = Object.entries(legend).map(([character, place]) => `${character}: ${named(place).filter(Boolean).join(", ")}`);
    $("#text .legend").textContent = `Characters of a drawing: ${names.join(" · ")}.`;
  });

  const read = () => attempt(async () => {
    const { layout } = await tell(addresses.check, parsed(field.value, legend));
    editor.edit("text that was read", () => hallOf(layout.seats), { select: () => [] });
    $("#text").close();
    say(`${many(layout.seats.length, "seat")} read, not yet saved.`);
    editor.dispatchEvent(new Event("fit"));
  });

  $("#text-read").addEventListener("click", read);
  $("#text-copy").addEventListener("click", () => {
    field.select();
    navigator.clipboard?.writeText(field.value);
  });
  $("#text-download").addEventListener("click", () => download(field.value, screen));
  $("#text-file").addEventListener("click", () => $("#text-source").click());
  $("#text-source").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (file) field.value = await file.text();
    event.target.value = "";
  });
  return write;
}

/** A character for each category, where the plan has no legend of its own. */
const plainLegend = (categories) => Object.fromEntries(
  [..."abcdefghjkmnpqrstuvwxyz"].slice(0, categories.length).map((character, index) => [character, { category: categories[index].id, kind: "standard" }]));

/** The layout as a PUT to the API takes it: as a drawing where one can be made, a line for each row. */
function written({ rows, legend, row_labels, numbering, seats }) {
  const body = rows ? { rows, legend, row_labels, numbering } : { seats: seats.map(({ id: _, ...seat }) => seat) };
  const lines = Object.entries(body).map(([name, value]) => `  ${JSON.stringify(name)}: ${spread(name, value)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

const spread = (name, value) =>
  name === "rows" || name === "seats" ? `[\n${value.map((one) => `    ${JSON.stringify(one)}`).join(",\n")}\n  ]` : JSON.stringify(value);

/** What somebody pasted, as the API takes it: its own form, or the lines of a drawing. */
function parsed(text, legend) {
  if (!text.trimStart().startsWith("{")) return { rows: text.replace(/\s+$/, "").split(/\r?\n/), legend };
  try {
    const { version: _, ...body } = JSON.parse(text);
    // An answer of the API has both forms.
    if (body.rows && body.seats) delete body.seats;
    return body;
  } catch (error) {
    throw new Refusal(`This is no JSON: ${error.message}`);
  }
}

/** Hand the text to the browser as a file. */
export function download(text, screen) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  h("a", { href: address, download: `seat-plan-${screen.name.replace(/\W+/g, "-").toLowerCase()}.json` }).click();
  URL.revokeObjectURL(address);
}

/** The plan that is being drawn, as a file for later. */
export const rescue = (editor) => download(JSON.stringify({ seats: seatsOf(editor.hall) }, null, 1), editor.facts.screen);
