import { get } from "../api.js";
import { $, button, fill, h, link, notice, picture, webAddress } from "../dom.js";
import * as format from "../format.js";
import { start } from "../shell.js";
import { recall, remember } from "../storage.js";

const place = $("#place");
const films = $("#films");
let kind = "now_showing";
let asked = 0;

function slide({ title, text, image, movie, link: elsewhere }) {
  const address = movie ? `/film/${movie}/` : webAddress(elsewhere);
  return h(address ? "a" : "div", { class: "slide", href: address || false },
    picture(image, title, "wide", "slide"), h("div", {}, h("h2", {}, title), text && h("p", {}, text)));
}

function poster(film) {
  const facts = [film.certificate, format.duration(film.duration_minutes), film.genres.map((one) => one.name).join(", ")];
  const when = film.coming_soon && `From ${format.date(film.release_date)}`;
  return h("li", {}, h("a", { class: "poster", href: `/film/${film.id}/` },
    picture(film.poster, film.title, "portrait"), h("h2", {}, film.title),
    h("p", { class: "small soft" }, facts.filter(Boolean).join(" · ")), when && h("p", { class: "small hot" }, when)));
}

/** The chosen place narrows what is on now; what is coming is not planned anywhere yet. */
function query() {
  const [name, value] = kind === "now_showing" ? place.value.split(/:(.*)/s) : [];
  const search = $("#search").value.trim();
  const ordering = kind === "now_showing" ? "title" : "release_date";
  return new URLSearchParams({ [kind]: true, page_size: 40, ordering, ...(search && { search }), ...(name && { [name]: value }) });
}

function nothing() {
  const again = button("Show all films", () => {
    $("#search").value = place.value = "";
    load();
  });
  return h("li", { class: "whole" }, notice("", "No films match that.", again));
}

async function load(page = 1) {
  const turn = ++asked;
  films.setAttribute("aria-busy", "true");
  try {
    const answer = await get(`movies/?${query()}&page=${page}`);
    if (turn !== asked) return;
    if (page === 1) films.replaceChildren();
    $("#more")?.remove();
    films.append(...answer.results.map(poster));
    if (!answer.count) films.append(nothing());
    if (answer.next) films.after(button("More films", () => load(page + 1)));
    if (answer.next) films.nextElementSibling.id = "more";
  } catch (error) {
    if (turn === asked) fill(films, h("li", { class: "whole" }, notice("bad", error.message, button("Try again", () => load()))));
  }
  films.removeAttribute("aria-busy");
}

async function slides() {
  const all = await get("slides/");
  $("#slides").hidden = !all.length;
  fill($("#slides"), all.map(slide));
}

async function cinemas() {
  const { results } = await get("theaters/?page_size=100");
  for (const city of new Set(results.map((one) => one.city))) {
    const theaters = results.filter((one) => one.city === city);
    const everywhere = theaters.length > 1 && h("option", { value: `city:${city}` }, `All of ${city}`);
    place.append(h("optgroup", { label: city }, everywhere,
      theaters.map((one) => h("option", { value: `theater:${one.id}` }, one.name))));
  }
  place.value = recall("place") ?? "";
  if (place.selectedIndex < 0) place.value = "";
  $("#cinemas").hidden = !results.length;
  fill($("#cinemas ul"), results.map((one) => h("li", { class: "card" },
    h("h3", {}, link(`/cinema/${one.id}/`, one.name, "")), h("p", { class: "soft small" }, `${one.address}, ${one.city}`))));
}

start(async () => {
  slides().catch(() => {}); // decoration: the films below matter
  await cinemas();
  await load();
  place.addEventListener("change", () => {
    remember("place", place.value);
    load();
  });
  for (const tab of document.querySelectorAll(".tabs button")) {
    tab.addEventListener("click", () => {
      kind = tab.value;
      document.querySelectorAll(".tabs button").forEach((one) => one.setAttribute("aria-pressed", one === tab));
      place.disabled = kind !== "now_showing";
      load();
    });
  }
  let typing;
  $("#search").addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(load, 300, 1);
  });
  $("#choice").addEventListener("submit", (event) => event.preventDefault());
});
