"""`npp`: parse the command line, check it, run it; no algorithm here.

Layer 9. Exit codes: 0 all went well, 1 some files could not be read, 2 the call was wrong, 130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import npp_nlp
from npp_nlp.comparison import Comparison, compare
from npp_nlp.cooccurrence import Context, Measure
from npp_nlp.document import Corpus
from npp_nlp.evidence import Sort, concordance
from npp_nlp.export import save_csv, save_parquet, save_tables
from npp_nlp.keyness import Baseline
from npp_nlp.labels import LABELS, classify
from npp_nlp.labels.classifying import Level
from npp_nlp.learning import train_classifier
from npp_nlp.lexicon import Lexicon
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
    run.set_defaults(run=run_analyze)
    _add_label_commands(commands)
    _add_comparison_commands(commands)
    return main_parser


def _add_comparison_commands(commands: Any) -> None:
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
    lines.set_defaults(run=run_concordance)


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


def _read(options: argparse.Namespace, **manner: Any) -> Corpus | None:
    """The files of a call, with what cannot be read on stderr; None if nothing can."""
    corpus = Corpus.from_files(*options.inputs, **manner)
    for path, reason in corpus.unread:
        _warn(f"not read: {path}: {reason}")
    if not len(corpus):
        _warn("no document could be read")
        return None
    return corpus


def run_analyze(options: argparse.Namespace) -> int:
    """Run `npp analyze` and return its exit code."""
    corpus = _read(options, encoding=options.encoding, simplified=options.simplified)
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


def _saver(out: Path) -> Any:
    """The function that writes a file of that name."""
    save = {".csv": save_csv, ".parquet": save_parquet}.get(out.suffix.lower())
    if save is None:
        raise ValueError(f"--out {out}: must end in .csv or .parquet")
    return save


def run_classify(options: argparse.Namespace) -> int:
    """Run `npp classify` and return its exit code."""
    save = _saver(options.out)
    corpus = _read(options)
    if corpus is None:
        return 1
    table = classify(corpus, model=options.model, level=options.level, min_score=options.min_score)
    save(table, options.out)
    counts = table["label"].value_counts(dropna=False)
    shown = "，".join(f"{'不确定' if label != label else label} {n}" for label, n in counts.items())
    _say(f"文档 {len(corpus)} 篇，{len(table)} 行：{shown}\n结果在 {options.out.resolve()}")
    return 1 if corpus.unread else 0


def run_compare(options: argparse.Namespace) -> int:
    """Run `npp compare` and return its exit code."""
    terms = None if options.terms is None else Lexicon.from_file(options.terms)
    corpus = _read(options)
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
        _warn(f"left out: {doc_id}: {reason}")
    _say(_summary(result))
    _say(f"结果 {len(written)} 个文件在 {options.out.resolve()}")
    return 1 if corpus.unread else 0


def _summary(result: Comparison) -> str:
    names = [str(group) for group in result.groups]
    shown = "、".join(names if len(names) <= 6 else [*names[:3], "…", *names[-3:]])
    best = result.terms.groupby("group", sort=False).head(5)
    last = best[best["group"] == result.groups[-1]]["term"]
    return f"{len(names)} 组：{shown}\n{len(result.counts.terms)} 个词语；{names[-1]} 最突出的：{'、'.join(last)}"


def run_concordance(options: argparse.Namespace) -> int:
    """Run `npp concordance` and return its exit code."""
    save = None if options.out is None else _saver(options.out)
    corpus = _read(options)
    if corpus is None:
        return 1
    table = concordance(corpus, options.term, width=options.width, sort=options.sort)
    if save is None:
        for row in table.itertuples():
            _say(f"{row.doc_id}:{row.start}-{row.end}\t{row.left}【{row.term}】{row.right}")
    else:
        save(table, options.out)
        _say(f"{len(table)} 处，结果在 {options.out.resolve()}")
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
