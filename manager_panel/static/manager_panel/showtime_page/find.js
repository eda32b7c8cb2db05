/** Looks bookings up while somebody types: those of this showtime first, then all of their theaters. */
import { $, fill, h, many } from "../dom.js";
import { ask } from "../server.js";
import { STATUS } from "./words.js";

const PAUSE = 250;

export function find(showtime, { openReference }) {
  const [field, hint, list] = [$("#find"), $("#find-hint"), $("#found")];
  let timer = 0;
  let asked = "";
  let picked = false;

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); clearTimeout(timer); look().then(() => $("button, a", list)?.click()); }
    if (event.key === "Escape") { field.value = ""; clear(); }
    if (event.key === "ArrowDown") { event.preventDefault(); $("button, a", list)?.focus(); }
  });

  function clear(words = "") {
    asked = "";
    hint.textContent = words;
    fill(list);
  }

  async function pick(reference) {
    picked = true;
    await openReference(reference);
    clear();
  }

  field.addEventListener("focus", () => field.value && !list.children.length && look());

  async function look() {
    const words = field.value.trim();
    if (words === asked && list.children.length) return;
    if (words.length < 2) return clear(words && "Type at least two letters.");
    asked = words;
    picked = false;
    if (!list.children.length) hint.textContent = "Looking …";
    try {
      const address = `${showtime.facts.addresses.find}?q=${encodeURIComponent(words)}`;
      const here = await ask(`${address}&here`);
      if (words !== asked) return;
      if (here.found.length) show(here, words, "looking at other showtimes …");
      const all = await ask(address);
      if (words === asked && !picked) show(all, words);
    } catch (refusal) {
      clear(refusal.message);
    }
  }

  function show({ found, more }, words, going = "") {
    const here = found.filter((one) => !one.page).length;
    const others = found.length - here;
    hint.textContent = found.length
      ? `${many(here, "booking")} here, ${going || `${more ? `more than ${others}` : others} at other showtimes.`}`
      : `Nobody at your theaters booked as “${words}”. Try a part of the name, or the last figures of the telephone number.`;
    fill(list, found.map((one) => h("li", {}, one.page
      ? h("a", { href: one.page, class: "hit" }, lines(one)) : h("button", { type: "button", class: "hit", onclick: () => pick(one.reference) }, lines(one)))));
  }

  const lines = (one) => [
    h("span", { class: "head" }, h("strong", {}, one.name || "No name"), h("code", {}, one.reference)),
    h("small", {}, [many(one.tickets, "ticket"), one.total, STATUS[one.status].toLowerCase(), one.contact].filter(Boolean).join(" · ")),
    one.where && h("small", { class: "where" }, one.where),
  ];
}
