"""Make the model of parts of speech: python training/train_pos.py [--downloads FOLDER].

A word gets its most frequent tag in the People's Daily of January 1998, if it occurs there at least twice, else its tag
in jieba's dictionary. Words whose tag their last character gives anyway are not stored, unless the corpus says more of
them. The weights for the context are those of a multinomial logistic regression; while they are learned, what is known
of a word comes from the other nine tenths of the corpus (Wolpert 1992), as it will for new text.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from news_corpus import PACKAGE, SHA256, Line, corpus_lines, dictionary, dictionary_hash, split
from numpy.typing import NDArray

from npp_nlp.artefacts import save_model
from npp_nlp.segmentation.pos import (
    BREAK,
    KIND,
    ending_keys,
    forms,
    guesses,
    spelled_types,
    tag_codes,
    word_hashes,
    word_types,
)
from npp_nlp.segmentation.tagger import (
    CERTAIN,
    NONE,
    REACH,
    Weights,
    apart,
    feature_keys,
    framed,
    in_context,
)
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
SECOND_SHARE = 0.03  # of a word's occurrences, for a second tag to be kept
SURE_COUNT = 10  # occurrences with one tag only after which context is not asked
FOLDS, EPOCHS, BATCH, RATE, SEED = 10, 3, 8192, 0.1, 0
LEAST_FEATURE, ROWS = 4, 36_000  # how often a feature must occur; how many rows stay
Arrays = dict[str, NDArray[np.generic]]
Ints = NDArray[np.int64]


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
    """The arrays of the model and the names of its tags."""
    best = most_frequent(lines)
    seen = {plain(tag) for _, tags in lines for tag in tags}
    names = sorted(set(best.values()) | seen | {"w", "nx", "m", "t", "n", "nz"})
    number = {name: i for i, name in enumerate(names)}
    words = sorted(best)
    tags = np.array([number[best[word]] for word in words], dtype=np.uint8)
    endings, ending_tags = _endings(ending_keys(words), tags, len(names))
    text = running(lines, words, number)
    _, seconds, levels = usual(text.counts, tags)
    kept = (guesses(words, endings, ending_tags, names) != tags) | (levels > 0)
    kept &= forms(words, names) < 0
    hashes, first = np.unique(word_hashes(words)[kept], return_index=True)
    listed = {fold(word): number[plain(tag)] for word, _, tag in reversed(dictionary())}
    guessed = guesses(words, endings, ending_tags, names)
    base = np.array([listed.get(word, guessed[i]) for i, word in enumerate(words)])
    keys, rows = learned(text, [*words, BREAK], base, names)
    arrays: Arrays = {
        "hashes": hashes,
        "tags": tags[kept][first],
        "seconds": seconds[kept][first].astype(np.uint8),
        "levels": levels[kept][first].astype(np.uint8),
        "endings": endings,
        "ending_tags": ending_tags,
        "keys": keys,
        "rows": rows,
    }
    return arrays, names


@dataclass(frozen=True)
class Running:
    """The corpus as numbers of words, line breaks between the lines, with tags (-1 for a break) and their counts."""

    of: Ints
    gold: Ints
    counts: Ints


def running(lines: list[Line], words: list[str], number: dict[str, int]) -> Running:
    """The lines in numbers; `words` must hold all their words."""
    place = {word: i for i, word in enumerate(words)}
    gap = [len(words)] * REACH
    of = np.array([i for line, _ in lines for i in (*(place[fold(word)] for word in line), *gap)])
    gold = np.array([i for _, tags in lines for i in (*(number[plain(tag)] for tag in tags), *[-1] * REACH)])
    counts = np.zeros((len(words), len(number)), dtype=np.int64)
    np.add.at(counts, (of[gold >= 0], gold[gold >= 0]), 1)
    return Running(of, gold, counts)


def usual(counts: Ints, base: NDArray[np.integer]) -> tuple[Ints, Ints, Ints]:
    """Usual tag, second tag and level of each word; `base` where the corpus has too little."""
    order = np.argsort(-counts, axis=1, kind="stable")[:, :2]
    most, next_ = np.take_along_axis(counts, order, axis=1).T
    total = counts.sum(axis=1)
    seen = total >= LEAST_COUNT
    second = np.where(seen & (next_ > 0) & (next_ >= SECOND_SHARE * total), order[:, 1], NONE)
    level = np.where((total >= SURE_COUNT) & (most == total), CERTAIN, seen)
    return np.where(seen, order[:, 0], base).astype(np.int64), second, level.astype(np.int64)


def learned(
    text: Running, words: list[str], base: Ints, names: list[str]
) -> tuple[NDArray[np.uint32], NDArray[np.int8]]:
    """Keys of the features and their rows of weights."""
    keys, gold = _examples(text, words, base, names)
    distinct, of, count = np.unique(keys, return_inverse=True, return_counts=True)
    often = count >= LEAST_FEATURE
    column, kept = (np.cumsum(often) - 1)[of.reshape(keys.shape)], often[of.reshape(keys.shape)]
    pointer = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    ones = np.ones(int(kept.sum()), dtype=np.float32)
    matrix = sp.csr_matrix(
        (ones, column[kept].astype(np.int32), pointer), shape=(len(gold), int(often.sum()))
    )
    weights = _regression(matrix, gold, len(names))
    weights -= weights.mean(axis=1, keepdims=True)  # a constant decides nothing
    distinct, count = distinct[often], count[often]
    best = np.argsort(-np.sqrt(count) * np.linalg.norm(weights, axis=1), kind="stable")
    best = best[apart(distinct[best])][:ROWS]
    scale = 127 / np.abs(weights[best]).max()
    return distinct[best], np.rint(weights[best] * scale).astype(np.int8)


def _examples(
    text: Running, words: list[str], base: Ints, names: list[str]
) -> tuple[NDArray[np.uint32], Ints]:
    """The features and tags of all words that context may change, each fold described by the others."""
    fold_of = np.arange(len(text.of)) * FOLDS // len(text.of)
    keys, gold = [], []
    for fold_number in range(FOLDS):
        own = fold_of == fold_number
        counts = text.counts.copy()
        real = own & (text.gold >= 0)
        np.subtract.at(counts, (text.of[real], text.gold[real]), 1)
        known = [np.append(values, 0) for values in usual(counts, base)]
        types = spelled_types(words, tuple(known), names)
        at = np.flatnonzero(own & (types.level[text.of] < CERTAIN))
        keys.append(np.stack(feature_keys(types, framed(text.of, types), at), axis=1))
        gold.append(text.gold[at])
    return np.concatenate(keys), np.concatenate(gold)


def _regression(matrix: sp.csr_matrix, gold: Ints, size: int) -> NDArray[np.float32]:
    """Multinomial logistic regression by AdaGrad (Duchi et al. 2011)."""
    weights = np.zeros((matrix.shape[1], size), dtype=np.float32)
    squares = np.full_like(weights, 1e-6)
    draw = np.random.default_rng(SEED)
    for _ in range(EPOCHS):
        order = draw.permutation(len(gold))
        for begin in range(0, len(gold), BATCH):
            rows = order[begin : begin + BATCH]
            batch, true = matrix[rows], gold[rows]
            scores = batch @ weights
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            scores /= scores.sum(axis=1, keepdims=True)
            scores[np.arange(len(true)), true] -= 1
            used, column = np.unique(batch.indices, return_inverse=True)
            small = sp.csr_matrix((batch.data, column, batch.indptr), shape=(len(true), len(used)))
            slope = np.asarray(small.T @ scores) / len(true) * 100
            squares[used] += slope * slope
            weights[used] -= RATE * slope / np.sqrt(squares[used])
    return weights


def _endings(
    keys: NDArray[np.uint32], tags: NDArray[np.uint8], count: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """For each ending the tag that most words with it have."""
    endings, of = np.unique(keys, return_inverse=True)
    table = np.zeros((len(endings), count), dtype=np.int64)
    np.add.at(table, (of, tags), 1)
    return endings, table.argmax(axis=1).astype(np.uint8)


def accuracy(lines: list[Line], held_out: list[Line]) -> dict[str, float]:
    """Share of held-out words, given whole, whose tag is right: in context, by the word alone, by jieba's dictionary."""
    arrays, names = built(lines)
    words = [fold(word) for line, _ in held_out for word in (*line, *[BREAK] * REACH)]
    gold = [tag for _, tags in held_out for tag in (*map(plain, tags), *[""] * REACH)]
    real = np.array([tag != "" for tag in gold])
    distinct = sorted(set(words) - {BREAK})
    place = {word: i for i, word in enumerate([*distinct, BREAK])}
    of = np.array([place[word] for word in words])
    types = word_types([*distinct, BREAK], arrays, names)
    codes = in_context(types, of, Weights.of(arrays["keys"], arrays["rows"]))
    single = tag_codes([*distinct, BREAK], arrays, names)[of]
    alone = {fold(word): plain(tag) for word, _, tag in dictionary()}
    theirs = np.array([alone.get(word, "n") for word in words])

    def right(tags: NDArray[np.str_]) -> float:
        return round(float(np.mean((tags == np.array(gold))[real])), 4)

    named = np.array(names)
    return {
        "accuracy": right(named[codes]),
        "accuracy_without_context": right(named[single]),
        "accuracy_of_jieba_dictionary_alone": right(theirs),
        "words": int(real.sum()),
    }


def settings() -> dict[str, float]:
    """The constants above, for the card."""
    rules = {"least_count": LEAST_COUNT, "second_share": SECOND_SHARE, "sure_count": SURE_COUNT}
    learning = {"folds": FOLDS, "epochs": EPOCHS, "batch": BATCH, "rate": RATE, "seed": SEED}
    return {**rules, **learning, "least_feature": LEAST_FEATURE, "rows": ROWS}


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
    card = {"name": "pos", "version": "2.0", "kind": KIND, "tags": names, "data": data, "scores": results}
    card |= {"task": "part of speech of a word, alone or in its context", "script": "training/train_pos.py"}
    card |= {"licence": "MIT (both source packages)", "settings": settings()}
    save_model(options.out, arrays, card)
    print(f"{len(arrays['hashes']):,} words and {len(arrays['keys']):,} features saved to {options.out}")


if __name__ == "__main__":
    main()
