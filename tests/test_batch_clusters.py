"""Engines on clusters: the bytes of the local engine, and workers that die. They need the extras ray and spark."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

import npp_nlp as npp
from batches import TEXTS, contents, folder_of, rows
from npp_nlp.batch import (
    SPARK_SCHEMA,
    on_ray,
    on_spark,
    remote,
    running,
    tag_batches,
    tag_ray,
    tag_spark,
    tag_table,
)
from npp_nlp.batch.deaths import Deaths
from npp_nlp.batch.work import Item, Task

pytestmark = pytest.mark.filterwarnings(
    "ignore:PySpark does not yet fully support pandas",
    "ignore::DeprecationWarning:ray.*",
    "ignore::ResourceWarning",  # sockets and files that Ray and py4j leave to the collector
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
DOCUMENTS = pa.table(
    {
        "doc_id": [f"{i:03}" for i in range(90)],
        "text": [list(TEXTS.values())[i % 3] + f"第{i}次会议。\n" for i in range(90)],
        "year": pa.array([2000 + i if i % 2 else None for i in range(90)], pa.int64()),
        "path": [f"in/{i}.txt" for i in range(90)],
        "more": list(range(90)),
    }
)


@pytest.fixture(scope="module")
def ray():
    ray = pytest.importorskip("ray", reason="needs the extra ray")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield ray
    ray.shutdown()


@pytest.fixture(scope="module")
def spark():
    """Two executors, each a process of its own with one core."""
    sql = pytest.importorskip("pyspark.sql", reason="needs the extra spark")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        builder = sql.SparkSession.builder.master("local-cluster[2,1,1024]").config(
            "spark.task.maxFailures", "2"
        )
        session = builder.config("spark.ui.enabled", "false").config("spark.log.level", "OFF").getOrCreate()
    yield session
    session.stop()


@pytest.fixture(params=["ray", "spark"])
def engine(request):
    """The name of an engine whose cluster runs."""
    request.getfixturevalue(request.param)
    return request.param


def sorted_rows(table):
    return table.select(npp.TAG_SCHEMA.names).sort_by([("doc_id", "ascending"), ("paragraph", "ascending")])


def expected():
    return pa.Table.from_batches([npp.tag_batch(batch, top=5) for batch in DOCUMENTS.to_batches()])


# data that is there already


def test_pieces_of_any_size_give_the_rows_of_one():
    whole = expected()
    assert tag_table(DOCUMENTS, top=5).combine_chunks().equals(whole.combine_chunks())
    for size in (1, 7, 90):
        tagged = tag_batches(DOCUMENTS.to_batches(max_chunksize=size), top=5)
        assert pa.Table.from_batches(tagged).combine_chunks().equals(whole.combine_chunks())
    assert len(list(tag_batches(DOCUMENTS.to_batches()))) == 2  # 90 documents, at most 64 at once


def test_long_texts_are_tagged_one_by_one():
    long = pa.table(
        {"doc_id": ["a", "b", "c"], "text": ["要扩大内需。\n" * 8_000, "要扩大内需。\n" * 9_000, None]}
    )
    assert [batch.num_rows for batch in tag_batches(long.to_batches(), top=1)] == [8_000, 9_000]
    with pytest.raises(ValueError, match="no column text; it has doc_id"):
        tag_table(long.select(["doc_id"]))
    assert tag_table(long.slice(3)).schema.equals(npp.TAG_SCHEMA)


def test_a_ray_dataset_gives_the_rows_of_the_kernel(ray):
    import ray.data

    ray.data.DataContext.get_current().enable_progress_bars = False
    tagged = tag_ray(ray.data.from_arrow(DOCUMENTS).repartition(4), top=5)
    tables = ray.get(tagged.to_arrow_refs())
    assert len(tables) > 1
    table = pa.concat_tables(table for table in tables if table.num_rows)
    assert sorted_rows(table).cast(npp.TAG_SCHEMA).combine_chunks().equals(expected().combine_chunks())


def test_a_spark_frame_gives_the_rows_of_the_kernel(spark):
    lists = DOCUMENTS.to_pylist()
    frame = spark.createDataFrame(lists, "doc_id string, text string, year bigint, path string, more bigint")
    tagged = tag_spark(frame.repartition(4), top=5)
    assert tagged.columns == npp.TAG_SCHEMA.names
    table = tagged.toArrow()
    assert sorted_rows(table).cast(npp.TAG_SCHEMA).combine_chunks().equals(expected().combine_chunks())


def test_schema_as_spark_writes_it():
    assert SPARK_SCHEMA.startswith("`doc_id` string, `paragraph` bigint, `kind` string")
    assert "`score` double, " in SPARK_SCHEMA
    assert (
        "`terms` array<struct<`term`:string,`n`:bigint,`start`:bigint,`score`:double,`source`:string>>"
        in SPARK_SCHEMA
    )


# files on a shared file system


def test_a_cluster_gives_the_bytes_of_the_local_engine(tmp_path, engine):
    folder = folder_of(tmp_path, 70)
    (folder / "empty.txt").write_bytes(b"")
    given = [folder, tmp_path / "gone.txt"]
    local = npp.tag(given, out=tmp_path / "local", workers=2)
    there = npp.tag(given, out=tmp_path / "there", engine=engine, workers=2)
    assert contents(tmp_path / "there") == contents(tmp_path / "local")
    assert there.unread == local.unread
    assert (there.documents, there.paragraphs) == (local.documents, local.paragraphs)
    assert not list((tmp_path / "there").glob(".unfinished*"))

    (folder / "035.txt").write_text("短。\n", encoding="utf-8")
    (tmp_path / "there" / "part-000001.parquet").unlink()  # as if the run had been killed before it
    again = npp.tag(given, out=tmp_path / "there", engine=engine, resume=True)
    npp.tag(given, out=tmp_path / "fresh", workers=2)
    assert 0 < again.skipped < 70
    assert contents(tmp_path / "there") == contents(tmp_path / "fresh")


def dying(name, mark=None):
    """`do_task` in a worker that kills itself where it reads a file of this name; with a mark once only."""

    def do(line):
        import os
        from pathlib import Path

        from npp_nlp.batch import remote, work

        real = work.rows_of

        def deadly(path, shown):
            if name in shown and not (mark and Path(mark).exists()):
                if mark:
                    Path(mark).touch()
                os.kill(os.getpid(), 9)
            return real(path, shown)

        work.rows_of = deadly
        try:
            return remote.do_task(line)
        finally:
            work.rows_of = real

    return do


def with_worker(monkeypatch, engine, do):
    """Let workers of an engine do tasks by this function, which is sent to them whole."""
    if engine == "ray":
        monkeypatch.setattr(on_ray, "do_task", do)
        return

    def batches(given):
        import pyarrow

        for batch in given:
            replies = [do(line) for line in batch.column("task").to_pylist()]
            yield pyarrow.RecordBatch.from_pydict({"reply": replies})

    monkeypatch.setattr(on_spark, "_do", batches)


def test_a_worker_killed_once_costs_nothing(tmp_path, engine, monkeypatch):
    folder = folder_of(tmp_path, 40)
    npp.tag(folder, out=tmp_path / "local", workers=2)
    with_worker(monkeypatch, engine, dying("020.txt", str(tmp_path / "mark")))
    done = npp.tag(folder, out=tmp_path / "there", engine=engine, workers=2)
    assert (tmp_path / "mark").exists()
    assert done.unread == ()
    assert contents(tmp_path / "there") == contents(tmp_path / "local")


def test_what_kills_workers_is_a_failure_and_the_rest_is_tagged(tmp_path, engine, monkeypatch):
    folder = folder_of(tmp_path, 40)
    (folder / "010_poison.txt").write_text(TEXTS["a"], encoding="utf-8")
    with_worker(monkeypatch, engine, dying("poison"))
    done = npp.tag(folder, out=tmp_path / "there", engine=engine, workers=2)
    assert [Path(path).name for path, _ in done.unread] == ["010_poison.txt"]
    ends = {
        "ray": "Ray: WorkerCrashedError",
        "spark": "Spark: Python worker exited unexpectedly (out of memory?)",
    }
    assert done.unread[0][1] == f"two worker processes ended on it, {ends[engine]}"
    names = Counter(Path(row["path"]).name for row in rows(tmp_path / "there"))
    assert names == {f"{i:03}.txt": len(npp.read(folder / f"{i:03}.txt").paragraphs) for i in range(40)}


# what both share, without a cluster


def here(tmp_path, call, number=40):
    """A run by `run_remote` whose cluster is a function."""
    folder = folder_of(tmp_path, number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(
            running.ENGINES,
            "local",
            lambda tasks, *, workers, advance: remote.run_remote(
                tasks, call=call, stop=lambda: None, workers=workers, advance=advance
            ),
        )
        return npp.tag(folder, out=tmp_path / "out", workers=2)


def test_a_task_done_twice_counts_once(tmp_path):
    def twice(line):
        remote.do_task(line)  # an attempt whose answer was lost
        return remote.do_task(line)

    done = here(tmp_path, twice)
    npp.tag(tmp_path / "in", out=tmp_path / "fresh", workers=1)
    assert done.documents == 40
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")


def test_relative_paths_hold_where_workers_run(tmp_path, monkeypatch):
    folder_of(tmp_path, 40)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)

    def moved(line):
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path / "elsewhere")
            return remote.do_task(line)

    monkeypatch.setitem(
        running.ENGINES,
        "local",
        lambda tasks, *, workers, advance: remote.run_remote(
            tasks, call=moved, stop=lambda: None, workers=1, advance=advance
        ),
    )
    npp.tag("in", out="out")
    Path("in/001.txt").write_text("短。\n", encoding="utf-8")
    npp.tag("in", out="out", resume=True)
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    npp.tag("in", out="fresh", workers=1)
    assert contents(tmp_path / "out") == contents(tmp_path / "fresh")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_files_that_only_one_side_sees_end_the_run(tmp_path, monkeypatch):
    def blind(line):
        with monkeypatch.context() as patch:
            patch.setattr(remote.Path, "exists", lambda path: False)
            return remote.do_task(line)

    calls = []

    def elsewhere(line):
        task = Task.from_json(line)
        calls.append(task)
        return '{"temporary": "/nowhere/x", "absent": [], "documents": 1, "rows": 1, "host": "other"}'

    with pytest.raises(
        OSError, match=r"this machine does not see /nowhere/x: .* \(written by worker other\)"
    ):
        here(tmp_path, elsewhere)
    with pytest.raises(
        OSError, match=r"worker other does not see .*000.txt: inputs and OUT must lie on a file"
    ):
        remote._done(
            calls[0],
            {"temporary": "x", "absent": [str(tmp_path / "in" / "000.txt")], "host": "other"},
        )
    moved = Task(0, str(tmp_path / "missing" / "x"), (), None, calls[0].provenance)
    assert "does not see" in remote.do_task(moved.to_json())


def test_workers_with_another_version_are_refused(tmp_path):
    def older(line):
        task = Task.from_json(line)
        return remote.do_task(
            Task(0, task.temporary, task.items, None, {**task.provenance, "npp_nlp": "0.0.1"}).to_json()
        )

    with pytest.raises(RuntimeError, match="has another npp_nlp: install the same npp_nlp on every machine"):
        here(tmp_path, older)
    assert not list((tmp_path / "out").glob("part-*"))


def test_workers_that_never_begin_end_the_run(tmp_path):
    def dead(line):
        raise remote.WorkerDiedError("node lost")

    with pytest.raises(
        RuntimeError, match="3 worker processes in a row ended without doing anything: node lost"
    ):
        here(tmp_path, dead)


def test_blame_needs_two_deaths_alone():
    deaths = Deaths()
    task = Task(0, "t", tuple(Item(name, name, 1) for name in "abc"))
    once = deaths.again(task, (0, 2), "x")
    assert [item.action for item in once.items] == ["alone", "alone", "tag"]
    twice = deaths.again(once, (1, 2), "x")
    assert [(item.action, item.reason) for item in twice.items][1:] == [
        ("failed", "two worker processes ended on it, x"),
        ("tag", ""),
    ]


@pytest.mark.parametrize(
    ("option", "extra"), [("--engine=ray", "ray"), ("--engine=spark", "spark"), ("--format=duckdb", "duckdb")]
)
def test_a_missing_extra_is_one_line_before_any_work(tmp_path, option, extra):
    folder = folder_of(tmp_path, 1)
    code = (
        "import sys; sys.modules.update({'ray': None, 'pyspark': None, 'duckdb': None});"
        "from npp_nlp.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    words = [sys.executable, "-c", code, "tag", str(folder), "--out", str(tmp_path / "out"), option]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.endswith(f"is not installed: pip install 'npp-nlp[{extra}]'\n")
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()
