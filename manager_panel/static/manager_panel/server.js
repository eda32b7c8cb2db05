/** How the scripts of rooms talk to our server: JSON both ways, and refusals that have words. */
import { $ } from "./dom.js";

export const AWAY = "The server can't be reached. Try again in a moment: nothing is lost, and nothing is done twice.";
export const SIGNED_OUT = "You are signed out. Sign in again in another tab, then come back and try again: nothing is lost here.";
// ms: a line that is dead does not say so.
const PATIENCE = { asked: 15000, told: 60000 };

/** What the server refused: `status` (0: it did not answer), the first `code`, the `fields`, the `errors`, the whole `answer`. */
export class Refusal extends Error {
  constructor(message, { status = 0, answer = {} } = {}) {
    super(message);
    this.status = status;
    this.answer = answer;
    this.errors = answer.errors ?? [];
    this.code = this.errors[0]?.code ?? "";
    this.fields = this.errors.map((error) => error.attr).filter(Boolean);
  }
}

/** What is at `address`. Raises Refusal. */
export const ask = (address) => send(address, {});

/** Tell `address` about `body`, and hear what comes of it. Raises Refusal. */
export const tell = (address, body) =>
  send(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
  });

/** What is at `address` and its `tag`, or null if that is still the one we know. Raises Refusal. */
export async function askForNews(address, tag) {
  const response = await reach(address, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
  return response.status === 304 ? null : { tag: response.headers.get("ETag"), answer: await read(response) };
}

/** Against forged requests: that of the cookie, which is another one after signing in again. */
export const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? $("[name=csrfmiddlewaretoken]").value;

const send = async (address, options) => read(await reach(address, options));

async function reach(address, options) {
  let response;
  try {
    // The admin sends whoever is signed out to its door.
    const signal = AbortSignal.timeout(options.method ? PATIENCE.told : PATIENCE.asked);
    response = await fetch(address, { ...options, redirect: "manual", credentials: "same-origin", signal });
  } catch {
    throw new Refusal(AWAY);
  }
  if (response.type === "opaqueredirect") throw new Refusal(SIGNED_OUT, { status: 401 });
  return response;
}

async function read(response) {
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const words = (answer.errors ?? []).map((error) => error.detail).join(" ");
  throw new Refusal(words || `The server says: ${response.status}.`, { status: response.status, answer });
}
