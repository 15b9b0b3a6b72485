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

/* What it may belong to, and what was decided about the same piece: found by comparing texts, so
   that the form does not wait for it. Without this script it stands behind the link. */
for (const box of document.querySelectorAll("[data-beside-suggested]")) {
  const link = box.nextElementSibling.querySelector("a");
  const show = (text) => {
    const found = new DOMParser().parseFromString(text, "text/html");
    for (const list of found.querySelectorAll("[data-beside]")) {
      for (const form of list.querySelectorAll("form")) form.remove();
      const heading = document.createElement("h3");
      heading.textContent = list.dataset.beside;
      box.append(heading, document.importNode(list, true));
      box.hidden = false;
    }
  };
  fetch(link.href, { credentials: "same-origin" })
    .then((answer) => (answer.ok && !answer.redirected ? answer.text() : ""))
    .then(show)
    .catch(() => {});
}
