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

  addEventListener("load", () => {
    document.querySelectorAll(".select2-search__field").forEach(nameField);
    document.querySelectorAll(".select2-selection--single").forEach(nameChoice);
  });
  addEventListener("focusin", ({ target }) => {
    if (target.matches?.(".select2-search__field")) nameField(target);
    if (target.matches?.(".select2-selection--single")) nameChoice(target);
  });
})();
