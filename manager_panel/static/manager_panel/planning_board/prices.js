// The window in which many showtimes get other prices: look first, then set them.

import { Dialog, ticked } from "./dialog.js";
import { counted, later, make } from "./dom.js";

export class Prices extends Dialog {
  constructor(theater, board, api, films) {
    super("board-prices");
    Object.assign(this, { theater, board, api });
    this.fields.movie.append(...films.map((film) => new Option(film.title, film.id)));
    const step = 10 ** -theater.decimals;
    this.find("[data-amounts]").append(...theater.categories.map((one) =>
      make("label", {}, `${one.name}, ${theater.currency}`, make("input", { type: "number", min: "0", step, inputmode: "decimal", "data-category": one.id, placeholder: one.price })),
    ));
    this.form.addEventListener("input", () => this.#reset());
    this.find("[data-look]").addEventListener("click", () => this.#look());
  }

  show() {
    const { day, screens } = this.board.day;
    this.find("[data-screens]").replaceChildren(...screens.map((one) => {
      const box = make("input", { type: "checkbox", name: "screen", value: one.id });
      box.checked = true;
      return make("label", {}, box, ` ${one.name}`);
    }));
    this.fields.first.value = day;
    this.fields.last.value = later(day, 6);
    this.#reset();
    this.open();
  }

  #reset() {
    const back = this.fields.default.checked;
    for (const input of this.form.querySelectorAll("[data-category]")) input.disabled = back;
    this.#result();
    this.wrong("");
  }

  #asked() {
    const back = this.fields.default.checked;
    const prices = [...this.form.querySelectorAll("[data-category]")]
      .filter((input) => back || input.value !== "")
      .map((input) => ({ category: Number(input.dataset.category), amount: back ? null : input.value }));
    const { first, last, movie, starts_from: from } = this.fields;
    return {
      ...{ first: first.value, last: last.value, movie: Number(movie.value) || null },
      ...{ screens: ticked(this.form, "screen"), weekdays: ticked(this.form, "weekday") },
      ...{ starts_from: from.value || null, prices },
    };
  }

  async #look() {
    const asked = this.#asked();
    if (!asked.prices.length) return this.wrong("Type the new price of at least one category.");
    if (!asked.screens.length || !asked.weekdays.length) return this.wrong("Choose at least one screen and one weekday.");
    await this.tried(async () => {
      const answer = await this.api.post("prices/", this.board.day.day, asked);
      this.#result(answer);
      const button = this.find("[data-do]");
      this.find("[data-look]").classList.toggle("is-primary", !answer.changing);
      button.hidden = !answer.changing;
      button.textContent = `Set the prices of ${counted(answer.changing, "showtime")}`;
      this.asked = asked;
    });
    if (!this.find("[data-do]").hidden) this.find("[data-do]").focus();
  }

  async send() {
    if (this.find("[data-do]").hidden) return this.#look();
    await this.tried(async () => {
      const answer = await this.board.changes.save("reprice/", this.asked);
      const said = `The prices of ${counted(answer.changing, "showtime")} are set.`;
      this.find("[data-do]").hidden = true;
      this.find("[data-result]").replaceChildren(make("p", { class: "board-verdict" }, make("strong", {}, said)));
      this.board.say(said);
      this.find("[data-close]").focus();
    });
  }

  #result(answer) {
    const result = this.find("[data-result]");
    result.replaceChildren();
    this.find("[data-do]").hidden = true;
    if (!answer) this.find("[data-look]").classList.add("is-primary");
    if (!answer) return;
    const skipped = Object.entries(answer.reasons).map(([why, count]) => `${counted(count, "showtime")} left alone: ${why}`);
    const sold = answer.sold ? [`${counted(answer.sold, "showtime")} of them ${answer.sold === 1 ? "has" : "have"} seats taken: whoever has a seat keeps the price they were told.`] : [];
    const lead = answer.changing ? `${counted(answer.changing, "showtime")} would change.` : "Nothing would change.";
    result.append(make("p", { class: "board-verdict" }, make("strong", {}, lead)), ...[...sold, ...skipped].map((line) => make("p", {}, line)));
    if (answer.changing) result.append(this.#table(answer.lines));
  }

  #table(lines) {
    const rows = lines.flatMap((line) =>
      line.changes.map((change, index) =>
        make("tr", {}, make("td", {}, index ? "" : line.start), make("td", {}, index ? "" : line.screen), make("td", {}, index ? "" : line.title), make("td", {}, change.category), make("td", { class: "is-number" }, `${change.before} → ${change.after}`)),
      ),
    );
    const head = make("tr", {}, ...["When", "Screen", "Film", "Category", this.theater.currency].map((title) => make("th", { scope: "col" }, title)));
    return make("div", { class: "board-lines", tabindex: "0", role: "region", "aria-label": "Each price" }, make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)));
  }
}
