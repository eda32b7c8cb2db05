/**
 * What lies over the page (the window of an action, the filters, the menu on a phone) takes the keys while it is there,
 * says what it is, and gives them back when it goes.
 */
import { $, $$ } from "../dom.js";

const STOPS = "a[href], button:not(:disabled), input:not([type=hidden], :disabled), select, textarea, [tabindex='0']";

const over = (element) => getComputedStyle(element).position === "fixed" && element.checkVisibility();
const stops = (element) => $$(STOPS, element).filter((stop) => stop.checkVisibility() && !stop.closest("[inert]"));

class Layer {
  /** `element` is shown and hidden by the theme; `leave` closes it. */
  constructor(element, { name, leave, first = () => null }) {
    Object.assign(this, { element, name, leave, first, shown: false, from: null });
    element.addEventListener("keydown", (event) => this.#keep(event));
    new MutationObserver(() => this.look()).observe(element, { attributes: true, attributeFilter: ["style", "class"], childList: true, subtree: true });
  }

  look() {
    const shown = over(this.element) && this.element.textContent.trim() !== "";
    if (shown === this.shown) return;
    this.shown = shown;
    if (shown) this.#enter();
    else this.#go();
  }

  #enter() {
    this.from = document.activeElement;
    this.element.setAttribute("role", "dialog");
    this.element.setAttribute("aria-modal", "true");
    this.element.setAttribute("aria-label", typeof this.name === "function" ? this.name() : this.name);
    (this.first() ?? stops(this.element)[0])?.focus();
  }

  #go() {
    for (const name of ["role", "aria-modal", "aria-label"]) this.element.removeAttribute(name);
    if (this.from?.isConnected) this.from.focus();
  }

  #keep(event) {
    if (!this.shown) return;
    if (event.key === "Escape") this.leave?.();
    if (event.key !== "Tab") return;
    const all = stops(this.element), end = event.shiftKey ? all[0] : all.at(-1);
    if (document.activeElement !== end && this.element.contains(document.activeElement)) return;
    event.preventDefault();
    (event.shiftKey ? all.at(-1) : all[0])?.focus();
  }
}

export function watchWindows() {
  const modal = $("#modal-content")?.parentElement;
  if (modal) {
    const name = () => $("h1", modal)?.textContent.trim() || "Window";
    new Layer(modal, { name, first: () => $("form :is(input:not([type=hidden]), select, textarea)", modal) ?? $("button[type=submit]", modal) });
  }
  const filters = $("#changelist-filter");
  if (filters) new Layer(filters, { name: "Filters", first: () => stops(filters).find((one) => !one.matches(".simplebar-content-wrapper, .select2-hidden-accessible")) });
  const menu = $("#nav-sidebar")?.closest("[x-bind\\:class]");
  const shut = menu && $$("[x-on\\:click]", menu).find((one) => one.getAttribute("x-on:click").includes("sidebarMobileOpen"));
  if (shut) new Layer(menu, { name: "Menu", leave: () => shut.click(), first: () => shut });
}
