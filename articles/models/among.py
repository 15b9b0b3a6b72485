"""`column__among=[…]`: one parameter for any number of values."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Field, ForeignKey, Lookup


@ForeignKey.register_lookup
@Field.register_lookup
class Among(Lookup):
    """As `in`, without a bound on the number of values (SQLite takes 32,766 parameters)."""

    lookup_name = "among"
    prepare_rhs = False

    def get_prep_lookup(self) -> list[Any]:
        return list(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, parameters = self.process_lhs(compiler, connection)
        values = self.rhs_values()
        if connection.vendor != "postgresql":
            array = json.dumps(values)
            return f"{left} IN (SELECT value FROM json_each(%s))", [*parameters, array]
        kinds = set(map(type, values))
        # The driver would spell each value in Python; a run asks for tens of thousands.
        if kinds == {int}:
            return f"{left} = ANY(%s::bigint[])", [*parameters, f"{{{','.join(map(str, values))}}}"]
        if kinds == {str}:
            return f"{left} = ANY(%s::text[])", [*parameters, _array(values)]
        return f"{left} = ANY(%s)", [*parameters, values]

    def rhs_values(self) -> list[Any]:
        """The values, each once."""
        return list(dict.fromkeys(self.rhs))


def _array(texts: list[str]) -> str:
    """Texts as PostgreSQL spells an array of them."""
    escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return '{"' + '","'.join(escaped) + '"}'
