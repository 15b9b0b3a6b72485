// Triage without reloading: each act is sent in the background, again and again until it is
// answered, so that neither a lost network nor an ended session loses a decision. The page works
// the same without this script.
"use strict";

(() => {
  const PENDING = "triage-pending";
  const PAUSES = [1000, 2000, 4000, 8000, 15000];
  const FRESH = 60000;
  const told = document.getElementById("triage-told");
  let isBusy = false;
  let ahead = { page: "", text: null, since: 0 };

  const root = () => document.getElementById("triage");

  function tell(kind, says, link) {
    const line = document.createElement("p");
    line.className = `triage-${kind}`;
    line.textContent = says;
    if (link) {
      const way = document.createElement("a");
      way.href = link;
      way.textContent = "Sign in";
      line.append(" ", way);
    }
    told.replaceChildren(line);
  }

  // What is being sent outlives this page: a sign-in and a reload send it again.
  function remember(press) {
    sessionStorage.setItem(PENDING, JSON.stringify(press));
  }

  function remembered() {
    try {
      return JSON.parse(sessionStorage.getItem(PENDING));
    } catch {
      return null;
    }
  }

  function forget() {
    sessionStorage.removeItem(PENDING);
  }

  function pause(round) {
    const time = PAUSES[Math.min(round, PAUSES.length - 1)];
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      const wake = () => {
        clearTimeout(timer);
        resolve();
      };
      addEventListener("online", wake, { once: true });
      addEventListener("focus", wake, { once: true });
    });
  }

  function token() {
    const found = document.cookie.match(/(?:^|; )(?:__(?:Host|Secure)-)?csrftoken=([^;]+)/);
    return found ? found[1] : "";
  }

  async function post(press) {
    // Signing in again changes the token, so that the one in the form may be an old one.
    const body = new URLSearchParams(press.body);
    if (token()) body.delete("csrfmiddlewaretoken");
    try {
      return await fetch(press.page, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token() },
        body,
      });
    } catch {
      return null;
    }
  }

  // Only an answer ends the loop: the version that is sent along makes a repetition harmless.
  async function answered(press) {
    let hasNewToken = false;
    for (let round = 0; ; round += 1) {
      const answer = await post(press);
      const isJson = answer?.headers.get("Content-Type")?.startsWith("application/json");
      if (isJson && answer.ok) return answer.json();
      if (isJson && answer.status === 401) {
        const { signIn } = await answer.json();
        tell("waiting", `Your session ended. ${press.label} is kept and sent once you are back.`, signIn);
      } else if (answer?.status === 403 && !hasNewToken) {
        // Perhaps only the token is gone; any page brings a new one.
        hasNewToken = true;
        await fetched(location.href);
        continue;
      } else if (answer && answer.status >= 400 && answer.status < 500) {
        return null;
      } else {
        tell("waiting", `Not sent yet: ${press.label}. Trying again…`);
      }
      await pause(round);
    }
  }

  async function send(press) {
    isBusy = true;
    root().setAttribute("aria-busy", "true");
    remember(press);
    const answer = await answered(press);
    forget();
    isBusy = false;
    if (!answer) {
      root().removeAttribute("aria-busy");
      tell("error", `Refused: ${press.label}. Reload the page.`);
      return;
    }
    tell(answer.isDone ? "success" : "error", answer.says);
    const holder = document.createElement("template");
    holder.innerHTML = answer.html;
    show(holder.content.getElementById("triage"), answer.title, answer.page);
  }

  function show(found, title, page) {
    root().replaceWith(found);
    document.title = [title, ...document.title.split(" · ").slice(-1)].join(" · ");
    if (page !== location.pathname + location.search) history.pushState(null, "", page);
    scrollTo(0, 0);
    root().querySelector("h1").focus({ preventScroll: true });
    lookAhead();
  }

  function lookAhead() {
    const page = root().dataset.next;
    ahead = { page, text: page ? fetched(page) : null, since: Date.now() };
  }

  async function fetched(page) {
    try {
      const answer = await fetch(page);
      return answer.ok ? await answer.text() : "";
    } catch {
      return "";
    }
  }

  async function go(page) {
    isBusy = true;
    const isFresh = page === ahead.page && Date.now() - ahead.since < FRESH;
    const text = (isFresh && (await ahead.text)) || (await fetched(page));
    isBusy = false;
    const read = new DOMParser().parseFromString(text, "text/html");
    const found = read.getElementById("triage");
    if (found) {
      told.replaceChildren();
      show(document.importNode(found, true), read.title.split(" · ")[0], page);
    } else if (text) {
      location.assign(page);
    } else {
      tell("waiting", "No connection; the next article could not be fetched. Press again to retry.");
    }
  }

  function isTyping(target) {
    return target instanceof Element && target.closest("input, textarea, select, [contenteditable]");
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const pressed = event.submitter;
    if (!form.matches("form[data-triage]") || !pressed) return;
    event.preventDefault();
    if (isBusy) return;
    const body = [...new FormData(form)];
    body.push([pressed.name, pressed.value]);
    send({
      page: form.getAttribute("action"),
      person: root().dataset.person,
      label: `“${pressed.dataset.label ?? pressed.value}”`,
      body,
    });
  });

  document.addEventListener("click", (event) => {
    const step = event.target.closest?.("a[data-walk]");
    if (!step || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if (!isBusy) go(step.getAttribute("href"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") root().querySelector("h1").focus();
      return;
    }
    // A key held down decides once.
    if (event.repeat || event.key.length !== 1) return;
    const control = root().querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!control) return;
    event.preventDefault();
    control.click();
    if (!control.matches("summary")) return;
    // What it opens lies below the bar, which stays at the foot of the screen.
    control.parentElement.scrollIntoView({ block: "end" });
    control.focus({ preventScroll: true });
  });

  addEventListener("popstate", () => location.reload());

  const left = remembered();
  if (left && left.person === root().dataset.person) send(left);
  else {
    forget();
    lookAhead();
  }
})();
