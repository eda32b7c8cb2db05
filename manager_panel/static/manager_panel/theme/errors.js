/** What is wrong with a form: said at its top with a way to each field, and at the field. */
import { $, $$, h } from "../dom.js";

const FIELD = ":is(input:not([type=hidden]), select, textarea)";

const fieldIn = (box) => $(`${FIELD}:not([disabled])`, box);
const named = (field) => document.getElementById(field.closest(".datetime")?.getAttribute("aria-labelledby"))?.firstChild.textContent.trim();
const nameOf = (field) => named(field) ?? field.getAttribute("aria-label") ?? field.labels?.[0]?.firstChild?.textContent.replace(/[*:]/g, "").trim() ?? "";

/** Where an error stands, as pairs of a field and the words below it. */
function wrongOnes() {
  return $$("form .errors").flatMap((box) => {
    const field = fieldIn(box), said = $(".errorlist, .text-red-600:not(label *, span)", box);
    return field && said ? [{ field, said }] : [];
  });
}

/** Each wrong field is tied to what is said about it. */
export function explain() {
  for (const { field, said } of wrongOnes()) {
    said.id ||= `${field.id}_error`;
    field.setAttribute("aria-invalid", "true");
    const told = field.getAttribute("aria-describedby") ?? "";
    if (!told.split(" ").includes(said.id)) field.setAttribute("aria-describedby", `${told} ${said.id}`.trim());
  }
}

/** The list of errors below "Please correct…", which gets the focus. */
export function summarise() {
  const note = $("form .errornote, .errornote");
  if (!note) return;
  note.tabIndex = -1;
  note.setAttribute("role", "alert");
  const lines = wrongOnes().map(({ field, said }) =>
    h("li", {}, h("a", { href: `#${field.id}`, "data-field": field.id }, nameOf(field) || "This field"), ": ", said.innerText.trim().replaceAll("\n", " ")));
  if (lines.length) note.append(h("ul", {}, ...lines));
  // Django's own script goes to the first field of a new row, whenever it comes.
  if (document.readyState === "complete") note.focus();
  else addEventListener("load", () => note.focus());
}

/** In a window that was refused: on to what is wrong. */
export function toTheError(event) {
  if (event.target.id !== "dialog-form") return;
  explain();
  wrongOnes()[0]?.field.focus();
}

/** From the list to the field, wherever the theme hides it. */
export function goThere(event) {
  const link = event.target.closest?.("a[data-field]");
  const field = link && document.getElementById(link.dataset.field);
  if (!field) return;
  event.preventDefault();
  const group = field.closest("[id$='-group']");
  const tab = $(`#tabs-items a[href="#${group ? group.id.replace(/-group$/, "") : "general"}"]`);
  tab?.click();
  setTimeout(() => {
    const shown = field.matches(".select2-hidden-accessible") ? $(".select2-selection, .select2-search__field", field.nextElementSibling) : field;
    shown.focus();
    shown.scrollIntoView({ block: "center" });
  });
}
