"""Key terms against an indexer's lists, side by side with jieba's TF-IDF and TextRank, in one run.

`data/terms_gold.tsv`: twelve sections of public reports and documents, each with the terms an indexer would list,
written down before any program was run on them. `data/abstracts.tsv`: texts in the manner of scientific abstracts,
written for this project, with keywords. The reports themselves are read from ../shared/data (or NPP_DATA).

    python benchmarks/terms.py [--short] [--fit] [--floor-recall 0.3] [--floor-f1 0.2] [--floor-speed 0]
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import jieba
import jieba.analyse
import numpy as np
import pandas as pd

from npp_nlp import Corpus, key_terms
from npp_nlp.candidates import find_runs, read_words
from npp_nlp.segmentation import default_segmenter
from npp_nlp.termhood import WEIGHTS, describe, features, packaged_reference, termhood, types_of
from npp_nlp.terms import with_nested
from npp_nlp.text import fold

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("NPP_DATA", HERE.parents[1] / "shared" / "data"))
DEPTHS = (10, 20, 60)

Ranker = Callable[[list[str], int], list[list[str]]]


def main() -> int:
    """Measure, print, and fail below the floors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--short", action="store_true", help="abstracts and sections only, no peers, no speed"
    )
    parser.add_argument(
        "--fit", action="store_true", help="fit the weights of npp_nlp.termhood and print them"
    )
    parser.add_argument(
        "--floor-recall", type=float, default=0.0, help="least recall in the top 60 of the sections"
    )
    parser.add_argument("--floor-f1", type=float, default=0.0, help="least F1 of the top 5 of the abstracts")
    parser.add_argument(
        "--floor-speed", type=float, default=0.0, help="least Mchar/s on the national reports"
    )
    chosen = parser.parse_args()
    jieba.setLogLevel(60)
    abstracts = read_abstracts()
    sections = read_sections()
    if chosen.fit:
        fit(sections, abstracts)
        return 0
    rankers: dict[str, Ranker] = {"npp_nlp": ours}
    if not chosen.short:
        rankers |= {"jieba TF-IDF": jieba_tfidf, "jieba TextRank": jieba_textrank}
    scores = pd.DataFrame({name: measure(ranker, sections, abstracts) for name, ranker in rankers.items()}).T
    print(scores.round(3).to_string())
    if not sections:
        print(f"sections: skipped, no reports in {DATA}")
    floors = {"recall@60": chosen.floor_recall if sections else 0.0, "abstracts F1@5": chosen.floor_f1}
    reached = {name: float(scores.loc["npp_nlp", name]) for name, floor in floors.items() if floor > 0}
    if not chosen.short or chosen.floor_speed:
        reached["speed"] = speed()
        floors["speed"] = chosen.floor_speed
    missed = [
        f"{name} {value:.3f} < {floors[name]}" for name, value in reached.items() if value < floors[name]
    ]
    for line in missed:
        print(line, file=sys.stderr)
    return 1 if missed else 0


def read_abstracts() -> list[tuple[str, set[str]]]:
    """Texts in the manner of abstracts and their keywords."""
    rows = (HERE / "data" / "abstracts.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [
        (text, {key(word) for word in words.split("|")}) for text, words in (row.split("\t") for row in rows)
    ]


def read_sections() -> list[tuple[str, set[str]]]:
    """Sections and their terms; empty if the reports are absent."""
    texts: dict[str, str] = {}
    for name in ("national_reports", "congress_reports", "provincial_reports_2026", "policy_documents"):
        path = DATA / f"{name}.jsonl"
        if path.is_file():
            texts |= {
                row["id"]: row["text"]
                for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
            }
    rows = (HERE / "data" / "terms_gold.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found = []
    for document, section, terms in (row.split("\t") for row in rows):
        if document in texts:
            begin, end = map(int, section.split("-"))
            found.append((texts[document][begin:end], {key(term) for term in terms.split("|")}))
    return found


def key(term: str) -> str:
    """What makes two terms the same: no quotes, blanks, widths or case."""
    return "".join(fold(term).replace('"', "").split())


def ours(texts: list[str], top: int) -> list[list[str]]:
    """The terms this package gives."""
    table = key_terms(Corpus.from_texts(texts), top=top)
    return [table.loc[table["doc_id"] == str(i), "term"].tolist() for i in range(len(texts))]


def jieba_tfidf(texts: list[str], top: int) -> list[list[str]]:
    """The words jieba's TF-IDF gives."""
    return [jieba.analyse.extract_tags(text, topK=top) for text in texts]


def jieba_textrank(texts: list[str], top: int) -> list[list[str]]:
    """The words jieba's TextRank gives."""
    return [jieba.analyse.textrank(text, topK=top) for text in texts]


def measure(
    ranker: Ranker, sections: Sequence[tuple[str, set[str]]], abstracts: Sequence[tuple[str, set[str]]]
) -> dict[str, float]:
    """Precision at three depths, recall in the top 60 (of at most 60 terms), F1 of the top 5 of the abstracts."""
    scores: dict[str, float] = {}
    if sections:
        lists = ranker([text for text, _ in sections], max(DEPTHS))
        hits = [
            [key(term) in gold for term in found] for found, (_, gold) in zip(lists, sections, strict=True)
        ]
        for depth in DEPTHS:
            scores[f"precision@{depth}"] = mean(sum(row[:depth]) / depth for row in hits)
        for depth in DEPTHS:
            shares = (
                sum(row[:depth]) / min(60, len(gold)) for row, (_, gold) in zip(hits, sections, strict=True)
            )
            scores[f"recall@{depth}"] = mean(shares)
    lists = ranker([text for text, _ in abstracts], 5)
    pairs = zip(lists, abstracts, strict=True)
    scores["abstracts F1@5"] = mean(
        2 * len({key(t) for t in found} & gold) / (5 + len(gold)) for found, (_, gold) in pairs
    )
    return scores


def mean(values: Iterable[float]) -> float:
    """The arithmetic mean."""
    return float(np.mean(list(values)))


def speed() -> float:
    """Million characters a second on the national reports, segmentation included, documents read beforehand."""
    path = DATA / "national_reports.jsonl"
    if not path.is_file():
        print(f"speed: skipped, no {path}")
        return float("inf")
    corpus = Corpus.from_texts(
        [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    )
    size = sum(len(document.text) for document in corpus)
    key_terms(corpus[0])
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        key_terms(corpus)
        times.append(time.perf_counter() - begin)
    begin = time.perf_counter()
    jieba.analyse.extract_tags(corpus[0].text)
    own = len(corpus[0].text) / (time.perf_counter() - begin) / 1e6
    rate = size / min(times) / 1e6
    print(f"speed: {rate:.2f} Mchar/s on {len(corpus)} reports, {rate / own:.1f} times jieba TF-IDF")
    return rate


def fit(sections: Sequence[tuple[str, set[str]]], abstracts: Sequence[tuple[str, set[str]]]) -> None:
    """Logistic regression of membership in the lists on the measures, each kind of text with the same weight."""
    from sklearn.linear_model import LogisticRegression

    frames = [measured(list(sections), 1.0), measured(list(abstracts), 3.0)]
    table = pd.concat(frames, keys=range(2), names=["kind"]).reset_index("kind")
    names = list(WEIGHTS)
    scale = table[names].std() + 1e-9

    def trained(rows: pd.DataFrame) -> LogisticRegression:
        model = LogisticRegression(C=1.0, max_iter=2000)
        return model.fit(rows[names] / scale, rows["listed"], sample_weight=rows["weight"])

    table["score"] = 0.0
    for part in range(4):
        out = table["document"] % 4 == part
        table.loc[out, "score"] = trained(table[~out]).decision_function(table.loc[out, names] / scale)
    table["present"] = termhood({name: table[name].to_numpy() for name in names})
    for column in ("score", "present"):
        best = table.sort_values(column, ascending=False).groupby(["kind", "document"])
        print(
            column,
            {
                k: round(best.head(d)["listed"].groupby(best.head(d)["kind"]).sum()[k], 3)
                for k, d in ((0, 60), (1, 5))
            },
        )
    model = trained(table)
    print({name: round(float(w), 2) for name, w in zip(names, model.coef_[0] / scale, strict=True)})


def measured(texts: list[tuple[str, set[str]]], weight: float) -> pd.DataFrame:
    """All candidates of the texts with their measures and whether they are listed."""
    corpus = Corpus.from_texts([text for text, _ in texts])
    segmenter, reference = default_segmenter(), packaged_reference()
    words = read_words(corpus.documents, segmenter)
    forms, known = describe(words, reference)
    types = with_nested(types_of(words, find_runs(words, forms)), words, segmenter.lexicon)
    table = pd.DataFrame(features(words, types, known, reference=reference, lexicon=segmenter.lexicon))
    names = [words.text[a:b] for a, b in zip(types.start.tolist(), types.end.tolist(), strict=True)]
    return table.assign(
        name=names,
        document=types.document,
        weight=weight,
        listed=[
            key(name) in texts[number][1] for name, number in zip(names, types.document.tolist(), strict=True)
        ],
    )


if __name__ == "__main__":
    raise SystemExit(main())
