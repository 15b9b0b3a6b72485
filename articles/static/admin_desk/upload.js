// Looks again every two seconds while an import is at work; without it the page has a link for that.
"use strict";

const PAUSE = 2000;

async function look() {
  const state = document.getElementById("upload-state");
  const answer = await fetch(window.location.href, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const news = page.getElementById("upload-state");
  if (!news) return;
  if (news.textContent !== state.textContent) state.replaceWith(news);
  watch();
}

function watch() {
  const state = document.getElementById("upload-state");
  if (state && "begun" in state.dataset) window.setTimeout(() => look().catch(watch), PAUSE);
}

watch();
