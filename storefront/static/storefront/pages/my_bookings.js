import { get, post, session } from "../api.js";
import { $, busily, button, fill, h, link, notice, picture } from "../dom.js";
import * as format from "../format.js";
import { signInAddress, start } from "../shell.js";
import { dropBooking, keptBookings } from "../storage.js";

const STATUS = { pending: "Waiting for payment", confirmed: "", cancelled: "Given back", expired: "Not paid in time" };

function card({ reference, status, showtime, lines }) {
  const seats = lines.filter((one) => one.kind === "seat").length;
  return h("li", {}, h("a", { class: `card occasion ${status}`, href: `/booking/${reference}/` }, picture(showtime.movie.poster, showtime.movie.title, "thumb"), h("div", {},
    h("h3", {}, showtime.movie.title), h("p", {}, `${format.day(showtime.starts_at)}, ${format.clock(showtime.starts_at)}`),
    h("p", { class: "soft small" }, `${showtime.theater.name} · ${format.count(seats, "seat")} · ${reference}`),
    STATUS[status] && h("p", { class: "small hot" }, STATUS[status]))));
}

const list = (heading, bookings) =>
  bookings.length > 0 && h("section", {}, h("h2", {}, heading), h("ul", { class: "plain-list" }, bookings.map(card)));

/** A list that grows by pages. */
async function paged(heading, query) {
  const { results, next } = await get(`bookings/?${query}`);
  const section = list(heading, results);
  let page = 1;
  if (next) {
    const more = button("More", async () => {
      const answer = await get(`bookings/?${query}&page=${++page}`);
      $("ul", section).append(...answer.results.map(card));
      if (!answer.next) more.remove();
    });
    section.append(more);
  }
  return section;
}

/** The bookings that a guest made on this device; those that are gone are forgotten. */
async function guests() {
  const kept = keptBookings().filter((one) => one.key);
  const found = await Promise.all(kept.map(({ reference }) =>
    get(`bookings/${reference}/`, { booking: reference }).catch((error) => {
      if (error.status === 404) dropBooking(reference);
      return null;
    })));
  return list(session() ? "Booked on this device as a guest" : "Booked on this device", found.filter(Boolean));
}

/** What was booked with the account's address before signing in becomes the account's. */
async function claims() {
  const me = session() && (await get("auth/me/").catch(() => null));
  if (!me?.email) return null;
  return h("section", { class: "card" }, h("h2", {}, "Booked without signing in?"),
    me.email_confirmed ? claiming(me.email) : confirmFirst(me.email));
}

function claiming(email) {
  const answer = h("p", { role: "status" });
  const claim = button("Add them to my account", () => busily(claim, async () => {
    try {
      const { claimed } = await post("bookings/claim/", {});
      if (claimed) await show();
      $("#bookings [role=status]").textContent = claimed ? `${format.count(claimed, "booking")} added.` : `There are none with ${email}.`;
    } catch (error) {
      answer.textContent = error.message;
    }
  }));
  return [h("p", { class: "soft" }, `Bookings that were made as a guest with ${email} can be yours here too.`), claim, answer];
}

function confirmFirst(email) {
  const send = button("Send me the link again", () => busily(send, async () => {
    try {
      await post("auth/email/confirm/resend/");
      send.replaceWith(h("p", { role: "status" }, "Another link is on its way."));
    } catch (error) {
      send.after(notice("bad", error.message));
    }
  }));
  return [h("p", { class: "soft" }, `Bookings that were made as a guest with ${email} can be yours here too, once you have confirmed that address: follow the link that we sent to it, then come back.`), send];
}

async function show() {
  const mine = session() ? [paged("Coming up", "upcoming=true"), paged("Before", "upcoming=false&page_size=10")] : [];
  const parts = (await Promise.all([...mine, guests()])).filter(Boolean);
  const guestsToo = await claims();
  const hint = !session() && notice("", "Sign in to see the bookings of your account.", link(signInAddress(), "Sign in", "button main"));
  const none = !parts.length && session() && notice("", "You have no bookings yet.", link("/", "See what is on", "button main"));
  fill($("#bookings"), parts, none, hint, guestsToo);
}

start(show);
