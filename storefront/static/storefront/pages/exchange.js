import { ApiError, get, newKey, post } from "../api.js";
import { $, busily, fill, go, h, link, notice, say } from "../dom.js";
import { exchangeLines, yesTo } from "../exchange.js";
import * as format from "../format.js";
import { occasion } from "../occasion.js";
import { drawSeats, legend } from "../seatmap.js";
import { dead, signInAddress, start, title } from "../shell.js";

const reference = location.pathname.split("/")[2].toUpperCase();
const mine = { booking: reference };
const address = `bookings/${reference}/`;
const home = `/booking/${reference}/`;
const yes = $("#yes");
let tickets, map, asking;
let sent = {};

const warn = (text) => fill($("#notice"), text && notice("bad", text));
const seatName = (seat) => `Row ${seat.row}, seat ${seat.number}`;

function chosenTickets() {
  const codes = new Set([...document.querySelectorAll("#tickets input:checked")].map((box) => box.value));
  return tickets.filter((one) => codes.has(one.code));
}

/** The tickets that are chosen, each with one of the chosen seats; null until there are as many. */
function wishes() {
  const [old, seats] = [chosenTickets(), map.chosen()];
  if (!old.length || old.length !== seats.length) return null;
  return { swaps: old.map(({ code }, at) => ({ ticket: code, seat: seats[at].id })) };
}

/** Ask what it would cost as soon as there is a seat for each ticket; say what is missing till then. */
async function choiceChanged() {
  asking?.abort();
  yes.hidden = true;
  fill($("#cost"));
  const body = wishes();
  const [old, seats] = [chosenTickets().length, map.chosen().length];
  $("#todo").textContent = body ? "" : !old ? "Choose the tickets that you want other seats for."
    : seats > old ? `You chose ${format.count(seats, "seat")} for ${format.count(old, "ticket")}: leave some.`
    : `Choose ${format.count(old - seats, seats ? "more seat" : "seat")} on the plan.`;
  if (!body) return;
  asking = new AbortController();
  try {
    const cost = await post(`${address}exchange/quote/`, body, { ...mine, signal: asking.signal });
    fill($("#cost"), exchangeLines(cost));
    yes.textContent = yesTo(cost);
    yes.hidden = false;
  } catch (error) {
    if (error.name !== "AbortError") refused(error);
  }
}

function refused(error) {
  if (!(error instanceof ApiError)) throw error;
  if (error.code === "seats_taken") {
    map.take([...map.taken(), ...error.body.seats]);
    choiceChanged();
  }
  warn(error.message);
}

async function exchange() {
  const body = wishes();
  const text = JSON.stringify(body);
  if (sent.text !== text) sent = { text, key: newKey() };
  try {
    await post(`${address}exchange/`, body, { ...mine, idempotencyKey: sent.key });
    await go(home);
  } catch (error) {
    if (error.status && error.status < 500) sent = {};
    refused(error);
  }
}

function showTickets() {
  const only = tickets.length === 1;
  fill($("#tickets"), tickets.map(({ code, seat, price, currency }) => h("label", { class: "check" },
    h("input", { type: "checkbox", value: code, checked: only, onchange: () => (warn(""), choiceChanged()) }),
    `${seatName(seat)}, ${seat.category}, ${format.money(price, currency)}`)));
}

start(async () => {
  let booking;
  try {
    booking = await get(address, mine);
  } catch (error) {
    if (error.status !== 404) throw error;
    return dead("This booking can't be shown here", "It may belong to an account: sign in to see it.", link(signInAddress(), "Sign in", "button main"));
  }
  tickets = booking.tickets.filter((one) => one.status === "valid" && !one.admitted_at);
  if (!tickets.length) return dead("There are no tickets to change", "Seats are changed once they are paid, and before they are used.", link(home, "Back to the booking", "button main"));
  title(`${booking.showtime.movie.title}, other seats`);
  fill($("#showtime"), occasion(booking.showtime, h("p", {}, link(home, "Keep my seats", ""))));
  const plan = await get(`seats/?showtime=${booking.showtime.id}`);
  $("#change").hidden = false;
  fill($("#legend"), legend(plan, format.money));
  map = drawSeats($("#plan"), plan, {
    most: () => Math.max(1, chosenTickets().length),
    full: () => "There is a seat for each ticket that you chose. Leave one first, or choose another ticket.",
    changed: () => (warn(""), choiceChanged()),
    refuse: (text) => (warn(text), say(text)),
  });
  showTickets();
  yes.addEventListener("click", () => busily(yes, exchange));
  await choiceChanged();
}, "This booking isn't here");
