import { ApiError, changed, get, newKey, post, remove, session } from "../api.js";
import { $, busily, button, fill, go, h, link, notice, onSubmit, say, showErrors } from "../dom.js";
import * as format from "../format.js";
import { costLines, occasion, seatNames } from "../occasion.js";
import { drawSeats, legend } from "../seatmap.js";
import { dead, signInAddress, start, title } from "../shell.js";
import { dropBooking, keepBooking, keptBookings, recall, remember } from "../storage.js";

const id = Number(location.pathname.split("/")[2]);
const POLL = 4000;
const QUOTE_AFTER = 250;
const WANTED = `seats.${id}`;
const CLOSED = {
  cancelled: "This showing is cancelled.",
  started: "This showing has started.",
  not_yet_on_sale: "Tickets are not on sale yet.",
  sales_ended: "Online sales for this showing have ended. There may be tickets at the box office.",
};
const form = $("#checkout");
const typeOf = new Map(); // by the seat, whom it is for if not for an adult
let plan, map, etag, polling, later, asking;
let promo = "";
let sent = {};

const most = () => Number($("#sale").dataset.most);
const names = (seats) => seats.map((seat) => `${seat.row}${seat.number}`).join(", ");

function warn(text, ...actions) {
  fill($("#notice"), text && notice("bad", text, ...actions, button("OK", () => warn(""))));
}

// Whom the chosen seats are for

const TYPES = { adult: "Adult", child: "Child", senior: "Senior", student: "Student" };

/** A select beside each chosen seat, where this theater has other prices for others than adults. */
function whom(seat) {
  const { prices } = plan.categories.find((one) => one.id === seat.category);
  const options = Object.entries(prices).map(([type, price]) =>
    h("option", { value: type, selected: type === typeOf.get(seat.id) }, `${TYPES[type] ?? type}, ${format.money(price, plan.currency)}`));
  const chosen = ({ target }) => {
    typeOf.set(seat.id, target.value);
    askLater();
  };
  return h("label", { class: "whom" }, `Seat ${seat.row}${seat.number} `, h("select", { "data-seat": seat.id, onchange: chosen }, options));
}

const differs = () => plan.categories.some(({ prices }) => Object.keys(prices).length > 1);

function chosenSeat({ id }) {
  const type = typeOf.get(id) ?? "adult";
  return type === "adult" ? id : { seat: id, type };
}

// What the chosen seats cost

function choiceChanged() {
  const seats = map.chosen();
  remember(WANTED, seats.map((seat) => seat.id), "sessionStorage");
  $("#none").hidden = seats.length > 0;
  $("#details").hidden = $("#bar").hidden = !seats.length;
  $("#bar-text").textContent = `${format.count(seats.length, "seat")}: ${names(seats)}`;
  $("#hold").textContent = `Hold ${format.count(seats.length, "seat")}`;
  fill($("#whom"), differs() && seats.map(whom));
  askLater();
  if (!seats.length) fill($("#lines"));
}

function askLater() {
  clearTimeout(later);
  asking?.abort();
  if (map.chosen().length) later = setTimeout(quote, QUOTE_AFTER);
}

const choice = () => ({ showtime: id, seats: map.chosen().map(chosenSeat), promo_code: promo });

async function quote() {
  asking = new AbortController();
  try {
    const cost = await post("bookings/quote/", choice(), { signal: asking.signal });
    const total = format.money(cost.total, cost.currency);
    fill($("#lines"), costLines(cost));
    $("#bar-text").textContent = `${format.count(map.chosen().length, "seat")} · ${total}`;
    $("#hold").textContent = `${Number(cost.total) ? "Hold" : "Book"} ${format.count(map.chosen().length, "seat")} for ${total}`;
  } catch (error) {
    if (error.name !== "AbortError") refused(error);
  }
}

function applyPromo() {
  promo = $("#promo").value.trim();
  showErrors(form, null);
  return quote();
}

/** What the server said against our choice: say it where it belongs, and offer what can be done. */
function refused(error) {
  if (!(error instanceof ApiError)) throw error;
  const { alternative } = error.body;
  if (error.code === "seats_taken") {
    poll();
    return lost(map.take([...map.taken(), ...error.body.seats]), alternative);
  }
  if (alternative) return warn(error.message, instead(alternative));
  if (error.code === "sales_closed") return warn(error.message, link("/", "What is on", "button main"));
  if (error.code === "amount_not_payable") {
    fill($("#lines"));
    return warn(error.message);
  }
  if (error.status !== 400) return warn(error.message, button("Try again", quote));
  if (error.has("contact")) showGuest(true);
  if (error.has("promo_code")) {
    promo = "";
    quote();
  }
  return showErrors(form, error);
}

const are = (seats) => (seats.length > 1 ? "are" : "is");

function lost(seats, alternative) {
  if (!seats.length) return;
  choiceChanged();
  const gone = `Somebody was faster: ${names(seats)} ${are(seats)} taken now.`;
  if (alternative) {
    const others = map.named(alternative.seats.map((seat) => seat.seat ?? seat));
    return warn(`${gone} ${names(others)} ${are(others)} free at the same price.`, instead(alternative));
  }
  const rest = map.chosen();
  const kept = rest.length ? `${names(rest)} ${are(rest)} still free. ` : "";
  warn(`${gone} ${kept}Please choose again.`);
}

/** A button that holds what the server offers instead of our choice. */
function instead({ seats }) {
  const others = map.named(seats);
  return button(`Hold ${names(others)}`, () => {
    warn("");
    take(seats);
    busily($("#hold"), hold);
  }, "main");
}

function take(seats) {
  map.choose(seats);
  choiceChanged();
}

/** Choose the best seats that are left, and say what could not be had. */
async function best() {
  try {
    const found = await get(`showtimes/${id}/best-seats/?count=${$("#count").value}`);
    take(found.seats.map((seat) => seat.id));
    warn(found.gave_up.length ? found.detail : "");
    say(`Chosen for you: ${found.detail}`);
  } catch (error) {
    refused(error);
  }
}

/** Ask every few seconds which seats are left, while somebody looks at the page. */
async function poll() {
  clearTimeout(polling);
  if (document.hidden) return;
  try {
    const news = await changed(`showtimes/${id}/availability/`, etag);
    etag = news?.etag ?? etag;
    if (news) lost(map.take(news.data.taken));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // else the next turn may go better
  }
  clearTimeout(polling);
  polling = setTimeout(poll, POLL);
}

// Holding them

function showGuest(wanted) {
  $("#guest").hidden = $("#guest").disabled = !wanted;
  $("#me").hidden = wanted;
}

async function whoAmI() {
  $("#sign-in-here").href = signInAddress();
  const me = session() && (await get("auth/me/").catch(() => null));
  if (!me) return;
  $("#name").value = me.full_name;
  $("#phone").value = me.phone;
  $("#me").textContent = `Booking as ${me.full_name || me.username}, ${me.email}`;
  showGuest(!me.email);
}

async function hold() {
  promo = $("#promo").value.trim();
  showErrors(form, null);
  const contact = Object.fromEntries(["name", "email", "phone"].map((name) => [name, $(`#${name}`).value.trim()]));
  const body = $("#guest").hidden ? choice() : { ...choice(), contact };
  const text = JSON.stringify(body);
  if (sent.text !== text) sent = { text, key: newKey() };
  try {
    const booking = await post("bookings/", body, { idempotencyKey: sent.key });
    const key = session() ? "" : booking.access_key;
    keepBooking({ reference: booking.reference, showtime: id, held_until: booking.held_until, key });
    remember(WANTED, null, "sessionStorage");
    await go(`/booking/${booking.reference}/`);
  } catch (error) {
    if (error.status && error.status < 500) sent = {};
    refused(error);
  }
}

/** Seats that this device holds already look taken: say so, and lead on or let go. */
async function mine() {
  const kept = keptBookings().find((one) => one.showtime === id && format.countdown(one.held_until).seconds);
  const booking = kept && (await get(`bookings/${kept.reference}/`, { booking: kept.reference }).catch(() => null));
  if (booking?.status !== "pending") return;
  const letGo = button("Choose other seats", () => busily(letGo, async () => {
    await remove(`bookings/${kept.reference}/`, { booking: kept.reference }).catch(() => {});
    dropBooking(kept.reference);
    await go(location.href);
  }));
  const minutes = Math.ceil(format.countdown(booking.held_until).seconds / 60);
  fill($("#mine"), notice("good", `You are holding ${seatNames(booking)} for ${format.count(minutes, "more minute")}.`,
    link(`/booking/${kept.reference}/`, "Continue to payment", "button main"), letGo));
}

start(async () => {
  const showtime = await get(`showtimes/${id}/`);
  const { movie, sales } = showtime;
  title(`${movie.title}, seats`);
  fill($("#showtime"), occasion(showtime));
  if (!sales.open) {
    return dead(movie.title, CLOSED[sales.reason] ?? CLOSED.sales_ended, link(`/film/${movie.id}/`, "Other showings", "button main"));
  }
  [plan] = await Promise.all([get(`seats/?showtime=${id}`), mine(), whoAmI()]);
  $("#sale").hidden = false;
  fill($("#legend"), legend(plan, format.money));
  map = drawSeats($("#plan"), plan, {
    most,
    full: () => `One booking holds ${most()} seats at most.`,
    changed: () => (warn(""), choiceChanged()),
    refuse: (text) => (warn(text), say(text)),
  });
  take(recall(WANTED, "sessionStorage") ?? []);
  onSubmit($("#best"), best);
  $("#apply").addEventListener("click", applyPromo);
  $("#promo").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    applyPromo();
  });
  onSubmit(form, hold);
  new IntersectionObserver(([{ isIntersecting }]) => $("#bar").classList.toggle("away", isIntersecting)).observe($("#hold"));
  document.addEventListener("visibilitychange", poll);
  poll();
}, "This showing isn't here");
