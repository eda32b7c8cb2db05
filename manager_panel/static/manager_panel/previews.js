/** Forms with pictures: what is chosen or typed is shown where it will be seen, before it is saved. */
import { $, $$ } from "./dom.js";

for (const field of $$("input[type=file]")) {
  let last = null;
  field.addEventListener("change", () => {
    const [file] = field.files;
    const shown = $$(`[data-shows="${field.name}"]`);
    if (!file || !shown.length) return;
    if (last) URL.revokeObjectURL(last);
    last = URL.createObjectURL(file);
    for (const image of shown) {
      image.src = last;
      image.hidden = false;
    }
  });
}

for (const words of $$("[data-says]")) {
  const field = $(`[name="${words.dataset.says}"]`);
  field?.addEventListener("input", () => (words.textContent = field.value));
}
document.body.dataset.previews = "true";
