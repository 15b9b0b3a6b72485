"""Pending changes of live articles: readers see none of them until they are published."""

from __future__ import annotations

import copy
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction as database
from django.utils import timezone

from providers.domains import normalise, of_link
from providers.models import Provider

from ..frontmatter.merge import merge_lists, same
from ..frontmatter.schema import ARTICLE
from ..frontmatter.write import write
from ..models import Article, Revision, Topic, Transition
from ..printing import KEY_OF_COLUMN, printed
from ..states import Action
from . import audit
from .carrying import pass_over, passed_over
from .content import CHECKS, checked
from .effects import Act
from .errors import ActRefused, GuardFailure, WrongState
from .guards import Known, live_by_link
from .rights import check
from .rows import locked, mark_siblings
from .wording import stale
from .writing import (
    broken_guards,
    check_topics,
    check_whole,
    differences,
    lost,
    put,
    put_topics,
    topic_names,
)

COLUMNS = tuple(column for column in CHECKS if column not in audit.RANKING)
"""What a draft holds, topics apart: ranking is not drafted."""

SAVING = (Action.SAVE_DRAFT, audit.UPSTREAM)
"""The acts that write a draft."""

RECENT = 20
"""Acts among which the last that wrote a draft is looked for."""

LISTS = frozenset({"images"})
TOPICS = "topics"
Text = dict[str, Any]
"""Column → value, and `topics` → names."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The pending change of a live article, whole and on the live text of now: `values` by column
    as `edit` takes them, `topics` by name, `changed` the columns (and `topics`) that differ from
    the text it was made on, `by` who saved it last (None: an import), `at` when; `sent_back` says
    why it came back. `clashes` are columns that became something else in the live text meanwhile,
    too; `values` holds the draft's."""

    revision: Revision
    values: dict[str, Any]
    topics: list[str]
    changed: tuple[str, ...]
    by: User | None
    at: datetime
    sent_back: str = ""
    clashes: tuple[str, ...] = ()


def draft_of(article: Article, topics: Sequence[str] | None = None) -> Draft | None:
    """The pending draft of an article; a handful of queries, none when there is no draft.

    `topics` are the names of the live ones, where they are known already.
    """
    revision = article.draft
    if revision is None:
        return None
    text, base = text_of(revision), text_of(article.draft_base or revision)
    merged, clashes = rebase(base, text, text_of_row(article, topics))
    merged |= {name: text[name] for name in clashes}
    acts = article.transitions.filter(action__in=[*SAVING, Action.REQUEST_CHANGES])
    done = list(acts.select_related("actor").order_by("-id")[:RECENT])
    saved = next((act for act in done if act.action in SAVING), None)
    sent = done[0] if done and done[0] is not saved else None
    return Draft(
        revision,
        _with_provider(merged, article),
        merged[TOPICS],
        tuple(name for name in text if not same(text[name], base[name])),
        saved.actor if saved else revision.actor,
        saved.at if saved else revision.created_at,
        sent.comment if sent else "",
        tuple(sorted(clashes)),
    )


def save_draft(
    article: Article,
    actor: User,
    changes: Mapping[str, Any],
    *,
    expected_version: int,
    topics: Sequence[Topic] | None = None,
    comment: str = "",
    batch: str = "",
) -> Article:
    """Keep changes of a live article as its pending draft, on top of what is drafted already.

    `changes` as for `edit`, ranking apart. A column named here decides a conflict with what
    became of the live text meanwhile. Raises as `edit` does.
    """
    values = checked(changes)
    if ranking := values.keys() & audit.RANKING:
        raise TypeError(f"not drafted but edited: {', '.join(sorted(ranking))}")
    if topics is not None:
        check_topics(topics)
    said = {column: _plain(value) for column, value in values.items()}
    if topics is not None:
        said[TOPICS] = [topic.name for topic in topics]
    with database.atomic():
        row, now = locked(article.pk), timezone.now()
        if row.version != expected_version:
            return _answer_stale(row, actor, said, expected_version, now)
        check(row, Action.SAVE_DRAFT, actor, now)
        act = Act(row, Action.SAVE_DRAFT, actor, now, comment.strip(), batch=batch)
        _save(act, said)
        return row


def _answer_stale(
    row: Article, actor: User, said: Text, expected_version: int, now: datetime
) -> Article:
    last = audit.last_act(row)
    is_own = last is not None and (last.actor_id, last.action) == (actor.pk, Action.SAVE_DRAFT)
    if is_own and row.version == expected_version + 1 and row.draft is not None:
        text = text_of(row.draft)
        if all(same(text[name], value) for name, value in said.items()):
            return row
    raise stale(row, now)


def _save(act: Act, said: Text) -> None:
    row = act.article
    live = text_of_row(row)
    drafted = text_of(row.draft) if row.draft else live
    base = text_of(row.draft_base) if row.draft_base else live
    merged, clashes = rebase(base, drafted, live)
    is_settled = not clashes - said.keys()
    text = (merged if is_settled else drafted) | said
    diff = {
        name: [drafted[name], text[name]] for name in text if not same(text[name], drafted[name])
    }
    # A conflict is decided by naming its column, whichever of both texts it names.
    if diff or clashes & said.keys():
        said_along = {"comment": act.comment, "batch": act.batch, "changes": _shown(diff)}
        action = Action.SAVE_DRAFT
        keep_draft(row, text, act.actor, act.now, action, is_rebased=is_settled, **said_along)


def _shown(diff: audit.Changes) -> audit.Changes:
    return {name: [audit.as_json(value) for value in both] for name, both in diff.items()}


def keep_draft(
    row: Article,
    text: Text,
    actor: User | None,
    now: datetime,
    action: str,
    *,
    is_rebased: bool,
    **said: Any,
) -> None:
    """Store a draft's text beside the row, with its audit row; `said` as for `write_down`."""
    stood = audit.standing(row)
    base = row.draft_base
    if is_rebased or base is None:
        base = audit.keep(row, None, now)
    data = _written(row, text)
    before: dict[str, Any] = {}
    if row.draft is not None and _is_same_sitting(row, actor, now):
        before["draft"] = zlib.decompress(bytes(row.draft.data)).decode()
        row.draft.data = zlib.compress(data)
        row.draft.save(update_fields=["data"])
    else:
        row.draft = Revision.objects.create(
            article=row, data=zlib.compress(data), actor=actor, created_at=now
        )
    row.draft_base = base
    row.touched_at = now
    row.version += 1
    row.save()
    before["columns"] = audit.before(stood, row)
    audit.write_down(
        row,
        action,
        actor,
        now,
        from_state=row.state,
        revision=row.draft,
        before=before,
        **said,
    )


def _is_same_sitting(row: Article, actor: User | None, now: datetime) -> bool:
    draft = row.draft
    if draft is None or actor is None or draft.actor_id != actor.pk:
        return False
    if now - draft.created_at > audit.SITTING:
        return False
    acts = Transition.objects.filter(revision=draft)
    return not acts.exclude(action=Action.SAVE_DRAFT).exists()


def publish_draft(act: Act) -> Article:
    """Put the pending draft into the live row; the act is checked for rights already.

    Raises WrongState naming the columns that changed on both sides, GuardsFailed for guards that
    would be lost.
    """
    row = act.article
    if row.draft is None or row.draft_base is None:
        raise WrongState("This article has no pending draft.")
    live = text_of_row(row)
    text, clashes = rebase(text_of(row.draft_base), text_of(row.draft), live)
    if clashes:
        raise WrongState(_clash(clashes))
    changed = {name: value for name, value in text.items() if not same(value, live[name])}
    names = changed.pop(TOPICS, None)
    _publish(act, _values(changed), None if names is None else topics_named(names))
    return row


def against(
    article: Article, draft: Draft, known: Known, now: datetime | None = None
) -> list[GuardFailure]:
    """Why publishing the draft would be refused now, rights apart; changes nothing.

    `known` is of the article. One query, where the draft has another link.
    """
    if draft.clashes:
        return [GuardFailure("draft", _clash(set(draft.clashes)))]
    now = now or timezone.now()
    made = copy.copy(article)
    put(made, draft.values)
    live = known.live if made.link == article.link else live_by_link([made])
    drafted = Known(Counter({article.pk: len(draft.topics)}), live, known.notes)
    return lost(broken_guards(article, now, known), broken_guards(made, now, drafted))


def _clash(clashes: set[str]) -> str:
    names = " and ".join(sorted(_said(name) for name in clashes))
    return f"The live article changed meanwhile, too: {names}. Look at both and save it again."


def _publish(act: Act, values: dict[str, Any], topics: list[Topic] | None) -> None:
    row, now = act.article, act.now
    diff, stood = differences(row, values, topics), audit.standing(row)
    places = None if topics is None else topic_ids(row)
    broken = broken_guards(row, now)
    audit.keep(row, None, now)
    draft, row.draft, row.draft_base = row.draft, None, None
    put(row, values)
    if topics is not None:
        put_topics(row, topics)
    check_whole(row, audit.content(row))
    overridden = pass_over(act, lost(broken, broken_guards(row, now)))
    row.touched_at = now
    row.is_seal_stale = row.is_seal_stale or bool(diff)
    row.version += 1
    row.save()
    audit.write_down(
        row,
        act.action,
        act.actor,
        now,
        changes=diff | passed_over(overridden),
        from_state=row.state,
        revision=audit.keep(row, draft.actor if draft else None, now),
        comment=act.comment,
        public_note=act.data.get("public_note", "").strip(),
        batch=act.batch,
        before={"columns": audit.before(stood, row), "topics": places},
    )
    mark_siblings(row)


def topic_ids(row: Article) -> list[int]:
    """The ids of its topics in their order."""
    return list(row.topic_places.values_list("topic", flat=True))


def rebase(base: Text, draft: Text, live: Text) -> tuple[Text, set[str]]:
    """The draft as it would be, made on the live text, and the names that both changed."""
    merged, clashes = dict(live), set()
    for name, theirs in draft.items():
        mine, before = live[name], base[name]
        if same(theirs, before) or same(theirs, mine):
            continue
        if same(mine, before):
            merged[name] = theirs
        elif name in LISTS or name == TOPICS:
            merged[name] = merge_lists(before or [], theirs or [], mine or [])
        else:
            clashes.add(name)
    return merged, clashes


def text_of_row(row: Article, topics: Sequence[str] | None = None) -> Text:
    """The live text in the shape of a draft; `topics` as for `draft_of`."""
    text = {column: _plain(getattr(row, column)) for column in COLUMNS}
    return text | {TOPICS: topic_names(row) if topics is None else [*topics]}


def text_of(revision: Revision) -> Text:
    record = audit.record_of(zlib.decompress(bytes(revision.data)))
    values = record.values
    text = {
        column: values.get(KEY_OF_COLUMN[column]) for column in COLUMNS if column in KEY_OF_COLUMN
    }
    domain = (values.get("provider") or {}).get("domain") or ""
    link = values.get("webUrl") or values.get("originalUrl") or ""
    text |= {"provider": normalise(domain) if domain else of_link(link), "body": record.body}
    return {column: text[column] for column in COLUMNS} | {TOPICS: values.get("topics") or []}


def _plain(value: Any) -> Any:
    return value.domain if isinstance(value, Provider) else value


def _values(text: Text) -> dict[str, Any]:
    """Columns as `edit` takes them; raises ActRefused when the provider is none any more."""
    values = {name: value for name, value in text.items() if name != TOPICS}
    if isinstance(values.get("provider"), str):
        provider = Provider.objects.filter(domain=values["provider"]).first()
        if provider is None:
            raise WrongState(f"There is no provider {values['provider']}.")
        values["provider"] = provider
    return values


def _with_provider(text: Text, article: Article) -> dict[str, Any]:
    if text.get("provider") == article.provider.domain:
        return _values(text | {"provider": article.provider})
    try:
        return _values(text)
    except ActRefused:
        return _values({name: value for name, value in text.items() if name != "provider"})


def _written(row: Article, text: Text) -> bytes:
    made = copy.copy(row)
    put(made, _values({name: value for name, value in text.items() if name != TOPICS}))
    data = write(printed(made, text[TOPICS]), ARTICLE, made.body)
    check_whole(made, data)
    return data


def topics_named(names: Sequence[str]) -> list[Topic]:
    """The topics of these names, by former ones where need be; raises ValidationError."""
    found = {topic.name: topic for topic in Topic.objects.filter(name__in=names).order_by("-stem")}
    if missing := [name for name in names if name not in found]:
        for topic in Topic.objects.exclude(former_names=[]):
            found |= {name: topic for name in missing if name in topic.former_names}
    if gone := [name for name in names if name not in found]:
        raise ValidationError({"topics": f"There is no topic {', '.join(gone)} any more."})
    return [found[name] for name in dict.fromkeys(names)]


def _said(name: str) -> str:
    return name.replace("_", " ")
