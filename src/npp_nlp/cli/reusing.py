"""`npp reuse` and `npp changes`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, get_args

from npp_nlp.cli.terminal import read_corpus, saver, say, warn
from npp_nlp.export import save_csv
from npp_nlp.reading import read
from npp_nlp.reuse.collation import STATUS_NAMES, changes
from npp_nlp.reuse.finding import reuse_shares, reused_passages
from npp_nlp.reuse.passages import Unit


def add(commands: Any) -> None:
    """Add the commands to the parser."""
    reuse = commands.add_parser("reuse", help="tables of what stands in earlier documents, and its share")
    reuse.add_argument("inputs", nargs="+", metavar="IN", help="files, folders or glob patterns")
    reuse.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the tables")
    reuse.add_argument("--order", default="year", help="metadata that orders the documents (default: year)")
    reuse.add_argument("--unit", choices=get_args(Unit), default="sentence", help="what is compared")
    reuse.set_defaults(run=run_reuse)
    compared = commands.add_parser("changes", help="what was kept, reworded, moved, added, dropped")
    compared.add_argument("before", type=Path, metavar="A", help="the earlier document")
    compared.add_argument("after", type=Path, metavar="B", help="the later document")
    compared.add_argument("--out", type=Path, metavar="FILE", help="FILE.csv or FILE.parquet")
    compared.set_defaults(run=run_changes)


def run_reuse(options: argparse.Namespace) -> int:
    """Run `npp reuse` and return its exit code."""
    corpus = read_corpus(options)
    if corpus is None:
        return 1
    passages = reused_passages(corpus, order=options.order, unit=options.unit)
    shares = reuse_shares(corpus, passages=passages, order=options.order, unit=options.unit)
    for name in shares.attrs["without_order"]:
        warn(f"left out: {name}: no {options.order}")
    options.out.mkdir(parents=True, exist_ok=True)
    for name, table in (("reused_passages", passages), ("reuse_shares", shares)):
        save_csv(table, options.out / f"{name}.csv")
    shown = shares[["order", "doc_id", "reused", "exact", "main_source"]]
    for when, name, reused, exact, main_source in shown.to_numpy().tolist():
        origin = f"，最多来自 {main_source}" if main_source else ""
        say(f"{when}  {name}  重复 {reused:.1%}（原样 {exact:.1%}）{origin}")
    say(f"结果在 {options.out.resolve()}")
    return 1 if corpus.unread else 0


def run_changes(options: argparse.Namespace) -> int:
    """Run `npp changes` and return its exit code."""
    save = saver(options.out) if options.out else None
    table = changes(read(options.before), read(options.after))
    counts = table["status"].value_counts()
    say("，".join(f"{name} {counts.get(status, 0)}" for status, name in STATUS_NAMES.items()))
    if save is not None:
        save(table, options.out)
        say(f"结果在 {options.out.resolve()}")
        return 0
    for status, old, new in table[["status", "before_text", "after_text"]].to_numpy().tolist():
        mark = {"kept": "=", "dropped": "-", "added": "+"}.get(status, "~")
        say(f"{mark} {old}\n> {new}" if mark == "~" else f"{mark} {new or old}")
    return 0
