/** What happened to a booking, folded until somebody wants to know. */
import { get } from "./api.js";
import { fill, h, notice } from "./dom.js";
import * as format from "./format.js";

const entry = ({ at, detail, amount, currency }) => h("li", {},
  h("time", { datetime: at, class: "soft small" }, `${format.day(at)}, ${format.clock(at)}`),
  h("p", {}, detail, amount && ` ${format.money(amount, currency)}`));

export function story(reference) {
  const place = h("div", { role: "status" });
  const show = async ({ target }) => {
    if (!target.open) return;
    try {
      const entries = await get(`bookings/${reference}/timeline/`, { booking: reference });
      fill(place, h("ol", { class: "history" }, entries.map(entry)));
    } catch (error) {
      fill(place, notice("bad", error.message));
    }
  };
  return h("details", { ontoggle: show }, h("summary", {}, "What happened so far"), place);
}
