/** A drawing that was not saved waits in this browser: a tab that closes, or a session that ends, loses nothing. */
import { $, moment, say } from "../dom.js";
import { hallOf, seatsOf } from "./hall.js";

const PAUSE = 800;

export function keepDrafts(editor) {
  const place = `marquee.seat-map.${editor.facts.screen.id}`;
  const box = $("#draft");
  const found = read(place);
  let waiting = 0;
  let offered = found && JSON.stringify(found.seats) !== JSON.stringify(seatsOf(editor.hall));

  function keep() {
    // An older drawing is not written over before somebody has said what to do with it.
    if (offered) return;
    write(place, editor.dirty ? { at: new Date().toISOString(), seats: seatsOf(editor.hall) } : null);
  }

  function decided() {
    offered = false;
    box.hidden = true;
  }

  $("#draft-load").addEventListener("click", () => {
    editor.edit("an earlier drawing", () => hallOf(found.seats), { select: () => [] });
    decided();
    say("This is your earlier drawing, not yet saved.");
    editor.dispatchEvent(new Event("fit"));
  });
  $("#draft-drop").addEventListener("click", () => {
    write(place, null);
    decided();
    say("It is forgotten.");
  });

  if (offered) {
    $("p", box).textContent = `You drew something here on ${moment(new Date(found.at))} that was not saved.`;
    box.hidden = false;
  }
  editor.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  });
  addEventListener("pagehide", keep);
}

function read(place) {
  try {
    return JSON.parse(localStorage.getItem(place));
  } catch {
    return null;
  }
}

/** A browser that keeps nothing keeps no drawing. */
function write(place, draft) {
  try {
    if (draft) localStorage.setItem(place, JSON.stringify(draft));
    else localStorage.removeItem(place);
  } catch {
    // Full, or switched off.
  }
}
