"""Ray: tasks of a run on the workers of a cluster, and datasets that are in Ray already."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from npp_nlp.batch.extras import needed
from npp_nlp.batch.kernel import TOP
from npp_nlp.batch.local import Done
from npp_nlp.batch.remote import WorkerDiedError, do_task, run_remote
from npp_nlp.batch.tables import tag_table
from npp_nlp.batch.work import Task

if TYPE_CHECKING:
    import ray.data


def tag_ray(dataset: ray.data.Dataset, *, top: int = TOP) -> ray.data.Dataset:
    """Tag a Ray dataset: rows as `tag_batch` takes them in, rows of `TAG_SCHEMA` out; lazy, as datasets are.

    The same as `dataset.map_batches(tag_table, batch_format="pyarrow")`. Ray does not keep the order of the rows unless told
    to (`ray.data.DataContext.get_current().execution_options.preserve_order`); sort by doc_id and paragraph.
    """
    return dataset.map_batches(partial(tag_table, top=top), batch_format="pyarrow", zero_copy_batch=True)


def run_ray(
    tasks: Iterable[Task], *, workers: int | None, advance: Callable[[int], object] = lambda n: None
) -> Generator[Done]:
    """Do tasks on a Ray cluster: the one in use, else that of RAY_ADDRESS or this machine, else one made for the run.

    `workers` is the number of tasks at a time (default: the cores of the cluster).
    """
    ray = needed("ray")
    started = _connect(ray, workers)
    remote = ray.remote(num_cpus=1, max_retries=0)(do_task)
    under_way: set[Any] = set()

    def call(line: str) -> str:
        reference = remote.remote(line)
        under_way.add(reference)
        try:
            return str(ray.get(reference))
        except _deaths(ray) as error:
            raise WorkerDiedError(f"Ray: {type(error).__name__}") from error
        except ray.exceptions.RayError as error:
            raise RuntimeError(f"Ray: {' '.join(str(error).split())[-300:]}") from error
        finally:
            under_way.discard(reference)

    def stop() -> None:
        for reference in list(under_way):
            with suppress(Exception):
                ray.cancel(reference, force=True)

    try:
        most = workers or int(ray.cluster_resources().get("CPU", 1)) or 1
        yield from run_remote(tasks, call=call, stop=stop, workers=most, advance=advance)
    finally:
        if started:
            ray.shutdown()


def _connect(ray: Any, workers: int | None) -> bool:
    """Join a cluster; True if it was not joined before, so that it is left at the end."""
    if ray.is_initialized():
        return False
    quiet = {"log_to_driver": False, "logging_level": "ERROR"}
    try:
        ray.init(address="auto", **quiet)
    except ConnectionError:
        if os.environ.get("RAY_ADDRESS"):
            raise
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is sent anywhere
        ray.init(address="local", num_cpus=workers, include_dashboard=False, **quiet)
    return True


def _deaths(ray: Any) -> tuple[type[Exception], ...]:
    names = ("WorkerCrashedError", "NodeDiedError", "OutOfMemoryError", "LocalRayletDiedError")
    return tuple(getattr(ray.exceptions, name) for name in names)
