/** On every form of the admin: the theme's drop-downs are called what their labels say. */
(() => {
  const labelOf = (select) => select && document.querySelector(`label[for="${select.id}"]`);
  const selectOf = (part) => {
    const box = part.closest(".select2-container");
    return box?.previousElementSibling ?? document.querySelector(".select2-container--open")?.previousElementSibling;
  };

  function nameField(field) {
    field.setAttribute("aria-label", labelOf(selectOf(field))?.firstChild?.textContent.trim() || "Search");
  }

  function nameChoice(choice) {
    const label = labelOf(selectOf(choice)), shown = choice.querySelector(".select2-selection__rendered");
    if (!label || !shown) return;
    label.id ||= `label-of-${label.htmlFor}`;
    shown.setAttribute("aria-labelledby", label.id);
    choice.setAttribute("aria-labelledby", `${label.id} ${shown.id}`);
  }

  function nameAll() {
    document.querySelectorAll(".select2-search__field:not([aria-label])").forEach(nameField);
    document.querySelectorAll(".select2-selection--single:not([aria-labelledby^=label-of])").forEach(nameChoice);
  }

  // They come when their script is ready, and with every row that is added to a form.
  addEventListener("DOMContentLoaded", () => {
    nameAll();
    new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
  });
})();
