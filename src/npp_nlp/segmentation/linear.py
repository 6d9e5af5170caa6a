"""The default segmenter: a linear model over character n-grams and dictionary words, evaluated with NumPy.

Two scores are computed for every character: that a word starts there, and that it is a word by itself. The first
alone is the pointwise model of Neubig, Nakata and Mori (2011); with the second the best segmentation of a line is a
conditional random field's (Lafferty, McCallum and Pereira 2001; see `decoding`). The weights that an n-gram gives to
its surroundings lie in one row, so a text is scored with one table lookup per n-gram length and a few shifted
additions. `training/train_segmenter.py` makes the model.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from npp_nlp.artefacts import Model, ModelError, load_model
from npp_nlp.segmentation.base import Backend, Joined
from npp_nlp.segmentation.decoding import best_boundaries
from npp_nlp.segmentation.hashing import NgramTable, extend, mixed
from npp_nlp.text import fold_codepoints

if TYPE_CHECKING:
    from npp_nlp.lexicon import Lexicon

Shorts = NDArray[np.int16]
Bytes = NDArray[np.uint8]

KIND = "npp-segmenter-1"
ORDERS = (2, 3, 4)
# A row: weights for the boundaries 2 before to 4 after the n-gram's start, for the characters 1 before to 3 after
# it being words, and the class of the n-gram in the dictionary (0 if it is not a word).
ROW = 16
BOUNDARY_OFFSETS = tuple(range(-2, 5))
SINGLE_OFFSETS = tuple(range(-1, 4))
SINGLE_AT = len(BOUNDARY_OFFSETS)
CLASS_AT = SINGLE_AT + len(SINGLE_OFFSETS)
CLASSES = 32
TYPE_WINDOW = 6
UNKNOWN_HAN, UNKNOWN_OTHER, FIRST_SYMBOL = 1, 2, 3
HAN_DIGITS, DATE_UNITS, JOINERS = "〇零一二三四五六七八九十百千万亿两几", "年月日时分秒点", ".·%-/:"
_YEAR_DIGITS = "〇○零一二三四五六七八九"
_LIMIT = 30_000
_CHUNK = 1 << 14
_HALO = 8


def folded_symbols(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Code points folded for the model: as `fold_codepoints`, and all digits are "0", all Latin letters "a".

    The two signs for zero in Han numbers are one, and so are the kinds of round and square brackets.

    >>> folded_symbols(np.array([ord(c) for c in "１9Ｇg强"], dtype=np.uint32)).tolist()
    [48, 48, 97, 97, 24378]
    """
    folded = fold_codepoints(points)
    folded[(folded >= ord("0")) & (folded <= ord("9"))] = ord("0")
    folded[(folded >= ord("a")) & (folded <= ord("z"))] = ord("a")
    for members, symbol in (("○", "〇"), ("〔【[", "("), ("〕】]", ")")):
        folded[np.isin(folded, [ord(c) for c in members])] = ord(symbol)
    return folded


def is_han(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which code points are Han characters."""
    basic = (points >= 0x3400) & (points <= 0x9FFF)
    return basic | ((points >= 0xF900) & (points <= 0xFAFF)) | ((points >= 0x20000) & (points <= 0x3FFFF))


def character_types(folded: NDArray[np.uint32]) -> Bytes:
    """The type of each folded symbol.

    0 line break, 1 other, 2 Han, 3 Han digit, 4 date unit, 5 digit, 6 letter, 7 joiner.
    """
    types = np.ones(len(folded), dtype=np.uint8)
    types[is_han(folded)] = 2
    for number, members in ((3, HAN_DIGITS), (4, DATE_UNITS), (5, "0"), (6, "a"), (7, JOINERS), (0, "\n")):
        types[np.isin(folded, [ord(c) for c in members])] = number
    return types


class LinearModel:
    """The arrays of a trained model, ready to score text."""

    def __init__(self, model: Model) -> None:
        arrays = model.arrays
        if model.card.get("kind") != KIND:
            raise ModelError(model.name, f"kind {model.card.get('kind')!r}: a segmenter's kind is {KIND!r}")
        self.identity = model.identity
        alphabet = arrays["alphabet"]
        every = np.arange(0x10000, dtype=np.uint32)
        by_folded = np.where(is_han(every), UNKNOWN_HAN, UNKNOWN_OTHER).astype(np.uint16)
        by_folded[alphabet] = np.arange(FIRST_SYMBOL, FIRST_SYMBOL + len(alphabet))
        traditional, simplified = arrays["variants"].T
        by_folded[traditional] = by_folded[simplified]
        self._symbols = by_folded[folded_symbols(every)]
        known = character_types(alphabet.astype(np.uint32))
        self._types = np.concatenate([np.array([0, 2, 1], dtype=np.uint8), known])
        self._type_scores: Shorts = arrays["types"]
        self._start_scores: Shorts = arrays["dictionary_boundary"]
        self._single_scores: Shorts = arrays["dictionary_single"]
        self._characters: Shorts = arrays["rows1"]
        self._tables = [NgramTable(arrays[f"displacement{n}"], arrays[f"slots{n}"]) for n in ORDERS]
        self._rows: list[Shorts] = [arrays[f"rows{n}"] for n in ORDERS]

    def scores(self, points: NDArray[np.uint32]) -> tuple[Shorts, Shorts]:
        """For each character the scores of a word starting there and of the character being a word."""
        boundary, single = np.empty(len(points), dtype=np.int16), np.empty(len(points), dtype=np.int16)
        symbols = self._symbol(points)
        for begin in range(0, len(points), _CHUNK):
            end = min(begin + _CHUNK, len(points))
            chunk = self._chunk_scores(symbols[begin : end + 2 * _HALO])
            boundary[begin:end], single[begin:end] = chunk
        return boundary, single

    def _symbol(self, points: NDArray[np.uint32]) -> NDArray[np.uint16]:
        """Symbol numbers, with a margin of zeros on both sides."""
        padded = np.zeros(len(points) + 2 * _HALO, dtype=np.uint16)
        symbols = padded[_HALO : _HALO + len(points)]
        self._symbols.take(points, mode="clip", out=symbols)
        if len(points) and int(points.max()) > 0xFFFF:
            beyond = points > 0xFFFF
            symbols[beyond] = np.where(is_han(points[beyond]), UNKNOWN_HAN, UNKNOWN_OTHER)
        return padded

    def _chunk_scores(self, symbols: NDArray[np.uint16]) -> tuple[Shorts, Shorts]:
        keys = symbols.astype(np.uint32)
        wide = keys
        total = self._characters.take(symbols, axis=0, mode="clip")
        words = []
        for order, table, rows in zip(ORDERS, self._tables, self._rows, strict=True):
            keys = extend(keys[:-1], wide[order - 1 :])
            found = rows.take(table.rows(mixed(keys)), axis=0, mode="clip")
            words.append(found[:, CLASS_AT].astype(np.uint8))
            total[: len(found)] += found
        start, end, over = _dictionary_context(words, len(symbols))
        inside = slice(_HALO, len(symbols) - _HALO)
        after = slice(_HALO + 1, len(symbols) - _HALO + 1)
        boundary = self._type_score(symbols)
        boundary += self._start_scores.take((start << 10 | end << 5 | over)[inside], mode="clip")
        single = self._single_scores.take(end[inside] << 5 | start[after], mode="clip")
        for place, offset in enumerate(BOUNDARY_OFFSETS):
            boundary += total[_HALO - offset : len(symbols) - _HALO - offset, place]
        for place, offset in enumerate(SINGLE_OFFSETS, start=SINGLE_AT):
            single += total[_HALO - offset : len(symbols) - _HALO - offset, place]
        return boundary, single

    def _type_score(self, symbols: NDArray[np.uint16]) -> Shorts:
        """Scores of the six types around each boundary: three characters before it, three after."""
        count = len(symbols) - 2 * _HALO
        first = _HALO - TYPE_WINDOW // 2
        around = symbols[first : first + count + TYPE_WINDOW - 1]
        types = self._types.take(around, mode="clip").astype(np.uint32)
        pairs = (types[:-1] << 3) | types[1:]
        code = (pairs[:-4] << 12) | (pairs[2:-2] << 6) | pairs[4:]
        return self._type_scores.take(code, mode="clip")


def _dictionary_context(words: list[Bytes], count: int) -> tuple[NDArray[np.uint16], ...]:
    """For each boundary the class of the longest dictionary word that starts, ends and runs over there.

    `words[k]` has the class of the dictionary word of k + 2 characters that starts at each character; classes of
    longer words are greater.
    """
    start, end, over = (np.zeros(count, dtype=np.uint8) for _ in range(3))
    for length, found in enumerate(words, start=2):
        for offset in range(length + 1):
            target = start if offset == 0 else end if offset == length else over
            part = target[offset:]
            size = min(len(part), len(found))
            np.maximum(part[:size], found[:size], out=part[:size])
    return start.astype(np.uint16), end.astype(np.uint16), over.astype(np.uint16)


class LinearSegmenter(Backend):
    """The packaged model, or one from a folder, with a lexicon laid over its words.

    Raises `ModelError` if the model is missing, damaged or not a segmenter.

    >>> from npp_nlp.lexicon import Lexicon
    >>> LinearSegmenter(lexicon=Lexicon.from_terms(["新质生产力"])).segment("因地制宜发展新质生产力")
    ['因地制宜', '发展', '新质生产力']
    """

    name = "linear"

    def __init__(self, *, lexicon: Lexicon | None = None, model: str | Path = "segmenter") -> None:
        super().__init__(lexicon=lexicon)
        self._model = _loaded(model)

    @property
    def backend_identity(self) -> str:
        """Name, version and hash of the model."""
        return self._model.identity

    def word_starts(self, joined: Joined) -> NDArray[np.bool_]:
        """The best segmentation of each run of characters between blanks."""
        boundary, single = self._model.scores(joined.points)
        boundary[_inside_years(joined.points)] = -_LIMIT
        boundary[_inside_runs(joined.points)] = -_LIMIT
        return best_boundaries(boundary, single, joined.blank)


def _inside_years(points: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The inner boundaries of years written with four Han digits; 二〇二五年 was rare in the news of 1998."""
    ends = np.flatnonzero(points == ord("年"))
    ends = ends[ends > 4]
    digit = np.isin(points[ends[:, None] - np.arange(1, 6)], [ord(c) for c in _YEAR_DIGITS])
    found = ends[digit[:, :4].all(axis=1) & ~digit[:, 4]]
    return (found[:, None] - np.arange(4)).ravel()


def _inside_runs(points: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The boundaries between two digits or two Latin letters; addresses such as /2025.htm were unknown in 1998."""
    kind = _run_kinds().take(points, mode="clip")
    return np.flatnonzero((kind[1:] == kind[:-1]) & (kind[1:] > 0)) + 1


@lru_cache(maxsize=1)
def _run_kinds() -> NDArray[np.uint8]:
    """1 for digits, 2 for Latin letters, of full and half width, for the basic plane."""
    folded = folded_symbols(np.arange(0x10000, dtype=np.uint32))
    kinds = np.zeros(0x10000, dtype=np.uint8)
    kinds[folded == ord("0")] = 1
    kinds[folded == ord("a")] = 2
    return kinds


@lru_cache(maxsize=4)
def _loaded(folder: str | Path) -> LinearModel:
    return LinearModel(load_model(folder))
