"""What a browser finds wrong on a page of the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    ViewportSize,
)

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
ACTIVE = """() => {
  const found = [];
  if ("hostile" in window) found.push("a hostile script ran");
  const bad = /^\\s*(javascript|vbscript|data):/i;
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    const says = element.outerHTML.slice(0, 120);
    if (element.hasAttribute("data-hostile")) found.push(`text became an element: ${says}`);
    if (["iframe", "object", "embed", "base"].includes(name)) found.push(says);
    if (name === "script" && !element.src && !/json/.test(element.type)) found.push(says);
    for (const { name: key, value } of element.attributes) {
      const isAddress = ["href", "src", "action", "formaction", "xlink:href"].includes(key);
      if (key.startsWith("on") || key === "srcdoc") found.push(`${key}: ${says}`);
      const isOurs = element.id === "leaf-bookmarklet";
      if (isAddress && bad.test(value) && !isOurs) found.push(`${key} leads to a script: ${says}`);
    }
  }
  return found;
}"""
"""Answers everything in the document that could act, but for the bookmark to take along."""
WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const isOut = (element) =>
    element.getBoundingClientRect().right > room + 1 && !element.closest(".desk-nav");
  return [...document.querySelectorAll("body *")]
    .filter((one) => isOut(one) && ![...one.children].some(isOut))
    .slice(0, 3)
    .map((one) => `wider than a phone: ${one.outerHTML.slice(0, 120)}`);
}"""
"""Answers the innermost elements that stick out, where the page scrolls sideways."""


class Looker:
    """A browser context in which somebody is signed in; `problems` collects what it met."""

    def __init__(self, browser: Browser, base: str, session: str, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(base_url=base, viewport=DESK, **options)
        self.context.set_default_timeout(20_000)
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.heard.append(f"script failed: {error}"))
        self.heard: list[str] = []

    def _heard(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.heard.append(message.text)

    def open(self, address: str) -> Response:
        """Load a page; what the page before said is forgotten."""
        self.heard.clear()
        answer = self.page.goto(address)
        assert answer is not None
        return answer

    def active(self) -> Iterator[str]:
        """What is active on the page or was stopped by the policy."""
        yield from self.page.evaluate(ACTIVE)
        yield from self.heard

    def axe(self) -> Iterator[str]:
        """What hinders readers of any kind."""
        for one in Axe().run(self.page).response["violations"]:
            yield f"{one['id']}: {one['nodes'][0]['html'][:200]}"

    def too_wide(self) -> Iterator[str]:
        """Whether a phone cannot hold the page."""
        self.page.set_viewport_size(PHONE)
        yield from self.page.evaluate(WIDE)
        self.page.set_viewport_size(DESK)
