"""Templates are compiled once, and kept where Python keeps what it made of modules."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from uuid import uuid4

import jinja2
from jinja2.bccache import Bucket


class Compiled(jinja2.BytecodeCache):
    """Whoever may not write there compiles them in each process, which takes a tenth of a second.

    A template that changed is compiled anew, and so are all with another Jinja or Python.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return cache_from_source(f"{filename or name}.jinja{jinja2.__version__}.py")

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError), open(bucket.key, "rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        target = Path(bucket.key)
        beside = target.with_name(f"{target.name}.{uuid4().hex}")
        with suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(bucket.bytecode_to_string())
            os.replace(beside, target)
