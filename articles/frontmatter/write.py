"""Records as files, in the canonical form."""

from __future__ import annotations

from .emit import emit_mapping
from .record import Values
from .schema import ARTICLE, Schema

FENCE = "---"


def write(values: Values, schema: Schema = ARTICLE, body: str | None = None) -> bytes:
    r"""The canonical file of `values` (as `Record.values` holds them) and `body`.

    Absent keys, None and empty lists are left out. Without a body given an article has one empty
    line for it and a provider nothing, as in existing sites. A schema without fences has no body.

    Raises `TypeError` for a value that is not of its key's type, `KeyError` for a key that the
    schema does not name, `UnicodeEncodeError` for lone surrogates.
    """
    block = "".join(f"{line}\n" for line in emit_mapping(values, schema, 0))
    if not schema.fences:
        return block.encode()
    if body is None:
        body = "\n" if schema is ARTICLE else ""
    return f"{FENCE}\n{block}{FENCE}\n{body}".encode()
