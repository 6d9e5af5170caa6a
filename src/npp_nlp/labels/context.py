"""What headings and neighbours say of a paragraph: one small correction of its own probabilities.

The score of label k for a paragraph is

    own · ln p_k + near_k · ln n_k + section_k · ln s_k + heading[t, k]

with p its own probabilities, n the mean of the neighbours' (two to each side, the nearer counting double), s the
mean of the rest of its section, and t what the heading above it announces: review, tasks, problems or nothing.
A softmax makes probabilities of the scores. The weights were learnt from whole reports.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from npp_nlp.document import Paragraph

Floats = NDArray[np.float64]

ANNOUNCED: tuple[str, ...] = ("nothing", "review", "tasks", "problems")
_HEADINGS = (
    ("problems", re.compile("问题|困难|挑战|不足|短板|风险")),
    ("tasks", re.compile("任务|目标|要求|安排|部署|建议|重点工作|今后|措施|举措|打算|明年|方针|奋斗|规划")),
    ("review", re.compile("回顾|过去|以来|执行情况|完成情况|成就|成绩|取得|工作总结|进展|伟大胜利|新局面")),
)
_ENUMERATED = re.compile(
    r"(?:[(（]?[一二三四五六七八九十]{1,3}[)）、.．]|第[一二三四五六七八九十]{1,3}[部章篇])"
)
_LONGEST = 45
EPSILON = 0.02


class Weights(NamedTuple):
    """The weights of the correction; columns in the order of the labels."""

    own: float
    near: Floats
    section: Floats
    heading: Floats

    @classmethod
    def from_array(cls, packed: Floats) -> Weights:
        """From one array of rows own, near, section, and one row for each of `ANNOUNCED`."""
        return cls(float(packed[0, 0]), packed[1], packed[2], packed[3:])

    def to_array(self) -> Floats:
        """The reverse of `from_array`."""
        own = np.full(len(self.near), self.own)
        return np.vstack([own, self.near, self.section, self.heading])


class Surroundings(NamedTuple):
    """Neighbours' and section's mean probabilities, and what the heading above announces (index in `ANNOUNCED`)."""

    near: Floats
    section: Floats
    announced: NDArray[np.intp]


def announces(heading: str) -> str:
    """What a heading announces: review, tasks, problems or nothing.

    >>> announces("一、2024年工作回顾"), announces("二、主要任务"), announces("附则")
    ('review', 'tasks', 'nothing')
    """
    return next((name for name, pattern in _HEADINGS if pattern.search(heading)), "nothing")


def _is_heading(paragraph: Paragraph) -> bool:
    text = paragraph.text.strip()
    if paragraph.kind == "heading":
        return len(text) <= _LONGEST
    return len(text) <= _LONGEST and bool(_ENUMERATED.match(text)) and text[-1:] not in "。；;，："


def _sections(paragraphs: Sequence[Paragraph]) -> tuple[list[int], list[int]]:
    """Number of the section and announcement of each paragraph; a heading belongs to the section it opens.

    Only headings that announce something, or of the top level, open a section; lower ones stay inside it.
    """
    section, announced = [], []
    number, kind, article = 0, 0, None
    for paragraph in paragraphs:
        if paragraph.article != article:
            number, kind, article = number + 1, 0, paragraph.article
        if _is_heading(paragraph):
            said = ANNOUNCED.index(announces(paragraph.text))
            top = paragraph.level == 1 or bool(
                re.match("[一二三四五六七八九十]{1,3}、", paragraph.text.strip())
            )
            if said or top:
                number, kind = number + 1, said if said or top else kind
        section.append(number)
        announced.append(kind)
    return section, announced


def surroundings(
    paragraphs: Sequence[Paragraph], probabilities: Floats, chosen: Sequence[int]
) -> Surroundings:
    """What surrounds the paragraphs with indices `chosen`, whose own probabilities are given row by row."""
    all_sections, all_announced = _sections(paragraphs)
    where = np.array(chosen, dtype=np.intp)
    section = np.array(all_sections, dtype=np.intp)[where]
    uniform = np.full(probabilities.shape[1], 1 / probabilities.shape[1])
    total, weight = np.zeros_like(probabilities), np.zeros(len(where))
    for distance, share in ((1, 1.0), (2, 0.5)):
        same = np.flatnonzero(section[distance:] == section[:-distance])
        for one, other in ((same, same + distance), (same + distance, same)):
            total[one] += share * probabilities[other]
            weight[one] += share
    near = np.where(weight[:, None] > 0, total / np.maximum(weight, 1e-9)[:, None], uniform)
    group = np.unique(section, return_inverse=True)[1]
    size = np.bincount(group)[group] - 1
    sums = np.stack([np.bincount(group, column)[group] for column in probabilities.T], axis=1) - probabilities
    # Few others say little: three uniform paragraphs are added to every section.
    rest = (sums + 3 * uniform) / (size + 3)[:, None]
    return Surroundings(near, rest, np.array(all_announced, dtype=np.intp)[where])


def scores(probabilities: Floats, around: Surroundings, weights: Weights) -> Floats:
    """The scores of the formula above."""
    own = weights.own * np.log(probabilities + EPSILON)
    near = weights.near * np.log(around.near + EPSILON)
    section = weights.section * np.log(around.section + EPSILON)
    return np.asarray(own + near + section + weights.heading[around.announced])
