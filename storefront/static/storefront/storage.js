/**
 * What this device remembers. Where the browser keeps nothing for us, this page alone does.
 *
 * The session is in localStorage, not in memory or sessionStorage: every page is a document of its
 * own, and all tabs must share one refresh token, since each can be used only once. What guards it
 * is that no foreign script runs here (the Content-Security-Policy) and that nothing is ever
 * inserted as HTML.
 */
const PREFIX = "marquee.";
const memory = new Map();

export function recall(name, store = "localStorage") {
  try {
    return JSON.parse(window[store].getItem(PREFIX + name)) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

export function remember(name, value, store = "localStorage") {
  memory.set(name, value);
  try {
    if (value === null) window[store].removeItem(PREFIX + name);
    else window[store].setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Storage is switched off or full.
  }
}

const MOST_BOOKINGS = 20;

/** The bookings made here, the newest first: `{reference, showtime, held_until, key}`. */
export const keptBookings = () => recall("bookings") ?? [];

export const keyOf = (reference) =>
  keptBookings().find((one) => one.reference === reference)?.key ?? "";

export function keepBooking(booking) {
  const others = keptBookings().filter((one) => one.reference !== booking.reference);
  remember("bookings", [booking, ...others].slice(0, MOST_BOOKINGS));
}

export function dropBooking(reference) {
  remember("bookings", keptBookings().filter((one) => one.reference !== reference));
}
