/** The form of a theater: what its fees and rules mean is told anew while somebody types. */
import { $ } from "./dom.js";
import { newest, renew, settled } from "./prices/pages.js";

const form = $("#theater_form");
const address = $("#theater-examples").dataset.ask;
const page = newest();

async function tell() {
  const body = new FormData(form);
  // Pictures are large, and no example needs them.
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  try {
    const fresh = await page(address, { method: "POST", body });
    if (fresh) renew(fresh, "example-doors", "example-ticket", "example-cancelling", "example-place");
  } catch {
    // The examples stay as they were; saving will say what is wrong.
  }
}

form.addEventListener("input", settled(tell));
form.dataset.examples = "true";
