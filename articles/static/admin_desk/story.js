// Keys of a story's page. Everything they do stands on the page as a button or a box.
"use strict";

(() => {
  const rows = () => [...document.querySelectorAll("[data-member]")];

  function here() {
    return rows().findIndex((row) => row.contains(document.activeElement));
  }

  function go(step) {
    const all = rows();
    if (!all.length) return;
    const at = here();
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    all[next].querySelector("input, a").focus();
  }

  function press(key) {
    const row = rows()[here()];
    const button = (row && row.querySelector(`[data-key="${key}"]`)) || document.querySelector(`:not(.story-member *)[data-key="${key}"]`);
    if (button) button.click();
  }

  function choose() {
    const box = rows()[here()]?.querySelector('input[type="checkbox"]');
    if (box) box.checked = !box.checked;
  }

  function help() {
    const keys = document.getElementById("story-keys");
    keys.open = true;
    keys.querySelector("summary").focus();
  }

  const KEYS = {
    j: () => go(1),
    k: () => go(-1),
    x: choose,
    l: () => press("l"),
    d: () => press("d"),
    s: () => press("s"),
    u: () => press("u"),
    m: () => document.querySelector('[data-focus="m"]')?.focus(),
    "?": help,
  };

  addEventListener("keydown", (event) => {
    const typed = event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
    if (typed || event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
})();
