/** An exchange of seats: what it costs, and the one that waits to be paid. */
import { h } from "./dom.js";
import * as format from "./format.js";

const place = (seat) => `${seat.row}${seat.number}`;

/** Old and new seats with their prices, what changes line by line, and the difference. */
export function exchangeLines({ swaps, lines, difference, currency }) {
  const money = (amount) => format.money(amount, currency);
  const seat = ({ old_seat, old_price, new_seat, new_price }) => h("li", {},
    h("b", {}, `${place(old_seat)} → ${place(new_seat)}`), ` ${old_seat.category}, ${money(old_price)} → ${new_seat.category}, ${money(new_price)}`);
  const line = (text, amount, kind) => [h("dt", { class: kind }, text), h("dd", { class: kind }, money(amount))];
  const more = Number(difference);
  const words = more > 0 ? "To pay" : more < 0 ? "You get back" : "No difference";
  return [h("ul", { class: "plain-list swaps" }, swaps.map(seat)),
    h("dl", { class: "lines" }, lines.map((one) => line(one.description, one.amount)), line(words, Math.abs(more), "total"))];
}

/** What the button that says yes to an exchange says. */
export function yesTo({ difference, currency }) {
  const more = Number(difference);
  const money = format.money(Math.abs(more), currency);
  return more > 0 ? `Change seats and pay ${money}` : more < 0 ? `Change seats and get ${money} back` : "Change seats";
}

/** The seats that are wanted instead, as A1 → B1, A2 → B2. */
export const swapNames = ({ swaps }) =>
  swaps.map(({ old_seat, new_seat }) => `${place(old_seat)} → ${place(new_seat)}`).join(", ");
