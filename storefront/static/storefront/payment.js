/** Stripe's own form, where there is no pay page. Stripe.js is loaded only here, and only then. */
import { fill, h, onSubmit } from "./dom.js";

function loadStripe() {
  return new Promise((resolve, reject) => {
    const missing = () => reject(new Error("The payment form could not be loaded. Check your connection and try again."));
    document.head.append(h("script", { src: "https://js.stripe.com/v3/", onload: resolve, onerror: missing }));
  });
}

/** Mount the Payment Element for `payment` into `place`; Stripe leads back to `returnUrl`. */
export async function payHere(place, payment, amount, returnUrl) {
  if (!window.Stripe) await loadStripe();
  const stripe = window.Stripe(payment.publishable_key);
  const elements = stripe.elements({ clientSecret: payment.client_secret, appearance: { theme: "night" } });
  const problem = h("p", { class: "error", role: "alert" });
  const pay = h("button", { class: "main wide" }, `Pay ${amount}`);
  const form = h("form", {}, h("div", { id: "payment-element" }), problem, pay);
  onSubmit(form, async () => {
    problem.textContent = "";
    const { error } = await stripe.confirmPayment({ elements, confirmParams: { return_url: returnUrl } });
    if (error) problem.textContent = `${error.message} Nothing was charged.`;
  });
  fill(place, form);
  elements.create("payment").mount("#payment-element");
}
