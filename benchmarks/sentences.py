"""How far a sentence should hear its paragraph: accuracy of sentence labels for several weights.

    python benchmarks/sentences.py [--folds 3] [--floor 0.75]

`read` are sentences labelled one by one within their paragraphs by a language model (`data/sentences_gold.tsv`: report,
hash of the paragraph, offset in it, label), two thirds of the paragraphs chosen because the sentences seemed to differ.
`mixed` are two labelled paragraphs of different labels written as one, `pure` single ones (../shared/data or NPP_DATA);
there every sentence should get the label of the paragraph it is from, which is only roughly true. The models have seen
neither the paragraphs nor their documents. `--floor` is the least accuracy on mixed paragraphs with the packaged weight.
"""

import argparse
import hashlib
import os
import random
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from npp_nlp.labels import classifying
from npp_nlp.text import sentence_spans

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
sys.path.insert(0, str(ROOT / "training"))


def main() -> int:
    """Measure, print, and fail below the floor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folds", type=int, default=3, help="folds to measure, of five (default: 3)")
    parser.add_argument("--floor", type=float, default=0.0, help="least accuracy on mixed paragraphs")
    chosen = parser.parse_args()
    if not (DATA / "train.jsonl").is_file():
        print(f"no labelled paragraphs ({DATA} is absent; set NPP_DATA): nothing is measured")
        return 0
    right, total = measure(chosen.folds)
    print("weight   " + "  ".join(f"{w:5.1f}" for w in WEIGHTS))
    for kind, values in right.items():
        print(
            f"{kind:8} " + "  ".join(f"{v:5.3f}" for v in values / total[kind]) + f"  {total[kind]} sentences"
        )
    packaged = right["mixed"][WEIGHTS.index(classifying.HEARING)] / total["mixed"]
    if packaged < chosen.floor:
        print(f"FAILED: accuracy {packaged:.3f} below the floor {chosen.floor}")
        return 1
    return 0


def measure(folds: int) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """Sentences labelled right with each weight, and all of them, of mixed and pure paragraphs."""
    import train_labels as recipe

    labelled = recipe.examples(DATA)
    extra = recipe.extra_examples(recipe.reports(DATA))
    rng, read = random.Random(0), read_sentences(recipe.reports(DATA))
    right = {kind: np.zeros(len(WEIGHTS)) for kind in ("read", "mixed", "pure")}
    total = dict.fromkeys(right, 0)
    for _, (train, test) in zip(range(folds), recipe.folds(labelled, 0), strict=False):
        model = classifying.Loaded(recipe.fitted(recipe.train_part(labelled, extra, train, test)), None)
        apart = set(labelled.source[test].tolist())
        for text, gold in (pair for source, pair in read if source in apart):
            judged = classifying.judge([text], model)
            at = [start for start, _ in classifying._trimmed(text)]
            for k, weight in enumerate(WEIGHTS):
                found = dict(
                    zip(at, classifying._sentence_table(judged, model, 0.0, weight)["label"], strict=True)
                )
                right["read"][k] += sum(found.get(start) == label for start, label in gold.items())
            total["read"] += len(gold)
        for kind, parts in paragraphs(labelled.text, labelled.label, test[labelled.sure[test]].tolist(), rng):
            text = "".join(part for part, _ in parts)
            cut = len(parts[0][0])
            gold = [
                str(parts[min(int(start >= cut), len(parts) - 1)][1])
                for start, _ in classifying._trimmed(text)
            ]
            judged = classifying.judge([text], model)
            for k, weight in enumerate(WEIGHTS):
                found = classifying._sentence_table(judged, model, 0.0, weight)["label"]
                right[kind][k] += sum(a == b for a, b in zip(found, gold, strict=True))
            total[kind] += len(gold)
    return right, total


def read_sentences(texts: dict[str, str]) -> list[tuple[str, tuple[str, dict[int, str]]]]:
    """The report of each paragraph with labelled sentences, its text, and the labels by offset."""
    rows = pd.read_csv(ROOT / "benchmarks" / "data" / "sentences_gold.tsv", sep="\t")
    known = {
        (source, hashlib.sha256(line.encode()).hexdigest()[:16]): line
        for source in rows["source"].unique()
        for line in map(str.strip, texts[source].split("\n"))
    }
    return [
        (key[0], (known[key], dict(zip(part["start"].tolist(), part["label"], strict=True))))
        for key, part in rows.groupby(["source", "sha256"])
    ]


def paragraphs(
    text: list[str], label: np.ndarray, rows: list[int], rng: random.Random
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Paragraphs of two to six sentences, alone and in pairs of different labels."""
    some = [(text[i], label[i]) for i in rows if 2 <= len(sentence_spans(text[i])) <= 6]
    rng.shuffle(some)
    pairs = [[a, b] for a, b in zip(some[::2], some[1::2], strict=False) if a[1] != b[1]]
    return [*(("mixed", pair) for pair in pairs), *(("pure", [one]) for one in some)]


if __name__ == "__main__":
    sys.exit(main())
