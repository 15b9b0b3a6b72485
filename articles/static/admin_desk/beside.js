"use strict";

/* Long stories: filter and order their lines. Without this script they stand by quality. */
for (const box of document.querySelectorAll("[data-beside-find]")) {
  const list = box.parentElement.querySelector(".desk-members");
  const lines = [...list.children];
  const [words, order, told] = ["input", "select", "[role=status]"].map((name) => box.querySelector(name));
  const texts = new Map(lines.map((line) => [line, line.textContent.toLowerCase()]));

  const filter = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const line of lines) {
      line.hidden = !wanted.every((word) => texts.get(line).includes(word));
      shown += line.hidden ? 0 : 1;
    }
    told.textContent = wanted.length ? `${shown} of ${lines.length}` : "";
  };
  const sort = () => {
    const by = {
      "": () => 0,
      at: (one, other) => Number(other.dataset.at || 0) - Number(one.dataset.at || 0),
      who: (one, other) => one.dataset.who.localeCompare(other.dataset.who),
    }[order.value];
    list.append(...[...lines].sort(by));
  };

  words.addEventListener("input", filter);
  order.addEventListener("change", sort);
  box.hidden = false;
}
