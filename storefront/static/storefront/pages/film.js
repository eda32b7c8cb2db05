import { get } from "../api.js";
import { $, fill, h, link, picture, webAddress } from "../dom.js";
import * as format from "../format.js";
import { programme, slots } from "../programme.js";
import { start, title } from "../shell.js";
import { recall } from "../storage.js";

const id = location.pathname.split("/")[2];
const JOBS = { director: "Directed by", writer: "Written by", composer: "Music" };

function people(credits) {
  const makers = Object.entries(JOBS).map(([job, words]) => {
    const names = credits.filter((one) => one.job === job).map((one) => one.person.name);
    return names.length > 0 && [h("dt", {}, words), h("dd", {}, names.join(", "))];
  });
  const cast = credits.filter((one) => one.job === "actor").slice(0, 8);
  const actors = cast.map((one) => h("li", {}, one.person.name, one.character && h("span", { class: "soft" }, ` as ${one.character}`)));
  return h("dl", { class: "people" }, makers.flat(), cast.length > 0 && [h("dt", {}, "With"), h("dd", {}, h("ul", {}, actors))]);
}

function about(film) {
  const facts = [film.certificate, format.duration(film.duration_minutes), format.language(film.language), film.genres.map((one) => one.name).join(", ")];
  const trailer = webAddress(film.trailer_url);
  const original = film.original_title !== film.title && film.original_title;
  const backdrop = film.backdrop && picture(film.backdrop, "", "backdrop");
  return [backdrop, h("div", { class: "beside" }, picture(film.poster, film.title, "portrait"), h("div", {},
    h("h1", {}, film.title), original && h("p", { class: "soft" }, original),
    h("p", { class: "facts" }, facts.filter(Boolean).join(" · ")),
    film.coming_soon && h("p", { class: "hot" }, `In cinemas from ${format.date(film.release_date)}`),
    trailer && h("a", { href: trailer, class: "button", target: "_blank", rel: "noopener noreferrer" }, "Trailer"))),
  h("p", { class: "synopsis" }, film.synopsis), people(film.credits)];
}

/** The cinemas of the place that was chosen on the first page come first. */
function groups({ theaters }, date) {
  const [kind, value] = (recall("place") ?? "").split(/:(.*)/s);
  const isMine = (one) => String(kind === "city" ? one.city : one.id) === value;
  const sorted = [...theaters].sort((one, other) => isMine(other) - isMine(one));
  return sorted.map((one) => h("section", { class: "card" },
    h("h3", {}, link(`/cinema/${one.id}/`, one.name, ""), h("span", { class: "soft" }, ` ${one.city}`)), slots(one.showtimes, date)));
}

start(async () => {
  const film = await get(`movies/${id}/`);
  title(film.title);
  fill($("#film"), about(film));
  // In Berlin it may be tomorrow already when it is still today in New York.
  const zone = ({ theaters }) => {
    const days = new Set(theaters.map((one) => format.today(one.timezone)));
    return days.size === 1 && theaters[0].timezone;
  };
  await programme(`movies/${id}/showtimes/`, { groups, zone });
}, "This film isn't here");
