/** Elements, made of text: nothing that comes from the API is ever read as HTML. */

export const $ = (selector, root = document) => root.querySelector(selector);

/** An element. Attributes that begin with `on` are listeners; Children may be lists; empty ones are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter(Boolean));
  return element;
}

export const fill = (element, ...children) =>
  element.replaceChildren(...children.flat(Infinity).filter(Boolean));

export const link = (href, text, kind = "button") => h("a", { href, class: kind }, text);

export const button = (text, onclick, kind = "") =>
  h("button", { type: "button", class: kind, onclick }, text);

/** An address that a link may lead to, or "". */
export const webAddress = (text) => (/^https?:\/\//i.test(text ?? "") ? text : "");

/** How wide the three sizes of a picture are, by the place where it is shown, and how wide it is shown there. */
const WIDTHS = { thumb: [200, 400, 800], portrait: [200, 400, 800], slide: [640, 1280, 1920], backdrop: [640, 1280, 1920], front: [400, 800, 1600] };
const SHOWN = {
  thumb: "4.5rem",
  portrait: "(min-width: 900px) 15rem, 48vw",
  slide: "(min-width: 900px) 46rem, 88vw",
  backdrop: "100vw",
  front: "(min-width: 75rem) 72rem, 100vw",
};

/** A picture `{small, medium, large}`; where there is none, or it can't be loaded, a plain field with the title. */
export function picture(urls, title, kind, place = kind) {
  const plain = () => h("div", { class: `${kind} plain-picture`, "aria-hidden": true }, title);
  if (!urls) return plain();
  const onerror = (event) => event.target.replaceWith(plain());
  const srcset = [urls.small, urls.medium, urls.large].map((url, size) => `${url} ${WIDTHS[place][size]}w`).join(", ");
  return h("img", { src: urls.medium, srcset, sizes: SHOWN[place], alt: "", class: kind, loading: "lazy", decoding: "async", onerror });
}

export const notice = (kind, text, ...actions) =>
  h("div", { class: `notice ${kind}` }, h("p", {}, text), actions.length > 0 && h("div", { class: "actions" }, actions));

/** Say something to people who listen to the page rather than look at it. */
export function say(text) {
  $("#said").textContent = text;
}

/** Put each error of `error` below the field that it is about, and the rest below the form. */
export function showErrors(form, error) {
  const places = new Map([...form.querySelectorAll("[data-for]")].map((one) => [one.dataset.for, one]));
  places.forEach((place) => (place.textContent = ""));
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  if (!error) return;
  const errors = error.status === 400 ? error.errors : [{ detail: error.message }];
  for (const { attr, detail } of errors) {
    const place = places.get(attr) ?? places.get("");
    place.textContent = [place.textContent, detail].filter(Boolean).join(" ");
    $("input", place.parentElement)?.setAttribute("aria-invalid", "true");
  }
  const first = $("[aria-invalid]", form);
  if (first) first.focus();
  else places.get("").scrollIntoView({ block: "center" });
}

/** Leave for another page. Never done, so that nothing can be pressed twice on the way. */
export function go(address) {
  location.assign(address);
  return new Promise(() => {});
}

/**
 * Run `work` when `form` is sent, with its button busy meanwhile. That button is `disabled` in the page until
 * here, or somebody faster than this script would send the form as an address, with a password in it.
 */
export function onSubmit(form, work) {
  const knob = $("button:not([type=button])", form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busily(knob, work);
  });
  knob.disabled = false;
}

/** Run `work` while `knob` can't be pressed a second time. */
export async function busily(knob, work) {
  knob.disabled = true;
  knob.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    knob.disabled = false;
    knob.removeAttribute("aria-busy");
  }
}
