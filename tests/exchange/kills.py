"""Starts processes that kill imports, exports and publishing (`killing.py`), and judges what came
of it."""

from __future__ import annotations

from typing import Any

from articles.writing import BESIDE

KILL = """
import sys
from pathlib import Path
import django
django.setup()
from tests.exchange.killing import main
main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
"""
"""To run by `python -c` with: "import", "export" or "publish", a folder, a seed, how many kills."""


def faults(task: str, found: dict[str, Any]) -> list[str]:
    """What is not as if nothing had happened, a sentence each; `found` is what KILL printed."""
    said = _faults_undisturbed(task, found)
    for one in found["killed"]:
        at = f"killed at step {one['point']}"
        if not one["died"]:
            said.append(f"{at}: it lived on")
        if one["done"] is None:
            said.append(f"{at}: the next run died")
        elif others := _otherwise(found["undisturbed"], one["done"]["answer"]):
            said.append(f"{at}: the next run ended otherwise: {'; '.join(others)}")
        if task == "export":
            said += [f"{at}: {path} is half a file" for path in _torn(found, one["after"])]
        said += [f"{at}: {path} is neither old nor new" for path in one.get("torn", ())]
        said += [f"{at}: left behind that {what}" for what in one.get("disagrees") or ()]
    return said


def _faults_undisturbed(task: str, found: dict[str, Any]) -> list[str]:
    """A run that does nothing, or goes wrong by itself, would show nothing."""
    undisturbed = found["undisturbed"]
    said = [f"the {task} itself left that {one}" for one in undisturbed.get("disagrees", ())]
    if task == "import":
        return [*said, *(["the import itself had problems"] if undisturbed["problems"] else [])]
    if task == "publish":
        nothing = {"differs": [], "again": [0, 0]}
        return [] if undisturbed == nothing else ["the site is not as if published anew"]
    if undisturbed["files"] == found["before"]:
        said.append("the export itself wrote nothing")
    if not undisturbed["again"].keys() == undisturbed["imported"].keys() == {"unchanged"}:
        said.append("the export itself left something to do")
    return said


def _otherwise(wanted: Any, answer: Any, at: str = "") -> list[str]:
    """Where an answer differs from the one that was wanted, and how."""
    if wanted == answer:
        return []
    if isinstance(wanted, dict) and isinstance(answer, dict):
        keys = sorted(wanted.keys() | answer.keys())
        return [
            line
            for key in keys
            for line in _otherwise(wanted.get(key), answer.get(key), f"{at}/{key}")
        ]
    return [f"{at} is {str(answer)[:300]} for {str(wanted)[:300]}"]


def _torn(found: dict[str, Any], after: dict[str, str]) -> list[str]:
    """Files that are neither what they were nor what they should be."""
    before, wanted = found["before"], found["undisturbed"]["files"]
    return [
        path
        for path, text in after.items()
        if text not in (before.get(path), wanted.get(path)) and not path.endswith(BESIDE)
    ]
