/* What a page gains with a script: it learns of new stories without moving what is being read, and
   says how long ago things were. Everything works without it. */
"use strict";

(() => {
  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;

  /* "3h ago" for what is less than a day old; the full time stays in the title. */
  const ago = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { style: "narrow", numeric: "auto" });
  const recent = [...document.querySelectorAll("main time[datetime*='T']")].filter((time) => {
    const age = Date.now() - Date.parse(time.dateTime);
    return age >= 0 && age < 24 * HOUR;
  });
  for (const time of recent) time.title = time.textContent.trim();
  /* What has been seen keeps its place: shorter words would pull up the lines below. */
  if (performance.getEntriesByType("paint").length) {
    const widths = recent.map((time) => time.getBoundingClientRect().width);
    recent.forEach((time, number) => (time.style.minInlineSize = `${widths[number]}px`));
  }

  const tell = () => {
    for (const time of recent) {
      const minutes = Math.floor((Date.now() - Date.parse(time.dateTime)) / MINUTE);
      const words = minutes < 60 ? ago.format(-minutes, "minute") : ago.format(-Math.floor(minutes / 60), "hour");
      time.textContent = minutes < 24 * 60 ? words : time.title;
    }
  };
  tell();
  setInterval(tell, MINUTE);

  const fresh = document.querySelector(".fresh");
  if (!fresh) return;
  const button = fresh.querySelector("button");
  const every = Number(fresh.dataset.seconds) * 1000;
  const title = document.title;
  let known = null;
  let asked = 0;

  const look = async () => {
    asked = Date.now();
    try {
      const answer = await fetch(fresh.dataset.source, { cache: "no-cache", credentials: "omit" });
      if (!answer.ok) return;
      const { stories } = await answer.json();
      known ??= new Set(stories);
      const count = stories.filter((story) => !known.has(story)).length;
      if (!count) return;
      button.textContent = (count === 1 ? fresh.dataset.one : fresh.dataset.many).replace("%s", count);
      button.hidden = false;
      document.title = `(${count}) ${title}`;
    } catch {
      /* Offline; the next look may have more luck. */
    }
  };

  const lookIfDue = () => {
    if (!document.hidden && Date.now() - asked >= every) look();
  };
  button.addEventListener("click", () => {
    history.scrollRestoration = "manual";
    scrollTo(0, 0);
    location.reload();
  });
  document.addEventListener("visibilitychange", lookIfDue);
  look();
  setInterval(lookIfDue, Math.min(every, 5000));
})();
