"""Batch tagging: speed of the whole chain beside jieba alone, scaling over processes, memory over many small files.

    python benchmarks/batch.py [--short] [--floor-ratio 1.0] [--ceiling-memory 600]
    python benchmarks/batch.py --engines

Speed is counted in seconds of computation (user and system), of which a busy machine takes none away; both sides run on the
same texts in this process, on one thread, the best of three rounds each. Memory is the sum over the run's processes
of what each holds, pages shared by several divided among them (PSS). Reads the policy documents and national reports of
../shared/data (or NPP_DATA); without them, the five articles in seeds/ forty times over.

With --engines instead: 2,000 articles of 2,000 characters made of the same texts, tagged with two workers by the local
engine and by Ray and Spark on this machine, those that are not installed left out; whether the rows are the same, and
the seconds with and without the start of the cluster.
"""

from __future__ import annotations

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("policy_documents.jsonl", "national_reports.jsonl")


def texts() -> list[str]:
    """What is tagged."""
    data = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
    files = [data / name for name in SOURCES if (data / name).is_file()]
    if files:
        return [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]
    print("the data folder is absent: seeds/ forty times")
    return [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))] * 40


def write(folder: Path, documents: list[str]) -> list[Path]:
    """One file for each document."""
    folder.mkdir()
    paths = [folder / f"{number:05}.txt" for number in range(len(documents))]
    for path, document in zip(paths, documents, strict=True):
        path.write_text(document, "utf-8")
    return paths


def small(documents: list[str], number: int) -> list[str]:
    """Short documents: two to eight lines of the long ones each."""
    lines = [line for document in documents for line in document.split("\n") if len(line) > 30]
    chance = random.Random(0)
    return ["\n".join(chance.sample(lines, chance.randint(2, 8))) for _ in range(number)]


def best(job: Callable[[], object], rounds: int) -> float:
    """The fewest seconds of computation of some rounds."""
    taken = []
    for _ in range(rounds):
        begin = time.process_time()
        job()
        taken.append(time.process_time() - begin)
    return min(taken)


def speed(documents: list[str], folder: Path, rounds: int) -> float:
    """Print the speed of the chain and of jieba; gives the ratio."""
    import jieba

    from npp_nlp.batch.kernel import warm_up
    from npp_nlp.batch.outputs import target_of
    from npp_nlp.batch.running import Job
    from npp_nlp.batch.work import Item, Task, write_part

    cutter = jieba.Tokenizer()
    cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
    cutter.initialized = True
    cutter.lcut(documents[0])
    warm_up()
    items = tuple(Item(str(path), path.name, 0) for path in sorted(folder.iterdir()))
    part = folder.with_name("part")
    settings = Job(target_of(part)).settings

    def chain() -> None:
        part.unlink(missing_ok=True)
        write_part(Task(0, str(part), items, None, settings))

    size = sum(map(len, documents)) / 1e6
    ours, theirs = best(chain, rounds), best(lambda: [*map(cutter.lcut, documents)], rounds)
    print(f"{len(documents)} documents, {size:.2f} million characters")
    print(f"read, reflow, segment, terms, labels, write  {size / ours:6.2f} Mchar/s on one core")
    print(f"jieba.lcut alone                             {size / theirs:6.2f} Mchar/s on one core")
    print(f"ratio                                        {theirs / ours:6.2f}")
    return theirs / ours


def held(pid: int) -> float:
    """Megabytes held by a process and its children, shared pages divided; 0 where there is no /proc."""
    total = 0.0
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            row = next(
                r for r in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines() if r.startswith("Pss:")
            )
            total += int(row.split()[1]) / 1000
    except (OSError, StopIteration, ValueError):
        return total
    return total


def run(folder: Path, out: Path, workers: int) -> tuple[float, float, float]:
    """Seconds, seconds of computation and peak megabytes of one run of the command."""
    words = [
        sys.executable,
        "-m",
        "npp_nlp.cli",
        "tag",
        str(folder),
        "--out",
        str(out),
        "--workers",
        str(workers),
    ]
    path = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    before, begin, peak = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter(), 0.0
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": path})
    while process.poll() is None:
        peak = max(peak, held(process.pid))
        time.sleep(0.1)
    seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(f"npp tag ended with {process.returncode}")
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak


def articles(documents: list[str], number: int = 2_000, size: int = 2_000) -> list[str]:
    """Articles of about so many characters: lines of the long ones, drawn with a fixed seed."""
    lines = [line for document in documents for line in document.split("\n") if 30 < len(line) < 500]
    chance = random.Random(0)
    made = []
    for _ in range(number):
        article = ""
        while len(article) < size:
            article += chance.choice(lines) + "\n"
        made.append(article[:size])
    return made


def engines(documents: list[str], root: Path) -> bool:
    """Print the time of each engine that is installed; False if rows differ."""
    from importlib.util import find_spec

    from pyarrow import dataset

    import npp_nlp

    made = articles(documents)
    write(root / "articles", made)
    size, same, base, rows = sum(map(len, made)) / 1e6, True, 0.0, None
    print(f"{len(made):,} articles, {size:.2f} million characters, 2 workers")
    for engine, package in (("local", "npp_nlp"), ("ray", "ray"), ("spark", "pyspark")):
        if find_spec(package) is None:
            print(f"{engine:6} not installed")
            continue
        begin = time.perf_counter()
        close = started(engine)
        ready = time.perf_counter()
        npp_nlp.tag(root / "articles", out=root / engine, engine=engine, workers=2)
        seconds = time.perf_counter() - ready
        close()
        table = dataset.dataset(root / engine).to_table()
        base, rows = base or seconds, rows or table
        same = same and table.equals(rows)
        print(
            f"{engine:6} {seconds:6.1f} s  {size / seconds:5.2f} Mchar/s  {base / seconds:5.2f} times local  "
            f"start {ready - begin:4.1f} s  rows equal: {table.equals(rows)}"
        )
    return same


def started(engine: str) -> Callable[[], object]:
    """Start a cluster of two cores on this machine; gives what ends it."""
    if engine == "ray":
        import ray

        ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
        return ray.shutdown
    if engine == "spark":
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        session = builder.config("spark.log.level", "ERROR").getOrCreate()
        return session.stop
    return lambda: None


def main() -> int:
    """Print speed, scaling and memory; 1 if beyond a floor or ceiling."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--short", action="store_true", help="two rounds, 1,000 small files instead of 20,000"
    )
    parser.add_argument("--floor-ratio", type=float, default=0.0, help="exit 1 below this ratio to jieba")
    parser.add_argument("--ceiling-memory", type=float, default=1e9, help="exit 1 above so many megabytes")
    parser.add_argument("--engines", action="store_true", help="only compare the engines")
    options = parser.parse_args()
    documents = texts()
    if options.engines:
        with tempfile.TemporaryDirectory() as name:
            return int(not engines(documents, Path(name)))
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        write(root / "long", documents)
        ratio = speed(documents, root / "long", 2 if options.short else 3)
        number = 1_000 if options.short else 20_000
        parts = small(documents, number)
        write(root / "small", parts)
        size = sum(map(len, parts)) / 1e6
        print(f"{number:,} small files, {size:.2f} million characters")
        times, work, peaks = [], [], []
        for workers in (1, 2):
            seconds, computed, peak = run(root / "small", root / f"out{workers}", workers)
            print(
                f"{workers} workers  {seconds:6.1f} s  {computed:6.1f} s of computation  "
                f"{number / seconds:6.0f} files/s  {size / seconds:5.2f} Mchar/s  peak {peak:4.0f} MB"
            )
            times.append(seconds)
            work.append(computed)
            peaks.append(peak)
        print(
            f"two workers are {times[0] / times[1]:.2f} times as fast as one here; "
            f"with both cores free at most {2 * work[0] / work[1]:.2f} times, by their computation"
        )
    return int(ratio < options.floor_ratio or max(peaks) > options.ceiling_memory)


if __name__ == "__main__":
    sys.exit(main())
