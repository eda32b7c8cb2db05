/** What is done with seats that are chosen: kept back with a reason and until when, or put on sale again. */
import { $, busily, fill, h, isNowhere, many, say } from "../dom.js";
import { tell } from "../server.js";
import { firstCome, labels, seatsChosen } from "./words.js";

const HEADING = 80; // px
const BEFORE = [15, 30, 60, 120, 24 * 60];

export function followChoice(showtime, live) {
  const panel = $("#chosen");
  const form = $("#block");
  const { freed, when, kind, note } = form.elements;
  const error = $(".error", panel);
  const free = $('[data-do="free"]', panel);

  freed.addEventListener("change", () => { $(".when", form).hidden = freed.value !== "at"; });
  $('[data-do="clear"]', panel).addEventListener("click", () => {
    showtime.select([]);
    toThePlan();
  });
  showtime.addEventListener("change", show);

  /** The panel is gone: the keyboard goes on where the seats are. */
  const toThePlan = () => isNowhere() && $("#plan [tabindex='0']")?.focus({ preventScroll: true });

  function offerTimes() {
    const left = (Date.parse(showtime.facts.startsAt) - Date.now()) / 60000;
    const clock = new Intl.DateTimeFormat("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit", timeZone: showtime.facts.zone });
    const times = BEFORE.filter((minutes) => minutes < left).map((minutes) => {
      const at = clock.format(new Date(Date.parse(showtime.facts.startsAt) - minutes * 60000));
      return h("option", { value: minutes }, `${span(minutes)} before, ${at}`);
    });
    fill(freed, h("option", { value: "" }, "Never"), times, left > 0 && h("option", { value: "at" }, "At another time …"));
    when.max = showtime.facts.starts;
    when.value = showtime.facts.starts;
  }

  // On a phone what can be done with them is below the plan.
  const way = $("#to-chosen");
  way.addEventListener("click", () => panel.scrollIntoView({ block: "center" }));
  const showWay = () => { way.hidden = panel.hidden || panel.getBoundingClientRect().top < innerHeight - HEADING; };
  addEventListener("scroll", showWay, { capture: true, passive: true });

  let known = "";
  function show() {
    const seats = showtime.chosen;
    // The page may have been open for hours.
    if (seats.length && panel.hidden) offerTimes();
    panel.hidden = !seats.length;
    showWay();
    way.textContent = `${many(seats.length, "seat")} chosen: what now?`;
    const ids = seats.map((seat) => seat.id).join();
    if (ids !== known) error.textContent = "";
    known = ids;
    if (!seats.length) return;
    const blocked = seats.filter((seat) => seat.state === "blocked");
    const open = seats.filter((seat) => seat.state === "free");
    $("#chosen-title").textContent = seatsChosen(seats);
    $("#chosen-hint").textContent = blocked.length ? reasons(blocked) : "";
    form.hidden = !open.length;
    $("button", form).textContent = `Block ${many(open.length, "seat")}`;
    free.parentElement.hidden = !blocked.length;
    free.textContent = `Put ${many(blocked.length, "blocked seat")} on sale again`;
  }

  function reasons(blocked) {
    const blocks = new Map();
    for (const seat of blocked) blocks.set(seat.is.block, [...(blocks.get(seat.is.block) ?? []), seat]);
    return [...blocks].map(([id, seats]) => {
      const { why, note: words, freed: at, by } = showtime.now.blocks[id] ?? {};
      return `${labels(seats)}: ${[why, words, at ? `free again ${at}` : "until somebody frees them", by && `by ${by}`].filter(Boolean).join(", ")}.`;
    }).join(" ");
  }

  const minutesBefore = () => {
    if (freed.value !== "at") return freed.value ? Number(freed.value) : null;
    return Math.round((Date.parse(`${showtime.facts.starts}Z`) - Date.parse(`${when.value}Z`)) / 60000);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const minutes = minutesBefore();
    if (Number.isNaN(minutes) || minutes < 0) return fail("Say a time before the start.");
    const seats = showtime.chosen.filter((seat) => seat.state === "free");
    const body = { seats: seats.map((seat) => seat.id), kind: kind.value, note: note.value.trim(), freed_minutes_before: minutes };
    return done($("button", form), "block", body, `${labels(seats)} blocked.`);
  });
  free.addEventListener("click", () => {
    const seats = showtime.chosen.filter((seat) => seat.state === "blocked");
    return done(free, "free", { seats: seats.map((seat) => seat.id) }, `${labels(seats)} on sale again.`);
  });

  const done = (knob, what, body, words) => busily(knob, async () => {
    try {
      live.hear(await tell(showtime.facts.addresses[what], body));
      showtime.select([]);
      note.value = "";
      say(words);
      toThePlan();
    } catch (refusal) {
      const lost = (refusal.answer?.seats ?? []).map((id) => showtime.seats.get(id)).filter(Boolean);
      await live.look();
      fail(lost.length ? `Somebody was faster. ${firstCome(showtime, lost)} Nothing was blocked; the others are still chosen.` : refusal.message);
    }
  });

  function fail(words) {
    panel.hidden = false;
    error.textContent = words;
  }
}

const span = (minutes) => (minutes < 60 ? `${minutes} minutes` : minutes === 60 ? "1 hour" : minutes < 1440 ? `${minutes / 60} hours` : "1 day");
