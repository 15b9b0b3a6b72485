"""The life of an upload: waiting, planned, imported; one step at a time, by whoever claims it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from .. import tasks
from ..exchange import Busy, ImportOptions, NothingToRead, run_check, run_import
from ..exchange.scan import Kind
from ..lock import exclusive
from ..models import Run, Upload
from ..observing.caches import tell, told
from ..tasks import Later
from .keeping import clear, keep, place_of

RIGHT = "articles.import_content"
INLINE = "inline"

NO_DATABASE = "The site could not write its data; bring the files again in a while."

PLANNED_SECONDS = 120
"""How long a word of a plan's progress is kept."""

Standing = Upload.Standing
BEGUN = (Standing.PLANNING, Standing.IMPORTING)
OVER = (Standing.DONE, Standing.FAILED, Standing.DROPPED)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """How files are to be taken: `kind` of loose ones, only checked, or all as drafts."""

    kind: Kind = Kind.ARTICLE
    is_check_only: bool = False
    as_drafts: bool = False


def bring(files: Sequence[UploadedFile], wish: Wish, actor: User) -> Upload:
    """Keep these files and plan their import, at once or by a worker (TASKS).

    Raises UploadRefused.
    """
    folder, count = keep(files, wish.kind)
    name = files[0].name or "files"
    upload = Upload.objects.create(
        name=(f"{name} and {len(files) - 1} more" if len(files) > 1 else name)[:200],
        folder=folder,
        is_check_only=wish.is_check_only,
        as_drafts=wish.as_drafts,
        progress={"done": 0, "of": count},
        made_by=actor,
        made_at=timezone.now(),
        changed_at=timezone.now(),
    )
    return _go_on(upload)


def apply(upload: Upload, actor: User) -> bool:
    """Import what was planned; False when somebody else decided meanwhile.

    Whoever applies answers for the import from then on.
    """
    is_mine = _move(upload, (Standing.PLANNED,), Standing.WAITING, made_by=actor)
    if is_mine:
        _go_on(upload)
    return is_mine


def again(upload: Upload) -> bool:
    """Go on where a busy exchange, or a process that ended, left an upload.

    Raises `Busy` while it is at work after all.
    """
    with exclusive("upload"):
        is_mine = _move(upload, (Standing.WAITING, *BEGUN), Standing.WAITING)
    if is_mine:
        _go_on(upload)
    return is_mine


def drop(upload: Upload) -> bool:
    """Do not import it; its files are deleted."""
    is_mine = _move(upload, (Standing.WAITING, Standing.PLANNED), Standing.DROPPED)
    if is_mine:
        _forget_files(upload)
    return is_mine


def work_on(key: str) -> str:
    """The next step of an upload, for the worker, also where one that died had begun it.

    Raises `Later` while another run is at work.
    """
    upload = Upload.objects.filter(pk=key, standing__in=(Standing.WAITING, *BEGUN)).first()
    if upload is None:
        return f"upload {key}: nothing to do"
    try:
        with exclusive("upload"):
            _move(upload, BEGUN, Standing.WAITING)
    except Busy as busy:
        raise Later(f"{busy}.") from busy
    is_done = perform(upload)
    upload.refresh_from_db()
    if not is_done and upload.standing == Standing.WAITING:
        raise Later(upload.failure)
    return f"{upload.name}: {upload.standing} {upload.failure}".rstrip()


def perform(upload: Upload) -> bool:
    """Do the next step of a waiting upload; False when it could not be begun.

    A busy exchange leaves it waiting and says who is at work.
    """
    is_import = upload.plan is not None
    begun = Standing.IMPORTING if is_import else Standing.PLANNING
    if not _move(upload, (Standing.WAITING,), begun, failure=""):
        return False
    try:
        _check_right(upload)
        _import(upload) if is_import else _plan(upload)
    except Busy as busy:
        _move(upload, (begun,), Standing.WAITING, failure=f"{busy}.")
        return False
    except (NothingToRead, PermissionError) as why:
        _fail(upload, str(why))
    except (OperationalError, InterfaceError):
        if settings.TASKS != INLINE:
            # The queue tries again when the database is back; the files wait.
            raise
        log.exception("upload %s failed", upload.pk)
        _fail(upload, NO_DATABASE)
    except Exception as error:
        # Whatever went wrong, the page has to say so: work without an end helps nobody.
        log.exception("upload %s failed", upload.pk)
        _fail(upload, f"{type(error).__name__}; the site's log says more.")
    return True


def _go_on(upload: Upload) -> Upload:
    if settings.TASKS == INLINE:
        perform(upload)
    else:
        tasks.add("upload", upload.pk)
    upload.refresh_from_db()
    return upload


def _check_right(upload: Upload) -> None:
    """Rights are those of the moment in which the work is done."""
    person = upload.made_by
    if person is None or not person.is_active or not person.has_perm(RIGHT):
        raise PermissionError("Whoever brought it may not import any more.")


def _plan(upload: Upload) -> None:
    folder = [place_of(upload.folder)]
    if upload.is_check_only:
        report = run_check(folder)
        _move(upload, BEGUN, Standing.DONE, plan=report.packed())
        _forget_files(upload)
        return
    options = ImportOptions(dry_run=True, as_drafts=upload.as_drafts)

    def note(done: int, _: int) -> None:
        # What the one transaction of a plan writes is seen by nobody until it is taken back.
        tell(_planned_key(upload), done, PLANNED_SECONDS)

    report = run_import(folder, options, actor=upload.made_by, progress=note)
    _move(upload, BEGUN, Standing.PLANNED, plan=report.packed())


def _planned_key(upload: Upload) -> str:
    return f"upload-planned-{upload.pk}"


def planned(upload: Upload) -> int | None:
    """How many files of an upload that is being planned were read; None where the worker shares
    no cache with this process, or has said nothing for a while."""
    done: int | None = told(_planned_key(upload))
    return done


def _import(upload: Upload) -> None:
    folder = place_of(upload.folder)
    options = ImportOptions(as_drafts=upload.as_drafts)

    def note(done: int, of: int) -> None:
        _move(upload, BEGUN, Standing.IMPORTING, progress={"done": done, "of": of})

    run_import([folder], options, actor=upload.made_by, progress=note)
    run = Run.objects.filter(root=str(folder)).order_by("-pk").first()
    _move(upload, BEGUN, Standing.DONE, run=run)
    _forget_files(upload)


def _fail(upload: Upload, why: str) -> None:
    _move(upload, BEGUN, Standing.FAILED, failure=why)
    _forget_files(upload)


def _forget_files(upload: Upload) -> None:
    clear(upload)
    Upload.objects.filter(pk=upload.pk).update(folder="")


def _move(upload: Upload, before: Sequence[Standing], after: Standing, **columns: object) -> bool:
    """One statement decides which of two presses, or two workers, goes on."""
    rows = Upload.objects.filter(pk=upload.pk, standing__in=before)
    changed = rows.update(standing=after, changed_at=timezone.now(), **columns)
    return bool(changed)
