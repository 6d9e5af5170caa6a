"""`npp train` and `npp classify`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, get_args

from npp_nlp.cli.terminal import read_corpus, saver, say, say_json
from npp_nlp.labels import classify
from npp_nlp.labels.classifying import Level
from npp_nlp.learning import train_classifier


def add(commands: Any) -> None:
    """Add the commands to the parser."""
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
    label = commands.add_parser("classify", help="the table of labels of files or folders")
    label.add_argument("inputs", nargs="+", metavar="IN", help="files, folders or glob patterns")
    out = label.add_mutually_exclusive_group(required=True)
    out.add_argument("--out", type=Path, metavar="FILE", help="FILE.csv or FILE.parquet")
    out.add_argument("--json", action="store_true", help="JSON Lines to the standard output")
    label.add_argument("--model", type=Path, metavar="DIR", help="folder of a trained model")
    label.add_argument("--level", choices=get_args(Level), default="paragraph", help="what gets a label")
    label.add_argument("--min-score", type=float, default=0.0, help="no label below (default: 0)")
    label.set_defaults(run=run_classify)


def run_train(options: argparse.Namespace) -> int:
    """Run `npp train` and return its exit code."""
    trained = train_classifier(
        options.table, text=options.text, label=options.label, group=options.group, folds=options.folds
    )
    folder = trained.save(options.out)
    say(trained.summary())
    say(f"\n模型在 {folder.resolve()}，用法：npp classify 文件 --model {options.out} --out labels.csv")
    return 0


def run_classify(options: argparse.Namespace) -> int:
    """Run `npp classify` and return its exit code."""
    save = None if options.json else saver(options.out)
    corpus = read_corpus(options)
    if corpus is None:
        return 1
    table = classify(corpus, model=options.model, level=options.level, min_score=options.min_score)
    if save is None:
        say_json(table)
        return 1 if corpus.unread else 0
    save(table, options.out)
    counts = table["label"].value_counts(dropna=False)
    shown = "，".join(f"{'不确定' if label != label else label} {n}" for label, n in counts.items())
    say(f"文档 {len(corpus)} 篇，{len(table)} 行：{shown}\n结果在 {options.out.resolve()}")
    return 1 if corpus.unread else 0
