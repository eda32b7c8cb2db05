/** The seat-map editor: what belongs to what. */
import { $, $$, facts, fill, h, isNowhere, many, say } from "../dom.js";
import { keepDrafts } from "./drafts.js";
import { Editor } from "./editor.js";
import { followKeys } from "./keys.js";
import { furnish } from "./panels.js";
import { Plan } from "./plan.js";
import { followPointer } from "./pointer.js";
import { putBack, reviewing } from "./review.js";
import { hang } from "./windows.js";

const editor = new Editor(facts());
const stage = $("#stage");
const plan = new Plan($("#plan"), editor);
const open = hang(editor);
const review = reviewing(editor);

let fitted = true;
const fit = () => {
  fitted = true;
  plan.fit(stage);
};
const zoom = (by) => () => {
  fitted = false;
  // What is in the middle stays there.
  const before = plan.zoom;
  const [x, y] = [stage.scrollLeft + stage.clientWidth / 2, stage.scrollTop + stage.clientHeight / 2];
  plan.setZoom(before * by);
  const grown = plan.zoom / before;
  stage.scrollTo(x * grown - stage.clientWidth / 2, y * grown - stage.clientHeight / 2);
};
const undone = (words, which) => say(words ? `${which}: ${words}.` : `Nothing to ${which === "Undone" ? "undo" : "redo"}.`);
const commands = {
  undo: () => undone(editor.undo(), "Undone"),
  redo: () => undone(editor.redo(), "Done again"),
  save: review,
  help: () => open("help"),
  closer: zoom(1.25),
  further: zoom(0.8),
  fit,
};

function chooseTool(tool) {
  editor.tool = tool;
  stage.dataset.tool = tool;
  for (const knob of $$("[data-tool]", $(".bar"))) knob.setAttribute("aria-pressed", knob.dataset.tool === tool);
  editor.tell();
}

function show() {
  const { hall, dirty, issues, past, future } = editor;
  const held = document.activeElement;
  const nobody = !hall.rows.length && editor.tool !== "draw";
  $("#empty").hidden = !nobody;
  $("#plan").classList.toggle("unseen", nobody);
  $("#summary").textContent = `${many(hall.seats.length, "seat")} in ${many(hall.rows.length, "row")}`;
  const state = issues.length ? "trouble" : dirty ? "changed" : "saved";
  $("#state").dataset.state = state;
  $("#state").textContent = { trouble: many(issues.length, "problem"), changed: "Not saved", saved: "Saved" }[state];
  $("#save").disabled = $("#revert").disabled = !dirty;
  $("#undo").disabled = !past.length;
  $("#redo").disabled = !future.length;
  $("#trouble").hidden = !issues.length;
  $("#sold-key").hidden = !editor.sold.size;
  fill($("#trouble ul"), issues.slice(0, 8).map((issue) => h("li", {}, issue.keys.length
    ? h("button", { type: "button", onclick: () => editor.select(issue.keys) }, issue.words) : issue.words)));
  $("#put-back").hidden = !issues.some((issue) => issue.sold);
  // What was pressed can't be pressed a second time: the keyboard goes on where the seats are.
  if ((held.matches(":disabled") || !held.isConnected) && !$("dialog[open]")) plan.focus();
}

$("#undo").addEventListener("click", commands.undo);
$("#redo").addEventListener("click", commands.redo);
$("#save").addEventListener("click", review);
$("#closer").addEventListener("click", commands.closer);
$("#further").addEventListener("click", commands.further);
$("#fit").addEventListener("click", fit);
$("#revert").addEventListener("click", () => {
  editor.edit("all changes", () => editor.saved, { select: () => [] });
  say("This is the plan as it is saved. Undo brings your changes back.");
});
$("#review").addEventListener("close", () => isNowhere() && plan.focus());
$("#put-back").addEventListener("click", () => putBack(editor));
for (const knob of $$("[data-tool]", $(".bar"))) knob.addEventListener("click", () => chooseTool(knob.dataset.tool));

followPointer(plan, editor);
followKeys(plan, editor, { chooseTool, commands });
furnish(editor);
keepDrafts(editor);
editor.addEventListener("change", show);
editor.addEventListener("fit", fit);
addEventListener("beforeunload", (event) => editor.dirty && event.preventDefault());
stage.addEventListener("wheel", (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  zoom(event.deltaY < 0 ? 1.1 : 0.9)();
}, { passive: false });

chooseTool("select");
new ResizeObserver(() => fitted && fit()).observe(stage);
$("#editor").dataset.ready = "true";
