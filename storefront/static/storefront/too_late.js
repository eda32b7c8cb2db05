/** A booking whose money came when its seats were gone: where it is now, and what else there is. */
import { ApiError, get, newKey, post, session } from "./api.js";
import { busily, button, go, h, link, notice } from "./dom.js";
import * as format from "./format.js";
import { keepBooking } from "./storage.js";

/** What to say, and one button that holds other seats; `changed()` looks at the booking again. */
export function tooLate(booking, payments, changed) {
  const { movie, id, status } = booking.showtime;
  const refunds = payments.flatMap((one) => one.refunds);
  const isBack = refunds.length > 0 && refunds.every((one) => one.status === "succeeded");
  const amount = format.money(booking.total, booking.currency);
  const why = status === "cancelled" ? "The cinema has cancelled this showing." : "Your payment came too late: the seats were gone.";
  const back = isBack ? `We have sent ${amount} back to the card that you paid with.` : `${amount} go back to the card that you paid with, by themselves.`;
  const other = booking.alternative && takeInstead(booking, changed);
  return notice("", `${why} ${back} Banks take a few days for it.`, other,
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
