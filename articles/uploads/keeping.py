"""Where brought files wait: a folder of their own under UPLOAD_FOLDER, never served."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from ..exchange.scan import FOLDERS, SUFFIXES, Kind
from ..models import Upload
from .limits import Limits, UploadRefused, megabytes
from .packed import unpack, wrong_path


def keep(files: Sequence[UploadedFile], kind: Kind) -> tuple[str, int]:
    """(the folder's name, how many files it holds) of what was brought: one zip, or loose files
    of that kind. Raises UploadRefused, and then nothing is kept."""
    limits = Limits(**settings.UPLOAD_LIMITS)
    name = token_hex(16)
    folder = place_of(name)
    folder.mkdir(parents=True)
    try:
        _check_size(files, limits)
        return name, _keep(files, kind, folder, limits)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def place_of(name: str) -> Path:
    """The folder in which an upload's files lie."""
    return Path(settings.UPLOAD_FOLDER) / name


def clear(upload: Upload) -> None:
    """Delete the files of an upload; its row remembers what became of them."""
    if upload.folder:
        shutil.rmtree(place_of(upload.folder), ignore_errors=True)


def _check_size(files: Sequence[UploadedFile], limits: Limits) -> None:
    if not files:
        raise UploadRefused(["choose a zip, or one file or more"])
    if sum(file.size or 0 for file in files) > limits.bytes:
        raise UploadRefused([f"larger than {megabytes(limits.bytes)}; bring it in parts"])
    if len(files) > limits.files:
        raise UploadRefused([f"more than {limits.files:,} files; bring them in parts"])


def _keep(files: Sequence[UploadedFile], kind: Kind, folder: Path, limits: Limits) -> int:
    if any((file.name or "").lower().endswith(".zip") for file in files):
        if len(files) > 1:
            raise UploadRefused(["bring one zip alone, or loose files without a zip"])
        with files[0].open("rb") as packed:
            return unpack(packed, folder, limits)
    _check_loose(files, kind)
    for file in files:
        target = folder / FOLDERS[kind] / (file.name or "")
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "xb") as out:
            for data in file.chunks():
                out.write(data)
    return len(files)


def _check_loose(files: Sequence[UploadedFile], kind: Kind) -> None:
    problems, seen = [], set()
    for file in files:
        name = file.name or ""
        if not name.endswith(SUFFIXES[kind]):
            wanted = " or ".join(SUFFIXES[kind])
            problems.append(f"{name}: a file of {kind.label}s ends in {wanted}")
        elif why := wrong_path(name):
            problems.append(f"{name!a}: {why}")
        elif name in seen:
            problems.append(f"{name}: brought twice")
        seen.add(name)
    if problems:
        raise UploadRefused(problems)
