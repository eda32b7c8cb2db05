// What the board can say before the server is asked. The server says it again.

export const STEP = 5;
const SHORTEST_GAP = 60;
const OPENS = 6 * 60; // 09:00: before that nobody is offered a gap

export const snapped = (minute) => Math.round(minute / STEP) * STEP;
export const isThere = (show) => show.status !== "cancelled";

/** Those that are on the screen of `place` at the same time. */
export function clashes(day, place) {
  return day.showtimes.filter(
    (show) =>
      isThere(show) && show.id !== place.id && show.screen === place.screen &&
      show.at < place.until && show.until > place.at,
  );
}

/** Why `place` cannot be, as the server would say it; empty if it can. */
export function refusal(day, clock, place) {
  if (place.at < 0 || place.at >= day.minutes) return "That is on another day.";
  if (place.at <= day.now) return "That is in the past.";
  return taken(day, clock, place);
}

/** What else is on its screen, as the server would say it; empty if nothing is. */
export function taken(day, clock, place) {
  const [other] = clashes(day, place);
  if (!other) return "";
  const screen = day.screens.find((one) => one.id === other.screen);
  const cleaning = other.cleaning ? " with cleaning" : "";
  return `${screen.name} is taken by ${other.title} until ${clock.at(other.until)}${cleaning}.`;
}

/** Why `show` stays where it is; empty if it may move. */
export function stays(show, today) {
  if (show.status === "cancelled") return "It is cancelled.";
  if (show.sold) return `${show.sold === 1 ? "1 seat is" : `${show.sold} seats are`} taken, so it stays in its place.`;
  if (show.started) return "It has started.";
  return show.day === today ? "" : "It belongs to another day.";
}

/** Where `screen` is free: [{screen, at, until}], between nine in the morning and the day's end. */
export function gaps(day, screen) {
  const shows = day.showtimes.filter((show) => isThere(show) && show.screen === screen.id);
  const found = [];
  let free = Math.max(OPENS, Math.ceil((day.now + 1) / STEP) * STEP);
  for (const show of [...shows, { at: day.minutes, until: day.minutes, last: true }]) {
    const starts = Math.ceil(free / STEP) * STEP;
    // What begins before three may end after it.
    const next = show.last ? shows.find((one) => one.at >= day.minutes)?.at ?? day.minutes + 180 : show.at;
    const until = Math.min(next, show.last ? day.minutes + 180 : show.at);
    if (starts < day.minutes && until - starts >= SHORTEST_GAP) {
      found.push({ screen: screen.id, at: starts, until });
    }
    if (show.at >= day.minutes) break;
    free = Math.max(free, show.until);
  }
  return found;
}
