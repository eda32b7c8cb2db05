/** Pages of the prices room as the server writes them: asked for anew, and put in place part by part. */
import { $ } from "../dom.js";
import { AWAY, SIGNED_OUT } from "../server.js";

/** The page at `address`, to take parts of. Only the latest that was asked for ever arrives; raises Error in words. */
export function newest() {
  let last = null;
  return async (address, options = {}) => {
    last?.abort();
    const mine = (last = new AbortController());
    let response;
    try {
      response = await fetch(address, { ...options, redirect: "manual", credentials: "same-origin", signal: mine.signal });
    } catch (error) {
      if (error.name === "AbortError") return null;
      throw new Error(AWAY);
    }
    if (response.type === "opaqueredirect") throw new Error(SIGNED_OUT);
    if (!response.ok) throw new Error(response.status === 404 ? "This is not here any more." : `The server says: ${response.status}.`);
    const text = await response.text();
    return mine.signal.aborted ? null : new DOMParser().parseFromString(text, "text/html");
  };
}

/** Put the elements of `page` with these ids in the place of ours. */
export function renew(page, ...ids) {
  for (const id of ids) {
    const fresh = page.getElementById(id), stale = document.getElementById(id);
    if (!fresh || !stale) continue;
    // What was open stays so, and who listens hears the new words only.
    const open = $("details", stale)?.open;
    stale.replaceChildren(...fresh.childNodes);
    if (open && $("details", stale)) $("details", stale).open = true;
  }
}

/** Run `work` when nobody has called for `wait` milliseconds. */
export function settled(work, wait = 250) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, wait);
  };
}

/** The showtimes on offer are those of the week: bring them up to date, and show what the choice needs. */
export function renewQuestions(page) {
  const fresh = page.getElementById("ask_showtime"), stale = $("#ask_showtime");
  const busy = document.activeElement === stale && fresh.textContent === stale.textContent;
  if (!busy) {
    const { value } = fresh;
    stale.replaceChildren(...fresh.childNodes);
    stale.value = value;
  }
  $(".questions").classList.toggle("other", stale.value === "other");
  for (const paragraph of document.querySelectorAll(".questions > p")) {
    const field = $("[name]", paragraph);
    const twin = page.getElementById(field.id);
    paragraph.querySelectorAll(".error").forEach((error) => error.remove());
    twin?.parentElement.querySelectorAll(".error").forEach((error) => paragraph.append(error));
  }
}

/** The button of that price, in the week as it is now. */
export const priceOf = ({ showtime, category, type }) =>
  $(`#week [data-showtime="${showtime}"][data-category="${category}"][data-type="${type}"]`);

/** A price of the week was chosen: ask about that one. */
export function askAbout({ showtime, category, type }) {
  $("#ask_showtime").value = showtime;
  $("#ask_category").value = category;
  $("#ask_type").value = type;
}
