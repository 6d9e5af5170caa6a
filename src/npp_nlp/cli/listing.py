"""`npp terms`, `npp segment` and `npp graph`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, get_args

from npp_nlp.cli.terminal import read_corpus, read_stdin, saver, say, say_json
from npp_nlp.cooccurrence import Context, Measure, concept_graph
from npp_nlp.export import save_graph
from npp_nlp.lexicon import Lexicon
from npp_nlp.segmentation import segment
from npp_nlp.segmentation.base import Granularity
from npp_nlp.terms import key_terms
from npp_nlp.terms.mentions import Score


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    terms = commands.add_parser("terms", help="key terms of each document, of groups, or of all together")
    terms.add_argument("inputs", nargs="+", metavar="IN", help="files, folders or glob patterns")
    terms.add_argument("--top", type=int, default=20, help="terms of each document or group (default: 20)")
    terms.add_argument("--by", help="metadata that makes groups (year, region …), or corpus for all together")
    terms.add_argument("--score", choices=get_args(Score), default="termhood", help="what ranks the terms")
    terms.add_argument("--out", type=Path, metavar="FILE", help="FILE.csv or FILE.parquet")
    terms.add_argument("--json", action="store_true", help="JSON Lines to the standard output")
    terms.set_defaults(run=run_terms)
    words = commands.add_parser(
        "segment", help="words of a file, or of the standard input, set apart by blanks"
    )
    words.add_argument("input", nargs="?", default="-", metavar="IN", help="a text file (default: -)")
    words.add_argument(
        "--granularity", choices=get_args(Granularity), default="term", help="what is one word"
    )
    words.set_defaults(run=run_segment)
    graph = commands.add_parser("graph", help="the concept graph, for Gephi, Pajek, VOSviewer or a table")
    graph.add_argument("inputs", nargs="+", metavar="IN", help="files, folders or glob patterns")
    graph.add_argument(
        "--out", required=True, type=Path, metavar="FILE", help="FILE.gexf .graphml .net .json .csv or .xlsx"
    )
    graph.add_argument(
        "--terms", type=Path, metavar="FILE", help="lexicon, or one term a line (default: policy terms)"
    )
    graph.add_argument("--context", choices=get_args(Context), default="paragraph", help="where terms meet")
    graph.add_argument("--measure", choices=get_args(Measure), default="npmi", help="weight of an edge")
    graph.add_argument("--min-count", type=int, default=2, help="fewest common contexts (default: 2)")
    graph.add_argument("--backbone", type=float, metavar="ALPHA", help="keep edges significant at this level")
    graph.set_defaults(run=run_graph)


def run_terms(options: argparse.Namespace) -> int:
    """Run `npp terms` and return its exit code."""
    save = None if options.out is None else saver(options.out)
    corpus = read_corpus(options)
    if corpus is None:
        return 1
    table = key_terms(corpus, top=options.top, by=options.by, score=options.score)
    if options.json:
        say_json(table)
    if save is not None:
        save(table, options.out)
        if not options.json:
            say(f"{len(table)} 行，结果在 {options.out.resolve()}")
    elif not options.json:
        for name, part in table.groupby(table.columns[0], sort=False):
            say(f"{name}\t{'、'.join(part['term'])}")
    return 1 if corpus.unread else 0


def run_segment(options: argparse.Namespace) -> int:
    """Run `npp segment` and return its exit code."""
    if options.input == "-":
        text = read_stdin()
    else:
        try:
            text = Path(options.input).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValueError(f"{options.input}: not UTF-8: {error.reason} at byte {error.start:,}") from error
    for line in text.splitlines():
        words = segment(line, granularity=options.granularity)
        say(" ".join(word for word in words if word.strip()))
    return 0


def run_graph(options: argparse.Namespace) -> int:
    """Run `npp graph` and return its exit code."""
    terms = None if options.terms is None else Lexicon.from_file(options.terms)
    corpus = read_corpus(options)
    if corpus is None:
        return 1
    graph = concept_graph(
        corpus,
        terms,
        context=options.context,
        measure=options.measure,
        min_count=options.min_count,
        backbone=options.backbone,
    )
    save_graph(graph, options.out)
    say(f"{len(graph)} 个概念，{graph.number_of_edges()} 条关联，结果在 {options.out.resolve()}")
    return 1 if corpus.unread else 0
