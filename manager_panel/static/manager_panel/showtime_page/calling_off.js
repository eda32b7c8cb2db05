/** Cancels the whole showtime: what it would take, a word that one means it, and how far it has come. */
import { $, busily, fill, h, many, say } from "../dom.js";
import { ask, tell } from "../server.js";

const STILL_AFTER = 60000;

export function callOff(showtime, live) {
  const [dialog, knob, panel] = [$("#cancel-window"), $("#cancel-all"), $("#calling-off")];
  const form = $("form", dialog);
  const { reason, sure } = form.elements;
  const [yes, error, stake] = [$("button.primary", form), $(".error", form), $(".stake", form)];
  const { cancel, attention } = showtime.facts.addresses;
  let moved = { words: "", at: 0 };
  let wasDone = true;

  knob.addEventListener("click", () => busily(knob, begin));

  /** Say what it would take, and ask. */
  async function begin() {
    error.textContent = "";
    sure.checked = false;
    try {
      showStake(await ask(cancel));
      check();
      dialog.showModal();
      reason.focus();
    } catch (refusal) {
      say(refusal.message);
    }
  }

  function showStake({ bookings, tickets, unpaid, amount }) {
    fill(stake,
      h("li", {}, h("strong", {}, many(tickets, "ticket")), ` of ${many(bookings, "booking")}`),
      h("li", {}, h("strong", {}, amount), bookings ? " goes back" : ": nobody has paid"),
      unpaid > 0 && h("li", {}, h("strong", {}, many(unpaid, "unpaid hold")), " let go"));
  }

  // It was busy when the window opened, so the browser does not know where to go back to.
  dialog.addEventListener("close", () => (knob.hidden ? $("#calling-off-title") : knob).focus());
  const check = () => { yes.disabled = !sure.checked || !reason.value.trim(); };
  form.addEventListener("input", check);
  $("[value=close]", form).addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (yes.disabled) return;
    busily(yes, async () => {
      try {
        const now = await tell(cancel, { reason: reason.value.trim(), sure: sure.checked });
        live.hear(now);
        dialog.close();
        panel.scrollIntoView({ block: "nearest" });
        say("The showtime is cancelled. The money goes back by itself; you may leave this page.");
      } catch (refusal) {
        error.textContent = refusal.message;
        live.look();
      }
    });
  });

  showtime.addEventListener("change", show);

  function show() {
    const off = showtime.now?.calling_off;
    knob.hidden = !showtime.now || showtime.now.status === "cancelled";
    panel.hidden = !off;
    if (!off) return;
    $(".why", panel).textContent = `${off.since}: ${off.reason}`;
    step("bookings", off.bookings[0], off.bookings[1], `${off.bookings[0]} of ${off.bookings[1]}`);
    step("money", off.share, 100, `${off.refunded} of ${off.amount}`);
    step("mails", off.mails[0], off.mails[1], `${off.mails[0]} of ${off.mails[1]}`);
    hint(off);
    if (off.done && !wasDone) say("The jobs are done: everybody is told.");
    wasDone = off.done;
  }

  function step(name, done, all, words) {
    const bar = $(`#off-${name}`);
    bar.max = Math.max(all, 1);
    bar.value = all ? done : 1;
    $(`#off-${name}-said`).textContent = words;
  }

  function hint(off) {
    const words = JSON.stringify(off);
    if (words !== moved.words) moved = { words, at: Date.now() };
    const still = !off.done && Date.now() - moved.at > STILL_AFTER;
    fill($("#off-hint"), [
      off.done ? "The jobs are done." : "This goes on by itself, also when you leave this page.",
      off.on_its_way && ` ${off.on_its_way} is on its way.`,
      off.by_hand && h("span", {}, " ", h("a", { href: attention }, `${off.by_hand} waits at the box office`), ": pay it out, and say so."),
      off.failed && h("span", {}, " ", h("a", { href: attention }, `${off.failed} could not go back: see to it`), "."),
      still && " Nothing has moved for a minute: ask whether the jobs (manage.py run_jobs) are running.",
    ]);
  }
  return { show, begin };
}
