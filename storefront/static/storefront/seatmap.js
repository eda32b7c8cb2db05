/** The seat plan: one button a seat, where the API says that it stands. */
import { button, fill, h, say } from "./dom.js";

const KINDS = { wheelchair: "wheelchair space", companion: "companion seat", couple: "couple seat" };
export const kindName = (seat) => KINDS[seat.kind] ?? "";

/** Whether dark letters are easier to read on `colour` (#rrggbb) than light ones. */
function isLight(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 130;
}

/**
 * Draw `plan` (an answer of seats/) into `place`. `changed()` is called when the choice changes,
 * `refuse(words)` when a seat can't be taken; `most()` seats may be chosen, and `full()` says so.
 * Answers the handle of the plan.
 */
export function drawSeats(place, plan, { most, full, changed, refuse }) {
  const categories = new Map(plan.categories.map((one) => [one.id, one]));
  const seats = plan.seats.map((seat) => ({ ...seat, taken: seat.status === "taken", chosen: false }));
  const byId = new Map(seats.map((seat) => [seat.id, seat]));
  const left = Math.min(...seats.map((seat) => seat.x)) - 1;
  const top = Math.min(...seats.map((seat) => seat.y));
  const columns = Math.max(...seats.map((seat) => seat.x)) - left + 1.3;

  const put = (element, x, y) => {
    element.style.setProperty("--x", x - left);
    element.style.setProperty("--y", y - top);
    return element;
  };

  function show(seat) {
    const { name } = categories.get(seat.category);
    const status = seat.chosen ? "chosen" : seat.taken ? "taken" : "free";
    const words = [`Row ${seat.row} seat ${seat.number}`, name, kindName(seat), `${seat.price} ${plan.currency}`, status];
    const label = words.filter(Boolean).join(", ");
    seat.button.dataset.status = status;
    seat.button.setAttribute("aria-pressed", seat.chosen);
    seat.button.setAttribute("aria-disabled", seat.taken);
    seat.button.setAttribute("aria-label", label);
    seat.button.title = label;
  }

  function press(seat) {
    const chosen = seats.filter((one) => one.chosen).length;
    if (seat.taken) return refuse(`Seat ${seat.row}${seat.number} is taken.`);
    if (!seat.chosen && chosen >= most()) return refuse(full());
    seat.chosen = !seat.chosen;
    show(seat);
    say(`Seat ${seat.row}${seat.number} ${seat.chosen ? "chosen" : "left"}.`);
    return changed();
  }

  for (const seat of seats) {
    const { colour } = categories.get(seat.category);
    seat.button = put(h("button", {
      type: "button", class: `seat ${seat.kind} ${isLight(colour) ? "light" : "deep"}`, tabindex: -1,
      "data-seat": seat.id, onfocus: () => stop(seat), onclick: () => { stop(seat); press(seat); },
    }, h("span", {}, String(seat.number))), seat.x, seat.y);
    seat.button.style.setProperty("--colour", colour);
    show(seat);
  }

  // One tab stop for the whole plan; the arrow keys lead from seat to seat.
  let here = seats.find((seat) => !seat.taken) ?? seats[0];
  const stop = (seat) => {
    here.button.tabIndex = -1;
    here = seat;
    seat.button.tabIndex = 0;
  };
  const nearest = (others, far) => others.sort((one, other) => far(one) - far(other))[0];
  const towards = {
    ArrowLeft: (s) => s.y === here.y && s.x < here.x && here.x - s.x,
    ArrowRight: (s) => s.y === here.y && s.x > here.x && s.x - here.x,
    ArrowUp: (s) => s.y < here.y && (here.y - s.y) * 100 + Math.abs(s.x - here.x),
    ArrowDown: (s) => s.y > here.y && (s.y - here.y) * 100 + Math.abs(s.x - here.x),
  };
  function move(event) {
    const far = towards[event.key];
    if (!far) return;
    event.preventDefault();
    const next = nearest(seats.filter(far), far);
    if (!next) return;
    stop(next);
    next.button.focus();
  }

  const rows = [...new Map(seats.map((seat) => [seat.row, seat])).values()];
  const labels = h("div", { class: "rows", "aria-hidden": true }, rows.map((seat) => put(h("span", {}, seat.row), left, seat.y)));
  const floor = h("div", { class: "floor", role: "group", "aria-label": "Seats", "aria-describedby": "plan-help", onkeydown: move },
    labels, seats.map((seat) => seat.button));
  const frame = h("div", { class: "frame", tabindex: -1 }, h("div", { class: "hall" }, h("div", { class: "canvas" }, "Screen"), floor));
  const zoom = button("Whole hall", () => {
    zoom.textContent = place.classList.toggle("small-seats") ? "Closer" : "Whole hall";
    middle();
  }, "plain zoom");
  const middle = () => (frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2);

  place.style.setProperty("--columns", columns);
  place.style.setProperty("--rows", Math.max(...seats.map((seat) => seat.y)) - top + 1);
  fill(place, frame, zoom);
  stop(here);
  const fit = () => {
    zoom.hidden = frame.scrollWidth <= frame.clientWidth && !place.classList.contains("small-seats");
  };
  new ResizeObserver(fit).observe(frame);
  middle();

  return {
    chosen: () => seats.filter((seat) => seat.chosen),
    /** Choose exactly these, as far as they are free, and bring them into view. */
    choose(ids) {
      const wanted = new Set(ids);
      for (const seat of seats) {
        const chosen = wanted.has(seat.id) && !seat.taken;
        if (seat.chosen === chosen) continue;
        seat.chosen = chosen;
        show(seat);
      }
      seats.find((seat) => seat.chosen)?.button.scrollIntoView({ block: "nearest", inline: "center" });
    },
    named: (ids) => ids.map((id) => byId.get(id)).filter(Boolean),
    /** Mark exactly these as taken; answers the chosen ones that are lost by it. */
    take(ids) {
      const taken = new Set(ids);
      const lost = seats.filter((seat) => seat.chosen && taken.has(seat.id));
      for (const seat of seats) {
        if (seat.taken === taken.has(seat.id)) continue;
        seat.taken = !seat.taken;
        seat.chosen &&= !seat.taken;
        show(seat);
      }
      return lost;
    },
    taken: () => seats.filter((seat) => seat.taken).map((seat) => seat.id),
  };
}

/** The categories with their colours and prices, and the marks that occur. */
export function legend(plan, money) {
  const swatch = (kind, colour) => {
    const element = h("span", { class: `swatch ${kind}`, "aria-hidden": true });
    if (colour) element.style.setProperty("--colour", colour);
    return element;
  };
  const used = new Set(plan.seats.map((seat) => seat.category));
  const kinds = [...new Set(plan.seats.map((seat) => seat.kind))].filter((kind) => KINDS[kind]);
  return [
    ...plan.categories.filter((one) => used.has(one.id)).map((one) =>
      h("li", {}, swatch("", one.colour), `${one.name} `, h("b", {}, money(one.price, plan.currency)))),
    ...kinds.map((kind) => h("li", {}, swatch(kind), KINDS[kind])),
    h("li", {}, swatch("taken"), "taken"),
  ];
}
