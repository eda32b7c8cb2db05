/** Asking for a link to set a new password. The answer is the same whether we know the address or not. */
import { post } from "../api.js";
import { $, h, link, onSubmit, showErrors } from "../dom.js";
import { start } from "../shell.js";

const sent = (email) => [
  h("h1", { tabindex: -1 }, "Look into your mail"),
  h("p", {}, `If there is an account with ${email}, a link is on its way there. It works once, for a day.`),
  h("p", { class: "soft" }, "Nothing there after a few minutes? Look into the folder for spam, or try another address."),
  h("div", { class: "actions" }, link("/sign-in/", "Sign in"), link("/", "What is on")),
];

start(async () => {
  const form = $("#form");
  onSubmit(form, async () => {
    showErrors(form, null);
    const email = $("#email").value.trim();
    try {
      await post("auth/password/reset/", { email }, { open: true });
      const card = h("section", { class: "card narrow" }, sent(email));
      form.replaceWith(card);
      $("h1", card).focus();
    } catch (error) {
      showErrors(form, error);
    }
  });
});
