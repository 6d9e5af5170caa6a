"""`npp`: parse the command line, check it, run it; no algorithm here.

Layer 9. Exit codes: 0 all went well, 1 some files could not be read, 2 the call was wrong, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import npp_nlp
from npp_nlp.collation import STATUS_NAMES, changes
from npp_nlp.cooccurrence import Context, Measure
from npp_nlp.document import Corpus
from npp_nlp.export import save_csv, save_parquet
from npp_nlp.labels import classify
from npp_nlp.labels.classifying import Level
from npp_nlp.learning import train_classifier
from npp_nlp.passages import Unit
from npp_nlp.pipeline import analyze
from npp_nlp.reading import read
from npp_nlp.reuse import reuse_shares, reused_passages

if TYPE_CHECKING:
    import pandas as pd


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
    run.set_defaults(run=run_analyze)
    _add_label_commands(commands)
    _add_reuse_commands(commands)
    return main_parser


def _add_reuse_commands(commands: Any) -> None:
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


def _add_label_commands(commands: Any) -> None:
    train = commands.add_parser("train", help="a classifier for own labels from a table of labelled texts")
    train.add_argument("table", type=Path, metavar="TABLE", help="CSV, Excel, JSON Lines or Parquet")
    train.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder for the model")
    train.add_argument("--text", default="text", help="column of the texts (default: text)")
    train.add_argument("--label", default="label", help="column of the labels (default: label)")
    train.add_argument(
        "--group", help="column of the document a text is from; keeps documents apart in tests"
    )
    train.add_argument("--folds", type=int, default=5, help="parts of the cross-validation (default: 5)")
    train.set_defaults(run=run_train)
    label = commands.add_parser("classify", help="the table of labels of files or folders, as CSV or Parquet")
    label.add_argument("inputs", nargs="+", metavar="IN", help="files, folders or glob patterns")
    label.add_argument("--out", required=True, type=Path, metavar="FILE", help="FILE.csv or FILE.parquet")
    label.add_argument("--model", type=Path, metavar="DIR", help="folder of a trained model")
    label.add_argument("--level", choices=get_args(Level), default="paragraph", help="what gets a label")
    label.add_argument("--min-score", type=float, default=0.0, help="no label below (default: 0)")
    label.set_defaults(run=run_classify)


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


def run_train(options: argparse.Namespace) -> int:
    """Run `npp train` and return its exit code."""
    trained = train_classifier(
        options.table, text=options.text, label=options.label, group=options.group, folds=options.folds
    )
    folder = trained.save(options.out)
    _say(trained.summary())
    _say(f"\n模型在 {folder.resolve()}，用法：npp classify 文件 --model {options.out} --out labels.csv")
    return 0


def _saver(out: Path) -> Callable[[pd.DataFrame, Path], object]:
    """The function that writes a table to such a file."""
    save = {".csv": save_csv, ".parquet": save_parquet}.get(out.suffix.lower())
    if save is None:
        raise ValueError(f"--out {out}: must end in .csv or .parquet")
    return save


def run_reuse(options: argparse.Namespace) -> int:
    """Run `npp reuse` and return its exit code."""
    corpus = Corpus.from_files(*options.inputs)
    for path, reason in corpus.unread:
        _warn(f"not read: {path}: {reason}")
    if not len(corpus):
        _warn("no document could be read")
        return 1
    passages = reused_passages(corpus, order=options.order, unit=options.unit)
    shares = reuse_shares(corpus, passages=passages, order=options.order, unit=options.unit)
    for name in shares.attrs["without_order"]:
        _warn(f"left out: {name}: no {options.order}")
    options.out.mkdir(parents=True, exist_ok=True)
    for name, table in (("reused_passages", passages), ("reuse_shares", shares)):
        save_csv(table, options.out / f"{name}.csv")
    shown = shares[["order", "doc_id", "reused", "exact", "main_source"]]
    for when, name, reused, exact, main_source in shown.to_numpy().tolist():
        origin = f"，最多来自 {main_source}" if main_source else ""
        _say(f"{when}  {name}  重复 {reused:.1%}（原样 {exact:.1%}）{origin}")
    _say(f"结果在 {options.out.resolve()}")
    return 1 if corpus.unread else 0


def run_changes(options: argparse.Namespace) -> int:
    """Run `npp changes` and return its exit code."""
    save = _saver(options.out) if options.out else None
    table = changes(read(options.before), read(options.after))
    counts = table["status"].value_counts()
    _say("，".join(f"{name} {counts.get(status, 0)}" for status, name in STATUS_NAMES.items()))
    if save is not None:
        save(table, options.out)
        _say(f"结果在 {options.out.resolve()}")
        return 0
    for status, old, new in table[["status", "before_text", "after_text"]].to_numpy().tolist():
        mark = {"kept": "=", "dropped": "-", "added": "+"}.get(status, "~")
        _say(f"{mark} {old}\n> {new}" if mark == "~" else f"{mark} {new or old}")
    return 0


def run_classify(options: argparse.Namespace) -> int:
    """Run `npp classify` and return its exit code."""
    save = _saver(options.out)
    corpus = Corpus.from_files(*options.inputs)
    for path, reason in corpus.unread:
        _warn(f"not read: {path}: {reason}")
    if not len(corpus):
        _warn("no document could be read")
        return 1
    table = classify(corpus, model=options.model, level=options.level, min_score=options.min_score)
    save(table, options.out)
    counts = table["label"].value_counts(dropna=False)
    shown = "，".join(f"{'不确定' if label != label else label} {n}" for label, n in counts.items())
    _say(f"文档 {len(corpus)} 篇，{len(table)} 行：{shown}\n结果在 {options.out.resolve()}")
    return 1 if corpus.unread else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of `npp`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        _warn("interrupted")
        return 130
    except (ValueError, RuntimeError, OSError, ImportError) as error:
        _warn(str(error))
        return 2


if __name__ == "__main__":
    sys.exit(main())
