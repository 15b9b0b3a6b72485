"""A block without anchors, aliases and merges, for keys that cannot be patched in place."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Iterator
from dataclasses import dataclass, field

from .blocks import Piece, cut, join, region
from .changes import Items, Plan, Within
from .emit import NOT_PLAIN, emit_text, quote
from .source import Source
from .spans import Awkward, MappingSpan, ScalarSpan, SequenceSpan, Span, name_of, parse

CORE = "tag:yaml.org,2002:"
MERGE = "<<"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A scalar; `plain` is how it was spelled, which only typed reading tells apart."""

    text: str
    tag: str = ""
    plain: bool = field(default=True, compare=False)


Tree = Leaf | list["Tree"] | dict[str, "Tree"]


def resolve(node: Span, anchors: dict[str, Tree] | None = None) -> Tree:
    """A node as a tree of its own, every alias and merge replaced by what it stands for.

    For blocks the reader has accepted: bounded depth, no cycles. Raises `Awkward` for a merge of
    something other than mappings.
    """
    anchors = {} if anchors is None else anchors
    if node.alias:
        return anchors[node.alias]
    tree: Tree
    match node:
        case ScalarSpan():
            tree = Leaf(node.value, node.tag, not node.style)
        case SequenceSpan():
            tree = [resolve(item, anchors) for item in node.items]
        case MappingSpan():
            tree = _mapping(node, anchors)
        case _:
            raise Awkward("a node of no kind")
    if node.anchor:
        anchors[node.anchor] = tree
    return tree


def _mapping(node: MappingSpan, anchors: dict[str, Tree]) -> dict[str, Tree]:
    own = {name_of(key) for key, _ in node.pairs if not is_merge(key)}
    tree: dict[str, Tree] = {}
    for key, value in node.pairs:
        name, resolved = resolve(key, anchors), resolve(value, anchors)
        if is_merge(key):
            for merged in resolved if isinstance(resolved, list) else [resolved]:
                _merge(tree, merged, own)
        elif isinstance(name, Leaf):
            tree[name.text] = resolved
    return tree


def _merge(tree: dict[str, Tree], merged: Tree, own: Names[str]) -> None:
    if not isinstance(merged, dict):
        raise Awkward("a merge of something other than mappings")
    for name, value in merged.items():
        if name not in own:
            tree.setdefault(name, value)


def is_merge(key: Span) -> bool:
    """Whether a key is the unquoted `<<`."""
    return isinstance(key, ScalarSpan) and key.value == MERGE and not (key.style or key.tag)


def _nodes(node: Span) -> Iterator[Span]:
    yield node
    match node:
        case SequenceSpan():
            for item in node.items:
                yield from _nodes(item)
        case MappingSpan():
            for key, value in node.pairs:
                yield from _nodes(key)
                yield from _nodes(value)


def _linked(node: MappingSpan, changed: Names[str], touched: Names[str]) -> set[int]:
    """The places of the pairs to write out so that those of `changed` stand alone.

    `changed` that borrow through aliases or merges, `touched`, and whoever borrows from either.
    """
    places: set[int] = set()
    lost: set[str] = set()
    grown = True
    while grown:
        grown = False
        for place, (key, value) in enumerate(node.pairs):
            parts = [*_nodes(key), *_nodes(value)]
            name = name_of(key)
            borrows = any(part.alias or is_merge(part) for part in parts)
            needed = name in touched or (name in changed and borrows)
            if place not in places and (needed or any(part.alias in lost for part in parts)):
                places.add(place)
                grown = True
            if place in places or name in changed:
                new = {part.anchor for part in parts if part.anchor} - lost
                lost |= new
                grown = grown or bool(new)
    return places


def write_out(source: Source, node: MappingSpan, changed: Names[str], touched: Names[str]) -> str:
    """The block with the keys of `touched` written out in their places, without anchors.

    So are the keys of `changed` that borrow through an alias or a merge, and those borrowing from a
    key that is changed or written out.
    """
    tree = _tree(node)
    prefix, pieces = cut(source, node)
    if prefix.strip():
        raise Awkward("something stands before a key in its line")
    own = {name_of(key) for key, _ in node.pairs}
    places = _linked(node, changed, touched)
    written: list[Piece] = []
    for place, (piece, (key, value)) in enumerate(zip(pieces, node.pairs, strict=True)):
        if place not in places:
            written.append(piece)
        elif is_merge(key):
            written += [
                _written(source, Piece(name, "", ""), tree, prefix)
                for name in tree
                if name not in own
            ]
        else:
            written.append(_written(source, piece, tree, prefix, source.comment(value.end)))
    start, end = region(source, node)
    return source.text[:start] + join(source, prefix, written) + source.text[end:]


def _tree(node: MappingSpan) -> dict[str, Tree]:
    tree = resolve(node)
    if not isinstance(tree, dict):
        raise Awkward("not a mapping")
    return tree


def _written(
    source: Source, piece: Piece, tree: dict[str, Tree], prefix: str, comment: str = ""
) -> Piece:
    first, *more = _lines_of_key(piece.name, tree[piece.name], len(prefix))
    lines = [f"{first} {comment}" if comment else first, *more]
    return Piece(piece.name, piece.gap, source.lines(lines)[len(prefix) :])


def write_out_all(source: Source, node: MappingSpan) -> str:
    """The block anew from what it says: all keys in their order, no comments."""
    tree = _tree(node)
    return source.lines(line for name in tree for line in _lines_of_key(name, tree[name], 0))


def _lines_of_key(name: str, tree: Tree, indent: int) -> list[str]:
    return _lines(f"{' ' * indent}{emit_text(name)}:", tree, indent)


def _lines(start: str, tree: Tree, indent: int) -> list[str]:
    match tree:
        case Leaf():
            return [f"{start} {_leaf(tree)}".rstrip(" ")]
        case {}:
            return [start, *_children(tree, indent + 2)] if tree else [f"{start} {{}}"]
        case _:
            return [start, *_children(tree, indent + 2)] if tree else [f"{start} []"]


def _children(tree: list[Tree] | dict[str, Tree], indent: int) -> list[str]:
    if isinstance(tree, dict):
        return [line for name, value in tree.items() for line in _lines_of_key(name, value, indent)]
    lines: list[str] = []
    for item in tree:
        if isinstance(item, dict) and item:
            inner = _children(item, indent + 2)
            lines += [f"{' ' * indent}- {inner[0][indent + 2 :]}", *inner[1:]]
        else:
            lines += _lines(f"{' ' * indent}-", item, indent)
    return lines


def _leaf(leaf: Leaf) -> str:
    tag = leaf.tag.replace(CORE, "!!", 1) if leaf.tag.startswith(CORE) else ""
    literal = leaf.plain and not (leaf.text and NOT_PLAIN.search(leaf.text))
    return f"{tag} {leaf.text if literal else quote(leaf.text)}".strip(" ")


def links_kept(old: str, new: str, plan: Plan) -> bool:
    """Whether everything that `plan` does not name says in `new` what it said in `old`.

    Only anchors can carry a change from one key to another: blocks without them are not compared.
    """
    before, after = parse(old), parse(new)
    linked = any(part.anchor for part in _nodes(before))
    return not linked or _unchanged(resolve(before), resolve(after), plan)


def _unchanged(old: Tree, new: Tree, plan: Plan) -> bool:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return old == new
    if {*old} - {*plan} != {*new} - {*plan}:
        return False
    for name, value in old.items():
        change = plan.get(name)
        if change is None and value != new[name]:
            return False
        if isinstance(change, Within) and not _unchanged(value, new[name], change.changes):
            return False
        if isinstance(change, Items) and not _items_unchanged(value, new[name], change):
            return False
    return True


def _items_unchanged(old: Tree, new: Tree, change: Items) -> bool:
    if not isinstance(old, list) or not isinstance(new, list):
        return False
    return all(
        _unchanged(old[item.index], new[place], item.changes)
        for place, item in enumerate(change.items)
        if item.index is not None
    )
