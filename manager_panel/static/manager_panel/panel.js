/**
 * On every list and form of the admin: the theme's drop-downs are called what their labels say, and what it makes for
 * the mouse alone (such as Filters) is there for the keyboard, too.
 */
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

  /** For the mouse alone, and no item of the list that it is in; each choice has its own way out. */
  function hideClear(cross) {
    cross.setAttribute("aria-hidden", "true");
  }

  function nameAll() {
    document.querySelectorAll("ul > .select2-selection__clear:not([aria-hidden])").forEach(hideClear);
    document.querySelectorAll(".select2-search__field:not([aria-label])").forEach(nameField);
    document.querySelectorAll(".select2-selection--single:not([aria-labelledby^=label-of])").forEach(nameChoice);
  }

  /** Links that lead nowhere are buttons. */
  function reach(link) {
    link.tabIndex = 0;
    link.setAttribute("role", "button");
    link.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      link.click();
    });
  }

  // They come when their script is ready, and with every row that is added to a form.
  addEventListener("DOMContentLoaded", () => {
    nameAll();
    document.querySelectorAll("a[x-on\\:click]:not([href])").forEach(reach);
    new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
  });
})();
