"""What is let go of is what nobody asks for, and nothing else changes."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone

from articles.models import Article, FrontSnapshot, Revision, Run, Transition
from articles.revisions import text_of
from articles.states import Action
from tests.factories import make_article, make_user
from tests.workflow.acting import do

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=400)
KINDS = ("KEEP_AUDIT_DAYS", "KEEP_REVISION_DAYS", "KEEP_RUN_DAYS", "KEEP_SNAPSHOT_DAYS")


@pytest.fixture(autouse=True)
def _a_year(settings) -> None:
    for name in KINDS:
        setattr(settings, name, 365)


def _act(article: Article, action: Action, actor: User, **data: object) -> None:
    article.refresh_from_db()
    do(article, action, actor, **data)


def _aged() -> None:
    then = timezone.now() - LONG_AGO
    Transition.objects.update(at=then)
    Revision.objects.update(created_at=then)


def prune(*options: str) -> str:
    said = StringIO()
    call_command("prune", *options, stdout=said)
    return said.getvalue()


@pytest.fixture
def lived():
    """An article that was claimed and released again and again, published, corrected, spiked."""
    article, person = make_article(), make_user("superuser")
    for _ in range(3):
        _act(article, Action.CLAIM, person)
        _act(article, Action.RELEASE, person)
    _act(article, Action.PUBLISH, person)
    _act(article, Action.UNPUBLISH, person, comment="wrong")
    article.transitions.filter(action=Action.UNPUBLISH).update(public_note="It was wrong.")
    _act(article, Action.REPUBLISH, person)
    _act(article, Action.UNPUBLISH, person, comment="again")
    _act(article, Action.SPIKE, person, reason="other")
    return article


def test_a_rehearsal_counts_what_would_go_and_keeps_it(lived):
    _aged()
    before = list(Transition.objects.values_list("pk", flat=True))
    said = prune("-n")
    assert "acts of the audit older than 365 days: 4 would go" in said
    assert list(Transition.objects.values_list("pk", flat=True)) == before
    assert "acts of the audit older than 365 days: 4 gone" in prune()
    assert "acts of the audit older than 365 days: 0 gone" in prune()


def test_the_last_act_of_each_kind_and_what_readers_were_told_stay(lived):
    kept = {}
    for act in lived.transitions.order_by("pk"):
        kept[act.action] = act.pk
    told = lived.transitions.exclude(public_note="").get().pk
    _aged()
    prune()
    assert set(lived.transitions.values_list("pk", flat=True)) == {*kept.values(), told}


def test_an_old_article_is_worked_on_as_before(lived):
    _aged()
    prune()
    person = make_user("superuser")
    _act(lived, Action.UNSPIKE, person)
    lived.refresh_from_db()
    assert lived.state == "unpublished"


def test_what_was_public_can_still_be_read_word_by_word(lived):
    public = Transition.objects.filter(action=Action.PUBLISH).get().revision
    assert public is not None
    text = text_of(public)
    _aged()
    prune()
    assert text_of(Revision.objects.get(pk=public.pk)) == text


def test_nothing_young_and_nothing_that_is_kept_for_ever_goes(lived, settings):
    before = (Transition.objects.count(), Revision.objects.count())
    prune()
    for name in KINDS:
        setattr(settings, name, 0)
    _aged()
    assert "acts of the audit: kept for ever" in prune()
    assert (Transition.objects.count(), Revision.objects.count()) == before


def test_an_act_that_was_undone_stays_undone():
    article, person = make_article(), make_user("superuser")
    _act(article, Action.CLAIM, person)
    undone = Transition.objects.filter(article=article).latest("pk")
    taken_back = Transition.objects.create(
        article=article, action="undo", to_state="new", undoes=undone, version=9, at=timezone.now()
    )
    _act(article, Action.RELEASE, person)
    _act(article, Action.CLAIM, person)
    _aged()
    prune()
    assert Transition.objects.get(pk=taken_back.pk).undoes_id == undone.pk


def test_a_run_keeps_its_totals_and_loses_its_report():
    then = timezone.now() - LONG_AGO
    for _ in range(2):
        Run.objects.create(
            kind="import", started_at=then, finished_at=then, totals={"a": 1}, report=b"x"
        )
    prune()
    newest, oldest = Run.objects.all()
    assert (newest.report is None, oldest.report is None) == (False, True)
    assert oldest.totals == {"a": 1}


def test_snapshots_of_the_front_page_go_with_their_time():
    now = timezone.now()
    FrontSnapshot.objects.create(at=now - LONG_AGO, order=[])
    FrontSnapshot.objects.create(at=now, order=[])
    assert "1 gone" in prune()
    assert FrontSnapshot.objects.get().at == now
