/** Signing in and registering: two forms with the same manners. */
import { post, signIn } from "../api.js";
import { $, go, onSubmit, showErrors } from "../dom.js";
import { nextPage, signInAddress, start } from "../shell.js";

start(async () => {
  const form = $("#form");
  $("#other").href = signInAddress($("#other").pathname);
  // Most people don't care for a username: theirs is offered from the address.
  $("#email")?.addEventListener("change", () => {
    $("#username").value ||= $("#email").value.split("@")[0].replace(/[^\w.+-]/g, "");
  });
  onSubmit(form, async () => {
    showErrors(form, null);
    try {
      await signIn(await post(form.dataset.path, Object.fromEntries(new FormData(form)), { open: true }));
      await go(nextPage());
    } catch (error) {
      showErrors(form, error);
    }
  });
});
