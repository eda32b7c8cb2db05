/**
 * On every page of the admin: what the theme made for people who see icons and point at them is there for those who
 * listen, and for those who type. Templates of the theme stay as they are; what is mended here is mended wherever it
 * appears, rows and windows that come later included.
 */
import { $, $$ } from "../dom.js";
import { explain, goThere, summarise, toTheError } from "./errors.js";
import { followRows, nameFields } from "./fields.js";
import { nameIcons } from "./icons.js";
import { mendMenus } from "./menus.js";
import { mendSwitches, press } from "./switches.js";
import { watchWindows } from "./windows.js";

function mend() {
  mendSwitches();
  mendMenus();
  nameIcons();
  nameFields();
  explain();
}

/** What was said above the page is said aloud, too: only what comes after a page was loaded is. */
function sayMessages() {
  const words = $$("[data-said] > *").map((one) => one.innerText.trim());
  const told = $("#told-aloud");
  if (words.length && told) setTimeout(() => (told.textContent = words.join(" ")), 400);
}

/** What a page fetched by itself is ready: that is said, too. */
function sayNews() {
  const news = $("#report-made [role=status]")?.innerText.trim();
  if (news && $("#told-aloud").textContent !== news) $("#told-aloud").textContent = news;
}

if (!$("main")) ($("#main") ?? $("#login-form")?.parentElement)?.setAttribute("role", "main");
$("#nav-sidebar-inner")?.setAttribute("aria-label", "Everything here");
$("#nav-sidebar a.active")?.setAttribute("aria-current", "page");
addEventListener("keydown", press);
addEventListener("click", goThere);
addEventListener("click", followRows, { capture: true });
addEventListener("htmx:afterSettle", toTheError);
addEventListener("htmx:afterSettle", sayNews);
mend();
watchWindows();
summarise();
sayMessages();

let waiting = 0;
// What our rooms draw, a thousand seats at a time, needs no mending.
const isOurs = ({ target }) => target.closest?.(".room-body, .board");
new MutationObserver((changes) => {
  if (changes.every(isOurs)) return;
  waiting ||= setTimeout(() => {
    waiting = 0;
    mend();
  }, 50);
}).observe(document.body, { childList: true, subtree: true });
document.body.dataset.mended = "true";
