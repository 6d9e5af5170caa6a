"""Any spaCy pipeline as a segmenter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.segmentation.base import Backend, Joined

if TYPE_CHECKING:
    from spacy.language import Language

    from npp_nlp.lexicon import Lexicon


class SpacySegmenter(Backend):
    """The tokens of a spaCy `Language` with a lexicon laid over them; only its tokenizer is run.

    >>> import spacy
    >>> from npp_nlp.lexicon import Lexicon
    >>> segmenter = SpacySegmenter(spacy.blank("zh"), lexicon=Lexicon.from_terms(["生产力"]))
    >>> segmenter.segment("新质生产力")
    ['新', '质', '生产力']
    """

    name = "spacy"

    def __init__(self, nlp: Language, *, lexicon: Lexicon | None = None) -> None:
        if not callable(getattr(nlp, "make_doc", None)):
            raise TypeError(
                f"nlp is {type(nlp).__name__}: must be a spaCy Language, such as spacy.blank('zh')"
            )
        super().__init__(lexicon=lexicon)
        self.nlp = nlp

    @property
    def backend_identity(self) -> str:
        """The pipeline's name and version."""
        meta: dict[str, Any] = self.nlp.meta
        return f"spacy {meta['lang']}_{meta['name'] or 'blank'} {meta['version']}"

    def word_starts(self, joined: Joined) -> NDArray[np.bool_]:
        """Where spaCy's tokens start and end."""
        starts = np.zeros(len(joined.points), dtype=np.bool_)
        for text, offset in zip(joined.valid, joined.offsets.tolist(), strict=True):
            for token in self.nlp.make_doc(text):
                starts[[offset + token.idx, offset + token.idx + len(token.text)]] = True
        return starts
