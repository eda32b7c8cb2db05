/** Fields whose label the theme keeps from those who listen: its drop-downs, and the rows of a form within a form. */
import { $, $$, h } from "../dom.js";

const labelOf = (select) => select && $(`label[for="${select.id}"]`);
const words = (label) => label?.firstChild?.textContent.trim();

function selectOf(part) {
  // What it unfolds is at the end of the page.
  const box = part.closest("select + .select2-container") ?? $("select + .select2-container--open");
  return box?.previousElementSibling;
}

const firstOf = (row) => $(":is(th, td) > a", row)?.textContent.trim();

/** "Category, row 2": the head of the column, which is far away, and where the field is. */
function inItsRow(field) {
  const cell = field.closest("td[data-label]"), group = cell?.closest(".form-group");
  if (cell?.closest("#result_list")) return [cell.dataset.label, firstOf(cell.closest("tr"))].filter(Boolean).join(": ");
  if (!group) return null;
  const rows = $$(".form-group:not(.empty-form)", group.parentElement);
  return `${cell.dataset.label}, row ${rows.indexOf(group) + 1}`;
}

function nameSearch(field) {
  const select = selectOf(field), list = field.closest("ul");
  field.setAttribute("aria-label", words(labelOf(select)) || (select && inItsRow(select)) || "Search");
  field.dataset.mended = "true";
  if (!list) return;
  // The list of what is chosen has a button in it that is no item.
  list.id ||= `chosen-of-${select.id}`;
  list.setAttribute("role", "presentation");
  field.setAttribute("aria-describedby", list.id);
}

function nameChoice(choice) {
  const select = selectOf(choice), label = labelOf(select), shown = $(".select2-selection__rendered", choice);
  if (!shown) return;
  if (label) {
    label.id ||= `label-of-${label.htmlFor}`;
    shown.setAttribute("aria-labelledby", label.id);
    choice.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
  } else if (inItsRow(select)) {
    choice.removeAttribute("aria-labelledby");
    choice.setAttribute("aria-label", [inItsRow(select), shown.textContent.trim()].filter(Boolean).join(": "));
  }
  if (select.getAttribute("aria-describedby")) choice.setAttribute("aria-describedby", select.getAttribute("aria-describedby"));
  if (select.getAttribute("aria-invalid")) choice.setAttribute("aria-invalid", "true");
  choice.dataset.mended = "true";
}

function nameCell(field) {
  if (field.closest(".empty-form") || (field.labels?.length && !field.matches(".delete"))) return;
  const name = inItsRow(field);
  if (name && field.getAttribute("aria-label") !== name) field.setAttribute("aria-label", name);
}

/** A day and its time are one answer to one question, whose label Django ties to neither. */
function nameMoment(pair) {
  let box = pair.parentElement;
  for (let up = 0; up < 3 && !$("label", box); up += 1) box = box.parentElement;
  const label = $("label", box);
  if (!label) return;
  label.id ||= `label-of-${$("input", pair).id}`;
  pair.setAttribute("role", "group");
  pair.setAttribute("aria-labelledby", label.id);
}

export function nameFields() {
  $$(".datetime:not([role])").forEach(nameMoment);
  $$(".select2-search__field:not([aria-label])").forEach(nameSearch);
  $$(".select2-selection--single:not([data-mended])").forEach(nameChoice);
  $$("td[data-label] :is(input:not([type=hidden]), select, textarea)").forEach(nameCell);
  $$("#searchbar, #search-input-command").forEach((field) => field.setAttribute("aria-label", field.id === "searchbar" ? "Search this list" : "Search everything"));
  $$("thead th").forEach((head) => head.textContent.trim() || head.firstElementChild || head.append(h("span", { class: "unseen" }, "Remove")));
  $$("#main a[href^='?p=']:not([aria-label])").forEach((link) => link.setAttribute("aria-label", `Page ${link.textContent}`));
  $$("[aria-label='scrollable content']").forEach(nameScroller);
}

/** What can be scrolled is called what it belongs to. */
function nameScroller(box) {
  const within = box.closest("fieldset[aria-labelledby]"), list = box.querySelector("#result_list");
  const heading = within && document.getElementById(within.getAttribute("aria-labelledby"));
  const name = box.closest("nav") ? "Pages" : box.closest("#changelist-filter") ? "Filters" : list ? "The list" : heading?.textContent.trim();
  box.setAttribute("aria-label", name || `Part ${$$(".simplebar-content-wrapper").indexOf(box) + 1} of this page`);
}

/** A row that was added is written into at once; where one was taken away, the next thing is to add another. */
export function followRows({ target }) {
  const add = target.closest?.(".add-row"), removed = target.closest?.(".delete-template");
  const formset = (add ?? removed)?.closest(".formset");
  if (!formset) return;
  setTimeout(() => {
    const row = $$(".form-group:not(.empty-form)", formset).at(-1);
    const field = add && row && $(":is(.select2-selection, input:not([type=hidden]), select:not(.select2-hidden-accessible), textarea)", row);
    (field ?? $(".add-row", formset)).focus();
  }, 60);
}
