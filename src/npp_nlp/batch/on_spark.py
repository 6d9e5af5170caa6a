"""Spark: tasks of a run on the executors of a cluster, and data frames that are in Spark already."""

from __future__ import annotations

import os
import sys
import uuid
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from npp_nlp.batch.extras import needed
from npp_nlp.batch.kernel import TOP
from npp_nlp.batch.local import Done
from npp_nlp.batch.remote import WorkerDiedError, do_task, run_remote
from npp_nlp.batch.schema import INPUT_SCHEMA, TAG_SCHEMA
from npp_nlp.batch.tables import tag_batches
from npp_nlp.batch.work import Task

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


DEATHS = {
    "Python worker exited unexpectedly": "Python worker exited unexpectedly (out of memory?)",
    "ExecutorLostFailure": "executor lost (out of memory?)",
}
"""What Spark reports of a worker that ended -> how it is told."""


def _ddl(kind: pa.DataType) -> str:
    """The name of an Arrow type in Spark's SQL."""
    if pa.types.is_list(kind):
        return f"array<{_ddl(kind.value_type)}>"
    if pa.types.is_struct(kind):
        return f"struct<{','.join(f'`{field.name}`:{_ddl(field.type)}' for field in kind)}>"
    return {pa.string(): "string", pa.int64(): "bigint", pa.float64(): "double"}[kind]


SPARK_SCHEMA = ", ".join(f"`{field.name}` {_ddl(field.type)}" for field in TAG_SCHEMA)
"""`TAG_SCHEMA` as Spark writes schemas."""


def tag_spark(frame: DataFrame, *, top: int = TOP) -> DataFrame:
    """Tag a Spark data frame: rows as `tag_batch` takes them in, rows of `TAG_SCHEMA` out; lazy, as data frames are.

    The same as `frame.mapInArrow(tag_batches, SPARK_SCHEMA)`. Spark does not promise an order of the rows; sort by
    doc_id and paragraph.
    """
    known = [f"`{name}`" for name in frame.columns if name in INPUT_SCHEMA.names]
    with _unconcerned():
        return frame.select(*known).mapInArrow(partial(tag_batches, top=top), SPARK_SCHEMA)


def run_spark(
    tasks: Iterable[Task], *, workers: int | None, advance: Callable[[int], object] = lambda n: None
) -> Generator[Done]:
    """Do tasks on a Spark cluster: the session in use, else one with the master that Spark is configured for.

    `workers` is the number of tasks at a time (default: the cores of the cluster). Each task is a Spark job, so that
    its part counts as soon as it is finished and its failure is its own.
    """
    with _unconcerned():
        sql = needed("spark").sql
        before = sql.SparkSession.getActiveSession()
        spark = before or _session(sql)
        tag = f"npp_nlp-{uuid.uuid4().hex}"
        try:
            yield from run_remote(
                tasks,
                call=partial(_call, spark, tag),
                stop=lambda: spark.interruptTag(tag),
                workers=workers or _cores(spark),
                advance=advance,
            )
        finally:
            if before is None:
                spark.stop()


def _call(spark: SparkSession, tag: str, line: str) -> str:
    """Have a task done by a job of its own."""
    from pyspark.errors import PythonException

    spark.addTag(tag)  # of this thread
    try:
        rows = spark.createDataFrame([(line,)], "task string").mapInArrow(_do, "reply string").collect()
    except PythonException as error:
        raise RuntimeError(f"Spark: {' '.join(str(error).split())[-300:]}") from error
    except Exception as error:
        raise WorkerDiedError(f"Spark: {_cause(error)}") from error
    return str(rows[0][0])


@contextmanager
def _unconcerned() -> Iterator[None]:
    """Without Spark's warning that it does not know pandas 3 fully: pandas has no part in what is done here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
        yield


def _do(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """`do_task` as `mapInArrow` runs it."""
    for batch in batches:
        replies = [do_task(line) for line in batch.column("task").to_pylist()]
        yield pa.RecordBatch.from_pydict({"reply": pa.array(replies, pa.string())})


def _session(sql: Any) -> SparkSession:
    """A session whose workers run this interpreter, unless Spark is told another."""
    before = os.environ.get("PYSPARK_PYTHON")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        builder = sql.SparkSession.builder.appName("npp tag").config("spark.ui.showConsoleProgress", "false")
        return builder.getOrCreate()
    finally:
        if before is None:
            del os.environ["PYSPARK_PYTHON"]


def _cores(spark: SparkSession) -> int:
    """The cores of the cluster; behind Spark Connect, which does not tell, those of this machine."""
    context = getattr(spark, "sparkContext", None)
    return context.defaultParallelism if context else os.cpu_count() or 1


def _cause(error: Exception) -> str:
    """How a worker ended, without numbers of tasks and hosts, which differ from run to run."""
    said = str(error)
    for sign, meaning in DEATHS.items():
        if sign in said:
            return meaning
    return " ".join(f"{type(error).__name__}: {said}".split())[:300]
