"""The same run over and over: files that appear are tagged once they have stopped growing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from npp_nlp.batch.inputs import Input, find_inputs
from npp_nlp.batch.running import Job, Tagged, tag_inputs

INTERVAL = 2.0
"""Seconds between two looks at the inputs; a file is taken that is the same in both."""
Stamp = tuple[int, int]


def watch(
    inputs: Iterable[str | os.PathLike[str]],
    job: Job,
    *,
    report: Callable[[Tagged], None] = lambda done: None,
    interval: float = INTERVAL,
) -> None:
    """Tag what is there and what comes, until interrupted: then `KeyboardInterrupt` goes on to the caller.

    A folder or pattern may be empty for now. `report` gets the outcome of each round that tagged anything.
    """
    items = list(inputs)
    before: dict[str, Stamp] = {}
    done: dict[str, Stamp] = {}
    while True:
        found = [one for item in items for one in _found(item, job)]
        now = {one.path: _stamp(one) for one in found}
        ready = {
            one.path: one for one in found if before.get(one.path) == now[one.path] != done.get(one.path)
        }
        if ready:
            report(tag_inputs([ready[path] for path in sorted(ready)], job))
            done |= {path: now[path] for path in ready}
            job = replace(job, resume=True, overwrite=False)
        before = now
        time.sleep(interval)


def _found(item: str | os.PathLike[str], job: Job) -> list[Input]:
    try:
        return find_inputs([item], job.target.holds)
    except ValueError:  # nothing there yet
        return []


def _stamp(one: Input) -> Stamp:
    try:
        status = Path(one.path).stat()
    except (OSError, ValueError):
        return (-1, 0)
    return status.st_size, status.st_mtime_ns
