/** The figures above the plan; those that are seats show them when pressed. And what happened just now. */
import { $, fill, h, say } from "../dom.js";
import { told } from "./words.js";

const TILES = [
  ["sold", "Sold", ({ sold, total }) => `${percent(sold, total)} of ${total}`],
  ["free", "Free", ({ total }) => `of ${total}`],
  ["held", "Held", () => "not paid yet"],
  ["blocked", "Blocked", () => "kept back"],
  ["admitted", "Admitted", ({ admitted, sold }) => `of ${sold} sold`],
];
const percent = (part, whole) => `${whole ? Math.floor((part * 100) / whole) : 0} %`;
const [MOST_NEWS, MOST_SAID] = [8, 3];

export function showFigures(showtime) {
  const knobs = Object.fromEntries(TILES.map(([name]) => [name, h("button", { type: "button", class: "figure", "data-state": name, "aria-pressed": "false", onclick: () => only(name) })]));
  const revenue = h("div", { class: "figure" });
  fill($("#figures"), [...Object.values(knobs), revenue].map((one) => h("li", {}, one)));

  function only(name) {
    showtime.filter = showtime.filter === name ? "" : name;
    say(showtime.filter ? `Only seats that are ${name} are shown strongly.` : "All seats are shown.");
    showtime.tell();
  }

  showtime.addEventListener("change", () => {
    const { figures } = showtime.now ?? {};
    if (!figures) return;
    for (const [name, title, more] of TILES) {
      knobs[name].setAttribute("aria-pressed", showtime.filter === name);
      fillNew(knobs[name], title, String(figures[name]), more(figures));
    }
    fillNew(revenue, "Revenue", figures.revenue, wentBack(figures));
  });
}

function wentBack({ taken, back, going_back: going }) {
  const parts = [back && `${back} went back`, going && `${going} goes back`].filter(Boolean);
  return parts.length ? [`${taken} taken`, ...parts].join(", ") : "fees and tax included";
}

function fillNew(tile, title, value, more) {
  const words = [title, value, more].join();
  if (tile.words === words) return;
  tile.words = words;
  fill(tile, h("span", { class: "title" }, title), h("strong", {}, value), h("small", {}, more));
}

export function tellNews(showtime, { openReference }) {
  showtime.addEventListener("news", ({ detail }) => {
    const news = told(showtime, detail);
    const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: showtime.facts.zone }).format();
    const most = news.slice(0, MOST_SAID).map((one) => one.words).join(". ");
    say(news.length > MOST_SAID ? `${most}. And ${news.length - MOST_SAID} more.` : most);
    $("#no-news").hidden = true;
    const list = $("#news");
    list.prepend(...news.map(({ words, booking, state }) => h("li", { "data-state": state }, h("time", {}, time), booking
      ? h("button", { type: "button", class: "plain", onclick: () => openReference(booking) }, words) : h("span", {}, words))));
    while (list.children.length > MOST_NEWS) list.lastElementChild.remove();
  });
}
