/** Icons are letters of a font. To those who listen they are nothing, and what has nothing else gets a name. */
import { $, $$ } from "../dom.js";

const NAMES = {
  add: "Add", arrow_back: "Back", cancel: "Close", close: "Close", dock_to_right: "Menu", download: "Open the file",
  more_horiz: "More actions", more_vert: "Look at it, change it, add another", search: "Search", delete: "Remove this row",
};
const CONTROL = "a, button, [role=button]";

function hide(icon) {
  const word = icon.textContent.trim();
  const control = icon.closest(CONTROL);
  if (control && !control.title && !control.hasAttribute("aria-label") && !wordsOf(control)) {
    control.setAttribute("aria-label", $("[data-theme-icon]", control) ? "Light or dark" : NAMES[word] ?? word.replaceAll("_", " "));
  }
  // An icon that is a button itself must not be hidden.
  if (control === icon) icon.dataset.named = "true";
  else icon.setAttribute("aria-hidden", "true");
}

function wordsOf(control) {
  const copy = control.cloneNode(true);
  $$(".material-symbols-outlined", copy).forEach((icon) => icon.remove());
  return copy.matches(".material-symbols-outlined") ? "" : copy.textContent.trim();
}

export function nameIcons() {
  $$(".material-symbols-outlined:not([aria-hidden], [data-named])").forEach(hide);
}
