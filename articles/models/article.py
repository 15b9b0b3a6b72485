"""One link to one publisher's piece: one file, one row."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone

from providers.fields import JSONTextField, StemField
from providers.models import Policy, Provider

from ..states import State
from .conditions import AWAITS_ADMISSION, LEFT_READERS, TAKEN_OFF, UNDECIDED, WAITING
from .falling import Falling
from .file_name import FileName
from .marks import FIRST_MARK, NOT_IN_FILE, new_mark
from .story import Story
from .topic import Topic

SHOWN_AS_COVERAGE = {
    "imported": (State.NEW, State.IN_REVIEW, State.APPROVED),
    "reviewed": (State.APPROVED,),
}


models.CharField.register_lookup(Lower)


def is_coverage_in(state: str) -> bool:
    """Whether readers meet an article in that state under its story's published lead."""
    return state in SHOWN_AS_COVERAGE[settings.COVERAGE]


def _is_published(at: datetime | Value) -> Q:
    # By the constraints below, what is published leads its story and has a time of going live.
    # Were that asked for, PostgreSQL would take the published for a tenth of what they are.
    return (
        Q(state=State.PUBLISHED)
        & ~Q(go_live_at__gt=at)
        & (Q(expire_at__isnull=True) | Q(expire_at__gt=at))
        & ~Q(provider__policy=Policy.BLOCKED)
    )


def _is_coverage(at: datetime | Value) -> Q:
    leads = Article.objects.published(at).filter(story=OuterRef("story"))
    return _may_be_coverage() & Q(Exists(leads))


def _may_be_coverage() -> Q:
    return Q(~Q(provider__policy=Policy.BLOCKED), state__in=SHOWN_AS_COVERAGE[settings.COVERAGE])


class ArticleQuerySet(models.QuerySet["Article"]):
    """The two words for public. Every page, feed, search and API starts at one of them."""

    def published(self, at: datetime | Value | None = None) -> Self:
        """Leads readers may open at that time (now): in state, inside the window, not blocked.

        A query that is compiled for all times gives an expression.
        """
        return self.filter(_is_published(at or timezone.now()))

    def shown(self, at: datetime | Value | None = None) -> Self:
        """`published(at)` and the coverage that is met under those leads."""
        at = at or timezone.now()
        return self.filter(_is_published(at) | _is_coverage(at))

    def coverage(self, at: datetime | Value | None = None) -> Self:
        """Those of `shown(at)` that are met under a lead: databases go through them by an index,
        which both kinds at once have none for."""
        return self.filter(_is_coverage(at or timezone.now()), is_lead=False)

    def coverage_of(self, stories: Any, at: datetime | Value | None = None) -> Self:
        """Those of `coverage(at)` in these stories (ids): a lead is looked for once for each story,
        not for each article."""
        leads = Article.objects.published(at).filter(story__in=stories)
        return self.filter(_may_be_coverage(), is_lead=False, story__in=leads.values("story"))

    def update(self, **changes: Any) -> int:
        """As Django's; marks the rows, so that an export looks at them again."""
        if changes.keys() - NOT_IN_FILE:
            changes.setdefault("marked", new_mark())
        return super().update(**changes)

    def mark(self) -> int:
        """Let an export look at the files of these again; answers how many."""
        return self.update(marked=new_mark())

    def edited(self) -> Self:
        """Those whose files an export has to look at."""
        return self.filter(marked__isnull=False)


class Article(models.Model):
    """An article. `slug` is the file's stem, its identity for good.

    Columns named after keys of the file hold None for a key that is absent or null. `link` is
    the address readers follow, `link_hash` the number of the piece that it leads to, by whatever
    way; it, `identity` and `title_hash` are derived from the file as last agreed
    (`articles.identity`), so that siblings' files still find it after an edit here.
    `heat_extra` is what its file's heat has beyond the formula (`articles.ranking.heat`).
    `file_state` is the state that the file asks for. `touched_at`: a person or a policy made a
    transition or an edit; `state_acted_at`: one on the state or the story.
    `marked`: an export has to look at its file again; a new number each time, so that one at work
    knows whether what it read is what there is still.
    `version` counts changes of state and desk keys, not the hourly machine's.
    `draft` is the pending change of a live article, `draft_base` the text it was made on.
    `is_above_bar`: a lead that the machine would publish (`articles.stories.bar`). `is_backlog`:
    put aside, by clearing the queue or as the lower part of a first import.
    `removed_upstream_at`: since when a file asks for the removal of an article that people decided
    about, until somebody answers.
    """

    slug = StemField(max_length=200)
    category = models.CharField(max_length=50, null=True, blank=True)
    title = models.CharField(max_length=500)
    excerpt = models.TextField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)
    original_url = models.CharField(max_length=2000, null=True, blank=True)
    web_url = models.CharField(max_length=2000, null=True, blank=True)
    amp_url = models.CharField(max_length=2000, null=True, blank=True)
    cdn_amp_url = models.CharField(max_length=2000, null=True, blank=True)
    type = models.CharField(max_length=50, null=True, blank=True)
    quality = models.IntegerField(null=True, blank=True)
    heat = models.IntegerField(null=True, blank=True)
    heat_extra = models.IntegerField(default=0, editable=False)
    embed = models.TextField(null=True, blank=True)
    # Where an index below begins with a foreign key, one more of its own would only cost.
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="articles", db_index=False
    )
    provider_name = models.CharField(max_length=200, null=True, blank=True)
    provider_domain = models.CharField(max_length=253, null=True, blank=True)
    provider_images = JSONTextField(null=True, blank=True)
    images = JSONTextField(null=True, blank=True)
    body = models.TextField(blank=True, default="")
    topics = models.ManyToManyField(Topic, through="ArticleTopic", related_name="articles")

    state = models.CharField(
        max_length=17,
        choices=[(state.value, state.value.replace("_", " ")) for state in State],
        default=State.NEW,
    )
    file_state = models.CharField(max_length=9, default=State.NEW, editable=False)
    go_live_at = models.DateTimeField(null=True, blank=True)
    expire_at = models.DateTimeField(null=True, blank=True)
    first_published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    touched_at = models.DateTimeField(null=True, blank=True)
    state_acted_at = models.DateTimeField(null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    came_from = models.CharField(max_length=17, blank=True, default="", editable=False)
    approved_revision = models.ForeignKey(
        "articles.Revision",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )

    draft = models.ForeignKey(
        "articles.Revision",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    draft_base = models.ForeignKey(
        "articles.Revision",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="members")
    is_lead = models.BooleanField(default=True)
    link_hash = models.BigIntegerField(editable=False)
    identity = models.BigIntegerField(editable=False)
    title_hash = models.BigIntegerField(editable=False)
    marked = models.BigIntegerField(null=True, default=FIRST_MARK, editable=False)
    is_seal_stale = models.BooleanField(default=False, editable=False)
    warnings = JSONTextField(default=list, blank=True, editable=False)
    is_above_bar = models.BooleanField(default=False, editable=False)
    is_backlog = models.BooleanField(default=False, editable=False)
    removed_upstream_at = models.DateTimeField(null=True, blank=True, editable=False)
    arrived_at = models.DateTimeField()
    run = models.ForeignKey(
        "articles.Run",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="articles",
        db_index=False,
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        permissions = [
            ("review", "Can claim, send back and spike articles"),
            ("approve", "Can approve articles"),
            ("publish", "Can publish and unpublish articles"),
            ("withdraw", "Can withdraw articles for good"),
            ("take_over", "Can take over what others have claimed"),
            ("override_guards", "Can publish against an editorial guard, with a reason"),
            ("rank", "Can correct quality and rank"),
            ("story_acts", "Can change which articles belong to a story"),
            ("import_content", "Can import content"),
            ("export_content", "Can export content"),
            ("manage_people", "Can invite people, give roles and deactivate accounts"),
        ]
        constraints = [
            # Not `unique=True`, to which Django adds a second index for LIKE on PostgreSQL.
            models.UniqueConstraint(fields=["slug"], name="one_article_a_slug"),
            models.CheckConstraint(
                name="article_state_known",
                condition=Q(state__in=[state.value for state in State]),
            ),
            models.CheckConstraint(
                name="only_a_lead_is_published",
                condition=~Q(state=State.PUBLISHED) | Q(is_lead=True),
            ),
            models.CheckConstraint(
                name="published_has_go_live",
                condition=~Q(state=State.PUBLISHED) | Q(go_live_at__isnull=False),
            ),
            models.CheckConstraint(
                name="expires_after_going_live",
                condition=Q(expire_at__isnull=True)
                | Q(go_live_at__isnull=True)
                | Q(expire_at__gt=F("go_live_at")),
            ),
            models.UniqueConstraint(
                fields=["story"], condition=Q(is_lead=True), name="one_lead_a_story"
            ),
            models.UniqueConstraint(
                fields=["story"],
                condition=Q(state=State.PUBLISHED),
                name="one_published_article_a_story",
                violation_error_message="Another article of this story is published.",
            ),
            models.CheckConstraint(
                name="a_draft_of_what_is_published",
                condition=Q(draft__isnull=True) | Q(state=State.PUBLISHED),
            ),
            models.CheckConstraint(
                name="article_has_a_link",
                condition=Q(web_url__gt="") | Q(original_url__gt=""),
            ),
        ]
        indexes = [
            models.Index(fields=["link_hash"], name="article_by_link"),
            models.Index(fields=["identity"], name="article_by_identity"),
            models.Index(
                fields=["-go_live_at", "slug"],
                name="published_by_going_live",
                condition=Q(state=State.PUBLISHED),
            ),
            models.Index(
                Falling("published_at"),
                FileName(),
                name="published_by_publication",
                condition=Q(state=State.PUBLISHED),
            ),
            models.Index(
                fields=["provider", "-go_live_at"],
                name="published_by_provider",
                condition=Q(state=State.PUBLISHED),
            ),
            models.Index(
                fields=["expire_at"],
                name="published_by_expiry",
                condition=Q(state=State.PUBLISHED, expire_at__isnull=False),
            ),
            models.Index(
                F("is_above_bar").desc(),
                Falling("quality"),
                Falling("published_at"),
                F("id").desc(),
                name="queue_in_order",
                condition=UNDECIDED,
            ),
            models.Index(
                F("is_above_bar").desc(),
                Falling("quality"),
                Falling("published_at"),
                F("id").desc(),
                name="queue_waiting",
                condition=WAITING,
            ),
            models.Index(
                Falling("state_acted_at"),
                F("id").desc(),
                name="left_readers",
                condition=LEFT_READERS,
            ),
            models.Index(
                Falling("published_at"), F("id").desc(), name="taken_off", condition=TAKEN_OFF
            ),
            models.Index(
                Falling("published_at"),
                F("id").desc(),
                name="seal_is_stale",
                condition=Q(is_seal_stale=True),
            ),
            # Asked for by `state__lower`: by its plain name SQLite, which has no statistics, would
            # take it for few rows and read all that is new or published instead of their order.
            models.Index(
                Lower("state"),
                Falling("published_at"),
                F("id").desc(),
                name="article_by_state",
            ),
            models.Index(Falling("published_at"), F("id").desc(), name="article_by_newest"),
            models.Index(
                F("provider"), Falling("published_at"), F("id").desc(), name="article_by_provider"
            ),
            models.Index(F("run"), Falling("published_at"), F("id").desc(), name="article_by_run"),
            models.Index(
                fields=["assignee", "claimed_at", "id"],
                name="claimed_by",
                condition=Q(assignee__isnull=False),
            ),
            models.Index(
                fields=["removed_upstream_at"],
                name="removed_upstream",
                condition=Q(removed_upstream_at__isnull=False),
            ),
            models.Index(fields=["draft"], name="has_a_draft", condition=Q(draft__isnull=False)),
            models.Index(fields=["slug"], name="edited_by_slug", condition=Q(marked__isnull=False)),
            models.Index(
                fields=["file_state", "id"],
                name="awaits_admission",
                condition=AWAITS_ADMISSION,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Any save may differ from the base; an export compares key by key and finds out."""
        self.marked = new_mark()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "marked"}
        super().save(*args, **kwargs)

    @property
    def link(self) -> str:
        """The address readers follow."""
        return self.web_url or self.original_url or ""

    def is_in_window(self, at: datetime) -> bool:
        """Published, gone live and not expired at that time."""
        return (
            self.state == State.PUBLISHED
            and self.go_live_at is not None
            and self.go_live_at <= at
            and (self.expire_at is None or self.expire_at > at)
        )

    def is_published(self, at: datetime | None = None) -> bool:
        """`ArticleQuerySet.published` for one article in hand."""
        at = at or timezone.now()
        return self.is_lead and self.is_in_window(at) and self.provider.policy != Policy.BLOCKED
