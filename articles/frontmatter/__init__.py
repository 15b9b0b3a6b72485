"""The front-matter format: text to records and back, without a database."""

from .errors import Problem, Refused
from .memory import Memory
from .read import read
from .record import Limits, Record
from .schema import ARTICLE, PROVIDER, TOPIC, Schema

__all__ = [
    "ARTICLE",
    "PROVIDER",
    "TOPIC",
    "Limits",
    "Memory",
    "Problem",
    "Record",
    "Refused",
    "Schema",
    "read",
]
