"""`related` of files that exist: which entries are dropped, changed, kept and added.

Each piece of such a change has a name, so that it can be made alone: `related/SLUG` for the article
that came or went, `related/SLUG/KEY` for one key of its entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from ..frontmatter import Entry, Memory
from ..frontmatter.merge import same
from ..frontmatter.record import Values
from ..frontmatter.schema import RELATED
from ..models import Article, Erasure, PairFact
from ..printing import printed
from ..states import State
from ..stories.grouping import NamedBy, Node, components
from ..stories.membership import lead_order, nodes_of
from .columns import name_of
from .papers import Paper, as_entry, papers_of

PIECE = "related/"
"""How the names of pieces begin."""


@dataclass(slots=True)
class Change:
    """What happens to the entries of one file: `gone` and `changed` (by key) by their index and
    with the article that they name, `added` the articles that come."""

    entries: list[Values]
    gone: dict[int, str] = field(default_factory=dict)
    changed: dict[int, tuple[str, Values]] = field(default_factory=dict)
    added: list[Article] = field(default_factory=list)

    def pieces(self) -> Iterator[str]:
        """The names of all that changes."""
        yield from (f"{PIECE}{slug}" for slug in self.gone.values())
        yield from (f"{PIECE}{article.slug}" for article in self.added)
        for slug, changes in self.changed.values():
            yield from (f"{PIECE}{slug}/{key}" for key in changes)

    def only(self, wanted: Iterable[str]) -> Change:
        """The part of it that these pieces name."""
        asked = set(wanted)
        changed = {
            index: (slug, {k: v for k, v in values.items() if f"{PIECE}{slug}/{k}" in asked})
            for index, (slug, values) in self.changed.items()
        }
        return Change(
            self.entries,
            {index: slug for index, slug in self.gone.items() if f"{PIECE}{slug}" in asked},
            {index: change for index, change in changed.items() if change[1]},
            [article for article in self.added if f"{PIECE}{article.slug}" in asked],
        )

    def value(self) -> list[Entry] | None:
        """The list as `patch` wants it; None where nothing changes."""
        if not (self.gone or self.changed or self.added):
            return None
        kept = []
        for index, entry in enumerate(self.entries):
            if index not in self.gone:
                _, changes = self.changed.get(index, ("", {}))
                kept.append((Entry(index, changes), entry | changes))
        return _in_order(kept, self.added)


class Related:
    """The `related` of articles and of what their files name; a constant number of queries.

    `papers` (by id) gets those of named articles as well.
    """

    def __init__(
        self,
        papers: dict[int, Paper],
        members: Mapping[int, list[Article]],
        wanted: Iterable[int],
        memory: Memory,
    ) -> None:
        self._papers, self._members, self._memory = papers, members, memory
        self._changes: dict[int, Values] = {}
        self._known: dict[int, Change] = {}
        self._seen: dict[int, tuple[Values, list[Paper], Values]] = {}
        self._find_named(wanted)
        self._read_facts()

    def _find_named(self, wanted: Iterable[int]) -> None:
        entries = {
            id(entry): entry
            for pk in wanted
            if (base := self._papers[pk].base)
            for entry in base.values.get("related") or ()
        }
        named = {name_of(entry) for entry in entries.values()}
        found = Article.objects.filter(identity__among=list({name[0] for name in named}))
        strangers = {a.pk: a for a in found.select_related("story") if a.pk not in self._papers}
        self._papers |= papers_of(strangers, self._memory) if strangers else {}
        self._by_slug = {paper.article.slug: paper for paper in self._papers.values()}
        erased = Erasure.objects.filter(identity__among=list({name[0] for name in named}))
        self._erased = dict(erased.values_list("identity", "stem"))
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
            nodes = nodes_of(self._members.get(story, ()))
            for number, group in enumerate(components(nodes)):
                self._circle.update(dict.fromkeys(group, number))

    def change(self, paper: Paper) -> Change:
        """What acts here make of the `related` of a file that exists."""
        pk = paper.article.pk
        if pk not in self._known:
            self._known[pk] = self._worked_out(paper)
        return self._known[pk]

    def _worked_out(self, paper: Paper) -> Change:
        assert paper.base is not None
        change = Change(paper.base.values.get("related") or [])
        article = paper.article
        is_kept = article.state == State.WITHDRAWN
        for index, entry in enumerate(change.entries):
            if stem := self._erased.get(name_of(entry)[0]):
                change.gone[index] = stem
                continue
            others, changes = self._look_at(entry)
            out = None if is_kept else self._first_out(article, others)
            if out is not None:
                change.gone[index] = out.slug
            elif changes:
                change.changed[index] = (others[0].article.slug, changes)
        change.added = self._added(article, change.entries)
        return change

    def _look_at(self, entry: Values) -> tuple[list[Paper], Values]:
        """Whom an entry names, and its keys that follow from changes made to them here.

        Files that repeat an entry share it (`Memory`): of a story it is looked at once.
        """
        found = self._seen.get(id(entry))
        if found is None:
            others = [self._by_slug[node.slug] for node in self._index.find(name_of(entry))]
            # Kept along, so that nothing else gets its id.
            found = self._seen[id(entry)] = (entry, others, self._changed_entry(entry, others))
        return found[1], found[2]

    def _first_out(self, article: Article, others: Iterable[Paper]) -> Article | None:
        """The first of them that an act here took out of this article's story."""
        found = (one.article for one in others if self._is_out(article, one.article))
        return next(found, None)

    def _is_out(self, article: Article, other: Article) -> bool:
        """Whether an act here took the other out of this article's story."""
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
        changed = self._changed_here(others[0])
        return {key: value for key, value in changed.items() if not same(value, entry.get(key))}

    def _changed_here(self, other: Paper) -> Values:
        """What an entry says of an article where that was changed here; of a story every file
        asks it of every other."""
        pk = other.article.pk
        if pk not in self._changes:
            wanted = as_entry(other.ours)
            before = as_entry(other.base.values) if other.base else wanted
            self._changes[pk] = {
                key: wanted.get(key)
                for key in RELATED.by_name
                if key in other.edited or not same(wanted.get(key), before.get(key))
            }
        return self._changes[pk]

    def _added(self, article: Article, entries: Iterable[Values]) -> list[Article]:
        """Members that editors joined to this article and its file does not name."""
        circle = self._circle.get(article.slug)
        if circle is None or article.state == State.WITHDRAWN:
            return []
        named = {one.article.pk for entry in entries for one in self._look_at(entry)[0]}
        return [
            member
            for member in self._members[article.story_id]
            if member.pk not in named
            and member.state != State.WITHDRAWN
            and self._circle.get(member.slug) != circle
        ]


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
