"""A run from inputs to results: what `npp.tag` and `npp tag` do."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from tqdm import tqdm

from npp_nlp.batch import extras
from npp_nlp.batch.inputs import Input, find_inputs
from npp_nlp.batch.kernel import TOP
from npp_nlp.batch.local import Done, run_local
from npp_nlp.batch.on_ray import run_ray
from npp_nlp.batch.on_spark import run_spark
from npp_nlp.batch.outputs import Target, assemble, commit, opened, save_beside, target_of
from npp_nlp.batch.parts import list_parts, part_path
from npp_nlp.batch.planning import Plan, known_inputs, plan, settings_of, tasks
from npp_nlp.batch.work import Task

if TYPE_CHECKING:
    import pandas as pd

Inputs = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


class Engine(Protocol):
    """Does tasks, in any order and anywhere, and gives each when its temporary file is finished."""

    def __call__(
        self, tasks: Iterable[Task], *, workers: int | None, advance: Callable[[int], object]
    ) -> Generator[Done]:
        """Do so many tasks at a time (None: as many as there are cores); `advance` is told of inputs done."""
        ...


ENGINES: dict[str, Engine] = {"local": run_local, "ray": run_ray, "spark": run_spark}
"""Name -> what does the tasks."""


@dataclass(frozen=True)
class Tagged:
    """What a run did: inputs done and skipped, documents and paragraphs written; `unread` are all failures in the results.

    The results themselves are in `out`.
    """

    out: Path
    inputs: int
    skipped: int
    documents: int
    paragraphs: int
    unread: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def failures(self) -> pd.DataFrame:
        """Table `path, reason`."""
        import pandas as pd

        return pd.DataFrame(list(self.unread), columns=["path", "reason"], dtype="str")


@dataclass(frozen=True)
class Job:
    """How a run is done: target, engine, number of workers, what to do with earlier results, key terms per document."""

    target: Target
    engine: str = "local"
    workers: int | None = None
    resume: bool = False
    overwrite: bool = False
    top: int = TOP

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise ValueError(f"engine must be one of {', '.join(ENGINES)}, not {self.engine!r}")
        for name, value in (("workers", self.workers), ("top", self.top)):
            if value is not None and value < 1:
                raise ValueError(f"{name}={value}: must be at least 1")
        if self.resume and self.overwrite:
            raise ValueError("resume and overwrite exclude each other")
        extras.check(self.engine, self.target.format)

    @property
    def settings(self) -> dict[str, Any]:
        """What every part records and a resumed run must share."""
        return settings_of(self.top)


def tag(
    inputs: Inputs,
    *,
    out: str | os.PathLike[str],
    engine: str = "local",
    workers: int | None = None,
    resume: bool = False,
    overwrite: bool = False,
    top: int = TOP,
) -> Tagged:
    """Tag the paragraphs of many files with labels and key terms, and write the rows (`TAG_SCHEMA`) to `out`.

    `inputs` are files, folders, glob patterns and tables (with a column text; .csv, .xlsx, .jsonl, .parquet, named or
    matched by a pattern), in any mixture. `doc_id` is the path as given, of a row of a table PATH:ID. `out` is a file if
    it ends in .jsonl, .csv or .duckdb, else a folder of Parquet files (out.parquet, too: datasets are read as one table).
    Beside lie failures.csv (path, reason) and provenance.json.

    `engine` says where the work is done: `local` processes, or the machines of a `ray` or `spark` cluster, which must see
    inputs and `out` at the same paths. `workers` is the number of tasks at a time (default: one for each core). Neither
    changes a byte of the parts. `top` is the
    number of key terms of a document. A run that was broken off, by whatever, goes on with `resume=True`: what is
    finished and unchanged (by SHA-256) is skipped, changed inputs are done again and their old rows go away, rows
    of inputs not given stay. `overwrite=True` begins anew.

    Raises `FileExistsError` if there are results and neither is given, `ValueError` if a folder or pattern matches
    nothing or the results were made with other settings or models, `OSError` if `out` cannot be written or is not shared,
    `ImportError` with the command to install what is missing. A file
    that cannot be read is a failure and stops nothing.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "a.txt").write_text("要加快发展新质生产力。", encoding="utf-8")
    ...     done = tag(folder, out=Path(folder) / "tagged.jsonl", workers=1)
    >>> done.inputs, done.documents, done.paragraphs
    (1, 1, 1)
    """
    job = Job(target_of(out), engine, workers, resume, overwrite, top)
    return run(inputs, job)


def run(inputs: Inputs, job: Job) -> Tagged:
    """Find the inputs and tag them as the job says."""
    items = [inputs] if isinstance(inputs, str | os.PathLike) else list(inputs)
    if not items:
        raise ValueError("inputs is empty: name at least one file, folder or pattern")
    return tag_inputs(find_inputs(items, job.target.holds), job)


def tag_inputs(found: list[Input], job: Job) -> Tagged:
    """Tag inputs that were found."""
    target, settings = job.target, job.settings
    with opened(target, resume=job.resume, overwrite=job.overwrite):
        wanted = plan(found, known_inputs(target.parts, settings))
        documents = paragraphs = 0
        try:
            with closing(
                _done(wanted, len(found), job)
            ) as finished:  # ends the workers, whatever happens here
                for done in finished:
                    commit(Path(done.task.temporary), part_path(target.parts, done.task.number))
                    documents, paragraphs = documents + done.documents, paragraphs + done.rows
        finally:
            unread = save_beside(target, _provenance(settings))
        assemble(target)
    pairs = tuple((failure.path, failure.reason) for failure in unread)
    return Tagged(target.out, len(found), wanted.skipped, documents, paragraphs, pairs)


def _done(wanted: Plan, inputs: int, job: Job) -> Generator[Done]:
    """The finished parts of a plan, with progress on a terminal."""
    folder = job.target.parts
    taken = [number for number, _ in list_parts(folder)]
    with (
        tqdm(total=inputs, initial=wanted.skipped, unit="file", disable=None, leave=False) as bar,
        closing(
            ENGINES[job.engine](
                tasks(folder, wanted, taken, job.settings), workers=job.workers, advance=bar.update
            )
        ) as finished,
    ):
        yield from finished


def _provenance(settings: Mapping[str, Any]) -> dict[str, Any]:
    versions = {name: version(name) for name in ("numpy", "pyarrow")}
    return {**settings, "versions": {"python": platform.python_version(), **versions}}
