/** Menus that unfold below a button: the keys go in, through and out, and come back to the button. */
import { $, $$ } from "../dom.js";
import { close, isOpen, opened } from "./switches.js";

const STOPS = "a[href], button:not(:disabled), [role=button]";

function menuOf(opener) {
  const scope = opener.closest("[x-data]");
  const away = $("template[x-teleport]", scope);
  return away?._x_teleport ?? $(`[x-show="${opened(opener)}"]`, scope);
}

const stops = (menu) => $$(STOPS, menu).filter((stop) => stop.checkVisibility());

function enter(opener) {
  const menu = menuOf(opener);
  if (isOpen(opener) && menu) stops(menu)[0]?.focus();
}

function steer(event, opener, menu) {
  const all = stops(menu), at = all.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    all.at((at + step) % all.length)?.focus();
  } else if (event.key === "Escape") {
    event.stopPropagation();
    close(opener);
    opener.focus();
  } else if (event.key === "Tab" && (event.shiftKey ? at === 0 : at === all.length - 1)) {
    // On from where the button is: the menu itself may be at the end of the page.
    close(opener);
    opener.focus();
    if (event.shiftKey) event.preventDefault();
  }
}

function mend(opener) {
  const menu = menuOf(opener);
  if (!menu) return;
  opener.dataset.menu = "true";
  // Keys come without a pointer.
  opener.addEventListener("click", (event) => event.detail === 0 && setTimeout(enter, 60, opener));
  menu.addEventListener("keydown", (event) => steer(event, opener, menu));
  opener.addEventListener("keydown", (event) => event.key === "Escape" && close(opener));
}

export function mendMenus() {
  const openers = $$("[x-on\\:click][data-mended]:not([data-menu])").filter((one) => opened(one) && !opened(one).startsWith("sidebar"));
  openers.forEach(mend);
}
