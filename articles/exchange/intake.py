"""Takes a chunk of article files into the database: merge, store, claims, stories, state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from ..frontmatter import Record
from ..frontmatter.record import Values
from ..models import Article, ArticleTopic, Claim, Run, Source
from ..models.bulk import Blank, insert_objects, insert_rows, update_rows
from ..printing import printed
from ..states import State
from ..stories import refresh
from ..stories.bar import is_above
from ..stories.grouping import Named
from ..stories.membership import Arrival, regroup
from ..workflow import admission, audit, upstream, wording
from ..workflow.rows import hold_stories
from . import bases
from .agreement import mark_acted_on
from .catalogue import Imprint, Topics, providers_by_domain
from .columns import (
    COLUMNS,
    claimed,
    domain_of,
    file_state,
)
from .first_queue import expect_queue
from .items import update_items
from .loading import Loaded, Reader
from .meeting import Intake, Meeting, missing, with_body
from .renames import give_back
from .report import FileReport
from .scan import Kind


class ArticleIntake:
    """Stores parsed article files of one run, a chunk at a time, in the caller's transaction."""

    def __init__(
        self,
        run: Run,
        reader: Reader,
        *,
        as_drafts: bool,
        at: datetime,
        queue_share: float | None = None,
    ) -> None:
        """`queue_share` is None but for a first import: what of it will probably be the queue."""
        self._run, self._reader, self._at = run, reader, at
        self._meeting = Meeting(run, at, as_drafts, queue_share is not None)
        self._queue_share = queue_share
        self._blank = Blank(Article)

    def store(self, parsed: Sequence[tuple[Loaded, Record]]) -> list[FileReport]:
        """Take these files; answers what was done to each."""
        intakes = self._open(parsed)
        names = _topic_names(intakes)
        topics = Topics(
            name
            for intake in intakes
            for found in (
                intake.values.get("topics") or (),
                intake.base.get("topics") or (),
                names[intake.article.pk],
            )
            for name in found
        )
        arriving = [intake for intake in intakes if intake.is_new]
        waiting = upstream.waiting(intake.article for intake in intakes)
        for intake in intakes:
            if intake.is_new:
                self._meeting.set_up(intake)
            else:
                pk = intake.article.pk
                self._meeting.meet(intake, topics, names[pk], waiting.get(pk))
        self._remember_rejected(arriving)
        self._set_providers(intakes)
        self._store(intakes, arriving, topics)
        return [intake.report for intake in intakes]

    def _open(self, parsed: Sequence[tuple[Loaded, Record]]) -> list[Intake]:
        slugs = [loaded.found.key for loaded, _ in parsed]
        # Stories before articles, as everywhere: two acts never wait for one another's rows.
        found = Article.objects.filter(slug__among=slugs)
        hold_stories(found)
        held = found.select_related("story").select_for_update(of=("self",)).order_by("pk")
        rows = {article.slug: article for article in held}
        sources = bases.load(Kind.ARTICLE, slugs)
        return [
            self._intake(loaded, record, rows, sources.get(loaded.found.key))
            for loaded, record in parsed
        ]

    def _intake(
        self, loaded: Loaded, record: Record, rows: dict[str, Article], source: Source | None
    ) -> Intake:
        slug = loaded.found.key
        article = rows.get(slug) or self._blank(slug=slug, arrived_at=self._at)
        outcome = "created" if article.pk is None else "updated"
        report = FileReport(loaded.found.path, Kind.ARTICLE, outcome)
        base = bases.agreed(source, self._read) if source and article.pk else {}
        return Intake(loaded, record, article, base, report, source, claims=claimed(record.values))

    def _read(self, data: bytes) -> Values:
        return with_body(self._reader.one(data, Kind.ARTICLE))

    def _remember_rejected(self, arriving: Sequence[Intake]) -> None:
        """A new file with the link of a piece that was rejected here waits for a decision."""
        hashes = {intake.article.link_hash for intake in arriving}
        memory = {
            article.link_hash: wording.remembered(article, act)
            for article, act in audit.rejections(hashes)
        }
        for intake in arriving:
            if found := memory.get(intake.article.link_hash):
                intake.article.file_state = State.NEW
                intake.report.warnings += (f"held: {found}",)

    def _set_providers(self, intakes: Sequence[Intake]) -> None:
        imprints = {}
        for intake in intakes:
            if intake.is_new or "provider" in intake.taken or intake.is_replaced:
                imprints[intake.article.slug] = _imprint(intake)
        providers = providers_by_domain(imprints.values())
        for intake in intakes:
            if imprint := imprints.get(intake.article.slug):
                intake.article.provider = providers[imprint.domain]

    def _store(self, intakes: list[Intake], arriving: list[Intake], topics: Topics) -> None:
        changed = [intake for intake in intakes if intake.article.pk]
        before, dropped = self._update(changed, topics)
        for intake in intakes:
            intake.article.warnings = [
                *intake.report.warnings,
                *missing(intake.article, intake.values, self._at),
            ]
            intake.report.warnings = tuple(intake.article.warnings)
        touched = self._regroup(arriving, changed, before)
        _expect_bar(arriving)
        if self._queue_share:
            expect_queue([intake.article for intake in arriving], self._queue_share)
        self._insert(arriving, topics)
        self._save_warnings(changed)
        update_items(
            {
                name: (i.article.slug, entry)
                for i in sorted(intakes, key=lambda one: one.article.slug, reverse=True)
                for name, entry in i.claims.items()
            },
            dropped,
            before | {intake.article.identity for intake in intakes},
            self._reader,
        )
        refresh(touched)
        mark_acted_on(touched)
        self._agree(intakes)

    def _update(self, changed: list[Intake], topics: Topics) -> tuple[set[int], set[Named]]:
        """Store changed rows and their claims; answers identities and claims they had before."""
        ids = [intake.article.pk for intake in changed]
        before = set(Article.objects.filter(pk__in=ids).values_list("identity", flat=True))
        claims = Claim.objects.filter(article__in=ids)
        dropped = set(claims.values_list("identity", "title_hash"))
        articles = [intake.article for intake in changed]
        update_rows(
            Article,
            _UPDATED,
            [(*(getattr(a, column) for column in _UPDATED), a.pk) for a in articles],
        )
        ours = [intake for intake in changed if not intake.is_another_piece]
        Claim.objects.filter(article__in=[intake.article.pk for intake in ours]).delete()
        _insert_claims(ours)
        retopiced = [intake for intake in changed if "topics" in intake.taken]
        ArticleTopic.objects.filter(article__in=[i.article.pk for i in retopiced]).delete()
        _insert_topics(retopiced, topics)
        self._move_states(changed)
        return before, dropped

    def _move_states(self, changed: list[Intake]) -> None:
        articles = [intake.article for intake in changed]
        # A draft whose file was removed all along stays one, as one whose file was published.
        removed = [i.article for i in changed if file_state(i.base) != State.WITHDRAWN]
        admission.withdraw(removed, self._run, self._at)
        admission.retract(articles, self._run, self._at)
        voided = [
            i.article for i in changed if i.is_replaced or {"title", "excerpt"} & i.taken.keys()
        ]
        admission.reopen(voided, self._run, self._at, "the file changed what was approved")
        replaced = [i.article for i in changed if i.is_replaced and not i.is_another_piece]
        admission.note_replaced(replaced, self._run, self._at)
        asked = [i.article for i in changed if i.article.removed_upstream_at == self._at]
        admission.note_removals(asked, self._run, self._at)
        upstream.keep_drafts([(i.article, i.drafted) for i in changed], self._run, self._at)

    def _regroup(self, arriving: list[Intake], changed: list[Intake], before: set[int]) -> set[int]:
        arrivals = [Arrival(i.article, frozenset(i.claims)) for i in arriving]
        plan = regroup(arrivals, [i.article.pk for i in changed], before)
        admission.demote(plan.demoted, self._run, self._at)
        return plan.apply()

    def _insert(self, arriving: list[Intake], topics: Topics) -> None:
        articles = [intake.article for intake in arriving]
        insert_objects(articles, "slug")
        give_back(article.slug for article in articles)
        _insert_claims(arriving)
        _insert_topics(arriving, topics)
        admission.record_arrivals(articles, self._run, self._at)

    def _save_warnings(self, changed: list[Intake]) -> None:
        update_rows(Article, ["warnings"], [(i.article.warnings, i.article.pk) for i in changed])

    def _agree(self, intakes: list[Intake]) -> None:
        agreed = [intake for intake in intakes if not intake.held]
        bases.settle((i.source for i in agreed if i.source and i.source.theirs_digest), self._at)
        bases.agree(
            self._run,
            [(i.loaded.found, i.loaded.data, i.loaded.digest) for i in agreed],
            {i.source.key: i.source for i in agreed if i.source},
        )
        for intake in intakes:
            if intake.held:
                loaded = intake.loaded
                waiting = intake.source or bases.opened(loaded.found, self._run)
                bases.wait(waiting, loaded.data, loaded.digest, intake.held, self._run)


_UPDATED = (
    *COLUMNS.values(),
    "heat_extra",
    "provider_id",
    "provider_name",
    "provider_domain",
    "provider_images",
    "body",
    "file_state",
    "version",
    "link_hash",
    "identity",
    "title_hash",
    "is_seal_stale",
    "removed_upstream_at",
    "run_id",
)


def _expect_bar(arriving: Iterable[Intake]) -> None:
    """As the count of its story will most likely find it, so that no row is written twice."""
    for intake in arriving:
        article = intake.article
        is_up = article.is_lead and is_above(article.quality, len(intake.claims))
        article.is_above_bar = is_up


def _imprint(intake: Intake) -> Imprint:
    shown = intake.values if intake.is_new else printed(intake.article, ())
    provider = shown.get("provider") or {}
    images = [image for image in provider.get("images") or [] if image.get("url")]
    return Imprint(domain_of(shown), provider.get("name") or "", images, intake.article.slug)


def _topic_names(intakes: Iterable[Intake]) -> dict[int, list[str]]:
    """The topics of stored articles, in the desk's spelling and order."""
    names: dict[int, list[str]] = defaultdict(list)
    places = ArticleTopic.objects.filter(article__in=[i.article.pk for i in intakes])
    for article_id, name in places.values_list("article_id", "topic__name"):
        names[article_id].append(name)
    return names


def _insert_claims(intakes: Iterable[Intake]) -> None:
    rows: list[Any] = [
        (intake.article.pk, *name) for intake in intakes for name in sorted(intake.claims)
    ]
    insert_rows(Claim, ["article", "identity", "title_hash"], rows)


def _insert_topics(intakes: Iterable[Intake], topics: Topics) -> None:
    rows = [
        (intake.article.pk, topic.pk, position)
        for intake in intakes
        for position, topic in enumerate(topics.of((intake.taken or intake.values).get("topics")))
    ]
    insert_rows(ArticleTopic, ["article", "topic", "position"], rows)
