"""jieba as a segmenter: a tokenizer of its own per object, no cache file, no logging."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from npp_nlp.segmentation.base import Backend, Joined, starts_from_words

if TYPE_CHECKING:
    from npp_nlp.lexicon import Lexicon

Engine = Literal["jieba", "rjieba"]


class JiebaSegmenter(Backend):
    """jieba's words with a lexicon laid over them; the global `jieba.dt` is never touched.

    `hmm` joins characters to words that are not in jieba's dictionary. `engine="rjieba"` takes the Rust version
    instead, many times as fast; some words differ, so it is never chosen by what happens to be installed, and
    `identity` names it. Raises `ImportError` if it is asked for and not installed.

    >>> from npp_nlp.lexicon import Lexicon
    >>> JiebaSegmenter(lexicon=Lexicon.from_terms(["新质生产力"])).segment("发展新质生产力")
    ['发展', '新质生产力']
    """

    name = "jieba"

    def __init__(self, *, lexicon: Lexicon | None = None, hmm: bool = True, engine: Engine = "jieba") -> None:
        if engine not in get_args(Engine):
            raise ValueError(f"engine {engine!r}: must be one of {get_args(Engine)}")
        super().__init__(lexicon=lexicon)
        self.hmm = hmm
        self.engine = engine
        self._cut, self._version = _rust() if engine == "rjieba" else _python()

    @property
    def backend_identity(self) -> str:
        """Engine and its version, and whether its model for unknown words is off."""
        return f"{self.engine} {self._version}{'' if self.hmm else ' without HMM'}"

    def word_starts(self, joined: Joined) -> NDArray[np.bool_]:
        """Where jieba starts its words."""
        return starts_from_words(joined, (self._cut(text, self.hmm) for text in joined.valid))


Cut = Callable[[str, bool], Iterable[str]]


def _python() -> tuple[Cut, str]:
    import jieba

    tokenizer = jieba.Tokenizer()
    # What initialize() does, without its cache: that is a marshal file in the shared temporary folder.
    tokenizer.FREQ, tokenizer.total = jieba.Tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return lambda text, hmm: tokenizer.cut(text, HMM=hmm), str(jieba.__version__)


def _rust() -> tuple[Cut, str]:
    try:
        tokenizer = import_module("rjieba").Jieba()
    except ImportError as error:
        raise ImportError('engine "rjieba" is not installed: pip install rjieba') from error
    return lambda text, hmm: tokenizer.cut(text, hmm=hmm), version("rjieba")
