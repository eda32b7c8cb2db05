/** A booking whose money came when its seats were gone: where it is now, and what else there is. */
import { ApiError, get, newKey, post, session } from "./api.js";
import { busily, button, go, h, link, notice } from "./dom.js";
import * as format from "./format.js";
import { keepBooking } from "./storage.js";

const sum = (refunds, ...statuses) => refunds.filter((one) => statuses.includes(one.status)).reduce((all, one) => all + Number(one.amount), 0);

/** What to say of `amount`, which is `due` back: whether it has left already, or did not arrive. */
export function goesBack(amount, payments, due) {
  const refunds = payments.flatMap((one) => one.refunds);
  const gone = sum(refunds, "succeeded");
  const all = due - 0.0005;
  if (sum(refunds, "failed") && gone + sum(refunds, "pending", "sent") < all) {
    return `We tried to send ${amount} back the way you paid, but ${gone ? "not all of it arrived" : "it did not arrive"}. The cinema has been told: it will try again or be in touch with you.`;
  }
  const words = gone > all ? `We have sent ${amount} back the way you paid.` : `${amount} go back the way you paid, by themselves.`;
  return `${words} Banks take a few days for it.`;
}

const GONE = "The cinema has cancelled this showing: please do not come for it.";

/** A booking that was let go, or called off, while a bank worked on its payment: nobody can stop it. */
export function stillOnItsWay({ showtime, total, currency }) {
  const why = showtime.status === "cancelled" ? GONE : "You have let these seats go.";
  const money = `Your bank is still working on the payment: if your ${format.money(total, currency)} arrive all the same, they go back by themselves.`;
  return notice("", `${why} ${money}`, link(`/film/${showtime.movie.id}/`, "Other showings"));
}

/** What to say, and one button that holds other seats; `changed()` looks at the booking again. */
export function tooLate(booking, payments, changed) {
  const { movie, id, status } = booking.showtime;
  const back = goesBack(format.money(booking.total, booking.currency), payments, Number(booking.total));
  const why = status === "cancelled" ? GONE
    : booking.status === "cancelled" ? "You had let these seats go before your payment came."
    : "Your payment came too late: the seats were gone.";
  const other = booking.alternative && takeInstead(booking, changed);
  return notice("", `${why} ${back}`, other,
    status !== "cancelled" && link(`/showing/${id}/`, "Choose seats again", other ? "button" : "button main"),
    link(`/film/${movie.id}/`, "Other showings"));
}

/** One button that holds the nearest free seats; it says which as soon as it knows. */
function takeInstead({ alternative, reference }, changed) {
  const { showtime, seats } = alternative;
  const ids = seats.map((one) => one.seat ?? one);
  const key = newKey();
  const hold = async () => {
    try {
      const made = await post("bookings/", alternative, { booking: reference, idempotencyKey: key });
      keepBooking({ reference: made.reference, showtime, held_until: made.held_until, key: session() ? "" : made.access_key });
      await go(`/booking/${made.reference}/`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await changed();
      document.querySelector("#booking").prepend(h("p", { class: "error", role: "alert" }, error.message));
    }
  };
  const take = button(`Hold ${format.count(ids.length, "other seat")}`, () => busily(take, hold), "main");
  const name = (plan) => {
    const chosen = plan.seats.filter((seat) => ids.includes(seat.id)).map((seat) => `${seat.row}${seat.number}`);
    take.textContent = `Hold ${chosen.join(", ")} instead`;
  };
  get(`seats/?showtime=${showtime}`).then(name, () => {});
  return take;
}
