// Small tools for making elements.

/** An element with attributes (false and null leave one out) and children, text or elements. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "style") for (const [key, one] of Object.entries(value)) element.style.setProperty(key, one);
    else if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** 1 showtime, 2 showtimes. */
export const counted = (number, noun) => `${number.toLocaleString("en-GB")} ${noun}${number === 1 ? "" : "s"}`;

/** 2 h 20, 45 min. */
export function span(minutes) {
  const whole = Math.floor(minutes);
  if (whole < 60) return `${whole} min`;
  return whole % 60 ? `${Math.floor(whole / 60)} h ${whole % 60}` : `${whole / 60} h`;
}

/** The day so many days after `day` (2026-11-21). */
export function later(day, days) {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export const weekday = (day) => new Date(`${day}T12:00:00Z`).getUTCDay();

/** Sat 28 Nov */
export function short(day) {
  const options = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" };
  return new Date(`${day}T12:00:00Z`).toLocaleDateString("en-GB", options).replace(",", "");
}
