/** What every page does: the header, and an error that leads somewhere. */
import { ApiError, session, signOut } from "./api.js";
import { $, button, fill, h, link } from "./dom.js";

function header() {
  const { name } = session() ?? {};
  $("#sign-in").hidden = Boolean(session());
  $("#sign-in").href = signInAddress();
  $("#sign-out").hidden = !session();
  if (name) $("#sign-out").title = `Signed in as ${name}`;
}

/** The sign-in page, which leads back here. */
export const signInAddress = (page = "/sign-in/") =>
  /^\/(sign-in|sign-up|reset-password)\//.test(location.pathname)
    ? page + location.search
    : `${page}?next=${encodeURIComponent(location.pathname + location.search)}`;

/** Where to go after signing in: a page of ours that the address names, or the first. */
export function nextPage() {
  const next = new URL(new URLSearchParams(location.search).get("next") ?? "/", location.origin);
  return next.origin === location.origin ? next.pathname + next.search : "/";
}

export function title(text) {
  document.title = `${text} · Marquee`;
}

/** Show what went wrong instead of the page, and what can be done next. */
export function dead(heading, text, ...actions) {
  title(heading);
  fill($("#content"), h("section", { class: "card narrow", role: "alert" },
    h("h1", {}, heading), h("p", {}, text), h("div", { class: "actions" }, actions, link("/", "What is on"))));
}

function failed(error, missing) {
  if (error.status === 401) return location.replace(signInAddress());
  if (error.status === 404) return dead(missing, "It may be over, or the address has a slip in it.");
  if (!(error instanceof ApiError)) console.error(error);
  const text = error instanceof ApiError ? error.message : "This page could not be shown. Please try again.";
  return dead("That didn't work", text, button("Try again", () => location.reload(), "main"));
}

/** Run a page. `missing` is the heading when the API knows nothing of what it is about. */
export async function start(run, missing = "There is nothing here") {
  header();
  $("#sign-out").addEventListener("click", async () => {
    await signOut();
    location.assign("/");
  });
  // Coming back by the back button shows an old picture of seats and holds: look again.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  try {
    await run();
    header();
  } catch (error) {
    failed(error, missing);
  }
}
