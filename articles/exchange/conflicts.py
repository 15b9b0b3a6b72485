"""Ends conflicts: a person says which value stands, and the base moves when all are decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from ..frontmatter import Limits, Record, read
from ..frontmatter.merge import BODY, SOURCE_GROUP
from ..frontmatter.record import Values
from ..frontmatter.schema import ARTICLE, Owner
from ..lock import exclusive
from ..models import Article, ArticleTopic, Claim, Conflict, Run, Source
from ..models.bulk import insert_rows
from ..states import State
from ..stories import refresh
from ..stories.membership import regroup
from ..workflow import ActRefused, admission, locked
from ..workflow.rows import one_at_a_time
from . import bases, entitled
from .agreement import mark_acted_on
from .catalogue import CATALOGUES, Imprint, Topics, providers_by_domain
from .columns import claimed, domain_of, file_state, heat_extra, set_columns, set_identity
from .items import update_items
from .loading import SCHEMAS, reader
from .meeting import missing
from .scan import Found, Kind
from .standing import mark_of, ours_of, values_here

TEXT_KEYS = {"title", "excerpt", BODY, SOURCE_GROUP}
"""Keys whose file value, once taken, is another text than the one that was approved."""


class NoSuchConflict(LookupError):
    """There is no open conflict of that name; the message lists those there are."""


def resolve(slug: str, key: str, resolution: str, *, actor: Any = None) -> None:
    """Decide one conflict of an article, provider or topic file as "theirs" or "ours".

    Raises NoSuchConflict and `lock.Busy`. A key of the source group stands for the whole group.
    """
    with exclusive("resolve"), transaction.atomic():
        one_at_a_time()
        conflict = _find(slug, key)
        _hold(conflict.source)
        _decide(conflict, resolution, actor)


def resolve_many(seen: Mapping[int, str], resolution: str, actor: User) -> tuple[int, Counter[str]]:
    """(how many were decided, how many were refused for each reason), each on its own.

    `seen` maps ids of conflicts to the mark (`standing.mark_of`) of our value that the person
    saw, empty for whatever is in force. Raises `lock.Busy`.
    """
    done, refused = 0, Counter[str]()
    with exclusive("resolve"):
        for pk, mark in seen.items():
            try:
                with transaction.atomic():
                    one_at_a_time()
                    _decide(_seen(pk, mark, resolution, actor), resolution, actor)
                done += 1
            except (ActRefused, NoSuchConflict) as why:
                refused[str(why)] += 1
    return done, refused


def _seen(pk: int, mark: str, resolution: str, actor: User) -> Conflict:
    rows = Conflict.objects.select_for_update(of=("self",)).select_related("source")
    conflict = rows.filter(pk=pk, resolution="").first()
    if conflict is None:
        raise NoSuchConflict("It was decided meanwhile, or a newer file took its place.")
    _hold(conflict.source)
    entitled.check(conflict, resolution, actor)
    here = values_here([conflict.source]).get(conflict.source_id)
    if mark and mark != mark_of(ours_of(conflict, here)):
        raise NoSuchConflict("Our value changed after you saw it; look at it again.")
    return conflict


def _hold(source: Source) -> None:
    """Nobody edits the article from here on: the base moves by writing the whole row."""
    if source.kind == Kind.ARTICLE:
        locked(Article.objects.values_list("pk", flat=True).get(slug=source.key))


def _decide(conflict: Conflict, resolution: str, actor: Any) -> None:
    if resolution == Conflict.Resolution.THEIRS:
        _take_theirs(conflict, actor)
    elif conflict.key == "removed":
        _stay_removed(conflict)
    conflict.resolution, conflict.resolved_by = resolution, actor
    conflict.resolved_at = timezone.now()
    conflict.save()
    if not conflict.source.conflicts.filter(resolution="").exists():
        _move_base(conflict.source)


def _find(slug: str, key: str) -> Conflict:
    known = ARTICLE.by_name.get(key)
    wanted = {key, SOURCE_GROUP} if known and known.owner is Owner.SOURCE else {key}
    found = Conflict.objects.filter(source__key=slug, resolution="").select_related("source")
    for conflict in found:
        if conflict.key in wanted:
            return conflict
    keys = ", ".join(conflict.key for conflict in found) or "none"
    raise NoSuchConflict(f"{slug} has no open conflict over {key}; open: {keys}")


def _read(source: Source, data: bytes) -> Record:
    schema = SCHEMAS[Kind(source.kind)]
    return read(data, schema, Limits(**settings.FRONTMATTER_LIMITS))


def _waiting(source: Source) -> Record:
    bases.read_in([source])
    assert source.theirs_bytes is not None
    return _read(source, source.theirs_bytes)


def _take_theirs(conflict: Conflict, actor: Any) -> None:
    source = conflict.source
    record = _waiting(source)
    keys = list(conflict.theirs or ()) if conflict.key == SOURCE_GROUP else [conflict.key]
    values = {key: record.values.get(key) for key in keys}
    if source.kind != Kind.ARTICLE:
        catalogue = CATALOGUES[Kind(source.kind)]
        row = catalogue.model._default_manager.get(stem=source.key)
        catalogue.put(row, values)
        row.save()
        return
    article = Article.objects.select_for_update(of=("self",)).get(slug=source.key)
    if conflict.key == "removed":
        admission.bring_back(article, conflict.run, timezone.now())
        return
    ours = ours_of(conflict, values_here([source]).get(source.pk))
    _put(article, values, record)
    changes = {conflict.key: [ours, conflict.theirs]}
    admission.note_decided(article, actor, changes, timezone.now())
    if article.state == State.APPROVED and TEXT_KEYS & {conflict.key}:
        why = "a conflict was decided for the file's text"
        admission.reopen([article], conflict.run, timezone.now(), why)
    refresh({article.story_id})


def _stay_removed(conflict: Conflict) -> None:
    """Who says so acts on the state: from now on the file is written as removed."""
    article = Article.objects.select_for_update(of=("self",)).get(slug=conflict.source.key)
    article.touched_at = article.state_acted_at = timezone.now()
    article.version += 1
    article.save()


def _put(article: Article, values: Values, record: Record) -> None:
    set_columns(article, values)
    if BODY in values:
        article.body = record.body
    if "topics" in values:
        topics = Topics(values["topics"] or ()).of(values["topics"])
        ArticleTopic.objects.filter(article=article).delete()
        rows = [(article.pk, topic.pk, position) for position, topic in enumerate(topics)]
        insert_rows(ArticleTopic, ["article", "topic", "position"], rows)
    if "provider" in values or "webUrl" in values:
        printed = record.values.get("provider") or {}
        domain = domain_of(record.values)
        imprint = Imprint(
            domain, printed.get("name") or "", printed.get("images") or [], article.slug
        )
        article.provider = providers_by_domain([imprint])[domain]
    article.version += 1
    article.save()


def _move_base(source: Source) -> None:
    """All is decided: the waiting file is the base, and its claims hold."""
    bases.read_in([source])
    assert source.theirs_bytes is not None
    assert source.theirs_digest is not None
    data, digest = source.theirs_bytes, bytes(source.theirs_digest)
    record = _read(source, data)
    run = _latest_run(source)
    found = Found(Kind(source.kind), source.key, source.path, bases.root_of(source))
    bases.agree(run, [(found, data, digest)], {source.key: source})
    if source.kind == Kind.ARTICLE:
        _follow_claims(Article.objects.get(slug=source.key), record.values, run)


def _latest_run(source: Source) -> Run:
    conflict = source.conflicts.order_by("-run_id").first()
    return conflict.run if conflict else source.run


def _follow_claims(article: Article, values: Values, run: Run) -> None:
    before = article.identity
    dropped = set(Claim.objects.filter(article=article).values_list("identity", "title_hash"))
    claims = claimed(values)
    set_identity(article, values)
    article.heat_extra = heat_extra(values, len(claims))
    article.file_state = file_state(values)
    article.run = run
    # Of what was decided nothing is left to warn of.
    article.warnings = missing(article, values, timezone.now())
    article.save()
    Claim.objects.filter(article=article).delete()
    rows = [(article.pk, *name) for name in sorted(claims)]
    insert_rows(Claim, ["article", "identity", "title_hash"], rows)
    plan = regroup(changed=[article.pk], identities=[before])
    admission.demote(plan.demoted, run, timezone.now())
    touched = plan.apply()
    with reader(1) as files:
        entries = {name: (article.slug, entry) for name, entry in claims.items()}
        update_items(entries, dropped, {before, article.identity}, files)
    refresh(touched)
    mark_acted_on(touched)
