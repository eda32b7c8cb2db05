/** Below the form of a price rule: what it would change, told anew whenever somebody types. */
import { $, $$, say } from "../dom.js";
import { askAbout, newest, priceOf, renew, renewQuestions, settled } from "./pages.js";

const trial = $("#trial");
const form = $("#pricerule_form");
const page = newest();

function asked() {
  const body = new FormData(form);
  const questions = $("#ask");
  if (questions) for (const [name, value] of new FormData(questions)) body.append(`ask-${name}`, value);
  return body;
}

async function answer() {
  trial.setAttribute("aria-busy", "true");
  try {
    const fresh = await page(trial.dataset.ask, { method: "POST", body: asked() });
    if (!fresh) return;
    const theater = (root) => $("[data-theater]", root)?.dataset.theater;
    if (theater(trial) && theater(trial) === theater(fresh)) {
      renewQuestions(fresh);
      $(".in-words, .tried-rule > .note", trial).replaceWith($(".in-words, .tried-rule > .note", fresh));
      renew(fresh, "bill", "week");
    } else {
      trial.replaceChildren(...fresh.body.childNodes);
    }
    say("");
  } catch (error) {
    say(error.message);
  }
  trial.removeAttribute("aria-busy");
  trial.dataset.ready = "true";
}

const soon = settled(answer);
form.addEventListener("input", soon);
form.addEventListener("change", soon);
// The theme's drop-downs tell jQuery alone.
window.django?.jQuery(form).on("change", "select", soon);
trial.addEventListener("input", soon);
trial.addEventListener("submit", (event) => event.preventDefault());
trial.addEventListener("click", async ({ target }) => {
  const knob = target.closest("button");
  if (knob?.dataset.week) {
    $("#ask_week").value = knob.dataset.week;
    const forward = knob.nextElementSibling === null;
    await answer();
    $$("[data-week]", trial)[forward ? 1 : 0].focus();
  } else if (knob) {
    askAbout(knob.dataset);
    await answer();
    priceOf(knob.dataset)?.focus({ preventScroll: true });
    $("#bill").scrollIntoView({ block: "center" });
  }
});
answer();
