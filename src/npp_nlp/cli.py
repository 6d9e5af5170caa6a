"""`npp`: parse the command line, check it, run it; no algorithm here.

Layer 9. Exit codes: 0 all went well, 1 some files could not be read, 2 the call was wrong, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import npp_nlp
from npp_nlp.cooccurrence import Context, Measure
from npp_nlp.document import Corpus
from npp_nlp.pipeline import analyze


def parser() -> argparse.ArgumentParser:
    """The command line's parser."""
    main_parser = argparse.ArgumentParser(prog="npp", description="Analyse Chinese policy documents.")
    main_parser.add_argument("--version", action="version", version=f"npp_nlp {npp_nlp.__version__}")
    commands = main_parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("analyze", help="tables, concept graph and report of files or folders")
    run.add_argument("inputs", nargs="+", metavar="IN", help="files, folders or glob patterns")
    run.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the results")
    run.add_argument("--encoding", help="encoding of the text files, if neither UTF-8 nor GB18030: big5 …")
    run.add_argument(
        "--simplified", action="store_true", help="turn traditional characters into simplified ones"
    )
    run.add_argument("--top", type=int, default=20, help="terms listed for each document (default: 20)")
    run.add_argument("--concepts", type=int, default=80, help="most nodes of the graph (default: 80)")
    run.add_argument("--context", choices=get_args(Context), default="paragraph", help="where terms meet")
    run.add_argument("--measure", choices=get_args(Measure), default="npmi", help="weight of an edge")
    run.add_argument(
        "--min-count", type=int, default=2, help="fewest common contexts of an edge (default: 2)"
    )
    return main_parser


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _warn(line: str) -> None:
    sys.stderr.write(f"npp: {line}\n")


def run_analyze(options: argparse.Namespace) -> int:
    """Run `npp analyze` and return its exit code."""
    corpus = Corpus.from_files(*options.inputs, encoding=options.encoding, simplified=options.simplified)
    for path, reason in corpus.unread:
        _warn(f"not read: {path}: {reason}")
    if not len(corpus):
        _warn("no document could be read")
        return 1
    analysis = analyze(
        corpus,
        top=options.top,
        context=options.context,
        measure=options.measure,
        min_count=options.min_count,
        concepts=options.concepts,
    )
    written = analysis.save(options.out)
    _say(analysis.summary())
    _say(
        f"\n结果 {len(written)} 个文件在 {options.out.resolve()}，先看 {(options.out / 'report.html').resolve()}"
    )
    return 1 if corpus.unread else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `npp`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    try:
        return run_analyze(options)
    except KeyboardInterrupt:
        _warn("interrupted")
        return 130
    except (ValueError, RuntimeError, OSError, ImportError) as error:
        _warn(str(error))
        return 2


if __name__ == "__main__":
    sys.exit(main())
