/** Asks how the showtime stands while somebody looks, and says when it can't. */
import { $, say } from "../dom.js";
import { askForNews } from "../server.js";

const EVERY = 3000;
const LONGEST = 30000;
const WHY = "marquee.showtime.why";

/** Why the page was loaded anew, if we did it. Said once. */
export function whyAnew() {
  const words = sessionStorage.getItem(WHY);
  sessionStorage.removeItem(WHY);
  return words ?? "";
}

export class Live {
  constructor(showtime, address) {
    Object.assign(this, { showtime, address, tag: null, failures: 0, timer: 0, heard: 0 });
    document.addEventListener("visibilitychange", () => !document.hidden && this.look());
    addEventListener("online", () => this.look());
  }

  /** Ask now, and again and again. Answers when this time is over. */
  async look() {
    clearTimeout(this.timer);
    const { heard } = this;
    try {
      const news = await askForNews(this.address, this.tag);
      // What was done meanwhile, over a slow line, is newer than this answer.
      if (news && heard === this.heard) this.hear(news.answer, news.tag);
      if (this.failures > 1) say("Live again.");
      this.failures = 0;
      this.say("live", "Live");
    } catch (refusal) {
      this.failures += 1;
      if (this.failures === 2) say(refusal.message);
      if (refusal.status === 404) return this.say("off", "This showtime is gone");
      const what = refusal.status === 401 ? "Signed out" : "Not live";
      this.say("off", `${what} since ${this.since ?? "now"}`, refusal.message);
    }
    const wait = Math.min(EVERY * 2 ** Math.min(this.failures, 4), LONGEST);
    this.timer = setTimeout(() => !document.hidden && this.look(), wait);
  }

  hear(now, tag = null) {
    this.tag = tag;
    this.heard += 1;
    if (now.shown !== this.showtime.facts.shown) return this.begin();
    return this.showtime.take(now);
  }

  /** The hall is another one by now, or the showtime has moved: what the page began with is not true any more. */
  begin() {
    sessionStorage.setItem(WHY, "This page was loaded anew: the seat plan, the time or the screen was changed.");
    location.reload();
  }

  say(state, words, title = "") {
    const sign = $("#live");
    if (state === "live") this.since = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: this.showtime.facts.zone }).format();
    if (sign.dataset.state !== state) Object.assign(sign.dataset, { state });
    if (sign.textContent !== words) sign.textContent = words;
    sign.title = title;
  }
}
