// What was left empty asks for nothing and stays out of the address, so that it can be handed on.
document.querySelector(".desk-find")?.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

// Offers providers while one is typed; the filter works without it.
(() => {
  const list = document.getElementById("desk-providers");
  const input = document.querySelector('input[list="desk-providers"]');
  if (!list || !input) return;
  let asked = "";
  input.addEventListener("input", async () => {
    const typed = input.value.trim();
    if (!typed || typed === asked) return;
    asked = typed;
    try {
      const answer = await fetch(`${list.dataset.source}?q=${encodeURIComponent(typed)}`);
      if (!answer.ok || asked !== typed) return;
      const { providers } = await answer.json();
      list.replaceChildren(
        ...providers.map(({ domain, name }) => {
          const option = document.createElement("option");
          option.value = domain;
          option.label = `${name} (${domain})`;
          return option;
        }),
      );
    } catch {
      // Without a network the words typed still filter.
    }
  });
})();
