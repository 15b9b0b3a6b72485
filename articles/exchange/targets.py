"""What article files should be now: their base, and the keys that follow from acts here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from ..frontmatter import ABSENT, Entry, Record, patch, read, write
from ..frontmatter.merge import same
from ..frontmatter.record import Values
from ..frontmatter.schema import RELATED
from ..models import Article, ArticleTopic, PairFact, Transition
from ..printing import KEY_OF_COLUMN, printed
from ..states import Action, State
from ..stories.grouping import NamedBy, Node, components
from ..stories.membership import lead_order, nodes_of
from ..stories.ranking import NOT_A_LEAD, heat
from . import bases
from .catalogue import Topics
from .columns import name_of
from .scan import Kind

BODY = "body"
"""What the text below the front matter is called among keys."""

DERIVED = ("heat", "published", "removed", "related", "secured")
"""Keys that do not come from a column of the article."""


@dataclass(slots=True)
class Paper:
    """One article as it is printed: its row, its base if it has one, its front matter by now."""

    article: Article
    ours: Values
    base: Record | None = None
    data: bytes = b""
    edited: set[str] = field(default_factory=set)
    """Keys that a person changed here, at any time."""


class Targets:
    """The target bytes of these articles at a time; a constant number of queries."""

    def __init__(self, slugs: Iterable[str], at: datetime) -> None:
        self._at = at
        wanted = list(Article.objects.filter(slug__among=list(slugs)).select_related("story"))
        stories = {article.story_id for article in wanted}
        members = Article.objects.filter(story__among=list(stories)).select_related("story")
        self._papers = self._print({article.pk: article for article in [*members, *wanted]})
        self._wanted = {article.slug: article.pk for article in wanted}
        self._members: dict[int, list[Article]] = defaultdict(list)
        for paper in self._papers.values():
            self._members[paper.article.story_id].append(paper.article)
        self._find_named()
        names = (
            name
            for pk in self._wanted.values()
            if (base := self._papers[pk].base)
            for name in base.values.get("topics") or ()
        )
        self._topics = Topics(names, is_only_looking=True)
        self._read_facts()

    def of(self, slug: str, keys: Collection[str] | None = None) -> bytes:
        """The bytes of one article's file, with only these of its changed `keys` if they are
        given; raises `Refused` or `Unpatchable` when its base, accepted once, cannot be read or
        changed any more."""
        paper = self._papers[self._wanted[slug]]
        if paper.base is None:
            return self._written(paper)
        changes, body = self._changes(paper)
        if keys is not None:
            changes = {key: value for key, value in changes.items() if key in keys}
            body = body if BODY in keys else None
        return patch(paper.data, changes, body=body)

    def changed(self, slug: str) -> set[str] | None:
        """The keys that differ from the base, `BODY` among them; None where there is no base."""
        paper = self._papers[self._wanted[slug]]
        if paper.base is None:
            return None
        changes, body = self._changes(paper)
        return {*changes, *([] if body is None else [BODY])}

    def _changes(self, paper: Paper) -> tuple[dict[str, Any], str | None]:
        assert paper.base is not None
        changes = {**self._content(paper), **self._state(paper), **self._related(paper)}
        body = paper.article.body
        return changes, None if body == paper.base.body else body

    def _print(self, articles: dict[int, Article]) -> dict[int, Paper]:
        names: dict[int, list[str]] = defaultdict(list)
        places = ArticleTopic.objects.filter(article__among=list(articles))
        for article_id, name in places.values_list("article_id", "topic__name"):
            names[article_id].append(name)
        papers = {
            pk: Paper(article, printed(article, names[pk])) for pk, article in articles.items()
        }
        by_slug = {article.slug: papers[pk] for pk, article in articles.items()}
        changed = [slug for slug, paper in by_slug.items() if _may_differ(paper.article)]
        for source in bases.load(Kind.ARTICLE, changed).values():
            if source.base_bytes is not None:
                paper = by_slug[source.key]
                paper.data = source.base_bytes
                paper.base = read(paper.data)
        edits = Transition.objects.filter(article__among=list(articles), action=Action.EDIT)
        for article_id, changes in edits.values_list("article_id", "changes"):
            papers[article_id].edited |= {KEY_OF_COLUMN.get(name, name) for name in changes or ()}
        return papers

    def _find_named(self) -> None:
        """The articles that the wanted files' `related` name, and their papers."""
        named = {
            name_of(entry)
            for pk in self._wanted.values()
            if (base := self._papers[pk].base)
            for entry in base.values.get("related") or ()
        }
        found = Article.objects.filter(identity__among=list({name[0] for name in named}))
        strangers = {a.pk: a for a in found.select_related("story") if a.pk not in self._papers}
        self._papers |= self._print(strangers) if strangers else {}
        self._by_slug = {paper.article.slug: paper for paper in self._papers.values()}
        self._index = NamedBy(_bare_node(paper.article) for paper in self._papers.values())

    def _read_facts(self) -> None:
        """Pairs that editors took apart, and stories in which they joined what files do not."""
        ids = list(self._papers)
        facts = PairFact.objects.filter(Q(first__among=ids) | Q(second__among=ids))
        self._apart: set[tuple[int, int]] = set()
        joined: set[int] = set()
        for fact in facts:
            pair = (fact.first_id, fact.second_id)
            if not fact.is_together:
                self._apart |= {pair, (pair[1], pair[0])}
            elif pair[0] in self._papers:
                joined.add(self._papers[pair[0]].article.story_id)
        self._circle: dict[str, int] = {}
        for story in joined:
            nodes = nodes_of(self._members[story])
            for number, group in enumerate(components(nodes)):
                self._circle.update(dict.fromkeys(group, number))

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
        base, wanted = paper.base.values, self._derived(paper.article)
        changes: dict[str, Any] = {}
        if wanted["published"] != (base.get("published") is True):
            changes["published"] = wanted["published"]
        if wanted["removed"] != (base.get("removed") is True):
            changes["removed"] = wanted["removed"] or ABSENT
        if wanted["heat"] is not None and wanted["heat"] != base.get("heat"):
            changes["heat"] = wanted["heat"]
        return changes

    def _derived(self, article: Article) -> dict[str, Any]:
        """State keys by FORMAT.md, "How stories show in the files"; heat None: as it is."""
        is_withdrawn = article.state == State.WITHDRAWN
        is_public = article.is_in_window(self._at) and article.is_lead
        score: int | None = NOT_A_LEAD
        if is_withdrawn:
            score = None
        elif article.is_lead:
            count = article.story.member_count - 1 + article.story.related_count
            score = heat(article.quality, count, is_published=is_public, extra=article.heat_extra)
        return {"published": is_public, "removed": is_withdrawn, "heat": score}

    def _related(self, paper: Paper) -> dict[str, Any]:
        """`related`, entry by entry: dropped, changed, kept or added; nothing when all are kept."""
        assert paper.base is not None
        entries = paper.base.values.get("related") or []
        kept: list[tuple[Entry, Values]] = []
        named = set()
        for index, entry in enumerate(entries):
            others = [self._by_slug[node.slug] for node in self._index.find(name_of(entry))]
            named |= {other.article.pk for other in others}
            if not any(self._is_out(paper.article, other.article) for other in others):
                changes = self._changed_entry(entry, others)
                kept.append((Entry(index, changes), entry | changes))
        added = self._added(paper.article, named)
        if not added and len(kept) == len(entries) and not any(e.values for e, _ in kept):
            return {}
        return {"related": _in_order(kept, added)}

    def _is_out(self, article: Article, other: Article) -> bool:
        """Whether an act here took the other out of this article's story."""
        if article.state == State.WITHDRAWN:
            return False
        if other.state == State.WITHDRAWN and other.state_acted_at is not None:
            return True
        if article.story_id == other.story_id or not self._apart:
            return False
        return any(
            (one.pk, two.pk) in self._apart
            for one in self._members[article.story_id]
            for two in (other, *self._members.get(other.story_id, ()))
        )

    def _changed_entry(self, entry: Values, others: Sequence[Paper]) -> Values:
        """The keys of an entry that follow from changes made here to the one article it names."""
        if len(others) != 1:
            return {}
        other = others[0]
        if other.base is None and not other.edited:
            return {}
        wanted = as_entry(other.ours)
        before = as_entry(other.base.values) if other.base else wanted
        return {
            key: wanted.get(key)
            for key in RELATED.by_name
            if (key in other.edited or not same(wanted.get(key), before.get(key)))
            and not same(wanted.get(key), entry.get(key))
        }

    def _added(self, article: Article, named: set[int]) -> list[Article]:
        """Members that editors joined to this article and its file does not name."""
        circle = self._circle.get(article.slug)
        if circle is None or article.state == State.WITHDRAWN:
            return []
        return [
            member
            for member in self._members[article.story_id]
            if member.pk not in named
            and member.state != State.WITHDRAWN
            and self._circle.get(member.slug) != circle
        ]

    def _written(self, paper: Paper) -> bytes:
        """A file that never was: canonical, with all that the desk knows."""
        article = paper.article
        derived = self._derived(article)
        values = dict(paper.ours) | {"published": derived["published"]}
        if derived["heat"] is not None:
            values["heat"] = derived["heat"]
        if derived["removed"]:
            values["removed"] = True
        others = [one for one in self._members[article.story_id] if one.pk != article.pk]
        entries = [as_entry(self._papers[one.pk].ours) for one in sorted(others, key=lead_order)]
        if entries:
            values["related"] = entries
        return write(values, body=article.body or "\n")


def as_entry(values: Values) -> Values:
    """An article's values as an entry of `related`: a copy, image titles and logos apart."""
    entry = {key: values[key] for key in RELATED.by_name if values.get(key) is not None}
    if provider := entry.get("provider"):
        entry["provider"] = {key: provider[key] for key in ("name", "domain") if provider.get(key)}
    if images := entry.get("images"):
        known = RELATED.by_name["images"].keys
        assert known is not None
        entry["images"] = [
            {key: image[key] for key in known.by_name if image.get(key) is not None}
            for image in images
        ]
    return entry


def _may_differ(article: Article) -> bool:
    return article.is_edited or article.touched_at is not None or article.state_acted_at is not None


def _bare_node(article: Article) -> Node:
    return Node(article.slug, article.identity, article.title_hash, article.run_id or 0)


def _in_order(kept: list[tuple[Entry, Values]], added: list[Article]) -> list[Entry]:
    """Kept entries as they stand, each new one before the first of lower quality."""
    result = list(kept)
    for article in sorted(added, key=lead_order):
        quality = article.quality or 0
        place = next(
            (i for i, (_, values) in enumerate(result) if (values.get("quality") or 0) < quality),
            len(result),
        )
        entry = as_entry(printed(article, ()))
        result.insert(place, (Entry(None, entry), entry))
    return [entry for entry, _ in result]


def candidates() -> set[str]:
    """Slugs of articles whose files may differ from their bases: acted on here since, or with a
    window whose ends pass with the clock."""
    windows = Q(state=State.PUBLISHED, state_acted_at__isnull=False) & (
        Q(expire_at__isnull=False) | Q(go_live_at__gt=F("state_acted_at"))
    )
    rows = Article.objects.filter(Q(is_edited=True) | windows)
    return set(rows.values_list("slug", flat=True))
