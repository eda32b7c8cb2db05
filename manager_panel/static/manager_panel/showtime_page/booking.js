/** One booking beside the plan: who, which seats, the money, what happened, and what can be done. */
import { $, busily, fill, h, many, say } from "../dom.js";
import { ask, tell } from "../server.js";
import { cancelForm } from "./giving_back.js";
import { STATUS, clock } from "./words.js";

export class BookingPanel {
  constructor(showtime, live, plan) {
    Object.assign(this, { showtime, live, plan, panel: $("#booking"), reference: null });
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") (this.room.children.length ? this.putAway : this.close)();
    });
    showtime.addEventListener("news", ({ detail }) => this.reference && this.concerns(detail) && this.reload());
  }

  address = (reference, what = "") => this.showtime.facts.addresses.booking.replace("REFERENCE", reference) + what;

  concerns = (changes) => changes.some(({ was, is }) => [was.booking, is.booking].includes(this.reference));

  /** Show it; with `focus` the keyboard goes there. */
  async open(reference, { focus = true } = {}) {
    this.reference = reference;
    this.showtime.select([]);
    this.from = document.activeElement;
    say(`Looking up ${reference} …`);
    try {
      const booking = await ask(this.address(reference));
      // Over a slow line somebody has pressed another seat meanwhile.
      if (reference !== this.reference) return undefined;
      this.show(booking);
      this.live.look();
      say("");
    } catch (refusal) {
      if (reference !== this.reference) return undefined;
      say(refusal.status === 404 ? "There is no such booking here, or you may not see it." : refusal.message);
      return this.close();
    }
    remember(reference);
    if (focus) $("h3", this.panel).focus({ preventScroll: true });
    if (matchMedia("(max-width: 860px)").matches) this.panel.scrollIntoView({ block: "start" });
    return undefined;
  }

  async reload() {
    const reference = this.reference;
    const booking = await ask(this.address(reference)).catch(() => null);
    // Who is about to cancel tickets is told by the refusal.
    const idle = reference === this.reference && !this.room.children.length;
    if (booking && idle && JSON.stringify(booking) !== JSON.stringify(this.booking)) this.showInPlace(booking);
  }

  /** The same booking with its news: the keyboard stays where it is. */
  showInPlace(booking) {
    const knobs = () => [...this.panel.querySelectorAll("a, button, summary, h3")];
    const at = knobs().indexOf(document.activeElement);
    this.show(booking);
    knobs()[at]?.focus({ preventScroll: true });
  }

  close = () => {
    const back = this.panel.contains(document.activeElement);
    this.reference = null;
    remember("");
    this.panel.hidden = true;
    this.highlight([]);
    if (back) (this.from?.isConnected && this.from !== document.body ? this.from : this.plan.stop)?.focus();
  };

  highlight(ids) {
    this.showtime.shown = new Set(ids);
    this.showtime.tell();
  }

  show(booking) {
    this.booking = booking;
    this.panel.hidden = false;
    this.left = h("strong", {});
    this.error = h("p", { class: "error", role: "alert" });
    this.room = h("div", { class: "asked" });
    fill(this.panel, this.head(booking), this.people(booking), this.hold(booking), this.tickets(booking), this.error, this.actions(booking), this.room,
      this.money(booking), folded("What happened", booking.story, (one) => [h("time", {}, one.at), h("span", {}, one.what), one.amount && h("span", { class: "sum" }, one.amount)], { open: true }),
      folded("Mails", booking.letters, (one) => [h("time", {}, one.at), h("span", {}, one.what), h("span", { class: "sum" }, one.state)]));
    this.highlight(booking.seats);
    this.tick();
  }

  tick() {
    if (this.booking?.until && !this.panel.hidden) this.left.textContent = clock(this.showtime.secondsLeft(this.booking.until));
  }

  head = ({ reference, status }) => h("header", {},
    h("h3", { id: "booking-title", tabindex: -1 }, "Booking ", h("code", {}, reference)),
    h("span", { class: "chip", "data-status": status }, STATUS[status]),
    h("button", { type: "button", class: "quiet", "aria-label": "Close the booking", onclick: this.close }, "✕"));

  people = ({ name, email, phone, account, booked, disputed }) => h("div", { class: "people" },
    h("p", { class: "who" }, name || email || "No name"),
    phone && h("p", {}, h("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}` }, phone)),
    email && h("p", {}, h("a", { href: `mailto:${email}` }, email)),
    h("p", { class: "hint" }, [`Booked ${booked}`, account ? `account ${account}` : "as a guest"].join(", ")),
    disputed && h("p", { class: "error" }, "The bank has the money back, or is about to: ask at the door."));

  hold = ({ until }) => until && h("p", { class: "held" }, "Held for ", this.left, " more.");

  tickets = ({ tickets }) => tickets.length > 0 && h("ul", { class: "tickets", "aria-label": "Tickets" }, tickets.map((one) => h("li", { class: one.good ? "" : "gone" },
    h("strong", {}, one.seat), h("span", {}, one.type), h("span", { class: "sum" }, one.paid),
    h("small", {}, one.good ? (one.admitted ? `admitted ${one.admitted}` : "not here yet") : "not valid any more"))));

  actions(booking) {
    const open = booking.tickets.filter((one) => one.good && !one.admitted);
    return h("p", { class: "row" },
      booking.status === "pending" && h("button", { type: "button", onclick: () => this.askToLetGo() }, "Let the hold go …"),
      booking.status === "confirmed" && open.length > 0 && h("button", { type: "button", class: "danger", onclick: () => this.askToCancel(open) }, "Cancel tickets …"),
      booking.may_send && h("button", { type: "button", onclick: ({ currentTarget }) => this.send(currentTarget) }, "Mail the tickets again"),
      h("a", { class: "button", href: booking.page }, "All details"));
  }

  money = ({ total, due_back: back, payments, refunds }) => h("div", { class: "money" },
    h("p", {}, "Total ", h("strong", {}, total), back && ` – ${back} given back or on its way`),
    h("ul", {}, payments.map((one) => line(one, one.kind, one.status)), refunds.map((one) => line(one, `Refund: ${one.why}`, one.status))));

  /** What was about to be done is not. */
  putAway = () => {
    fill(this.room);
    $("h3", this.panel).focus({ preventScroll: true });
  };

  askToLetGo() {
    const knob = h("button", { type: "button", class: "primary bad", onclick: () => this.done(knob, "let-go/", {}, "The hold is let go: the seats are free.") }, "Let it go");
    fill(this.room, h("p", {}, "The seats are free for others at once. Should the customer be paying just now, that money goes back by itself."),
      h("p", { class: "row end" }, h("button", { type: "button", onclick: this.putAway }, "Keep it"), knob));
    knob.focus();
  }

  askToCancel(tickets) {
    const { reference } = this.booking;
    const form = cancelForm(tickets, {
      offer: (codes) => tell(this.address(reference, "offer/"), { tickets: codes }),
      cancel: (knob, body, words) => this.done(knob, "cancel/", body, words),
      keep: this.putAway,
    });
    fill(this.room, form);
    $("input", form).focus();
  }

  send(knob) {
    return this.done(knob, "send-again/", {}, `The tickets go to ${this.booking.email} within a minute.`);
  }

  done = (knob, what, body, words) => busily(knob, async () => {
    const { reference } = this;
    try {
      const { booking, now } = await tell(this.address(reference, what), body);
      this.live.hear(now);
      this.show(booking);
      $("h3", this.panel).focus({ preventScroll: true });
      say(words);
    } catch (refusal) {
      await this.live.look();
      const booking = await ask(this.address(reference)).catch(() => null);
      if (booking) this.show(booking);
      $("h3", this.panel).focus({ preventScroll: true });
      this.error.textContent = refusal.message;
    }
  });
}

/** The address says which booking is open: to come back to it, or to send it to a colleague. */
const remember = (reference) => history.replaceState(null, "", reference ? `?booking=${reference}` : location.pathname);

const line = (one, what, status) => h("li", { class: one.flag ? "flagged" : "" },
  h("a", { href: one.page }, what), h("span", { class: "sum" }, one.amount), h("small", {}, [status, one.at, one.flag].filter(Boolean).join(", ")));

const folded = (title, rows, cells, { open = false } = {}) =>
  rows.length > 0 && h("details", { open }, h("summary", {}, `${title} (${many(rows.length, "entry", "entries")})`), h("ul", { class: "story" }, rows.map((one) => h("li", {}, cells(one)))));
