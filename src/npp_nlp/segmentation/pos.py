"""Parts of speech of words: the most frequent tag or the best guess from the form, and what the neighbours say.

The tags are those of the People's Daily corpus in lower case (n noun, v verb, a adjective, d adverb, m number, t time,
ns place, nr person, nz other name, i idiom, w punctuation, nx Latin letters, …); `to_ud` maps them to universal ones.
`training/train_pos.py` makes the model from the corpus and jieba's dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.artefacts import ModelError, load_model
from npp_nlp.segmentation.linear import DATE_UNITS, HAN_DIGITS, is_han
from npp_nlp.segmentation.tagger import CERTAIN, NONE, Types, Weights, in_context
from npp_nlp.text import codepoints, fold_codepoints

KIND = "npp-pos-2"
BREAK = "\n"
LONGEST = 16  # of a longer word only the last characters count
_FACTOR = 0x9E3779B97F4A7C15
_NUMERIC = ".%·/:-+,"

UD: dict[str, str] = {
    "a": "ADJ", "ad": "ADV", "ag": "ADJ", "an": "NOUN", "b": "ADJ", "bg": "ADJ", "c": "CCONJ", "d": "ADV",
    "dg": "ADV", "e": "INTJ", "f": "ADP", "g": "X", "h": "PART", "i": "X", "j": "NOUN", "k": "PART", "l": "X",
    "m": "NUM", "n": "NOUN", "ng": "NOUN", "nr": "PROPN", "ns": "PROPN", "nt": "PROPN", "nx": "X",
    "nz": "PROPN", "o": "INTJ", "p": "ADP", "q": "NOUN", "r": "PRON", "s": "NOUN", "t": "NOUN", "tg": "NOUN",
    "u": "PART", "v": "VERB", "vd": "ADV", "vg": "VERB", "vn": "NOUN", "w": "PUNCT", "y": "PART", "yg": "PART",
    "z": "ADJ",
}  # fmt: skip
"""Universal part of speech of each tag; idioms, set phrases and single morphemes, which may be any, are X."""


def word_hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    """A 64-bit hash of each word's folded form; polynomial over its last 16 characters."""
    points, starts, ends = _spelled(words)
    own = np.maximum(starts, ends - LONGEST)
    # powers by the distance from the word's end, so that sums over a slice are a word's own
    result = np.zeros(len(words), dtype=np.uint64)
    padded = points.astype(np.uint64) + np.uint64(1)
    for distance in range(1, LONGEST + 1):
        at = np.flatnonzero(ends - distance >= own)
        if not len(at):
            break
        power = np.uint64(pow(_FACTOR, distance, 1 << 64))
        result[at] += (padded[ends[at] - distance] * power) ^ (
            padded[ends[at] - distance] * power >> np.uint64(31)
        )
    return result


def parts_of_speech(
    words: Sequence[str], *, terms: NDArray[np.bool_] | None = None, context: bool = False
) -> list[str]:
    """The part of speech of each word; words marked in `terms` (lexicon terms) are "nz".

    Without `context` each word has its most frequent one, whatever stands beside it. With it, `words` are running
    text in order, punctuation included, and two words to each side decide.

    >>> parts_of_speech(["发展", "新", "2024年", "，", "高质量", "5.5%"])
    ['vn', 'a', 't', 'w', 'n', 'm']
    >>> parts_of_speech(["努力", "发展", "经济", "。"], context=True)
    ['ad', 'v', 'n', 'w']
    """
    if terms is not None and len(terms) != len(words):
        raise ValueError(f"terms has {len(terms)} values for {len(words)} words: numbers must match")
    if not len(words):
        return []
    number = {word: i for i, word in enumerate(dict.fromkeys(words))}
    of = np.fromiter(map(number.__getitem__, words), dtype=np.intp, count=len(words))
    names, arrays, weights = _model()
    if context:
        spread = in_context(word_types([*number, BREAK], arrays, names), of, weights)
    else:
        spread = tag_codes(list(number), arrays, names)[of]
    if terms is not None:
        spread[np.asarray(terms, dtype=np.bool_)] = names.index("nz")
    return [names[code] for code in spread.tolist()]


def to_ud(tags: Iterable[str]) -> list[str]:
    """The Universal Dependencies part of speech (de Marneffe et al. 2021) of each tag; see `UD`.

    Raises `ValueError` for a tag that is none of `parts_of_speech`.

    >>> to_ud(["vn", "a", "w", "ns"])
    ['NOUN', 'ADJ', 'PUNCT', 'PROPN']
    """
    listed = list(tags)
    if unknown := sorted(set(listed) - set(UD)):
        raise ValueError(f"tag {unknown[0]!r}: must be one of {', '.join(UD)}")
    return [UD[tag] for tag in listed]


def word_types(words: list[str], arrays: Mapping[str, NDArray[Any]], names: list[str]) -> Types:
    """What the list knows of each word, for `in_context`."""
    hashes = word_hashes(words)
    at = np.minimum(np.searchsorted(arrays["hashes"], hashes), len(arrays["hashes"]) - 1)
    known = arrays["hashes"][at] == hashes
    second = np.where(known, arrays["seconds"][at], NONE)
    level = np.where(known, arrays["levels"][at], 0)
    return spelled_types(words, (tag_codes(words, arrays, names), second, level), names)


def spelled_types(words: list[str], usual: tuple[NDArray[Any], ...], names: list[str]) -> Types:
    """Types of words from their usual tag, second tag and level, where their form does not say more."""
    tag, second, level = usual
    form = forms(words, names)
    shown = form >= 0
    tag, second = np.where(shown, form, tag), np.where(shown, NONE, second)
    level = np.where(shown, np.where(form == names.index("w"), CERTAIN, 1), level)
    hashes = word_hashes(words)
    key = (hashes >> np.uint64(32) ^ hashes).astype(np.uint32)
    points, starts, ends = _spelled(words)
    there = ends > starts
    first = np.zeros(len(words), dtype=np.uint32)
    first[there] = points[starts[there]]
    first = first << np.uint32(2) | np.minimum(ends - starts, 3).astype(np.uint32)
    codes = [values.astype(np.uint32) for values in (tag, second, level)]
    return Types(key, codes[0], codes[1], codes[2], ending_keys(words), first)


def tag_codes(words: list[str], arrays: Mapping[str, NDArray[Any]], names: list[str]) -> NDArray[np.intp]:
    """The number of each word's tag in `names`: shown by its form, else stored, else guessed from its ending."""
    codes = guesses(words, arrays["endings"], arrays["ending_tags"], names)
    hashes = word_hashes(words)
    at = np.minimum(np.searchsorted(arrays["hashes"], hashes), len(arrays["hashes"]) - 1)
    known = arrays["hashes"][at] == hashes
    codes[known] = arrays["tags"][at[known]]
    by_form = forms(words, names)
    codes[by_form >= 0] = by_form[by_form >= 0]
    return codes


def guesses(
    words: list[str], endings: NDArray[np.uint32], ending_tags: NDArray[np.uint8], names: list[str]
) -> NDArray[np.intp]:
    """The tag of each word by its last character and whether it has one, two, or more characters; else noun."""
    keys = ending_keys(words)
    at = np.minimum(np.searchsorted(endings, keys), len(endings) - 1)
    return np.where(endings[at] == keys, ending_tags[at], names.index("n")).astype(np.intp)


def ending_keys(words: Sequence[str]) -> NDArray[np.uint32]:
    """The last character of each word with its length, at most 3, in the lowest two bits; 0 for the empty word."""
    points, starts, ends = _spelled(words)
    there = ends > starts
    last = np.zeros(len(words), dtype=np.uint32)
    last[there] = points[ends[there] - 1]
    keys: NDArray[np.uint32] = last << np.uint32(2) | np.minimum(ends - starts, 3).astype(np.uint32)
    return keys


def forms(words: Sequence[str], names: list[str]) -> NDArray[np.intp]:
    """The tag of words that show it by their form: number, date, Latin, punctuation; -1 for all others."""
    points, starts, ends = _spelled(words)

    def all_of(mark: NDArray[np.bool_]) -> NDArray[np.bool_]:
        sums = np.concatenate([[0], np.cumsum(mark)])
        return np.asarray(sums[ends] - sums[starts] == ends - starts)

    def any_of(mark: NDArray[np.bool_]) -> NDArray[np.bool_]:
        sums = np.concatenate([[0], np.cumsum(mark)])
        return np.asarray(sums[ends] > sums[starts])

    digit = (points >= ord("0")) & (points <= ord("9"))
    letter = (points >= ord("a")) & (points <= ord("z"))
    number = digit | _among(points, _NUMERIC) | _among(points, HAN_DIGITS)
    written = np.array([chr(c).isalnum() for c in range(0x3000)] + [False])[np.minimum(points, 0x3000)]
    word_like = written | is_han(points) | (points == ord("〇")) | (points > 0x3040) & (points < 0xFE00)
    dated = number | _among(points, DATE_UNITS)
    result = np.full(len(words), -1, dtype=np.intp)
    result[all_of(dated) & any_of(digit)] = names.index("t")
    result[all_of(number) & any_of(digit)] = names.index("m")
    result[
        all_of(number | _among(points, "余多第")) & any_of(_among(points, HAN_DIGITS)) & (ends - starts > 2)
    ] = names.index("m")
    result[any_of(letter) & ~any_of(is_han(points))] = names.index("nx")
    result[~any_of(word_like)] = names.index("w")
    return result


def _among(points: NDArray[np.uint32], characters: str) -> NDArray[np.bool_]:
    return np.isin(points, [ord(c) for c in characters])


def _spelled(words: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """Folded code points of all words, and where each word starts and ends."""
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    ends = np.cumsum(lengths)
    return fold_codepoints(codepoints("".join(words))), ends - lengths, ends


@cache
def _model() -> tuple[list[str], dict[str, NDArray[Any]], Weights]:
    model = load_model("pos")
    if model.card.get("kind") != KIND:
        raise ModelError(model.name, f"kind {model.card.get('kind')!r}: a tag list's kind is {KIND!r}")
    arrays = dict(model.arrays)
    return list(model.card["tags"]), arrays, Weights.of(arrays["keys"], arrays["rows"])
