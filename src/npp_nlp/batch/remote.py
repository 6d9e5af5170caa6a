"""What the engines on clusters share: a task done by a worker elsewhere, and the round of tasks here.

The worker writes the part into the folder of the parts, which it must share with this process, under a name of its own for
each attempt; here it is renamed, once. So a cluster may lose workers or do a task twice, and no row is lost or doubled.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from npp_nlp.batch.deaths import Deaths
from npp_nlp.batch.local import Done
from npp_nlp.batch.planning import settings_of
from npp_nlp.batch.work import Task, write_part

Reply = dict[str, Any]


class WorkerDiedError(RuntimeError):
    """The cluster could not finish a task because the process that had it ended."""


def do_task(line: str) -> str:
    """On a worker: do a task (JSON) and say what came of it (JSON); no error leaves but the death of the process."""
    task = Task.from_json(line)
    try:
        return json.dumps(_written(task) | {"host": socket.gethostname()})
    except Exception as error:
        reason = " ".join(f"worker {socket.gethostname()}: {type(error).__name__}: {error}".split())
        return json.dumps({"error": reason, "system": isinstance(error, OSError)})


def _written(task: Task) -> Reply:
    ours = settings_of(int(task.provenance["settings"]["top"]))
    differing = sorted(k for k in {*ours, *task.provenance} if ours.get(k) != task.provenance.get(k))
    if differing:
        raise RuntimeError(f"has another {', '.join(differing)}: install the same npp_nlp on every machine")
    if not Path(task.temporary).parent.is_dir():
        raise FileNotFoundError(unshared(str(Path(task.temporary).parent)))
    absent = [i.path for i in task.items if i.action != "copy" and i.size and not Path(i.path).exists()]
    mine = replace(task, temporary=f"{task.temporary}-{secrets.token_hex(4)}")
    place = _place(task)
    entries = write_part(mine, lambda first, end: _note(place, first, end))
    return {
        "temporary": mine.temporary,
        "absent": absent,
        "documents": sum(entry.documents for entry in entries),
        "rows": sum(entry.rows for entry in entries),
    }


def unshared(path: str) -> str:
    """The sentence about a path that only one side sees."""
    return f"does not see {path}: inputs and OUT must lie on a file system that all machines share, at the same path"


def _place(task: Task) -> Path:
    """The file in which a worker keeps which inputs it has in work, for the case that it dies."""
    return Path(f"{task.temporary}.at")


def _note(place: Path, first: int, end: int) -> None:
    place.write_text(f"{first} {end}", encoding="ascii")


def _last(place: Path) -> tuple[int, int] | None:
    try:
        first, end = map(int, place.read_text("ascii").split())
    except (OSError, ValueError):
        return None
    return first, end


def run_remote(
    tasks: Iterable[Task],
    *,
    call: Callable[[str], str],
    stop: Callable[[], object],
    workers: int,
    advance: Callable[[int], object],
) -> Generator[Done]:
    """Have tasks done by `call`, so many at once; gives each as it is finished, in any order.

    `call` runs `do_task` on the cluster, waits for it, and raises `WorkerDiedError` if its process died; `stop` ends what is
    under way. Raises `OSError` if a worker does not see the files or cannot write, `RuntimeError` if it cannot work.
    """
    deaths, again, waiting = Deaths(), deque[Task](), iter(tasks)
    running: dict[Future[str], Task] = {}
    with ThreadPoolExecutor(workers) as threads:
        try:
            while True:
                while len(running) < workers and (task := _next(again, waiting)):
                    running[threads.submit(call, task.to_json())] = task
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    task = running.pop(future)
                    try:
                        done = _done(task, json.loads(future.result()))
                    except WorkerDiedError as death:
                        again.append(deaths.again(task, _last(_place(task)), str(death)))
                        _place(task).unlink(missing_ok=True)
                        continue
                    deaths.barren = 0
                    advance(len(task.items))
                    yield done
        finally:
            stop()


def _next(again: deque[Task], waiting: Iterable[Task]) -> Task | None:
    """The next task, with paths that hold wherever a worker runs."""
    if again:
        return again.popleft()
    task = next(iter(waiting), None)
    if task is None:
        return None
    old = os.path.abspath(task.old) if task.old else None  # noqa: PTH100 (links stay links)
    return replace(task, temporary=os.path.abspath(task.temporary), old=old)  # noqa: PTH100


def _done(task: Task, reply: Reply) -> Done:
    if "error" in reply:
        raise (OSError if reply["system"] else RuntimeError)(reply["error"])
    seen = [path for path in reply["absent"] if Path(path).exists()]
    if seen:
        raise OSError(f"worker {reply['host']} {unshared(seen[0])}")
    if not Path(reply["temporary"]).exists():
        raise OSError(f"this machine {unshared(reply['temporary'])} (written by worker {reply['host']})")
    with suppress(OSError):
        os.unlink(_place(task))  # noqa: PTH108
    return Done(replace(task, temporary=reply["temporary"]), reply["documents"], reply["rows"])
