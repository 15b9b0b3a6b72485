"""What article files should be now: their base, and the keys that follow from acts here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from ..frontmatter import ABSENT, Memory, Record, patched, write
from ..frontmatter.merge import same
from ..frontmatter.record import Values
from ..models import Article
from ..states import State
from ..stories.membership import lead_order
from .catalogue import Topics
from .papers import Paper, as_entry, papers_of
from .related import Related
from .state_keys import state_keys

BODY = "body"
"""What the text below the front matter is called among keys."""

DERIVED = ("heat", "published", "removed", "related", "secured")
"""Keys that do not come from a column of the article."""


class Targets:
    """The target bytes of these articles at a time; a constant number of queries.

    Files of a story repeat one another: what has read some of them already is given on as `memory`.
    `records` are those of the targets, as far as anybody asked `of` them; `marks` stood on the
    articles before anything that their targets follow from was asked for.
    """

    def __init__(
        self,
        slugs: Iterable[str],
        at: datetime,
        memory: Memory | None = None,
    ) -> None:
        self._at, self._memory = at, memory or Memory()
        self.records: dict[str, Record] = {}
        wanted = list(Article.objects.filter(slug__among=list(slugs)).select_related("story"))
        self.marks = {article.slug: article.marked for article in wanted}
        stories = {article.story_id for article in wanted}
        members = Article.objects.filter(story__among=list(stories)).select_related("story")
        self._papers = papers_of(
            {article.pk: article for article in [*members, *wanted]}, self._memory
        )
        self._wanted = {article.slug: article.pk for article in wanted}
        self._members: dict[int, list[Article]] = defaultdict(list)
        for paper in self._papers.values():
            self._members[paper.article.story_id].append(paper.article)
        self._related = Related(self._papers, self._members, self._wanted.values(), self._memory)
        names = (
            name
            for pk in self._wanted.values()
            if (base := self._papers[pk].base)
            for name in base.values.get("topics") or ()
        )
        self._topics = Topics(names, is_only_looking=True)

    def of(self, slug: str, keys: Collection[str] | None = None) -> bytes:
        """The bytes of one article's file, with only these of its changed `keys` if they are
        given; raises `Refused` or `Unpatchable` when its base, accepted once, cannot be read or
        changed any more."""
        paper = self._papers[self._wanted[slug]]
        if paper.base is None:
            return write(self._values(paper), body=paper.article.body or "\n")
        changes, body = self._changes(paper)
        related = self._related.change(paper)
        if keys is not None:
            changes = {key: value for key, value in changes.items() if key in keys}
            body = body if BODY in keys else None
            related = related.only(keys)
        if (entries := related.value()) is not None:
            changes["related"] = entries
        data, record = patched(
            paper.data, changes, body=body, memory=self._memory, record=paper.base
        )
        if keys is None:
            self.records[slug] = record
        return data

    def is_new(self, slug: str) -> bool:
        """Whether the article never had a file."""
        return self._papers[self._wanted[slug]].base is None

    def changed(self, slug: str) -> set[str]:
        """The keys that differ from the base, `BODY` and pieces of `related` among them; of a new
        file all that it has."""
        paper = self._papers[self._wanted[slug]]
        if paper.base is None:
            return {*self._values(paper), BODY}
        changes, body = self._changes(paper)
        return {*changes, *self._related.change(paper).pieces(), *([] if body is None else [BODY])}

    def first(self, slug: str, made: Values, body: str, keys: Collection[str]) -> bytes:
        """A new file as it was made, but for these keys, which are as they are by now."""
        paper = self._papers[self._wanted[slug]]
        now = self._values(paper)
        values = {key: value for key, value in made.items() if key not in keys}
        values |= {"published": False, "heat": made.get("quality")}
        values |= {key: value for key, value in now.items() if key in keys}
        ours = paper.article.body if BODY in keys else body
        return write({k: v for k, v in values.items() if v is not None}, body=ours or "\n")

    def _changes(self, paper: Paper) -> tuple[dict[str, Any], str | None]:
        """All but `related`."""
        assert paper.base is not None
        changes = {**self._content(paper), **self._state(paper)}
        body = paper.article.body
        return changes, None if body == paper.base.body else body

    def _content(self, paper: Paper) -> dict[str, Any]:
        """The keys whose columns differ from the base."""
        assert paper.base is not None
        base = paper.base.values
        changes: dict[str, Any] = {}
        ours = paper.ours
        for key in {*base, *ours} - {*DERIVED}:
            if key == "topics":
                changes |= self._changed_topics(base, ours)
            elif not same(ours.get(key), base.get(key)):
                changes[key] = ours.get(key, ABSENT)
        return changes

    def _changed_topics(self, base: Values, ours: Values) -> dict[str, Any]:
        """The topics in the desk's order, those that stay spelled as the file spells them."""
        spelled = {
            topic: name for name in base.get("topics") or () for topic in self._topics.names([name])
        }
        wanted = ours.get("topics") or []
        if wanted == self._topics.names(base.get("topics")):
            return {}
        return {"topics": [spelled.get(name, name) for name in wanted] or ABSENT}

    def _state(self, paper: Paper) -> dict[str, Any]:
        """`published`, `removed` and `heat`, once somebody acted on the state or the story."""
        assert paper.base is not None
        if paper.article.state_acted_at is None:
            return {}
        base, wanted = paper.base.values, state_keys(paper.article, self._at)
        changes: dict[str, Any] = {}
        if wanted["published"] != (base.get("published") is True):
            changes["published"] = wanted["published"]
        if wanted["removed"] != (base.get("removed") is True):
            changes["removed"] = wanted["removed"] or ABSENT
        if wanted["heat"] is not None and wanted["heat"] != base.get("heat"):
            changes["heat"] = wanted["heat"]
        return changes

    def _values(self, paper: Paper) -> Values:
        """A file that never was, with all that the desk knows."""
        article = paper.article
        derived = state_keys(article, self._at)
        values = dict(paper.ours) | {"published": derived["published"]}
        if derived["heat"] is not None:
            values["heat"] = derived["heat"]
        if derived["removed"]:
            values["removed"] = True
        others = [one for one in self._members[article.story_id] if one.pk != article.pk]
        entries = [as_entry(self._papers[one.pk].ours) for one in sorted(others, key=lead_order)]
        if entries:
            values["related"] = entries
        return values


def candidates() -> set[str]:
    """Slugs of articles whose files may differ from their bases: acted on here since, or with a
    window whose ends pass with the clock."""
    windows = Q(state=State.PUBLISHED, state_acted_at__isnull=False) & (
        Q(expire_at__isnull=False) | Q(go_live_at__gt=F("state_acted_at"))
    )
    rows = Article.objects.filter(Q(marked__isnull=False) | windows)
    return set(rows.values_list("slug", flat=True))
