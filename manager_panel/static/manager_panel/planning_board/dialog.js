// What the windows have in common: they open, close, and say what is wrong.

export class Dialog {
  constructor(id) {
    this.dialog = document.getElementById(id);
    this.form = this.dialog.querySelector("form");
    this.fields = this.form.elements;
    this.find("[data-close]")?.addEventListener("click", () => this.dialog.close());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
  }

  find(selector) {
    return this.dialog.querySelector(selector);
  }

  get isOpen() {
    return this.dialog.open;
  }

  open() {
    this.wrong("");
    this.dialog.showModal();
  }

  /** Show what is wrong, and with which fields; empty: nothing is. */
  wrong(text, fields = []) {
    const error = this.find("[data-error]");
    error.hidden = !text;
    error.textContent = text;
    for (const field of this.form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    for (const name of fields) this.form.querySelector(`[name="${name}"]`)?.setAttribute("aria-invalid", "true");
  }

  /** Run `work` while its buttons rest; false if it was refused, which is shown then. */
  async tried(work) {
    const buttons = [...this.form.querySelectorAll("button:not([data-close])")].filter((one) => !one.disabled);
    for (const button of buttons) button.disabled = true;
    this.dialog.setAttribute("aria-busy", "true");
    try {
      this.wrong("");
      await work();
      return true;
    } catch (refused) {
      if (!refused.fields) throw refused;
      this.wrong(refused.message, refused.fields.map((name) => ({ starts_at: "time" })[name] ?? name));
      return false;
    } finally {
      for (const button of buttons) button.disabled = false;
      this.dialog.removeAttribute("aria-busy");
    }
  }
}

/** The boxes called `name` that are ticked, as numbers. */
export function ticked(form, name) {
  return [...form.querySelectorAll(`[name="${name}"]:checked`)].map((box) => Number(box.value));
}
