// The theater's wall clock on one cinema day. Minutes count from its beginning, as they go by.

const DAY = 1440;
const digits = (number) => String(number).padStart(2, "0");

export class Clock {
  constructor(day) {
    this.begins = Date.parse(day.begins_at);
    this.minutes = day.minutes;
    this.parts = day.clock;
  }

  /** What the clock shows at `minute`: 20:15. */
  at(minute) {
    const part = this.parts.findLast((one) => one.from <= minute) ?? this.parts[0];
    const shows = (((part.shows + Math.floor(minute) - part.from) % DAY) + DAY) % DAY;
    return `${digits(Math.floor(shows / 60))}:${digits(shows % 60)}`;
  }

  /** When it shows `text` (20:15) for the first time this day; null if the clocks skip that. */
  when(text) {
    const [hours, minutes] = text.split(":").map(Number);
    const wanted = hours * 60 + minutes;
    if (Number.isNaN(wanted)) return null;
    for (const [index, part] of this.parts.entries()) {
      const end = Math.min(this.parts[index + 1]?.from ?? this.minutes, this.minutes);
      const minute = part.from + ((wanted - part.shows + DAY) % DAY);
      if (minute < end) return minute;
    }
    return null;
  }

  /** The moment, as the server understands it. */
  moment(minute) {
    return new Date(this.begins + minute * 60_000).toISOString();
  }

  /** The full hours: minutes and what the clock shows. */
  hours() {
    const found = [];
    for (let minute = 0; minute <= this.minutes; minute += 15) {
      const shows = this.at(minute);
      if (shows.endsWith(":00")) found.push([minute, shows]);
    }
    return found;
  }
}
