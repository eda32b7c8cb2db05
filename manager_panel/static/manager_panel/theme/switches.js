/** What answers to a click alone becomes a button; what opens or chooses says so. */
import { $$ } from "../dom.js";

const OPENS = /^(\w+) = !\1/;
const NATIVE = "a[href], button, input, select, textarea, label, summary, li, tr, td";

const does = (element) => element.getAttribute("x-on:click") ?? "";

/** The name of what a click on `opener` opens and closes. */
export const opened = (opener) => does(opener).trim().match(OPENS)?.[1];

export const isOpen = (opener) => Boolean(window.Alpine.evaluate(opener, opened(opener)));

export const close = (opener) => window.Alpine.evaluate(opener, `${opened(opener)} = false`);

function makeButton(element) {
  element.dataset.mended = "true";
  if (!element.matches(NATIVE)) {
    element.tabIndex = 0;
    element.setAttribute("role", "button");
  } else if (element.getAttribute("href") === "#") {
    element.setAttribute("role", "button");
  }
  const chosen = does(element).startsWith("switchTheme") && element.getAttribute("x-bind:class");
  if (opened(element)) window.Alpine.effect(() => element.setAttribute("aria-expanded", isOpen(element)));
  if (chosen) window.Alpine.effect(() => element.setAttribute("aria-pressed", Boolean(window.Alpine.evaluate(element, chosen))));
}

/** The tab of a form that is shown. */
function markTab(tab) {
  tab.dataset.mended = "true";
  window.Alpine.effect(() => tab.setAttribute("aria-current", window.Alpine.evaluate(tab, tab.getAttribute("x-bind:class")).active));
}

export function mendSwitches() {
  // A curtain is no button.
  const clicked = $$("[x-on\\:click]:not([data-mended]), .delete-template:not([data-mended])").filter((one) => one.textContent.trim());
  clicked.filter((one) => !one.closest("#tabs-items")).forEach(makeButton);
  $$("#tabs-items a[x-bind\\:class]:not([data-mended])").forEach(markTab);
}

/** Enter and the space bar press what we made a button. */
export function press(event) {
  const button = event.target.closest?.("[data-mended][role=button]");
  if (button !== event.target || !button || (event.key !== "Enter" && event.key !== " ")) return;
  if (button.matches("button")) return;
  event.preventDefault();
  button.click();
}
