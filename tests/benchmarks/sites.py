"""Content folders to measure with: the real ones, and one several times as large."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

CORPUS = Path(
    os.environ.get("NEWSROOM_CORPUS", Path(__file__).resolve().parents[3] / "shared" / "corpus")
)
SITES = ("site-a", "site-b")


def unpacked(folder: Path) -> Path | None:
    """The real content in `folder`: site-a/, site-b/, seed.md; None where there is none."""
    if not (CORPUS / "seed.md").exists():
        return None
    folder.mkdir()
    shutil.copyfile(CORPUS / "seed.md", folder / "seed.md")
    for site in SITES:
        archive = CORPUS / f"{site}.tar.xz"
        if archive.exists():
            shutil.unpack_archive(archive, folder)
        else:
            shutil.copytree(CORPUS / site, folder / site)
    return folder


def multiplied(site: Path, target: Path, times: int) -> Path:
    """A folder with the articles of `site` that many times; each copy has stems and links of its
    own, so that its stories are its own as well. The copies follow one another by name, as the
    years of a larger site would."""
    shutil.copytree(site / "_data", target / "_data")
    news = target / "_news"
    news.mkdir()
    for path in sorted((site / "_news").iterdir()):
        data = path.read_bytes()
        for number in range(times):
            mark = f"copy{number}"
            own = data.replace(b"://", f"://{mark}.".encode())
            (news / f"{mark}-{path.name}").write_bytes(own)
    return target


def size_of(site: Path) -> int:
    """Bytes of all files of a folder."""
    return sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
