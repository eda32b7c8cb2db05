/** What people read: times by the theater's own clock, money in its currency, days by their names. */
import { now } from "./api.js";

const LOCALE = "en-GB";
const CINEMA_DAY_STARTS = 3 * 3600 * 1000; // the 00:30 show belongs to the evening before

// The API's times carry the theater's offset, so what is written before it is the clock on the wall
// there. It is read as if it were UTC and never converted to the zone of the phone.
const wall = (iso) => new Date(`${iso.slice(0, 19).padEnd(19, "T00:00:00")}Z`);
const written = (how) => {
  const format = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", ...how });
  return (iso) => format.format(wall(iso));
};

export const clock = written({ hour: "2-digit", minute: "2-digit", hour12: false });
export const day = written({ weekday: "short", day: "numeric", month: "short" });
export const longDay = written({ weekday: "long", day: "numeric", month: "long" });
export const date = written({ day: "numeric", month: "long", year: "numeric" });

/** The cinema day that it is now in `zone`, as 2026-11-21. */
export const today = (zone) =>
  new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(now() - CINEMA_DAY_STARTS);

/** Today, Tomorrow or Sat 21 Nov; only the last where no `zone` says when today is. */
export function dayName(iso, zone) {
  if (!zone) return day(iso);
  const away = Math.round((wall(iso) - wall(today(zone))) / 86400000);
  return ["Today", "Tomorrow"][away] ?? day(iso);
}

export const money = (amount, currency) =>
  new Intl.NumberFormat(LOCALE, { style: "currency", currency, currencyDisplay: "narrowSymbol" }).format(amount);

export function duration(minutes) {
  const hours = Math.floor(minutes / 60);
  return [hours && `${hours} h`, minutes % 60 && `${minutes % 60} min`].filter(Boolean).join(" ");
}

/** Minutes and seconds until `iso`, as 9:05; never below 0:00. */
export function countdown(iso) {
  const seconds = Math.max(0, Math.ceil((Date.parse(iso) - now()) / 1000));
  return { seconds, text: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` };
}

const languages = new Intl.DisplayNames("en", { type: "language" });
export function language(tag) {
  try {
    return languages.of(tag);
  } catch {
    return tag;
  }
}

const FORMATS = { "2d": "2D", "3d": "3D", imax: "IMAX", imax_3d: "IMAX 3D", dolby: "Dolby Cinema", "70mm": "70 mm" };

/** IMAX · German · English subtitles */
export const version = (showtime) =>
  [
    FORMATS[showtime.format] ?? showtime.format,
    language(showtime.language),
    showtime.subtitles && `${language(showtime.subtitles)} subtitles`,
  ].filter(Boolean).join(" · ");

export const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
