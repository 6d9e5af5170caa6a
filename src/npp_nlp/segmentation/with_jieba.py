"""jieba as a segmenter: a tokenizer of its own per object, no cache file, no logging."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from npp_nlp.segmentation.base import Backend, Joined, starts_from_words

if TYPE_CHECKING:
    from npp_nlp.lexicon import Lexicon


class JiebaSegmenter(Backend):
    """jieba's words with a lexicon laid over them; the global `jieba.dt` is never touched.

    `hmm` joins characters to words that are not in jieba's dictionary.

    >>> from npp_nlp.lexicon import Lexicon
    >>> JiebaSegmenter(lexicon=Lexicon.from_terms(["新质生产力"])).segment("发展新质生产力")
    ['发展', '新质生产力']
    """

    name = "jieba"

    def __init__(self, *, lexicon: Lexicon | None = None, hmm: bool = True) -> None:
        super().__init__(lexicon=lexicon)
        import jieba

        self.hmm = hmm
        self._version = str(jieba.__version__)
        self._tokenizer = jieba.Tokenizer()
        # What initialize() does, without its cache: that is a marshal file in the shared temporary folder.
        frequencies, total = jieba.Tokenizer.gen_pfdict(self._tokenizer.get_dict_file())
        self._tokenizer.FREQ, self._tokenizer.total = frequencies, total
        self._tokenizer.initialized = True

    @property
    def backend_identity(self) -> str:
        """Version of jieba, and whether its model for unknown words is on."""
        return f"jieba {self._version}{'' if self.hmm else ' without HMM'}"

    def word_starts(self, joined: Joined) -> NDArray[np.bool_]:
        """Where jieba starts its words."""
        cut = self._tokenizer.cut
        return starts_from_words(joined, (cut(text, HMM=self.hmm) for text in joined.texts))
