"""Coverage that is no article here, kept in step with what files claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef

from ..frontmatter.record import Values
from ..models import Article, Claim, Erasure, RelatedItem
from ..models.bulk import update_rows
from ..stories.grouping import Named
from . import bases
from .columns import claimed, link_of
from .loading import Reader
from .scan import Kind

_COLUMNS = (
    "title",
    "excerpt",
    "link",
    "published_at",
    "quality",
    "provider_name",
    "provider_domain",
    "images",
    "printed_by",
)


def update_items(
    entries: Mapping[Named, tuple[str, Values]],
    dropped: Iterable[Named],
    moved: Iterable[int],
    reader: Reader,
) -> None:
    """Bring related items in step after files changed.

    `entries` are the claims of these files, each with the file that comes first by name;
    `dropped` the claims they made before; `moved` the identities that articles took or left.
    """
    identities = {name[0] for name in [*entries, *dropped]} | set(moved)
    # What was erased is no coverage from elsewhere either.
    here = _known(Article, identities) | _known(Erasure, identities)
    RelatedItem.objects.filter(identity__among=list(here)).delete()
    doubtful = {name[0] for name in dropped} | set(moved)
    _forget_unclaimed(doubtful)
    wanted = _left_behind((set(moved) | _forget_unprinted(doubtful)) - here, reader)
    for name, (slug, entry) in entries.items():
        if name[0] not in here and (name not in wanted or slug <= wanted[name][0]):
            wanted[name] = (slug, entry)
    _put(wanted)


def _known(model: type[Article | Erasure], identities: set[int]) -> set[int]:
    rows = model._default_manager.filter(identity__among=list(identities))
    return set(rows.values_list("identity", flat=True))


def _forget_unclaimed(identities: set[int]) -> None:
    claims = Claim.objects.filter(identity=OuterRef("identity"), title_hash=OuterRef("title_hash"))
    RelatedItem.objects.filter(~Exists(claims), identity__among=list(identities)).delete()


def _forget_unprinted(identities: set[int]) -> set[int]:
    """Drop items whose file does not claim them any more, though others do; their identities."""
    printers = Claim.objects.filter(
        identity=OuterRef("identity"),
        title_hash=OuterRef("title_hash"),
        article__slug=OuterRef("printed_by"),
    )
    items = RelatedItem.objects.filter(~Exists(printers), identity__among=list(identities))
    found = set(items.values_list("identity", flat=True))
    items.delete()
    return found


def _left_behind(identities: set[int], reader: Reader) -> dict[Named, tuple[str, Values]]:
    """Entries for claims that nothing prints now, from the bases of the first files that make
    them."""
    first: dict[Named, str] = {}
    claims = Claim.objects.filter(identity__among=list(identities)).order_by("-article__slug")
    for identity, title_hash, slug in claims.values_list("identity", "title_hash", "article__slug"):
        first[identity, title_hash] = slug
    sources = bases.load(Kind.ARTICLE, set(first.values()))
    found = {}
    for slug, source in sources.items():
        if source.base_bytes is None:
            continue
        named = claimed(reader.one(source.base_bytes, Kind.ARTICLE).values)
        found.update(
            {name: (slug, entry) for name, entry in named.items() if first.get(name) == slug}
        )
    return found


def _put(wanted: Mapping[Named, tuple[str, Values]]) -> None:
    stored = {
        (item.identity, item.title_hash): item
        for item in RelatedItem.objects.filter(identity__among=[name[0] for name in wanted])
    }
    fresh, changed = [], []
    for name, (slug, entry) in wanted.items():
        item = stored.get(name)
        if item is None:
            item = RelatedItem(identity=name[0], title_hash=name[1])
            fresh.append(item)
        elif slug <= item.printed_by:
            changed.append(item)
        else:
            continue
        _set(item, slug, entry)
    RelatedItem.objects.bulk_create(fresh, batch_size=200)
    rows = [(*(getattr(item, column) for column in _COLUMNS), item.pk) for item in changed]
    update_rows(RelatedItem, _COLUMNS, rows)


def _set(item: RelatedItem, slug: str, entry: Values) -> None:
    provider = entry.get("provider") or {}
    item.title = entry.get("title") or ""
    item.excerpt = entry.get("excerpt") or ""
    item.link = link_of(entry)
    item.published_at = entry.get("publishedDateTime")
    item.quality = entry.get("quality")
    item.provider_name = provider.get("name") or ""
    item.provider_domain = provider.get("domain") or ""
    item.images = entry.get("images") or []
    item.printed_by = slug
