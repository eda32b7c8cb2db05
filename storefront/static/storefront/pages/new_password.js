/** Setting a new password, with the link from a mail. */
import { post, signIn } from "../api.js";
import { $, go, link, onSubmit, showErrors } from "../dom.js";
import { dead, start } from "../shell.js";

const token = location.pathname.split("/")[2];

start(async () => {
  const form = $("#form");
  onSubmit(form, async () => {
    showErrors(form, null);
    try {
      const new_password = $("#new_password").value;
      await signIn(await post("auth/password/reset/confirm/", { token, new_password }, { open: true }));
      await go("/");
    } catch (error) {
      if (!error.has?.("token")) return showErrors(form, error);
      dead("This link is used up", error.message, link("/reset-password/", "Send me another", "button main"));
    }
  });
});
