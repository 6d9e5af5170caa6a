"""The local engine: tasks handed to worker processes one at a time, and what happens when one of them dies.

Nothing is queued: a worker gets its next task when it has finished one, and its rows go to disk, not through here.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from npp_nlp.batch.deaths import Deaths
from npp_nlp.batch.work import Task
from npp_nlp.batch.worker import LIMITS, command


@dataclass(frozen=True)
class Done:
    """A part that lies finished in its temporary file, with the numbers of its documents and rows."""

    task: Task
    documents: int
    rows: int


class _Worker:
    """A worker process, the task it has, and how far it says it is."""

    def __init__(self, events: queue.SimpleQueue[tuple[_Worker, dict[str, Any] | None]]) -> None:
        self.task: Task | None = None
        self.at: tuple[int, int] | None = None
        self.process = subprocess.Popen(  # noqa: S603 (our own interpreter)
            command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | LIMITS, text=True
        )
        threading.Thread(target=self._listen, args=(events,), daemon=True).start()

    def _listen(self, events: queue.SimpleQueue[tuple[_Worker, dict[str, Any] | None]]) -> None:
        assert self.process.stdout is not None  # noqa: S101 (for the type checker)
        with suppress(ValueError):  # a last line cut short
            for line in self.process.stdout:
                events.put((self, json.loads(line)))
        events.put((self, None))

    def give(self, task: Task) -> None:
        assert self.process.stdin is not None  # noqa: S101 (for the type checker)
        self.task, self.at = task, None
        with suppress(OSError):  # a dead worker is heard of by the end of its reports
            self.process.stdin.write(task.to_json() + "\n")
            self.process.stdin.flush()

    def end(self) -> None:
        """End the process and wait until it is gone."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def cause(self) -> str:
        """How the process ended, in words."""
        code = self.process.wait()
        if code < 0:
            name = signal.Signals(-code).name
            return f"killed by {name}" + (" (out of memory?)" if name == "SIGKILL" else "")
        return f"exit code {code}"


@dataclass
class _Pool:
    """The state of a run: workers, tasks to do again, and what workers died on."""

    most: int
    advance: Callable[[int], object]
    events: queue.SimpleQueue[tuple[_Worker, dict[str, Any] | None]] = field(
        default_factory=queue.SimpleQueue  # a worker has one task, so there are never more reports than inputs of these
    )
    workers: list[_Worker] = field(default_factory=list)
    again: deque[Task] = field(default_factory=deque)
    deaths: Deaths = field(default_factory=Deaths)
    shown: dict[int, int] = field(default_factory=dict)

    def hand_out(self, tasks: Iterator[Task]) -> bool:
        """Give tasks to idle or new workers; False if there is nothing left to wait for."""
        while True:
            idle = next((w for w in self.workers if w.task is None), None)
            if idle is None and len(self.workers) >= self.most:
                return True
            task = self.again.popleft() if self.again else next(tasks, None)
            if task is None:
                return any(w.task for w in self.workers)
            if idle is None:
                idle = _Worker(self.events)
                self.workers.append(idle)
            idle.give(task)

    def heard(self, worker: _Worker, message: dict[str, Any] | None) -> Done | None:
        """Take in a report, or the end of a worker (None); gives a finished part."""
        task = worker.task
        if message is None:
            self._buried(worker)
        elif "error" in message:
            raise (OSError if message["system"] else RuntimeError)(message["error"])
        elif "at" in message and task:
            worker.at = (message["at"][0], message["at"][1])
            self._show(task, worker.at[0])
        elif "done" in message and task:
            self._show(task, len(task.items))
            self.shown.pop(task.number, None)
            worker.task, self.deaths.barren = None, 0
            return Done(task, message["documents"], message["rows"])
        return None

    def _show(self, task: Task, place: int) -> None:
        more = place - self.shown.get(task.number, 0)
        if more > 0:
            self.advance(more)
            self.shown[task.number] = place

    def _buried(self, worker: _Worker) -> None:
        """Take a dead worker out; its task is done again, with what it died on set apart or given up."""
        self.workers.remove(worker)
        cause = worker.cause()
        worker.end()
        if worker.task is None:
            return
        task = self.deaths.again(worker.task, worker.at, cause)
        with suppress(OSError):
            os.unlink(task.temporary)  # noqa: PTH108
        self.again.append(task)


def run_local(
    tasks: Iterable[Task], *, workers: int | None, advance: Callable[[int], object] = lambda n: None
) -> Generator[Done]:
    """Do tasks in so many processes (default: one for each core); gives each as it is finished, in any order.

    A worker that is killed is replaced, and its task done again with the inputs it died on one by one; what kills a second
    worker is listed as failed. `advance` is told of inputs done. Raises `OSError` if a part cannot be written,
    `RuntimeError` if workers cannot be started.
    """
    pool = _Pool(workers or os.cpu_count() or 1, advance)
    waiting = iter(tasks)
    try:
        while pool.hand_out(waiting):
            done = pool.heard(*pool.events.get())
            if done is not None:
                yield done
    finally:
        for worker in pool.workers:
            worker.end()
