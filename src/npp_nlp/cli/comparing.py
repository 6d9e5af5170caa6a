"""`npp compare` and `npp concordance`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, get_args

from npp_nlp.cli.terminal import read_corpus, saver, say, say_json, warn
from npp_nlp.comparison import Comparison, compare
from npp_nlp.comparison.keyness import Baseline
from npp_nlp.evidence import Sort, concordance
from npp_nlp.export import save_tables
from npp_nlp.labels import LABELS
from npp_nlp.lexicon import Lexicon


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    run = commands.add_parser("compare", help="groups of documents side by side: years, regions, …")
    run.add_argument(
        "inputs", nargs="+", metavar="IN", help="files, folders, patterns; tables with a column text"
    )
    run.add_argument("--by", default="year", help="metadata or column that makes the groups (default: year)")
    run.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the results")
    run.add_argument(
        "--terms", type=Path, metavar="FILE", help="lexicon, or one term a line (default: policy terms)"
    )
    run.add_argument("--within", choices=LABELS, help="compare only paragraphs with this label")
    run.add_argument(
        "--baseline", choices=get_args(Baseline), default="rest", help="what a group is set against"
    )
    run.add_argument("--exclude-reuse", action="store_true", help="leave out sentences of earlier documents")
    run.set_defaults(run=run_compare)
    lines = commands.add_parser("concordance", help="every passage that holds a term")
    lines.add_argument("inputs", nargs="+", metavar="IN", help="files, folders or glob patterns")
    lines.add_argument("term", metavar="TERM", help="the term; its variants are found too")
    lines.add_argument("--width", type=int, default=30, help="characters to each side (default: 30)")
    lines.add_argument("--sort", choices=get_args(Sort), default="position", help="order of the passages")
    lines.add_argument(
        "--out", type=Path, metavar="FILE", help="FILE.csv or FILE.parquet (default: the terminal)"
    )
    lines.add_argument("--json", action="store_true", help="JSON Lines to the standard output")
    lines.set_defaults(run=run_concordance)


def run_compare(options: argparse.Namespace) -> int:
    """Run `npp compare` and return its exit code."""
    terms = None if options.terms is None else Lexicon.from_file(options.terms)
    corpus = read_corpus(options)
    if corpus is None:
        return 1
    result = compare(
        corpus,
        options.by,
        terms=terms,
        baseline=options.baseline,
        within=options.within,
        reuse="exclude" if options.exclude_reuse else "include",
    )
    written = save_tables(result.tables(), options.out, provenance=result.provenance)
    for doc_id, reason in result.left_out.itertuples(index=False):
        warn(f"left out: {doc_id}: {reason}")
    say(_summary(result))
    say(f"结果 {len(written)} 个文件在 {options.out.resolve()}")
    return 1 if corpus.unread else 0


def _summary(result: Comparison) -> str:
    names = [str(group) for group in result.groups]
    shown = "、".join(names if len(names) <= 6 else [*names[:3], "…", *names[-3:]])
    best = result.terms.groupby("group", sort=False).head(5)
    last = best[best["group"] == result.groups[-1]]["term"]
    return f"{len(names)} 组：{shown}\n{len(result.counts.terms)} 个词语；{names[-1]} 最突出的：{'、'.join(last)}"


def run_concordance(options: argparse.Namespace) -> int:
    """Run `npp concordance` and return its exit code."""
    save = None if options.out is None else saver(options.out)
    corpus = read_corpus(options)
    if corpus is None:
        return 1
    table = concordance(corpus, options.term, width=options.width, sort=options.sort)
    if save is not None:
        save(table, options.out)
    if options.json:
        say_json(table)
    elif save is None:
        for row in table.itertuples():
            say(f"{row.doc_id}:{row.start}-{row.end}\t{row.left}【{row.term}】{row.right}")
    else:
        say(f"{len(table)} 处，结果在 {options.out.resolve()}")
    return 1 if corpus.unread else 0
