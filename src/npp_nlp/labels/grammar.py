"""The grammar of a text as features: parts of speech in order, and the words that tell tense, mood and stance as they are.

加快建设现代化产业体系 and 深入推进新型城镇化 share no character, but both are a bare verb with its object: a driver. Runs of
one to four parts of speech hold for words that no labelled paragraph has.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from npp_nlp.segmentation import default_segmenter
from npp_nlp.segmentation.default import tags_of
from npp_nlp.variants import SIMPLIFIED, TRADITIONAL

Hashes = NDArray[np.uint64]
Ints = NDArray[np.intp]

LONGEST = 4
WORDS = (
    "了 过 已 已经 将 要 必须 应 应当 着力 力争 仍 还 不 没有 以来 去年 今年 明年 过去 累计 达到 增长 左右 以上 进一步 更加 "
    "继续 加快 推进 推动 坚持 实现 完成 取得 存在 问题 困难 压力 不足 各位 代表 感谢 我们 可以 能够 是 为 指 即 本 有"
)
"""Words that stand for themselves."""
_SIMPLE = str.maketrans(TRADITIONAL, SIMPLIFIED)
CLAUSE_ENDS = "，。；：！？,;:!?…"
_SPREAD, _CHAIN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0x100000001B3)


@cache
def _symbols() -> dict[str, int]:
    """A number for each word that stands for itself and for each mark; parts of speech get the numbers from 1000."""
    found = {word: i for i, word in enumerate(WORDS.split(), start=1)}
    return found | dict.fromkeys(CLAUSE_ENDS, 500) | {"、": 501}


def grammar_runs(texts: Sequence[str]) -> tuple[Hashes, Ints, Ints]:
    """Hash, text and offset (in its text) of every run of up to four symbols; a text begins with the end of a clause.

    >>> runs, text, offset = grammar_runs(["推进改革。"])
    >>> len(runs), sorted(set(offset.tolist()))
    (10, [0, 2, 4])
    """
    simple = [text.translate(_SIMPLE) for text in texts]
    tokens = default_segmenter().segment_batch(simple, granularity="word")
    words = [word for listed in tokens for word in listed]
    kept = np.flatnonzero(~tokens.blank())
    codes = _codes(words, tags_of(words, tokens, context=True))[kept]
    text, offset = tokens.text_numbers()[kept].astype(np.intp), tokens.starts[kept].astype(np.intp)
    first = np.flatnonzero(np.diff(text, prepend=-1))
    symbols = np.insert(codes, first, 500).astype(np.uint64)
    text, offset = np.insert(text, first, text[first]), np.insert(offset, first, offset[first])
    hashes, texts_of, offsets = [], [], []
    run = np.zeros(len(symbols), np.uint64)
    for n in range(LONGEST):
        size = len(symbols) - n
        if size <= 0:
            break
        run = run[:size] * _CHAIN ^ (symbols[n:] + np.uint64(n * 5000)) * _SPREAD
        whole = text[:size] == text[n:]
        hashes.append(run[whole])
        texts_of.append(text[:size][whole])
        offsets.append(offset[:size][whole])
    if not hashes:
        return np.zeros(0, np.uint64), np.zeros(0, np.intp), np.zeros(0, np.intp)
    return np.concatenate(hashes), np.concatenate(texts_of), np.concatenate(offsets)


def _codes(words: Sequence[str], tags: Sequence[str]) -> NDArray[np.int64]:
    """The symbol of each word: its own, one for all numbers, or that of its part of speech."""
    symbols = _symbols()
    numbers = {tag: 1000 + sum(ord(c) << (8 * i) for i, c in enumerate(tag)) for tag in set(tags)}
    kinds = {word: symbols.get(word, 502 if _numeric(word) else 0) for word in set(words)}
    return np.fromiter(
        (kinds[word] or numbers[tag] for word, tag in zip(words, tags, strict=True)), np.int64, len(words)
    )


def _numeric(word: str) -> bool:
    return word[:1].isdigit() and all(c.isdigit() or c in ".,%％．" for c in word)
