/** Which tickets are cancelled, and what comes back: by the theater's rule or in full, said before it is done. */
import { $, $$, h, many } from "../dom.js";

const WAYS = [["by_the_rule", "By the theater's rule"], ["in_full", "In full, as a favour of the house"]];

export function cancelForm(tickets, { offer, cancel, keep }) {
  const boxes = tickets.map((one) => h("label", { class: "tick" }, h("input", { type: "checkbox", name: "ticket", value: one.code, checked: true }), h("span", {}, `${one.seat}, ${one.type}, ${one.paid}`)));
  const ways = WAYS.map(([value, words], index) => h("label", { class: "tick way" },
    h("input", { type: "radio", name: "how", value, checked: index === 0 }), h("span", {}, words, h("small", { "data-way": value }))));
  const knob = h("button", { class: "primary bad" });
  const error = h("p", { class: "error", role: "alert" });
  const form = h("form", { class: "cancel", novalidate: true, onsubmit: submit, onchange: change },
    h("fieldset", {}, h("legend", {}, "Cancel which tickets?"), boxes),
    h("fieldset", {}, h("legend", {}, "What comes back?"), ways),
    error, h("p", { class: "row end" }, h("button", { type: "button", onclick: keep }, "Keep them"), knob));
  let offered = {};
  let asked = 0;

  const codes = () => $$("[name=ticket]:checked", form).map((box) => box.value);
  const way = () => $("[name=how]:checked", form).value;

  async function preview() {
    const mine = ++asked;
    knob.disabled = true;
    error.textContent = "";
    if (!codes().length) return show({});
    try {
      const answer = await offer(codes());
      if (mine === asked) show(answer);
    } catch (refusal) {
      if (mine !== asked) return undefined;
      show({});
      error.textContent = refusal.message;
    }
    return undefined;
  }

  function show(answer) {
    offered = answer;
    for (const [name] of WAYS) {
      const one = answer[name];
      $(`[data-way=${name}]`, form).textContent = one ? said(one) : "";
      $(`[value=${name}]`, form).disabled = Boolean(one?.refused);
    }
    if (answer[way()]?.refused) $$("[name=how]:not(:disabled)", form)[0]?.click();
    name();
  }

  const said = ({ refused, back, kept, why, amount }) =>
    refused || [Number(amount) ? `${back} goes back` : "Nothing goes back", kept && `, ${kept} is kept. ${why}`].filter(Boolean).join("");

  function name() {
    const one = offered[way()];
    const count = codes().length;
    knob.disabled = !one || Boolean(one.refused);
    knob.textContent = !count ? "Choose tickets" : `Cancel ${many(count, "ticket")}${one && !one.refused ? `, give ${one.back} back` : ""}`;
  }

  function change(event) {
    if (event.target.name === "ticket") preview();
    else name();
  }

  function submit(event) {
    event.preventDefault();
    const one = offered[way()];
    const words = `${many(codes().length, "ticket")} cancelled. ${Number(one.amount) ? `${one.back} goes back by itself.` : "Nothing goes back."}`;
    cancel(knob, { tickets: codes(), how: way(), back: one.amount }, words);
  }

  preview();
  return form;
}
