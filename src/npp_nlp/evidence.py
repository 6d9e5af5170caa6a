"""From a term back to the passages: concordance (keyword in context).

Layer 6.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, get_args

from npp_nlp.dataframes import as_frame
from npp_nlp.document import Corpus, Document, Source, as_corpus
from npp_nlp.labels import classify
from npp_nlp.lexicon import Lexicon
from npp_nlp.masking import shown_text

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ["doc_id", "group", "paragraph", "label", "left", "term", "right", "start", "end"]
Sort = Literal["position", "left", "right"]


def concordance(
    source: Source,
    term: str,
    *,
    by: str = "year",
    width: int = 30,
    labels: pd.DataFrame | None = None,
    sort: Sort = "position",
) -> pd.DataFrame:
    """Every passage that holds a term, with `width` characters to each side.

    Table `doc_id, group, paragraph, label, left, term, right, start, end`, in reading order: `group` is the
    document's metadata called `by`, `paragraph` the number of the paragraph, `label` its label (of the table
    `labels` if given, else by `classify`), `term` the words as they stand there (variants of a lexicon term are
    found too), `start` and `end` their offsets in `Document.text`. `sort` "left" orders by what stands before the term,
    read from the term outwards, "right" by what follows; equal ones stay in reading order.
    Raises `ValueError` for a blank term, a width below 0 or an unknown order.

    >>> table = concordance("因地制宜发展新质生产力。", "新质生产力", width=2)
    >>> table.loc[0, ["left", "term", "right"]].tolist()
    ['发展', '新质生产力', '。']
    """
    if not term.strip():
        raise ValueError("term must not be blank")
    check_options(width, sort)
    corpus = as_corpus(source)
    wanted = _entry_of(term)
    found = wanted.find([shown_text(document) for document in corpus])
    places = zip(found.text.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    frame = passages(corpus, places, by=by, width=width)
    if labels is None:
        held = set(frame["doc_id"])
        labels = classify(Corpus(tuple(d for d in corpus if d.id in held)))
    return arranged(frame, as_frame(labels, "labels"), sort)


def check_options(width: int, sort: str) -> None:
    """Raise `ValueError` for options that `concordance` does not know."""
    if width < 0:
        raise ValueError(f"width must be 0 or more characters, not {width}")
    if sort not in get_args(Sort):
        raise ValueError(f"sort must be one of {', '.join(get_args(Sort))}, not {sort!r}")


def passages(corpus: Corpus, places: Iterable[tuple[int, int, int]], *, by: str, width: int) -> pd.DataFrame:
    """The rows of a concordance, without labels, of places: number of the document, start and end in its text.

    The context ends with the paragraph.
    """
    import pandas as pd

    starts: dict[int, list[int]] = {}
    rows = []
    for number, start, end in places:
        document: Document = corpus[number]
        if number not in starts:
            starts[number] = [p.start for p in document.paragraphs]
        at = bisect_right(starts[number], start) - 1
        paragraph = document.paragraphs[at]
        left = document.text[max(paragraph.start, start - width) : start]
        right = document.text[end : min(paragraph.end, end + width)]
        rows.append((document.id, document.value(by), at, left, document.text[start:end], right, start, end))
    return pd.DataFrame(rows, columns=[c for c in COLUMNS if c != "label"])


def arranged(frame: pd.DataFrame, labels: pd.DataFrame, sort: Sort) -> pd.DataFrame:
    """The passages with the labels of their paragraphs, in the wanted order."""
    known = labels[["doc_id", "paragraph", "label"]].drop_duplicates(["doc_id", "paragraph"])
    table = frame.merge(known, how="left", on=["doc_id", "paragraph"])[COLUMNS]
    if sort == "position":
        return table
    context = [text[::-1] for text in table["left"]] if sort == "left" else table["right"].tolist()
    order = sorted(range(len(table)), key=context.__getitem__)
    return table.take(order).reset_index(drop=True)


def _entry_of(term: str) -> Lexicon:
    """A lexicon of the one term, with its variants where the policy lexicon knows it."""
    known = Lexicon.default()
    canonical = known.canonical(term)
    if canonical is None:
        return Lexicon.from_terms([term])
    return Lexicon(tuple(e for e in known.entries if e.term == canonical), name="one term")
