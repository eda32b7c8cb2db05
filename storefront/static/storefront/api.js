/** The only module that talks to /api/: addresses, tokens, and errors as sentences. */
import { keyOf, recall, remember } from "./storage.js";

const SESSION = "session";
const LONGEST_WAIT = 5; // seconds that we wait by ourselves when the server is busy

/** An answer that is not a success. `status` is 0 when there was no answer at all. */
export class ApiError extends Error {
  constructor(status, body, wait) {
    const errors = body?.errors ?? [];
    super(sentence(status, errors[0] ?? {}, wait));
    Object.assign(this, { status, errors, body: body ?? {}, code: errors[0]?.code ?? "" });
  }

  has(attr) {
    return this.errors.some((error) => error.attr === attr);
  }
}

function sentence(status, { code, detail }, wait) {
  if (!status) return "We can't reach the cinema. Check your connection and try again.";
  if (status === 429) return `That was a bit fast. Please try again in ${wait || 60} seconds.`;
  if (status === 404) return "We can't find this any more.";
  if (code === "token_not_valid") return "We lost track of who you are. Please sign in again.";
  if (status >= 500 && status !== 503) return "Something went wrong on our side. Please try again.";
  return detail || "That didn't work. Please try again.";
}

export const session = () => recall(SESSION);
export const forget = () => remember(SESSION, null);

/** Keep the tokens of somebody who just signed in, and what to call them. */
export async function signIn({ access, refresh }) {
  remember(SESSION, { access, refresh });
  const me = await get("auth/me/");
  remember(SESSION, { ...session(), name: me.full_name || me.username });
}

export async function signOut() {
  const { refresh } = session() ?? {};
  forget();
  await post("auth/logout/", { refresh }).catch(() => {});
}

let renewing = null;

/** Get new tokens once, however many requests, or tabs, find the old ones dead. */
function renew(stale) {
  const work = async () => {
    const now = session();
    if (now?.access !== stale) return;
    const answer = await ask("POST", "auth/refresh/", { body: { refresh: now.refresh }, open: true });
    if (answer.ok) remember(SESSION, { ...now, ...(await answer.json()) });
    else if (answer.status === 400 || answer.status === 401) forget();
  };
  // Locks exist on HTTPS and on this machine only; elsewhere tabs may sign each other out.
  const once = () => (navigator.locks ? navigator.locks.request("marquee.renew", work) : work());
  return (renewing ??= once().finally(() => (renewing = null)));
}

// `open`: without showing who is signed in. `booking`: the reference whose access key we may have.
function ask(method, path, { body, booking, etag, idempotencyKey, signal, open } = {}) {
  const headers = { Accept: "application/json, */*;q=0.5" };
  if (body) headers["Content-Type"] = "application/json";
  if (etag) headers["If-None-Match"] = etag;
  if (idempotencyKey) headers["Idempotency-Key"] = idempotencyKey;
  if (booking && keyOf(booking)) headers["Access-Key"] = keyOf(booking);
  if (session() && !open) headers.Authorization = `Bearer ${session().access}`;
  const text = body && JSON.stringify(body);
  return fetch(`/api/${path}`, { method, headers, body: text, signal, cache: "no-store" });
}

/** How far the clock of this device is behind the server's, in milliseconds. */
let behind = 0;
export const now = () => Date.now() + behind;

async function send(method, path, options = {}) {
  try {
    const used = session()?.access;
    let answer = await ask(method, path, options);
    if (answer.status === 401 && used && !options.open) {
      await renew(used);
      answer = await ask(method, path, options);
    }
    if (answer.status === 503 && waitOf(answer) <= LONGEST_WAIT) {
      await new Promise((wake) => setTimeout(wake, waitOf(answer) * 1000));
      answer = await ask(method, path, options);
    }
    const date = Date.parse(answer.headers.get("Date"));
    if (Math.abs(date - now()) > 2000) behind = date - Date.now();
    if (answer.ok || answer.status === 304) return answer;
    throw new ApiError(answer.status, await answer.json().catch(() => null), waitOf(answer));
  } catch (error) {
    if (error instanceof TypeError) throw new ApiError(0);
    throw error;
  }
}

const waitOf = (answer) => Number(answer.headers.get("Retry-After") ?? Infinity);

export const get = async (path, options) => (await send("GET", path, options)).json();
export const blob = async (path, options) => (await send("GET", path, options)).blob();
export const remove = (path, options) => send("DELETE", path, options);

export async function post(path, body, options) {
  const text = await (await send("POST", path, { ...options, body })).text();
  return text ? JSON.parse(text) : null;
}

/** What has changed since `etag`: `{etag, data}`, or null if nothing has. */
export async function changed(path, etag) {
  const answer = await send("GET", path, { etag });
  if (answer.status === 304) return null;
  return { etag: answer.headers.get("ETag"), data: await answer.json() };
}

/** A key under which the server does the same thing only once. */
export const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
