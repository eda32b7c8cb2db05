/** What the scripts of all rooms share: elements made of text (nothing is ever read as HTML), and words for listeners. */

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** What the page knows to begin with (`Room.facts`). */
export const facts = () => JSON.parse($("#facts").textContent);

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/** An element. Attributes that begin with `on` are listeners; children may be lists; empty ones are left out. */
export const h = (tag, attributes = {}, ...children) => dress(document.createElement(tag), attributes, children);

/** The same for a drawing. */
export const draw = (tag, attributes = {}, ...children) =>
  dress(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

export const fill = (element, ...children) => element.replaceChildren(...children.flat(Infinity).filter(Boolean));

/** A symbol of the theme's icon font, which says nothing by itself. */
export const icon = (name) => h("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, name);

/** Say something to people who listen to the page, and show it in its status line. */
export function say(text) {
  $("#said").textContent = text;
}

/** "1 seat", "2 seats". */
export const many = (count, one, more = `${one}s`) => `${count} ${count === 1 ? one : more}`;

/** "Sat, 21 Nov, 20:15", by the clock of `timeZone`, or else that of the browser. */
export const moment = (date, timeZone) =>
  date.toLocaleString("en-GB", { timeZone, weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

/** Whether what had the keyboard is gone. */
export const isNowhere = () => [null, document.body].includes(document.activeElement) || !document.activeElement.checkVisibility();

/** Run `work` while `knob` can't be pressed a second time. The keyboard comes back to it, if it went nowhere else. */
export async function busily(knob, work) {
  const held = knob === document.activeElement;
  knob.disabled = true;
  knob.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    knob.disabled = false;
    knob.removeAttribute("aria-busy");
    if (held && isNowhere()) knob.focus();
  }
}
