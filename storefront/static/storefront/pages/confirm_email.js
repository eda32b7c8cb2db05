/** Confirming an e-mail address, with the link from a mail. */
import { post, session } from "../api.js";
import { $, button, busily, fill, h, link } from "../dom.js";
import { dead, signInAddress, start, title } from "../shell.js";

const token = location.pathname.split("/")[2];

function another() {
  if (!session()) return link(signInAddress(), "Sign in to get another", "button main");
  const send = button("Send me another", () => busily(send, async () => {
    await post("auth/email/confirm/resend/");
    send.replaceWith(h("p", { role: "status" }, "If your address is not confirmed yet, another link is on its way."));
  }), "main");
  return send;
}

start(async () => {
  try {
    await post("auth/email/confirm/", { token }, { open: true });
  } catch (error) {
    if (!error.has?.("token")) throw error;
    return dead("This link is used up", error.message, another());
  }
  title("Thank you");
  fill($("#answer"), h("h1", {}, "Thank you"), h("p", {}, "Your e-mail address is confirmed. Your tickets will reach you there."),
    h("div", { class: "actions" }, link("/", "See what is on", "button main"), link("/my-bookings/", "My bookings")));
});
