/** Asks how the showtime stands while somebody looks, and says when it can't. */
import { $, say } from "../dom.js";
import { askForNews } from "../server.js";

const EVERY = 3000;
const LONGEST = 30000;

export class Live {
  constructor(showtime, address) {
    Object.assign(this, { showtime, address, tag: null, failures: 0, timer: 0 });
    document.addEventListener("visibilitychange", () => !document.hidden && this.look());
    addEventListener("online", () => this.look());
  }

  /** Ask now, and again and again. Answers when this time is over. */
  async look() {
    clearTimeout(this.timer);
    try {
      const news = await askForNews(this.address, this.tag);
      if (news) this.hear(news.answer, news.tag);
      this.failures = 0;
      this.say("live", "Live");
    } catch (refusal) {
      this.failures += 1;
      if (this.failures === 2) say(refusal.message);
      if (refusal.status === 404) return this.say("off", "This showtime is gone");
      this.say("off", `Not live since ${this.since ?? "now"}`, refusal.message);
    }
    const wait = Math.min(EVERY * 2 ** Math.min(this.failures, 4), LONGEST);
    this.timer = setTimeout(() => !document.hidden && this.look(), wait);
  }

  hear(now, tag = null) {
    this.tag = tag;
    if (now.layout !== this.showtime.facts.layout) return location.reload();
    this.showtime.take(now);
  }

  say(state, words, title = "") {
    const sign = $("#live");
    if (state === "live") this.since = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: this.showtime.facts.zone }).format();
    if (sign.dataset.state !== state) Object.assign(sign.dataset, { state });
    if (sign.textContent !== words) sign.textContent = words;
    sign.title = title;
  }
}
