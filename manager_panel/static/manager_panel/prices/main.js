/** The prices of a theater: questions are answered as they change, and rules are put in order. */
import { $, $$, busily, say } from "../dom.js";
import { tell } from "../server.js";
import { askAbout, newest, priceOf, renew, renewQuestions, settled } from "./pages.js";

const page = newest();
const questions = $("#ask");

/** Show the page as it is for what is asked now; false if somebody asks something newer meanwhile. */
async function renewed(...parts) {
  const address = `?${new URLSearchParams(new FormData(questions))}`;
  const fresh = await page(address);
  if (!fresh) return false;
  renewQuestions(fresh);
  renew(fresh, "bill", "week", ...parts);
  history.replaceState(null, "", address);
  return true;
}

async function answer() {
  try {
    if (await renewed()) say("");
  } catch (error) {
    say(error.message);
  }
}

const soon = settled(answer);
questions?.addEventListener("input", soon);
questions?.addEventListener("submit", (event) => {
  event.preventDefault();
  answer();
});

$("#week")?.addEventListener("click", async ({ target }) => {
  const knob = target.closest("button");
  if (knob?.dataset.week) {
    $("#ask_week").value = knob.dataset.week;
    const forward = knob.nextElementSibling === null;
    await answer();
    $$("[data-week]")[forward ? 1 : 0].focus();
  } else if (knob) {
    askAbout(knob.dataset);
    await answer();
    priceOf(knob.dataset)?.focus({ preventScroll: true });
    $("#one-seat").scrollIntoView({ block: "nearest" });
  }
});

const list = () => $(".in-order");

/** Keep the order that is shown; where that is refused, show again what was there `before`. */
async function save(moved, words, before) {
  const rules = $$("li", list()).map((item) => Number(item.dataset.rule));
  try {
    await tell(list().dataset.save, { rules }).catch((refusal) => {
      list().replaceChildren(...before);
      throw refusal;
    });
    while (!(await renewed("rules")));
    say(words);
  } catch (error) {
    say(error.message);
  }
  return $(`[data-rule="${moved}"]`);
}

/** Where `item` stands now, in words. */
function place(item) {
  const before = item.previousElementSibling;
  const name = (one) => $("a", one).textContent;
  return before ? `${name(item)} works after ${name(before)}.` : `${name(item)} works first.`;
}

$("#rules")?.addEventListener("click", async ({ target }) => {
  const knob = target.closest("[data-move]");
  if (!knob) return;
  const item = knob.closest("li"), step = knob.dataset.move, before = [...list().children];
  if (step < 0) item.previousElementSibling.before(item);
  else item.nextElementSibling.after(item);
  const moved = await busily(knob, () => save(item.dataset.rule, place(item), before));
  const same = $(`[data-move="${step}"]`, moved);
  (same.disabled ? $("[data-move]:not(:disabled)", moved) : same).focus();
});

let dragged = null;
let stood = [];
$("#rules")?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest("li");
  stood = [...list().children];
  event.dataTransfer.effectAllowed = "move";
  dragged.classList.add("dragged");
});
$("#rules")?.addEventListener("dragover", (event) => {
  const over = event.target.closest("li");
  if (!dragged || !over) return;
  event.preventDefault();
  if (over === dragged) return;
  const { top, height } = over.getBoundingClientRect();
  if (event.clientY < top + height / 2) over.before(dragged);
  else over.after(dragged);
});
$("#rules")?.addEventListener("drop", (event) => event.preventDefault());
$("#rules")?.addEventListener("dragend", async () => {
  const item = dragged;
  dragged = null;
  item.classList.remove("dragged");
  const moved = $$("li", list()).some((one, index) => one !== stood[index]);
  if (moved) await save(item.dataset.rule, place(item), stood);
});

$("#house")?.addEventListener("change", ({ target }) => location.assign(target.value));
if ($("#prices")) $("#prices").dataset.ready = "true";
