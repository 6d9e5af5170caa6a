"""The process that does the work of the local engine: tasks in on standard input, reports out, a line of JSON each.

It is started with the interpreter alone, not through `multiprocessing`: neither the caller's script nor its notebook is run
again, and no thread or lock is copied by a fork.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

LIMITS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
}
"""Environment of a worker: one thread of computation, memory given back to the system."""


def command() -> list[str]:
    """What starts a worker that imports what this process would import."""
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN);"
        "import sys, json; sys.path[:] = json.loads(sys.argv[1]);"
        "from npp_nlp.batch.worker import serve; serve()"
    )
    package = str(Path(__file__).resolve().parents[2])
    return [sys.executable, "-c", code, json.dumps([*sys.path, package])]


def serve() -> None:
    """Do tasks until standard input ends; an error that is nobody's input is reported and ends the worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interruption means
    reports = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # whatever a library prints must not mix with the reports

    def report(**message: Any) -> None:
        reports.write(json.dumps(message) + "\n")
        reports.flush()

    try:
        from npp_nlp.batch.kernel import warm_up
        from npp_nlp.batch.work import Task, write_part

        warm_up()
        report(ready=True)
        for line in sys.stdin:
            task = Task.from_json(line)
            entries = write_part(task, lambda first, end: report(at=[first, end]))
            report(
                done=task.number,
                documents=sum(entry.documents for entry in entries),
                rows=sum(entry.rows for entry in entries),
            )
    except BrokenPipeError:  # the parent is gone
        os._exit(1)
    except Exception as error:
        report(error=" ".join(f"{type(error).__name__}: {error}".split()), system=isinstance(error, OSError))
