"""Brings stories in step with what files claim and editors decided, whole stories at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..models import Article, Claim, PairFact, Story
from ..models.bulk import update_rows
from ..ranking import heat
from ..states import State
from ..workflow.rows import hold_stories
from .grouping import Fact, Named, Node, components
from .heritage import hand_on

FILE_SUFFIX = ".md"
"""File names sort by code point, suffix included: `a-b.md` comes before `a.md`."""


@dataclass(slots=True)
class Arrival:
    """A new article that is not stored yet, and what its file claims."""

    article: Article
    claims: frozenset[Named]


@dataclass(slots=True)
class Regrouping:
    """The stories as they will be. `demoted`: ids of published articles that stop leading; their
    state is for `workflow` to take back before `apply`."""

    demoted: list[int] = field(default_factory=list)
    stories: set[int] = field(default_factory=set)
    _places: list[tuple[Article, Story, bool]] = field(default_factory=list)
    _unchosen: set[int] = field(default_factory=set)
    _before: dict[int, int] = field(default_factory=dict)
    """The id of the article that led each story that may be left empty."""

    def put(self, members: Sequence[Article], lead: Article, story: Story) -> None:
        """Make these articles the story; a stored one that nobody is put into is emptied."""
        if story.pk is None:
            # What `refresh` will most likely count, so that no new story is written twice.
            story.member_count = len(members)
            story.heat = heat(lead.quality, story.coverage_count, is_published=False)
        for member in members:
            if member.story_id and (member.is_lead or member.story_id not in self._before):
                self._before[member.story_id] = member.pk
            if member is not lead and member.state == State.PUBLISHED:
                self.demoted.append(member.pk)
            self._places.append((member, story, member is lead))

    def moved(self) -> list[Article]:
        """Stored articles that stand elsewhere now, or lead where they did not, or no longer."""
        return [a for a, s, leads in self._places if (a.story_id, a.is_lead) != (s.pk, leads)]

    def apply(self) -> set[int]:
        """Store it; arrivals only get their `story` and `is_lead`. Answers the touched stories.

        Leads are demoted before members move and others are promoted, so that no story ever has
        two leads, whatever the order of rows.
        """
        fresh = {id(story): story for _, story, _ in self._places if story.pk is None}
        Story.objects.bulk_create(list(fresh.values()))
        stored = [place for place in self._places if place[0].pk is not None]
        demoted = [(a, s) for a, s, leads in stored if a.is_lead and not leads]
        promoted = [(a, s) for a, s, leads in stored if leads and not a.is_lead]
        moved = [(a, s) for a, s, _ in stored if a.story_id != s.pk]
        update_rows(Article, ["is_lead"], [(False, a.pk) for a, _ in demoted])
        update_rows(Article, ["story"], [(s.pk, a.pk) for a, s in moved])
        update_rows(Article, ["is_lead"], [(True, a.pk) for a, _ in promoted])
        for article, story, leads in self._places:
            article.story, article.is_lead = story, leads
            self.stories.add(story.pk)
        Story.objects.filter(pk__in=self._unchosen).update(is_lead_chosen=False)
        self._empty()
        return self.stories

    def _empty(self) -> None:
        """Delete the stories that nobody is in any more; each goes on in that of its lead."""
        now = {article.pk: story.pk for article, story, _ in self._places}
        emptied = self._before.keys() - self.stories
        hand_on({story: now[self._before[story]] for story in emptied})
        Story.objects.filter(pk__in=emptied).delete()


def regroup(
    arrivals: Sequence[Arrival] = (),
    changed: Iterable[int] = (),
    identities: Iterable[int] = (),
) -> Regrouping:
    """Work out the stories around new and changed articles; a constant number of queries.

    Holds those stories; the transaction has to be `one_at_a_time`.

    `changed` are ids of articles whose claims, identity, run or facts changed (already stored),
    `identities` the numbers they were known by before.
    """
    rows = _affected(arrivals, set(changed), set(identities))
    by_slug = {row.slug: row for row in rows.values()}
    nodes = nodes_of(rows.values())
    for arrival in arrivals:
        by_slug[arrival.article.slug] = arrival.article
        nodes.append(_node(arrival.article, arrival.claims))
    return _assign(components(nodes, _facts(rows)), by_slug)


def nodes_of(articles: Iterable[Article]) -> list[Node]:
    """Stored articles as the pure grouping wants them; one query."""
    rows = {article.pk: article for article in articles}
    claims: dict[int, set[Named]] = defaultdict(set)
    found = Claim.objects.filter(article__among=list(rows)).values_list(
        "article_id", "identity", "title_hash"
    )
    for article_id, identity, title_hash in found:
        claims[article_id].add((identity, title_hash))
    return [_node(article, frozenset(claims[pk])) for pk, article in rows.items()]


def _affected(
    arrivals: Sequence[Arrival], changed: set[int], identities: set[int]
) -> dict[int, Article]:
    """Every member of every story that may change, by id."""
    own = Article.objects.filter(pk__among=list(changed)).values_list("story_id", "identity")
    stories = {row[0] for row in own}
    seeds = identities | {row[1] for row in own} | {a.article.identity for a in arrivals}
    named = {claim[0] for arrival in arrivals for claim in arrival.claims}
    named.update(
        Claim.objects.filter(article__among=list(changed)).values_list("identity", flat=True)
    )
    # Asked for both in one condition, PostgreSQL reads every article there is.
    linked = Article.objects.filter(identity__among=list(named | seeds)).union(
        Article.objects.filter(pk__among=Claim.naming(seeds)), all=True
    )
    stories.update(linked.values_list("story_id", flat=True))
    members = Article.objects.filter(story__among=list(stories))
    hold_stories(members)
    return members.select_related("story").only(*NEEDED).in_bulk()


NEEDED = (
    "slug",
    "title",
    "identity",
    "title_hash",
    "run",
    "state",
    "file_state",
    "touched_at",
    "is_lead",
    "quality",
    "story__slug",
    "story__is_lead_chosen",
)
"""The columns that grouping goes by."""


def _node(article: Article, claims: frozenset[Named]) -> Node:
    withdrawn = State.WITHDRAWN in (article.state, article.file_state)
    return Node(
        slug=article.slug,
        identity=article.identity,
        title_hash=article.title_hash,
        run=article.run_id or 0,
        claims=claims,
        is_removed=withdrawn,
        is_anchored=_is_anchored(article),
    )


def _is_anchored(article: Article) -> bool:
    """The lead of a live story never changes by itself once a person published it."""
    return article.state == State.PUBLISHED and article.touched_at is not None


def _facts(rows: dict[int, Article]) -> list[Fact]:
    ids = list(rows)
    facts = PairFact.objects.filter(first__among=ids, second__among=ids)
    return [Fact(rows[f.first_id].slug, rows[f.second_id].slug, f.is_together) for f in facts]


def _assign(groups: list[list[str]], by_slug: dict[str, Article]) -> Regrouping:
    """Give each group the story that one of its leads led before, or a new one."""
    result = Regrouping()
    for group in groups:
        members = [by_slug[slug] for slug in group]
        story = _story_of(members)
        lead = _lead_of(members, story)
        if story.is_lead_chosen and not lead.is_lead:
            result._unchosen.add(story.pk)
        result.put(members, lead, story)
    return result


def _story_of(members: list[Article]) -> Story:
    led = [member for member in members if member.story_id and member.is_lead]
    if not led:
        return Story()
    return min(led, key=_claim_on_story).story


def _claim_on_story(lead: Article) -> tuple[bool, bool, bool, int]:
    """Whose story goes on when several meet: the live one's, then the one whose lead a person
    chose, then one that has an address."""
    story = lead.story
    is_live = lead.state == State.PUBLISHED
    return (not is_live, not story.is_lead_chosen, not story.slug, story.pk)


def _lead_of(members: list[Article], story: Story) -> Article:
    """The highest quality, ties by file name; a lead that a person published or chose stays."""
    for member in members:
        if not member.is_lead or member.pk is None:
            continue
        is_chosen = story.is_lead_chosen and member.story_id == story.pk
        if is_chosen or _is_anchored(member):
            return member
    return min(members, key=lead_order)


def lead_order(article: Article) -> tuple[bool, int, str]:
    """The order in which members lead (FORMAT.md: 534 of 534 stories of a real site)."""
    is_out = article.state in (State.SPIKED, State.WITHDRAWN)
    return (is_out, -(article.quality or 0), article.slug + FILE_SUFFIX)
