/** What the page knows: the hall, which never changes, who has which seat now, and what is chosen. */

const STATES = ["state", "booking", "block", "until", "admitted"];

export class Showtime extends EventTarget {
  constructor(facts) {
    super();
    this.facts = facts;
    this.seats = new Map(facts.seats.map(([id, row, number, x, y, kind, category]) => [id, {
      id, row, number, x, y, kind, label: `${row}${number}`, category: facts.categories[category], state: "free",
    }]));
    this.rows = rowsOf([...this.seats.values()]);
    this.selection = new Set();
    this.shown = new Set();
    this.filter = "";
    this.cursor = this.rows[0]?.seats[0] ?? null;
    this.anchor = this.cursor;
    this.now = null;
    // How far our clock is behind the server's, in milliseconds.
    this.skew = 0;
  }

  /** Hear how it stands; tells `change`, and `news` with what is another than before. */
  take(now) {
    const first = !this.now;
    this.now = now;
    const changed = [];
    for (const seat of this.seats.values()) {
      const is = { state: "free", ...now.seats[seat.id] };
      if (is.state === "sold" && is.admitted) is.state = "admitted";
      const was = seat.is ?? { state: "free" };
      if (STATES.some((name) => (was[name] ?? "") !== (is[name] ?? ""))) changed.push({ seat, was, is });
      seat.is = is;
      seat.state = is.state;
    }
    for (const id of this.selection) if (!this.mayBeChosen(this.seats.get(id))) this.selection.delete(id);
    this.tell();
    if (!first && changed.length) this.dispatchEvent(new CustomEvent("news", { detail: changed }));
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  /** To be blocked or freed: of a showtime that is cancelled nothing is. */
  mayBeChosen = (seat) => this.now?.status !== "cancelled" && ["free", "blocked"].includes(seat.state);

  select(ids) {
    this.selection = new Set([...ids].filter((id) => this.mayBeChosen(this.seats.get(id))));
    this.tell();
  }

  get chosen() {
    return [...this.selection].map((id) => this.seats.get(id));
  }

  bookingOf = (seat) => this.now?.bookings[seat.is?.booking];
  blockOf = (seat) => this.now?.blocks[seat.is?.block];

  /** How many seconds a hold still has. */
  secondsLeft(until) {
    return Math.max(Math.ceil((Date.parse(until) - Date.now() - this.skew) / 1000), 0);
  }

  moveTo(seat, { keepAnchor = false } = {}) {
    if (!seat) return;
    this.cursor = seat;
    if (!keepAnchor) this.anchor = seat;
    this.dispatchEvent(new Event("cursor"));
  }
}

/** The rows from the screen on, each with its seats from left to right. */
function rowsOf(seats) {
  const groups = Map.groupBy ? Map.groupBy(seats, (seat) => seat.row) : grouped(seats);
  const rows = [...groups].map(([label, list]) => ({
    label, seats: list.sort((one, other) => one.x - other.x), y: list.reduce((sum, seat) => sum + seat.y, 0) / list.length,
  }));
  return rows.sort((one, other) => one.y - other.y);
}

function grouped(seats) {
  const groups = new Map();
  for (const seat of seats) groups.set(seat.row, [...(groups.get(seat.row) ?? []), seat]);
  return groups;
}
