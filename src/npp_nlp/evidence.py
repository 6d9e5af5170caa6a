"""From a term back to the passages: concordance (keyword in context).

Layer 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from npp_nlp.document import Corpus, Document, Source, as_corpus
from npp_nlp.labels import classify
from npp_nlp.lexicon import Lexicon

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["doc_id", "group", "paragraph", "label", "left", "term", "right", "start", "end"]


def concordance(
    source: Source, term: str, *, by: str = "year", width: int = 30, labels: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Every passage that holds a term, with `width` characters to each side.

    Table `doc_id, group, paragraph, label, left, term, right, start, end`, in reading order: `group` is the
    document's metadata called `by`, `paragraph` the number of the paragraph, `label` its label (of the table
    `labels` if given, else by `classify`), `term` the words as they stand there (variants of a lexicon term are
    found too), `start` and `end` their offsets in `Document.text`. Raises `ValueError` for a blank term.

    >>> table = concordance("因地制宜发展新质生产力。", "新质生产力", width=2)
    >>> table.loc[0, ["left", "term", "right"]].tolist()
    ['发展', '新质生产力', '。']
    """
    import pandas as pd

    if not term.strip():
        raise ValueError("term must not be blank")
    if width < 0:
        raise ValueError(f"width must be 0 or more characters, not {width}")
    corpus = as_corpus(source)
    wanted = _entry_of(term)
    passages = [row for document in corpus for row in _passages(document, wanted, by, width)]
    frame = pd.DataFrame(passages, columns=[c for c in COLUMNS if c != "label"])
    if labels is None:
        held = set(frame["doc_id"])
        labels = classify(Corpus(tuple(d for d in corpus if d.id in held)))
    known = labels[["doc_id", "paragraph", "label"]].drop_duplicates(["doc_id", "paragraph"])
    return frame.merge(known, how="left", on=["doc_id", "paragraph"])[COLUMNS]


def _entry_of(term: str) -> Lexicon:
    """A lexicon of the one term, with its variants where the policy lexicon knows it."""
    known = Lexicon.default()
    canonical = known.canonical(term)
    if canonical is None:
        return Lexicon.from_terms([term])
    return Lexicon(tuple(e for e in known.entries if e.term == canonical), name="one term")


def _passages(document: Document, wanted: Lexicon, by: str, width: int) -> list[tuple[object, ...]]:
    texts = [paragraph.text for paragraph in document.paragraphs]
    found = wanted.find(texts)
    rows: list[tuple[object, ...]] = []
    for number, start, end in zip(found.text.tolist(), found.start.tolist(), found.end.tolist(), strict=True):
        paragraph, text = document.paragraphs[number], texts[number]
        left, right = text[max(0, start - width) : start], text[end : end + width]
        place = (paragraph.start + start, paragraph.start + end)
        rows.append((document.id, document.value(by), number, left, text[start:end], right, *place))
    return rows
