import { ApiError, blob, get, now, post, remove } from "../api.js";
import { $, busily, button, fill, go, h, link, notice, say, webAddress } from "../dom.js";
import { exchangeLines, swapNames } from "../exchange.js";
import * as format from "../format.js";
import { story } from "../story.js";
import { costLines, occasion } from "../occasion.js";
import { payHere } from "../payment.js";
import { dead, signInAddress, start, title } from "../shell.js";
import { dropBooking, keepBooking, keptBookings, keyOf } from "../storage.js";
import { goesBack, stillOnItsWay, tooLate } from "../too_late.js";

const reference = location.pathname.split("/")[2].toUpperCase();
const here = `${location.origin}/booking/${reference}/`;
const mine = { booking: reference };
const address = `bookings/${reference}/`;
const root = $("#booking");
const params = new URLSearchParams(location.search);
const PATIENCE = 45000;
const began = Date.now();
let paid = params.get("redirect_status") === "succeeded";
let paying = false; // Stripe's form is open, and must not be drawn anew
let booking, payments, exchanges, drawn, next;

/** Take the key and Stripe's words out of the address: people share it and histories keep it. */
function tidyAddress() {
  const key = params.get("access_key");
  if (key) keepBooking({ ...keptBookings().find((one) => one.reference === reference), reference, key });
  history.replaceState(null, "", paid ? `${here}?redirect_status=succeeded` : here);
}

const isLate = () => paid && Date.now() - began > PATIENCE;
const money = (amount) => format.money(amount, booking.currency);
const seatName = (seat) => `Row ${seat.row}, seat ${seat.number}`;

// Waiting for payment

function timer(until = booking.held_until, whose = "Your seats are") {
  const place = h("b", { role: "timer" });
  const tick = () => {
    const { seconds, text } = format.countdown(until);
    place.textContent = text;
    if (seconds === 120 || seconds === 30) say(`${seconds} seconds left to pay.`);
    if (!place.isConnected) return;
    if (seconds) setTimeout(tick, 1000);
    else keepUp();
  };
  setTimeout(tick);
  return h("p", { class: "timer" }, `${whose} held for `, place);
}

function pending() {
  if (isWithTheBank()) return withTheBank();
  if (paid) return confirming();
  const failure = payments.find((one) => one.status === "open")?.failure;
  const failed = (failure || params.get("redirect_status") === "failed") &&
    notice("bad", `The payment didn't work. ${failure || ""} Nothing was charged and your seats are still held: try again, or take another card.`);
  const place = h("div", {});
  const pay = button(`Pay ${money(booking.total)}`, () => busily(pay, () => payNow(place)), "main wide");
  const letGo = button("Let these seats go", () => busily(letGo, giveUp), "plain");
  fill(place, pay);
  return [failed, h("section", { class: "card" }, timer(), h("dl", { class: "lines" }, costLines(booking)), place, letGo)];
}

function confirming() {
  const text = isLate() ? "Your tickets take longer than usual. Your payment is safe: you may close this page and look again later."
    : "Your tickets are on their way. This takes a few seconds.";
  return h("section", { class: "card centre", role: "status" }, h("div", { class: "spinner" }), h("h2", {}, "Payment received"), h("p", {}, text));
}

const isWithTheBank = () => payments.some((one) => one.status === "processing" && !one.exchange);

/** A direct debit takes days: nothing is to be paid a second time meanwhile. */
function withTheBank() {
  const held = booking.status === "pending";
  const seats = held ? "Your seats are held until then, or until the time is up." : "The time to hold your seats is up, so others may take them.";
  return h("section", { class: "card", role: "status" }, h("h2", {}, "Your bank is working on it"), held && timer(),
    h("p", {}, `You hear from us as soon as your ${money(booking.total)} have arrived. ${seats} Money that comes later buys them if they are still free, and else goes back by itself.`));
}

// Other seats

const waiting = () => exchanges.find((one) => one.status === "pending");

/** The exchange that waits to be paid, in front of the tickets, which are good meanwhile. */
function exchangeCard() {
  const exchange = waiting();
  const [latest] = exchanges;
  if (!exchange) {
    if (latest?.status !== "expired") return null;
    return notice("", "The time to pay for the other seats ran out. Your tickets are good as before, and money that came too late goes back by itself.");
  }
  if (paid) return confirming();
  const place = h("div", {});
  const pay = button(`Pay ${money(exchange.difference)}`, () => busily(pay, () => payNow(place)), "main wide");
  const letGo = button("Keep my old seats", () => busily(letGo, keepOldSeats), "plain");
  fill(place, pay);
  return h("section", { class: "card", "aria-labelledby": "other-seats" }, h("h2", { id: "other-seats" }, `Other seats: ${swapNames(exchange)}`),
    timer(exchange.held_until, "The new seats are"), exchangeLines(exchange), place, letGo,
    h("p", { class: "small soft" }, "Until it is paid your tickets below are good as they are."));
}

async function keepOldSeats() {
  await remove(`${address}exchange/`, mine).catch(() => {}); // the page shows how it stands
  await keepUp();
  say("You keep your seats.");
}

function otherSeats() {
  const usable = booking.tickets.some((one) => one.status === "valid" && !one.admitted_at);
  return usable && now() < Date.parse(booking.showtime.starts_at) && link(`/booking/${reference}/seats/`, "Change seats");
}

function cost() {
  const added = Number(booking.amount_added);
  return h("details", {}, h("summary", {}, `What it cost: ${money(Number(booking.total) + added)}`), h("dl", { class: "lines" }, costLines(booking),
    added > 0 && [h("dt", {}, "For dearer seats in exchange"), h("dd", {}, money(added))]));
}

async function payNow(place) {
  try {
    const payment = await post("payments/", { booking: reference }, mine);
    const page = webAddress(payment.pay_url);
    if (page) await go(`${page}&return_url=${encodeURIComponent(here)}`);
    await payHere(place, payment, money(payment.amount), here);
    paying = true;
  } catch (error) {
    if (error.status === 409) await keepUp();
    else place.append(notice("bad", error.message));
  }
}

async function giveUp() {
  await remove(address, mine).catch(() => {}); // whatever was against it, the page shows how it stands
  await keepUp();
  if (booking.status !== "cancelled" || isWithTheBank()) return; // the page says what becomes of the money
  dropBooking(reference);
  await go(`/showing/${booking.showtime.id}/`);
}

// Tickets and papers

const paper = (text, path, name) => {
  const knob = button(text, () => busily(knob, async () => {
    try {
      const file = URL.createObjectURL(await blob(path, mine));
      h("a", { href: file, download: name }).click();
      setTimeout(URL.revokeObjectURL, 60000, file);
    } catch (error) {
      knob.after(notice("bad", error.message));
    }
  }));
  return knob;
};

function papers(tickets) {
  const place = h("div", { class: "actions" }, tickets && paper("Tickets (PDF)", `${address}tickets.pdf`, `tickets-${reference}.pdf`));
  const invoices = ({ results }) => place.append(...results.map(({ kind, number }) =>
    paper(`${kind === "credit_note" ? "Credit note" : "Invoice"} ${number} (PDF)`, `invoices/${number}.pdf`, `${number}.pdf`)));
  get(`invoices/?booking=${reference}`, mine).then(invoices, () => {});
  return place;
}

function ticket({ code, seat, status, price, admitted_at }) {
  const picture = status === "valid" && h("img", { alt: `QR code of the ticket for ${seatName(seat)}`, class: "qr", width: 220, height: 220 });
  if (picture) {
    blob(`tickets/${code}/qr.png`, mine).then((file) => (picture.src = URL.createObjectURL(file)),
      () => picture.replaceWith(notice("bad", "The code could not be loaded.", button("Try again", () => location.reload()))));
  }
  const swapped = exchanges.some((one) => one.status === "done" && one.swaps.some((swap) => swap.ticket === code));
  const state = status !== "valid" ? (swapped ? "Changed for another seat" : "Given back") : admitted_at && "Used";
  return h("li", { class: `ticket ${status}` }, picture, h("div", {}, h("b", { class: "seat-name" }, seatName(seat)),
    h("p", { class: "soft" }, `${seat.category} · ${money(price)}`), state && h("p", { class: "hot" }, state)));
}

const comesBack = () => Number(booking.amount_due_back) > 0 && goesBack(money(booking.amount_due_back), payments, Number(booking.amount_due_back));

const goodFirst = (one, other) => (other.status === "valid") - (one.status === "valid");
function confirmed() {
  const knob = button("Give tickets back", () => busily(knob, askToCancel), "plain");
  const where = keyOf(reference) ? "This device keeps them under My bookings." : "You find them under My bookings.";
  return [exchangeCard(), notice("good", `Enjoy the film! Show the code of each ticket at the door. ${where}`),
    comesBack() && notice("", comesBack()), h("ul", { class: "tickets" }, [...booking.tickets].sort(goodFirst).map(ticket)), papers(true),
    cost(), story(reference), h("div", { class: "actions" }, otherSeats(), knob)];
}

function over() {
  const { movie, id } = booking.showtime;
  if (booking.paid_too_late_at) return [tooLate(booking, payments, keepUp), story(reference)];
  const expired = booking.status === "expired";
  if (isWithTheBank() && !booking.confirmed_at) return expired ? withTheBank() : [stillOnItsWay(booking), story(reference)];
  const text = expired && paid ? `Your payment came after the time was up. If these seats are gone, ${money(booking.total)} go back by themselves.`
    : expired ? "The time to pay ran out and the seats are free again. Nothing was charged."
    : booking.showtime.status === "cancelled" ? `The cinema has cancelled this showing. ${comesBack() || "Nothing was charged."}`
    : booking.confirmed_at ? `You gave the tickets back. ${comesBack() || "By this cinema's rule nothing is returned."}`
    : "These seats were let go. Nothing was charged.";
  return [notice("", text, link(`/showing/${id}/`, "Choose seats again", "button main"), link(`/film/${movie.id}/`, "Other showings")),
    booking.confirmed_at && papers(false), story(reference)];
}

// Giving tickets back

const cancelling = `${address}cancel/`;
const comesBackFor = ({ seat, paid, back, kept_for }) => [h("dt", {}, seatName(seat), kept_for.map(({ detail }) => h("p", { class: "soft" }, detail))),
  h("dd", {}, paid === back ? money(back) : `${money(back)} of ${money(paid)}`)];

function offered({ tickets, back, back_already, kept, until }) {
  const total = [h("dt", { class: "total" }, "You get back"), h("dd", { class: "total" }, money(back))];
  const before = Number(back_already) > 0 ? `${money(back_already)} went back to you before, or your bank decides about it. ` : "";
  const rest = before + (Number(kept) > 0 ? `${money(kept)} are kept. ` : "");
  return [h("dl", { class: "lines" }, tickets.map(comesBackFor), total),
    h("p", { class: "soft" }, `${rest}Tickets are taken back until ${format.day(until)}, ${format.clock(until)}.`)];
}

async function askToCancel() {
  const dialog = $("#cancel");
  const choices = booking.tickets.filter((one) => one.status === "valid" && !one.admitted_at);
  const problem = h("p", { class: "error", role: "alert" });
  const back = h("div", { "aria-live": "polite" });
  const chosen = () => [...dialog.querySelectorAll("input:checked")].map((box) => box.value);
  const look = async () => {
    const tickets = chosen();
    problem.textContent = tickets.length ? "" : "Choose at least one ticket.";
    yes.disabled = true;
    if (!tickets.length) return fill(back);
    try {
      const answer = await get(`${cancelling}?tickets=${tickets}`, mine);
      if (`${tickets}` !== `${chosen()}`) return; // somebody clicked on meanwhile
      fill(back, offered(answer));
      yes.disabled = false;
    } catch (error) {
      fill(back);
      problem.textContent = error.message;
    }
  };
  const boxes = choices.map(({ code, seat, price }) =>
    h("label", { class: "check" }, h("input", { type: "checkbox", checked: true, value: code, onchange: look }), `${seatName(seat)}, ${money(price)}`));
  const giveBack = async () => {
    try {
      await post(cancelling, { tickets: chosen() }, mine);
      dialog.close();
      await keepUp();
      scrollTo(0, 0);
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  const yes = button("Give back", () => busily(yes, giveBack), "danger");
  const no = button("Keep my tickets", () => dialog.close());
  fill(dialog, h("h2", { id: "cancel-title" }, "Give tickets back?"), boxes, back, problem, h("div", { class: "actions" }, no, yes));
  await look();
  dialog.showModal();
}

// Keeping up with the server

const isOpen = () => booking.status === "pending" || Boolean(waiting());

const VIEWS = { pending, confirmed, cancelled: over, expired: over };

async function look() {
  const list = get(`payments/?booking=${reference}`, mine).then((answer) => answer.results, () => []);
  booking = await get(address, mine);
  payments = await list;
  exchanges = booking.confirmed_at ? (await get(`${address}exchange/`, mine)).results : [];
  if (booking.status === "confirmed" && paid && !waiting()) {
    paid = false;
    history.replaceState(null, "", here);
  }
  const state = JSON.stringify([booking, payments, exchanges, isLate()]);
  if (state === drawn || (paying && isOpen())) return;
  drawn = state;
  title(`${booking.showtime.movie.title}, booking ${reference}`);
  const code = h("p", { class: "soft small" }, "Booking ", h("b", { class: "reference" }, reference));
  fill(root, h("header", { class: "occasion" }, occasion(booking.showtime, code)), VIEWS[booking.status]());
}

/** Look now, and again as long as something is about to change. */
async function keepUp() {
  clearTimeout(next);
  let wait = 5000;
  try {
    await look();
    if (!isOpen() && !(paid && booking.status === "expired" && !booking.paid_too_late_at)) return;
    wait = paid ? 1500 : 10000;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // else the next turn may go better
  }
  next = setTimeout(keepUp, wait);
}

start(async () => {
  tidyAddress();
  try {
    await look();
  } catch (error) {
    if (error.status !== 404) throw error;
    const text = "It may belong to an account: sign in to see it. Booked as a guest? Open it on the device where you booked.";
    return dead("This booking can't be shown here", text, link(signInAddress(), "Sign in", "button main"), link("/my-bookings/", "My bookings"));
  }
  document.addEventListener("visibilitychange", () => document.hidden || keepUp());
  await keepUp();
});
