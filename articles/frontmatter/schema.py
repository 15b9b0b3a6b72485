"""The keys of the format, as data: order, type, spelling and owner of each.

The table of record for reading, writing, patching and merging; nothing else names a key's type.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class Type(Enum):
    """What a key's value is once read."""

    TEXT = "text"  # str, the scalar's source text
    LINK = "link"  # str, absolute http(s) address with a host
    IMAGE_LINK = "image link"  # str, a link or a site-relative path
    INTEGER = "integer"  # int, 32 bits
    BOOLEAN = "boolean"  # bool
    MOMENT = "moment"  # datetime, aware, UTC
    MAPPING = "mapping"  # dict of the keys below
    TEXTS = "list of texts"  # list[str]
    MAPPINGS = "list of mappings"  # list[dict] of the keys below
    ANY = "anything"  # kept in the file, never read into a column

    # Members are one of a kind; Enum's own is written in Python, and every value is looked up.
    __hash__ = object.__hash__


class Owner(Enum):
    """Who decides when file and database differ."""

    BOTH = "both"
    DESK = "desk"
    SOURCE = "source"
    MACHINE = "machine"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Key:
    """One key; `quoted` and `spaced` (an empty line before it) are its canonical spelling."""

    name: str
    type: Type
    owner: Owner = Owner.BOTH
    quoted: bool = False
    spaced: bool = False
    keys: Schema | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """The keys of one mapping in canonical order; `fences` tells whether `---` lines are required.

    `bare` names the key that a lone scalar in the mapping's place stands for: real topic files
    list their images as plain addresses.
    """

    name: str
    order: tuple[Key, ...]
    fences: bool = True
    bare: str = ""
    by_name: dict[str, Key] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {key.name: key for key in self.order})


def _image(*, titled: bool) -> Schema:
    keys = [
        Key("url", Type.IMAGE_LINK, quoted=True),
        Key("width", Type.INTEGER),
        Key("height", Type.INTEGER),
        Key("isCached", Type.BOOLEAN),
    ]
    if titled:
        keys += [
            Key("title", Type.TEXT, quoted=True),
            Key("attribution", Type.TEXT, quoted=True),
        ]
    return Schema("image", tuple(keys))


IMAGE = _image(titled=True)
RELATED_IMAGE = _image(titled=False)
LOGO = Schema(
    "logo",
    (
        Key("url", Type.IMAGE_LINK, quoted=True),
        Key("width", Type.INTEGER),
        Key("height", Type.INTEGER),
    ),
)
TOPIC_IMAGE = Schema("logo", LOGO.order, bare="url")
PROVIDERS_LOGO = Schema(
    "logo", (Key("url", Type.IMAGE_LINK), Key("width", Type.INTEGER), Key("height", Type.INTEGER))
)
PROVIDER_IN_ARTICLE = Schema(
    "provider",
    (
        Key("name", Type.TEXT),
        Key("domain", Type.TEXT),
        Key("images", Type.MAPPINGS, keys=LOGO),
    ),
)
PROVIDER_IN_RELATED = Schema("provider", (Key("name", Type.TEXT), Key("domain", Type.TEXT)))
RELATED = Schema(
    "related item",
    (
        Key("title", Type.TEXT, quoted=True),
        Key("excerpt", Type.TEXT, quoted=True),
        Key("publishedDateTime", Type.MOMENT),
        Key("webUrl", Type.LINK, quoted=True),
        Key("ampWebUrl", Type.LINK, quoted=True),
        Key("cdnAmpWebUrl", Type.LINK, quoted=True),
        Key("type", Type.TEXT),
        Key("provider", Type.MAPPING, keys=PROVIDER_IN_RELATED),
        Key("quality", Type.INTEGER),
        Key("images", Type.MAPPINGS, keys=RELATED_IMAGE),
    ),
)
ARTICLE = Schema(
    "article",
    (
        Key("category", Type.TEXT, Owner.BOTH),
        Key("title", Type.TEXT, Owner.DESK, quoted=True),
        Key("excerpt", Type.TEXT, Owner.DESK, quoted=True),
        Key("publishedDateTime", Type.MOMENT, Owner.SOURCE),
        Key("updatedDateTime", Type.MOMENT, Owner.SOURCE),
        Key("originalUrl", Type.LINK, Owner.SOURCE, quoted=True),
        Key("webUrl", Type.LINK, Owner.SOURCE, quoted=True),
        Key("ampWebUrl", Type.LINK, Owner.SOURCE, quoted=True),
        Key("cdnAmpWebUrl", Type.LINK, Owner.SOURCE, quoted=True),
        Key("type", Type.TEXT, Owner.SOURCE),
        Key("quality", Type.INTEGER, Owner.MACHINE),
        Key("heat", Type.INTEGER, Owner.MACHINE),
        Key("removed", Type.BOOLEAN, Owner.STATE),
        Key("published", Type.BOOLEAN, Owner.STATE),
        Key("featuredContent", Type.TEXT, Owner.SOURCE, quoted=True, spaced=True),
        Key(
            "provider",
            Type.MAPPING,
            Owner.SOURCE,
            spaced=True,
            keys=PROVIDER_IN_ARTICLE,
        ),
        Key("topics", Type.TEXTS, Owner.DESK, spaced=True),
        Key("images", Type.MAPPINGS, Owner.SOURCE, spaced=True, keys=IMAGE),
        Key("related", Type.MAPPINGS, Owner.MACHINE, spaced=True, keys=RELATED),
        Key("secured", Type.TEXT, Owner.MACHINE, quoted=True, spaced=True),
    ),
)
PROVIDER = Schema(
    "provider",
    (
        Key("taxonomy", Type.TEXT),
        Key("_id", Type.TEXT),
        Key("name", Type.TEXT),
        Key("otherNames", Type.TEXTS),
        Key("domain", Type.TEXT),
        Key("description", Type.TEXT),
        Key("images", Type.MAPPINGS, keys=PROVIDERS_LOGO),
    ),
)
TOPIC = Schema(
    "topic",
    (
        Key("taxonomy", Type.TEXT),
        Key("_id", Type.TEXT),
        Key("name", Type.TEXT),
        Key("shortname", Type.TEXT),
        Key("parent", Type.TEXT),
        Key("keywords", Type.TEXTS),
        Key("hashtags", Type.TEXTS),
        Key("images", Type.MAPPINGS, keys=TOPIC_IMAGE),
        Key("services", Type.ANY),
    ),
    fences=False,
)
