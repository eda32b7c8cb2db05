import { get } from "../api.js";
import { $, fill, h, link, picture } from "../dom.js";
import * as format from "../format.js";
import { programme, slots } from "../programme.js";
import { start, title } from "../shell.js";

const id = location.pathname.split("/")[2];

const contact = (kind, value) => value && link(`${kind}:${value}`, value, "");

function about(theater) {
  const address = [theater.address, [theater.postal_code, theater.city].filter(Boolean).join(" ")].join(", ");
  return [theater.image && picture(theater.image, "", "wide", "front"),
    h("h1", {}, theater.name), h("p", { class: "soft" }, address),
    h("p", { class: "actions" }, contact("tel", theater.phone), contact("mailto", theater.email)),
    h("ul", { class: "tags" }, theater.amenities.map((one) => h("li", {}, one)))];
}

function groups({ movies }, date) {
  return movies.map((film) => h("section", { class: "card row-of" },
    picture(film.poster, film.title, "portrait", "thumb"), h("div", {}, h("h3", {}, link(`/film/${film.id}/`, film.title, "")),
      h("p", { class: "small soft" }, [film.certificate, format.duration(film.duration_minutes)].filter(Boolean).join(" · ")),
      slots(film.showtimes, date))));
}

start(async () => {
  const theater = await get(`theaters/${id}/`);
  title(theater.name);
  fill($("#cinema"), about(theater));
  await programme(`theaters/${id}/showtimes/`, { groups, zone: () => theater.timezone });
}, "This cinema isn't here");
