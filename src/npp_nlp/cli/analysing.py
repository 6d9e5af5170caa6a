"""`npp analyze` and `npp report`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, get_args

from npp_nlp.cli.terminal import read_corpus, say
from npp_nlp.cooccurrence import Context, Measure
from npp_nlp.pipeline import analyze


def add(commands: Any) -> None:
    """Add the commands to the parser."""
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
    run.set_defaults(run=run_analyze)
    page = commands.add_parser(
        "report", help="the page alone: one file with graph, trends, labels, concordance and documents"
    )
    page.add_argument("inputs", nargs="+", metavar="IN", help="files, folders or glob patterns")
    page.add_argument("--out", required=True, type=Path, metavar="FILE", help="FILE.html")
    page.add_argument("--language", choices=("zh", "en"), default="zh", help="of the interface (default: zh)")
    page.add_argument("--by", help="metadata that makes groups: year, region … (default: year, if known)")
    page.set_defaults(run=run_report)


def run_analyze(options: argparse.Namespace) -> int:
    """Run `npp analyze` and return its exit code."""
    corpus = read_corpus(options, encoding=options.encoding, simplified=options.simplified)
    if corpus is None:
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
    say(analysis.summary())
    say(
        f"\n结果 {len(written)} 个文件在 {options.out.resolve()}，先看 {(options.out / 'report.html').resolve()}"
    )
    return 1 if corpus.unread else 0


def run_report(options: argparse.Namespace) -> int:
    """Run `npp report` and return its exit code."""
    corpus = read_corpus(options)
    if corpus is None:
        return 1
    page = analyze(corpus).to_html(by=options.by, language=options.language)
    options.out.write_text(page, encoding="utf-8", newline="\n")
    say(f"结果在 {options.out.resolve()}")
    return 1 if corpus.unread else 0
