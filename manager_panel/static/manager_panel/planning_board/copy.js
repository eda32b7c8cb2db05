// The window in which a day or a week is copied: look first, then do what fits.

import { Dialog, ticked } from "./dialog.js";
import { counted, later, make, short, weekday } from "./dom.js";

const MOST_DAYS = 62;

export class Copy extends Dialog {
  constructor(board, api) {
    super("board-copy");
    Object.assign(this, { board, api });
    this.form.addEventListener("input", () => this.#reset());
    this.find("[data-look]").addEventListener("click", () => this.#look());
  }

  /** Copy the day `first` to the day that is looked at. */
  fetch(first) {
    this.show();
    this.fetched = { first, days: 1, to: [this.board.day.day], title: `Copy ${short(first)} to ${short(this.board.day.day)}` };
    this.#reset();
    this.#look();
  }

  show() {
    const { day } = this.board.day;
    this.fetched = null;
    this.monday = later(day, -((weekday(day) + 6) % 7));
    this.find("[data-this-day]").textContent = `This day, ${short(day)}`;
    this.find("[data-this-week]").textContent = `This week, ${short(this.monday)} to ${short(later(this.monday, 6))}`;
    this.fields.from.value = later(day, 1);
    this.fields.until.value = later(day, 7);
    this.fields.week.value = later(this.monday, 7);
    this.#reset();
    this.open();
  }

  get days() {
    return Number(this.fields.days.value);
  }

  #reset() {
    const { fetched, days } = this;
    this.find("h2").textContent = fetched?.title ?? "Copy";
    for (const part of this.form.querySelectorAll("[data-for]")) part.hidden = Boolean(fetched) || Number(part.dataset.for) !== days;
    this.find("[data-what]").hidden = Boolean(fetched);
    this.#result();
    this.wrong("");
  }

  /** The days on which the copies begin. */
  #to() {
    const { from, until, week, weeks } = this.fields;
    if (this.days === 7) {
      if (!week.value) return [];
      const monday = later(week.value, -((weekday(week.value) + 6) % 7));
      return Array.from({ length: Number(weeks.value) || 1 }, (_, index) => later(monday, 7 * index));
    }
    const wanted = ticked(this.form, "weekday");
    const days = [];
    if (!from.value || !until.value) return days;
    for (let day = from.value; day <= until.value && days.length <= MOST_DAYS; day = later(day, 1)) {
      if (wanted.includes(weekday(day)) && day !== this.board.day.day) days.push(day);
    }
    return days;
  }

  #asked() {
    const { on_sale: onSale } = this.fields;
    const status = onSale.checked ? "on_sale" : "planned";
    if (this.fetched) return { first: this.fetched.first, days: 1, to: this.fetched.to, status };
    const first = this.days === 7 ? this.monday : this.board.day.day;
    return { first, days: this.days, to: this.#to(), status };
  }

  async #look() {
    const asked = this.#asked();
    if (!asked.to.length) return this.wrong("No day is chosen. Say to which days it shall be copied.", ["from", "week"]);
    await this.tried(async () => {
      const answer = await this.api.post("copies/", this.board.day.day, asked);
      this.#result(answer, "fit");
      const button = this.find("[data-do]");
      this.find("[data-look]").classList.toggle("is-primary", !answer.fitting);
      button.hidden = !answer.fitting;
      button.textContent = `Copy ${counted(answer.fitting, "showtime")}`;
      this.asked = asked;
    });
    if (!this.find("[data-do]").hidden) this.find("[data-do]").focus();
  }

  async send() {
    if (this.find("[data-do]").hidden) return this.#look();
    await this.tried(async () => {
      const answer = await this.board.changes.save("copy/", this.asked);
      this.#result(answer, "are copied");
      this.board.say(`${counted(answer.fitting, "showtime")} copied, ${answer.refused} left out.`);
      this.find("[data-close]").focus();
    });
  }

  #result(answer, verdict) {
    const result = this.find("[data-result]");
    result.replaceChildren();
    this.find("[data-do]").hidden = true;
    if (!answer) this.find("[data-look]").classList.add("is-primary");
    if (!answer) return;
    if (!answer.fitting && !answer.refused) {
      result.append(make("p", {}, "Nothing was planned there, so there is nothing to copy."));
      return;
    }
    result.append(make("p", { class: "board-verdict" }, make("strong", {}, `${answer.fitting} of ${counted(answer.fitting + answer.refused, "showtime")} ${verdict}.`)));
    const rows = answer.lines.map((line) =>
      make("tr", { class: line.fits ? "" : "is-bad" }, make("td", {}, `${line.day_label}, ${line.time}`), make("td", {}, line.screen), make("td", {}, line.title), make("td", {}, line.fits ? "fits" : line.why)),
    );
    const head = make("tr", {}, ...["When", "Screen", "Film", ""].map((title) => make("th", { scope: "col" }, title || make("span", { class: "board-hidden" }, "Verdict"))));
    result.append(make("div", { class: "board-lines", tabindex: "0", role: "region", "aria-label": "Each showtime" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows))));
  }
}
