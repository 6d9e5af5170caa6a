"""How the paragraphs of a text open and how long they grow, learned from the places where the layout leaves no doubt.

Where a sentence ends in the middle of a line its paragraph goes on; where it ends on a line that is not full, its
paragraph ends. Where it ends on a full line, the shape of the next sentence and the length of the paragraph so far
tell what is likelier: naive Bayes over three features, smoothed towards no evidence.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable
from itertools import accumulate
from math import log2
from typing import NamedTuple

from npp_nlp.layout.lines import Line

_END = re.compile("[。！？][”’」』）)]*")
_PARTS = re.compile("[，、；：]")
_CLAUSE = re.compile("[，、；：。！？]")
_PRIOR = 20
"""So many imagined places, spread as all are, stand beside the ones that were seen."""
MOST_BITS = 3.0

Shape = tuple[tuple[int, int], int]


class Habits(NamedTuple):
    """Bits for the end of a paragraph by the length so far, the shape of the next sentence, and its first clause.

    `shapes` gives for every line the shape of the sentence that begins with it.
    """

    length: dict[Hashable, float]
    sentence: dict[Hashable, float]
    clause: dict[Hashable, float]
    shapes: list[Shape]

    def bits(self, length: int, shape: Shape) -> float:
        """Evidence for the end of a paragraph of so many characters before a sentence of this shape."""
        sentence, clause = shape
        found = self.length.get(_size(length), 0.0) + self.sentence.get(sentence, 0.0)
        return max(-MOST_BITS, min(MOST_BITS, found + self.clause.get(clause, 0.0) / 2))


NONE = Habits({}, {}, {}, [])


def learn(lines: list[Line], closed: list[bool]) -> Habits:
    """Learn the habits of a text whose lines are wrapped; `closed` says where a line ends something for certain."""
    text = "".join([line.text for line in lines])
    starts = [0, *accumulate(len(line.text) for line in lines)]
    breaks = sorted(
        {found.end() for found in _END.finditer(text)} | {starts[i + 1] for i, c in enumerate(closed) if c}
    )
    shapes = [_shape(_sentence(text, starts[i], breaks)) for i in range(len(lines))]
    places: list[tuple[bool, int, Shape]] = []
    begun = line = 0
    for at in breaks[:-1]:
        while starts[line + 1] <= at:
            line += 1
        ends_line = starts[line] == at and line > 0
        ends = ends_line and closed[line - 1]
        if ends and lines[line - 1].ending == "final" and not _apart(lines[line]):
            places.append((True, at - begun, shapes[line]))
        elif not ends_line:
            places.append((False, at - begun, _shape(_sentence(text, at, breaks))))
        if ends:
            begun = at
    return Habits(
        _odds((end, _size(length)) for end, length, _ in places),
        _odds((end, shape[0]) for end, _, shape in places),
        _odds((end, shape[1]) for end, _, shape in places),
        shapes,
    )


def _apart(line: Line) -> bool:
    """Whether a line opens a heading or a numbered item, which tell nothing about plain paragraphs."""
    return line.mark is not None or (line.width <= 30 and line.ending in ("open", "closed"))


def _sentence(text: str, start: int, breaks: list[int]) -> str:
    after = bisect_right(breaks, start)
    return text[start : breaks[after] if after < len(breaks) else len(text)][:400]


def _shape(sentence: str) -> Shape:
    """Length and number of clauses of a sentence, and the length of its first clause, all in steps."""
    first = _CLAUSE.split(sentence, maxsplit=1)[0]
    return (min(len(sentence) // 5, 8), min(len(_PARTS.split(sentence)), 3)), min(len(first) // 3, 7)


def _size(length: int) -> int:
    return min(int(2 * log2(max(length, 1))), 18)


def _odds(seen: Iterable[tuple[bool, Hashable]]) -> dict[Hashable, float]:
    """Value -> log2 of how much likelier it is at ends of paragraphs than inside them."""
    counts: tuple[Counter[Hashable], Counter[Hashable]] = (Counter(), Counter())
    for end, value in seen:
        counts[end][value] += 1
    inside, ends = counts[0].total(), counts[1].total()
    odds = {}
    for value in counts[0].keys() | counts[1].keys():
        usual = _PRIOR * (counts[0][value] + counts[1][value]) / (inside + ends)
        odds[value] = log2((counts[1][value] + usual) / (ends + _PRIOR)) - log2(
            (counts[0][value] + usual) / (inside + _PRIOR)
        )
    return odds
