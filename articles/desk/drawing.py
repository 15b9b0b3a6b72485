"""The transition table as a picture: a line for each state, an arrow for each action."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..states import TABLE, Action, Rule, State, Target

LEFT, RIGHT, COLUMN, ROW, TOP = 132, 290, 118, 30, 64
"""Lengths in pixels: the names of actions, what they need, a state, an action, the head."""
STATES = list(State)
WIDTH = LEFT + COLUMN * len(STATES) + RIGHT
HEIGHT = TOP + ROW * len(TABLE) + 44
INK, SHEET = "#1d2329", "#ffffff"
TITLE = "Which action leads from which state to which"
LEGEND = "● starts here · ○ only while FOUR_EYES is off · ▶ leads here · ring: stays where it is"


def svg(*, is_alone: bool = False) -> SafeString:
    """The picture as SVG; alone it brings its own paper and ink, else it takes the page's.

    No styles and no script: a strict content policy shows it.
    """
    lines = [
        format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}"'
            ' height="{1}" role="img" aria-labelledby="workflow-title" color="{2}"'
            ' font-family="system-ui, sans-serif" font-size="13" fill="currentColor">',
            WIDTH,
            HEIGHT,
            INK if is_alone else "inherit",
        ),
        format_html('<title id="workflow-title">{}</title>', TITLE),
        *([_paper()] if is_alone else []),
        *_states(),
        *(line for number, action in enumerate(TABLE) for line in _row(number, action)),
        _text(14, HEIGHT - 16, LEGEND, size=12),
        format_html("</svg>{}", ""),
    ]
    return format_html_join("", "{}\n", ((line,) for line in lines))


def _paper() -> SafeString:
    return format_html('<rect width="{}" height="{}" fill="{}"/>', WIDTH, HEIGHT, SHEET)


def _states() -> Iterator[SafeString]:
    for state in STATES:
        yield _text(_x(state), 36, state.words, anchor="middle", weight=600)
        yield format_html(
            '<line x1="{0}" y1="{1}" x2="{0}" y2="{2}" stroke="currentColor"'
            ' stroke-opacity=".25"/>',
            _x(state),
            TOP - 16,
            HEIGHT - 44,
        )


def _row(number: int, action: Action) -> Iterator[SafeString]:
    rule, y = TABLE[action], TOP + ROW * number + ROW // 2
    yield _text(14, y + 4, action.value.replace("_", " "), weight=600)
    if isinstance(rule.to, State):
        yield from _arrows(y, rule.open_in(), rule.to)
    for start in rule.open_in():
        yield format_html(
            '<circle cx="{}" cy="{}" r="4.5" fill="{}" stroke="currentColor"/>',
            _x(start),
            y,
            "none" if start in rule.unreviewed else "currentColor",
        )
    yield _text(LEFT + COLUMN * len(STATES) + 6, y + 4, _needs(rule), size=12)


def _arrows(y: int, starts: tuple[State, ...], to: State) -> Iterator[SafeString]:
    """One arrow from the farthest start on each side; a ring around what stays where it is."""
    x, stays = _x(to), to in starts
    if stays:
        yield format_html('<circle cx="{}" cy="{}" r="9" fill="none" stroke="currentColor"/>', x, y)
    for side in (-1, 1):
        ends = [_x(start) for start in starts if (_x(start) - x) * side > 0]
        if ends:
            end = max(ends, key=lambda end: abs(end - x))
            yield from _arrow(y, end, x + side * (10 if stays else 2), side * 9)


def _arrow(y: int, start: int, tip: int, head: int) -> Iterator[SafeString]:
    yield format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="currentColor"/>', start, y, tip, y
    )
    back = tip + head
    yield format_html('<path d="M{} {} L{} {} L{} {} Z"/>', tip, y, back, y - 5, back, y + 5)


def _needs(rule: Rule) -> str:
    parts = [rule.need.value]
    if isinstance(rule.to, Target):
        parts.append(f"→ {TARGETS[rule.to]}")
    if rule.asks_why:
        parts.append("says why")
    if rule.is_guarded:
        parts.append("guards hold")
    return ", ".join(parts)


TARGETS = {
    Target.CAME_FROM: "where it came from",
    Target.SENT_BACK: "sent back (a draft only)",
    Target.REVIEWED_AGAIN: "reviewed again, or stays",
}
"""The places that depend on the article, in a few words."""


def _x(state: State) -> int:
    return LEFT + COLUMN * STATES.index(state) + COLUMN // 2


def _text(
    x: int, y: int, says: str, *, anchor: str = "start", weight: int = 400, size: int = 13
) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-weight="{}" font-size="{}">{}</text>',
        x,
        y,
        anchor,
        weight,
        size,
        says,
    )
