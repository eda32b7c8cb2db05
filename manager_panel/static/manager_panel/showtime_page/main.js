/** The page of a showtime: what belongs to what. */
import { $, facts, say } from "../dom.js";
import { BookingPanel } from "./booking.js";
import { callOff } from "./calling_off.js";
import { showCards } from "./card.js";
import { followChoice } from "./chosen.js";
import { showFigures, tellNews } from "./figures.js";
import { find } from "./find.js";
import { follow } from "./hands.js";
import { Live, whyAnew } from "./live.js";
import { Plan } from "./plan.js";
import { Showtime } from "./state.js";
import { described } from "./words.js";

const showtime = new Showtime(facts());
const stage = $("#stage");
const plan = new Plan($("#plan"), showtime);
const live = new Live(showtime, showtime.facts.addresses.now);
const panel = new BookingPanel(showtime, live, plan);
const openReference = (reference, options) => panel.open(reference, options);

follow(plan, showtime, {
  open: (seat, { byKeys }) => (seat.is?.booking ? openReference(seat.is.booking, { focus: byKeys }) : say(`${described(showtime, seat)}.`)),
});
const card = showCards(plan, showtime);
showFigures(showtime);
tellNews(showtime, { openReference });
followChoice(showtime, live);
find(showtime, { openReference });
const calling = callOff(showtime, live);

showtime.addEventListener("change", () => {
  const { status, closed } = showtime.now ?? {};
  $("#sale").hidden = !status;
  $("#sale").dataset.status = closed && status !== "cancelled" ? "closed" : status;
  $("#sale").textContent = status === "cancelled" ? "Cancelled" : closed || "On sale";
});
setInterval(() => {
  plan.tick();
  panel.tick();
  card();
  calling.show();
}, 1000);
new ResizeObserver(() => plan.fit(stage)).observe(stage);
stage.addEventListener("scroll", () => plan.keepLetters(stage), { passive: true });
plan.fit(stage);
// After the window is brought back the browser may show us as we were.
addEventListener("pageshow", (event) => event.persisted && live.look());

stage.scrollLeft = (stage.scrollWidth - stage.clientWidth) / 2;
await live.look();
const asked = new URLSearchParams(location.search);
if (asked.get("booking")) await openReference(asked.get("booking"));
if (asked.get("do") === "cancel" && showtime.now && showtime.now.status !== "cancelled") {
  // Who loads the page again is not asked again.
  history.replaceState(null, "", location.pathname);
  await calling.begin();
}
const why = whyAnew();
if (why) say(why);
$("#showtime").dataset.ready = "true";
