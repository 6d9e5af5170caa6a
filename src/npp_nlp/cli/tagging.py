"""`npp tag`."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any, get_args

from npp_nlp.batch.kernel import TOP
from npp_nlp.batch.outputs import Format, target_of
from npp_nlp.batch.running import ENGINES, Job, Tagged, run
from npp_nlp.batch.watching import watch
from npp_nlp.cli.terminal import read_stdin, say, warn

SHOWN = 20
"""Failures named on the terminal; the table of failures has all."""


def add(commands: Any) -> None:
    """Add the command to the parser."""
    tag = commands.add_parser("tag", help="labels and key terms of the paragraphs of many files, resumable")
    tag.add_argument(
        "inputs",
        nargs="+",
        metavar="IN",
        help="files, folders, glob patterns, tables; - : paths on the standard input",
    )
    tag.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="OUT",
        help="FILE.jsonl, .csv or .duckdb, or a folder for Parquet",
    )
    tag.add_argument(
        "--engine", choices=tuple(ENGINES), default="local", help="where: processes here, or a cluster"
    )
    tag.add_argument("--workers", type=int, metavar="N", help="processes (default: one for each core)")
    tag.add_argument("--resume", action="store_true", help="go on with a run, or add new and changed inputs")
    tag.add_argument("--overwrite", action="store_true", help="remove earlier results and begin anew")
    tag.add_argument("--watch", action="store_true", help="go on tagging new files until interrupted")
    tag.add_argument(
        "--terms", type=int, default=TOP, metavar="TOP", help=f"key terms of a document (default: {TOP})"
    )
    tag.add_argument("--format", choices=get_args(Format), help="whatever the suffix of OUT says")
    tag.set_defaults(run=run_tag)


def run_tag(options: argparse.Namespace) -> int:
    """Run `npp tag` and return its exit code."""
    inputs = options.inputs
    if inputs == ["-"]:
        inputs = [line for line in read_stdin().splitlines() if line.strip()]
        if not inputs:
            raise ValueError("standard input: no path in it")
    job = Job(
        target_of(options.out, options.format),
        engine=options.engine,
        workers=options.workers,
        resume=options.resume or (options.watch and not options.overwrite),
        overwrite=options.overwrite,
        top=options.terms,
    )
    try:
        if options.watch:
            watch(inputs, job, report=_report)
            return 0
        done = run(inputs, job)
    except KeyboardInterrupt:
        warn(f"interrupted; what is finished stays, go on with: {_again(options)}")
        return 130
    except OSError as error:
        if isinstance(error, FileExistsError | NotADirectoryError | IsADirectoryError):
            raise
        raise OSError(f"{options.out}: {error}; what is finished stays, go on with --resume") from error
    _report(done)
    return 1 if done.unread else 0


def _again(options: argparse.Namespace) -> str:
    """The command that goes on with a run."""
    words = ["npp", "tag", *options.inputs, "--out", str(options.out)]
    words += [] if options.terms == TOP else ["--terms", str(options.terms)]
    words += [f"--format={options.format}"] if options.format else []
    words += [] if options.engine == "local" else [f"--engine={options.engine}"]
    words += [f"--workers={options.workers}"] if options.workers else []
    return shlex.join([*words, "--watch" if options.watch else "--resume"])


def _report(done: Tagged) -> None:
    for path, reason in done.unread[:SHOWN]:
        warn(f"not tagged: {_one_line(path)}: {reason}")
    if len(done.unread) > SHOWN:
        warn(f"not tagged: {len(done.unread) - SHOWN:,} more, see the table of failures")
    skipped = f"（{done.skipped:,} 个未变，跳过）" if done.skipped else ""
    say(
        f"文件 {done.inputs:,} 个{skipped}，新标注文档 {done.documents:,} 篇、段落 {done.paragraphs:,} 个，"
        f"失败 {len(done.unread):,} 个\n结果在 {done.out.resolve()}"
    )
    sys.stdout.flush()


def _one_line(path: str) -> str:
    """A path without what would break the line."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in path)
