// Keeps what is typed: on the server every ten seconds, and in this browser whenever that fails.
"use strict";
(() => {
  const box = document.getElementById("form-open");
  const form = box && box.closest("form");
  if (!form) return;

  const EVERY = 10000;
  const QUIET = 30000; // Without typing, the form is heard from this often.
  const NOT_TYPED = new Set(["csrfmiddlewaretoken", "_act", "_save", "_continue", "_publish", "_undo"]);
  const key = `desk-typed:${box.dataset.person}:${box.dataset.article}`;
  const status = box.querySelector(".form-kept-at");
  const others = box.querySelector(".form-others");
  const local = document.getElementById("form-local");
  const token = form.elements._typing; // Its value names this form's typing, wherever it is kept.

  const typed = () => {
    const values = {};
    for (const [name, value] of new FormData(form)) {
      if (!NOT_TYPED.has(name) && typeof value === "string") (values[name] ||= []).push(value);
    }
    return values;
  };
  const text = (values) => JSON.stringify(values);
  // What a refused form or a working copy brought along is not saved yet.
  let sent = box.hasAttribute("data-unsaved") ? "" : text(typed());
  let isOffered = box.hasAttribute("data-offered");
  let isLeaving = false;
  let heardAt = 0;

  const say = (element, words) => {
    if (element.textContent !== words) element.textContent = words;
    element.hidden = !words;
  };
  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const store = () => {
    // What was offered and not yet answered must not be written over.
    if (local && !local.hidden) return;
    try {
      localStorage.setItem(key, text({ token: token.value, at: new Date().toISOString(), values: typed() }));
    } catch {
      // No room or no permission: the server's copy remains.
    }
  };
  const forget = () => {
    try {
      if (stored()?.token === token.value) localStorage.removeItem(key);
    } catch {
      // As above.
    }
  };
  const cookie = () => /(?:^|; )(?:__(?:Host|Secure)-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1];

  // After signing in anew, in whichever tab, the page's own token is void; the cookie has the new.
  const renew = () => {
    const value = cookie();
    if (value) form.elements.csrfmiddlewaretoken.value = value;
  };

  const report = async (values, isTyped) => {
    const body = new FormData();
    for (const [name, list] of Object.entries(values)) for (const value of list) body.append(name, value);
    if (isTyped) body.append("_typed", "1");
    const headers = { "X-CSRFToken": cookie() || form.elements.csrfmiddlewaretoken.value };
    const answer = await fetch(box.dataset.url, { method: "POST", body, headers, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.status === 403) return null;
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  const beat = async () => {
    if (isLeaving) return;
    const values = typed();
    const now = text(values);
    const isTyped = now !== sent && !isOffered;
    if (!isTyped && Date.now() - heardAt < QUIET) return;
    heardAt = Date.now();
    try {
      const answer = await report(isTyped ? values : { version: values.version }, isTyped);
      if (answer === null) {
        say(status, "You have been signed out. What you type is kept in this browser; pressing a button leads through signing in and back to it.");
        return;
      }
      say(others, answer.others.join("; "));
      if (answer.kept) {
        sent = now;
        forget();
        say(status, `Not saved; a copy of what you typed was kept at ${answer.kept}.`);
      }
      if (answer.version > Number(box.dataset.version)) {
        say(status, "Somebody acted on this article meanwhile. When you save, both changes are merged, or shown side by side.");
      }
    } catch {
      say(status, "The newsroom cannot be reached. What you type is kept in this browser.");
    }
  };

  const fields = (name) => [...form.elements].filter((field) => field.name === name);
  const put = (values) => {
    for (const [name, list] of Object.entries(values)) {
      if (name === "_typing") continue;
      fields(name).forEach((field, place) => {
        if (field.type === "checkbox" || field.type === "radio") field.checked = list.includes(field.value);
        else if (field.type !== "submit") field.value = list[place] ?? "";
      });
    }
  };

  const offer = () => {
    const entry = stored();
    if (!entry || !entry.values) return;
    const plain = (name, values) => (values[name] || []).filter(Boolean).join(", ").replaceAll("\r\n", "\n");
    const here = typed();
    // Of the bar, what is written there; choices that a panel began with are nobody's typing.
    const isSaid = (name) => !name.startsWith("_") || /^_(comment|public_note|(go_live_at|expire_at)-(re)?publish)/.test(name);
    const names = Object.keys(entry.values).filter(
      (name) =>
        !name.startsWith("initial-") && !["version", "state_seen"].includes(name) && isSaid(name) &&
        plain(name, entry.values) !== plain(name, here) &&
        plain(name, entry.values) !== plain(`initial-${name}`, entry.values)
    );
    if (box.dataset.settled.split(" ").includes(entry.token) || !names.length) {
      localStorage.removeItem(key);
      return;
    }
    const time = local.querySelector("time");
    time.dateTime = entry.at;
    time.textContent = `(${new Date(entry.at).toLocaleString()})`;
    const list = local.querySelector("dl");
    for (const name of names) {
      const term = document.createElement("dt");
      const words = document.createElement("dd");
      term.textContent = name.replaceAll("_", " ").trim();
      words.textContent = plain(name, entry.values) || "(emptied)";
      words.dir = "auto";
      list.append(term, words);
    }
    local.hidden = false;
    // The server's copy of the same form is the older one.
    const older = box.dataset.copy === entry.token && document.getElementById("form-copy");
    if (older) older.hidden = true;
    local.querySelector("[data-take]").addEventListener("click", () => {
      put(entry.values);
      token.value = entry.token;
      if (older) isOffered = false;
      local.hidden = true;
      localStorage.removeItem(key);
      store();
      beat();
    });
    local.querySelector("[data-drop]").addEventListener("click", () => {
      local.hidden = true;
      if (older) older.hidden = false;
      localStorage.removeItem(key);
    });
  };

  form.addEventListener("input", store);
  form.addEventListener("change", store);
  form.addEventListener("submit", () => {
    isLeaving = true;
    renew();
    store();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isLeaving = false;
  });
  offer();
  beat();
  setInterval(beat, EVERY);
})();
