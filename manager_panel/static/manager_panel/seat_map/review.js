/** Before saving: what the plan would do. Then saving, and what to do if somebody else was faster. */
import { $, fill, h, many, moment, say } from "../dom.js";
import { ask, Refusal, tell } from "../server.js";
import { restored } from "./edits.js";
import { hallOf, seatsOf } from "./hall.js";
import { rescue } from "./windows.js";

/** Wire the window of `editor`; answers `review()`. */
export function reviewing(editor) {
  const { addresses } = editor.facts;
  const window = $("#review");
  const body = () => ({ seats: seatsOf(editor.hall), version: editor.version });
  const knob = (text, work, kind = "") => h("button", { type: "button", class: kind, onclick: work }, text);
  const close = () => window.close();

  function show(title, findings, ...knobs) {
    $("#review-title").textContent = title;
    $(".error", window).textContent = "";
    fill($(".findings", window), findings);
    fill($(".row.end", window), knobs);
    if (!window.open) window.showModal();
    $(".row.end button", window)?.focus();
  }

  async function review() {
    if (!editor.dirty) return say("Nothing has changed.");
    show("Save this plan?", h("p", { class: "busy" }, "Looking at what it would do …"), knob("Cancel", close));
    try {
      const { effect, sold } = await tell(addresses.check, { seats: seatsOf(editor.hall) });
      editor.sells(sold);
      return effect.lost.length ? refuse(effect.lost) : offer(effect);
    } catch (error) {
      return failed(error);
    }
  }

  function offer(effect) {
    const save = knob("Save the plan", () => saving(save), "primary");
    show("Save this plan?", [h("ul", { class: "effects" }, consequences(effect)), ...blocks(effect)], knob("Go on drawing", close), save);
    save.focus();
  }

  async function saving(save) {
    save.disabled = true;
    try {
      const { sold, ...layout } = await tell(addresses.save, body());
      editor.settle(layout, sold);
      close();
      say(`Saved: ${many(layout.seats.length, "seat")}.`);
    } catch (error) {
      failed(error);
    }
  }

  function failed(error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === "layout_changed") return conflict();
    // Somebody booked meanwhile: look again, and say whom it would hit.
    if (error.code === "seats_sold") return review();
    show("This could not be saved", h("p", { class: "error" }, error.message),
      knob("Download my drawing", () => rescue(editor)), knob("Go on drawing", close, "primary"));
    return null;
  }

  /** Seats that customers have would be gone. */
  function refuse(showtimes) {
    const count = new Set(showtimes.flatMap((one) => one.seats)).size;
    const back = () => {
      putBack(editor);
      close();
    };
    show("These seats are sold", [
      h("p", {}, `People have tickets for ${many(count, "seat")} that this plan drops, or makes another category or kind. `
        + "It can be saved once they are back, or when the showtimes are over."),
      h("ul", { class: "showtimes" }, showtimes.map((one) => shown(one, addresses))),
    ], knob("Go on drawing", close), knob("Put these seats back", back, "primary"));
  }

  /** Somebody else saved this plan since it was opened: nothing of either is lost. */
  function conflict() {
    const theirs = async () => {
      const layout = await ask(addresses.layout);
      const saved = hallOf(layout.seats);
      editor.saved = saved;
      editor.version = layout.version;
      return { layout, saved };
    };
    const attempt = (work) => () => work().catch(failed);
    const load = attempt(async () => {
      const { saved } = await theirs();
      editor.edit("your own drawing", () => saved, { select: () => [] });
      close();
      say("This is the plan as somebody else saved it. Undo brings your drawing back.");
    });
    const mine = attempt(async () => {
      await theirs();
      editor.tell();
      await review();
    });
    show("Somebody else saved this plan meanwhile", [
      h("p", {}, "Your drawing is still here, and theirs is saved. Look at theirs (Undo brings yours back), "
        + "or see what saving yours over theirs would do."),
    ], knob("Download mine", () => rescue(editor)), knob("Look at theirs", load), knob("Compare mine with theirs", mine, "primary"));
  }

  return review;
}

/** The sold seats that the plan lacks, back where they were saved. */
export function putBack(editor) {
  const names = new Set(editor.issues.filter((issue) => issue.sold).flatMap((issue) => issue.names));
  const done = editor.edit("sold seats put back", (hall) => restored(hall, editor.saved, names));
  say(done ? `${many(names.size, "sold seat")} put back.` : "They are there.");
}

function consequences({ added, dropped, changed, moved, moved_sold, coming, on_sale, tickets }) {
  const line = (sign, { count, labels }, words) =>
    count > 0 && h("li", { "data-sign": sign }, h("b", {}, many(count, "seat")), ` ${words}`, h("small", {}, labels));
  const kept = tickets
    ? `${many(tickets, "seat")} sold or held for ${many(coming, "showtime")} to come: each keeps its place.`
    : coming ? `${many(coming, "showtime")} to come, nothing sold yet.` : "No showtime is planned on this screen.";
  return [
    line("+", added, on_sale ? `new, on sale at once for ${many(on_sale, "showtime")}` : "new"),
    line("−", dropped, "removed"),
    line("~", changed, "of another category or kind"),
    line("→", moved, "only moved on the plan"),
    line("!", moved_sold, "of these sold: people find them elsewhere than where they chose them"),
    h("li", { "data-sign": "✓" }, kept),
  ];
}

function blocks({ unblocked }) {
  if (!unblocked.length) return [];
  return [h("p", {}, "Seats that are kept back leave their blocks:"), h("ul", { class: "showtimes" }, unblocked.map((one) => shown(one)))];
}

function shown({ id, starts_at, movie, seats }, addresses = null) {
  // As the theater's clock shows it, wherever this browser is.
  const when = moment(new Date(`${starts_at.slice(0, 16)}Z`), "UTC");
  const title = addresses ? h("a", { href: addresses.showtime.replace("/0/", `/${id}/`), target: "_blank" }, movie.title) : movie.title;
  return h("li", {}, h("b", {}, when), " ", title, h("small", {}, seats.join(" ")));
}
