/** Forms that were open while somebody signed in again in another tab are sent with the token that holds since then. */
addEventListener("submit", ({ target }) => {
  const [, token] = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie) ?? [];
  const field = target.querySelector("[name=csrfmiddlewaretoken]");
  if (token && field) field.value = token;
}, { capture: true });
