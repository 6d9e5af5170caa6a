"""The segmenter used when none is named, and the table of tokens."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from npp_nlp.document import Corpus, Document
from npp_nlp.segmentation.base import Granularity, Segmenter
from npp_nlp.segmentation.linear import LinearSegmenter
from npp_nlp.segmentation.tokens import Tokens

if TYPE_CHECKING:
    import pandas as pd

TOKEN_COLUMNS = ("doc_id", "paragraph", "token", "start", "end", "pos")


@cache
def default_segmenter() -> LinearSegmenter:
    """The packaged model with the packaged lexicon, loaded once."""
    return LinearSegmenter()


def segment(text: str, *, segmenter: Segmenter | None = None, granularity: Granularity = "term") -> list[str]:
    """The words of `text`; joined they give it back, for every str.

    With granularity "term" lexicon terms stay whole, with "word" their inner words are given.

    >>> segment("因地制宜发展生产力")
    ['因地制宜', '发展', '生产力']
    """
    return (segmenter or default_segmenter()).segment(text, granularity=granularity)


def tokens_table(
    subject: Document | Corpus,
    *,
    segmenter: Segmenter | None = None,
    granularity: Granularity = "term",
    pos: Literal["context", "lexicon"] = "context",
) -> pd.DataFrame:
    """Table `doc_id, paragraph, token, start, end, pos` of all tokens but blank ones, in reading order.

    `start` and `end` are character offsets into `Document.text`, `paragraph` is the number in
    `Document.paragraphs`, `pos` a part of speech (see `parts_of_speech`): with "context" from the words around it
    in the paragraph, with "lexicon" the word's most frequent one.
    """
    import pandas as pd

    if pos not in ("context", "lexicon"):
        raise ValueError(f"pos must be one of context, lexicon, not {pos!r}")

    documents = [subject] if isinstance(subject, Document) else list(subject)
    paragraphs = [(d.id, i, p) for d in documents for i, p in enumerate(d.paragraphs)]
    tokens = (segmenter or default_segmenter()).segment_batch(
        [p.text for _, _, p in paragraphs], granularity=granularity
    )
    words = [word for listed in tokens for word in listed]
    tags = _tags(words, tokens, context=pos == "context")
    of = tokens.text_numbers()
    begin = np.array([p.start for _, _, p in paragraphs], dtype=np.int64)[of]
    ids = pd.Series([name for name, _, _ in paragraphs], dtype="str")
    frame = pd.DataFrame(
        {
            "doc_id": ids.take(of).to_numpy(),
            "paragraph": np.array([i for _, i, _ in paragraphs], dtype=np.int64)[of],
            "token": pd.Series(words, dtype="str"),
            "start": begin + tokens.starts,
            "end": begin + tokens.ends,
            "pos": pd.Series(tags, dtype="str"),
        }
    )
    return frame[~tokens.blank()].reset_index(drop=True)


def _tags(words: list[str], tokens: Tokens, *, context: bool) -> list[str]:
    """Parts of speech, each text for itself: line breaks stand between texts."""
    from npp_nlp.segmentation.pos import BREAK, parts_of_speech
    from npp_nlp.segmentation.tagger import REACH

    place = np.arange(len(tokens)) + REACH * tokens.text_numbers()
    spread = np.full(len(tokens) + REACH * len(tokens.texts), BREAK, dtype=object)
    spread[place] = words
    terms = np.zeros(len(spread), dtype=np.bool_)
    terms[place] = tokens.entries >= 0
    tags = parts_of_speech(spread.tolist(), terms=terms, context=context)
    return [tags[i] for i in place.tolist()]
