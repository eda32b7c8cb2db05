/** Below the form of a price rule or a promo code: what it would change, told anew whenever somebody types. */
import { $, $$, say } from "../dom.js";
import { token } from "../server.js";
import { askAbout, newest, priceOf, renew, renewQuestions, settled } from "./pages.js";

const trial = $("#trial");
const form = document.getElementById(trial.dataset.form);
const page = newest();
let told = "";

function asked() {
  const body = new FormData(form);
  body.set("csrfmiddlewaretoken", token());
  const questions = $("#ask");
  if (questions) for (const [name, value] of new FormData(questions)) body.append(`ask-${name}`, value);
  return body;
}

const typed = () => new URLSearchParams(new FormData(form)).toString();

async function answer() {
  const body = asked();
  told = typed();
  trial.setAttribute("aria-busy", "true");
  try {
    const fresh = await page(trial.dataset.ask, { method: "POST", body });
    if (!fresh) return;
    const theaters = (root) => $("[data-theaters]", root)?.dataset.theaters;
    if (theaters(trial) && theaters(trial) === theaters(fresh)) {
      renewQuestions(fresh);
      renew(fresh, "verdict", "bill", "week");
    } else {
      // Who chose another theater here goes on from there.
      const { id } = document.activeElement;
      const within = trial.contains(document.activeElement);
      trial.replaceChildren(...fresh.body.childNodes);
      if (within && id) document.getElementById(id)?.focus();
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
// Calendars and clocks write into their field, and only go there.
form.addEventListener("focusin", () => {
  if (typed() !== told) soon();
});
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
