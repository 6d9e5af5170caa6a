"""Text to text and text to code points: folding of widths and quotes, sentence spans.

Layer 2. Every function keeps offsets: position i of the result speaks of position i of the input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from npp_nlp.variants import SIMPLIFIED, TRADITIONAL

_QUOTES = "“”„‟〝〞＂「」『』﹁﹂﹃﹄‘’‚‛＇\"'"
_SINGLE = {"﹢": "+", "﹣": "-", "－": "-", "–": "—", "―": "—", "─": "—", "　": " ", "\u00a0": " "}
_DOTS = "•‧・･∙⋅"

_SURROGATE = re.compile("[\ud800-\udfff]")
_SENTENCE = re.compile(r"[^。！？!?…\n]*(?:[。！？!?…]+[”’」』）)\]】》\"']*|\n+|$)")


@cache
def _fold_table() -> NDArray[np.uint16]:
    """Code point -> folded code point for the basic plane."""
    table = np.arange(0x10000, dtype=np.uint16)
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F)
    for char in _DOTS:
        table[ord(char)] = ord("·")
    for char, to in _SINGLE.items():
        table[ord(char)] = ord(to)
    for char in _QUOTES:
        table[ord(char)] = ord('"')
    for traditional, simplified in zip(TRADITIONAL, SIMPLIFIED, strict=True):
        table[ord(traditional)] = ord(simplified)
    upper = (table >= ord("A")) & (table <= ord("Z"))
    table[upper] += 32
    table.setflags(write=False)
    return table


@cache
def _fold_map() -> dict[int, int]:
    """What changes in the table, for single strings: on short ones `str.translate` is the faster."""
    table = _fold_table()
    changed = np.flatnonzero(table != np.arange(0x10000))
    return dict(zip(changed.tolist(), table[changed].tolist(), strict=True))


def batches(lengths: Iterable[int], most: int) -> Iterator[slice]:
    """Consecutive items of at most so many characters together, but at least one, as slices.

    >>> list(batches([3, 4, 9, 1], 8))
    [slice(0, 2, None), slice(2, 3, None), slice(3, 4, None)]
    """
    begin = end = size = 0
    for end, length in enumerate(lengths, start=1):
        if size and size + length > most:
            yield slice(begin, end - 1)
            begin, size = end - 1, 0
        size += length
    if begin < end:
        yield slice(begin, end)


def valid_unicode(text: str) -> str:
    r"""The text with lone surrogates, which no table or file can hold, as U+FFFD; one for one, so offsets stay.

    >>> valid_unicode("新\ud800质") == "新\ufffd质"
    True
    """
    return _SURROGATE.sub("\ufffd", text)


def codepoints(text: str) -> NDArray[np.uint32]:
    """The code points of `text`, one per character; lone surrogates included.

    >>> codepoints("新质").tolist()
    [26032, 36136]
    """
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def fold_codepoints(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Fold code points for matching: full width to half width, all quotes to one, lower case, simplified.

    Same length as the input; the text itself is never changed.
    """
    table = _fold_table()
    inside = np.minimum(points, 0xFFFF)
    folded = table[inside].astype(np.uint32)
    outside = points > 0xFFFF
    if outside.any():
        folded[outside] = points[outside]
    return folded


def fold(text: str) -> str:
    """The folded form of `text`, character by character.

    >>> fold("“人工智能＋”ＡＩ　５．５％"), fold("國務院")
    ('"人工智能+"ai 5.5%', '国务院')
    """
    return text.translate(_fold_map())


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of `text`: they end at 。！？… or a line break, closing quotes included.

    The spans touch, so joining them gives the text back; blank ones are left out only if nothing is left.

    >>> s = "深化改革。“扩大开放！”他说。"
    >>> [s[a:b] for a, b in sentence_spans(s)]
    ['深化改革。', '“扩大开放！”', '他说。']
    """
    return [m.span() for m in _SENTENCE.finditer(text) if m.end() > m.start()]
