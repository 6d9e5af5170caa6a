"""Text reuse: which sentences of a report stand already in an earlier one, and how much of it is new.

Layer 6. The words are those of the field: reuse is exact when the folded forms are the same (widths, quotes, blanks and
traditional characters make no difference), near when they are similar enough (`npp_nlp.reuse.alignment.similarity`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from npp_nlp.dataframes import as_frame
from npp_nlp.document import Document, Source, as_corpus
from npp_nlp.reuse.matches import find_matches
from npp_nlp.reuse.passages import Ints, Passages, Unit, check_unit, cut, ranks
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import pandas as pd

SIMILARITY = 0.7
"""Similarity from which a passage counts as reused; docs/reuse.md has the figures behind it."""
MIN_LENGTH: dict[Unit, int] = {"sentence": 12, "clause": 17}
"""Characters below which a passage is a set phrase that proves nothing, likewise."""

COLUMNS = {
    "doc_id": "str",
    "paragraph": "int64",
    "start": "int64",
    "end": "int64",
    "text": "str",
    "source_doc_id": "str",
    "source_start": "int64",
    "source_end": "int64",
    "similarity": "float64",
    "kind": "str",
    "first_doc_id": "str",
}
SHARES = {
    "doc_id": "str",
    "order": "object",
    "characters": "int64",
    "exact": "float64",
    "near": "float64",
    "reused": "float64",
    "main_source": "str",
    "main_share": "float64",
}
SPANS = {"doc_id": "str", "start": "int64", "end": "int64"}


def reused_passages(
    source: Source,
    *,
    order: str = "year",
    min_length: int | None = None,
    similarity: float = SIMILARITY,
    unit: Unit = "sentence",
    digits: bool = True,
) -> pd.DataFrame:
    """Sentences or clauses that stand, in the same words or nearly, in an earlier document.

    Table `doc_id, paragraph, start, end, text, source_doc_id, source_start, source_end, similarity, kind, first_doc_id`
    in reading order, documents in the order of the source; offsets count characters of `Document.text`. `order` is the
    metadata that orders the documents: a document of the same value is not earlier. Those without a value are left
    out and listed in `frame.attrs["without_order"]`.

    - `kind` is "exact" (similarity 1) if the passages are equal but for widths, quotes, blanks, case, traditional
      characters, marks at the ends, and with `digits=False` numbers; the source is the latest earlier document that
      has it. Else it is "near": the source is the most alike passage of earlier documents, of equals the latest.
    - `first_doc_id` is the earliest document that has the passage, or had one like it when it first appeared.
    - Similarity is the greater of 2 L / (m + n), L being the length of the longest common subsequence, and the Dice
      coefficient of character pairs, both of the folded forms. Below 0.85 a pair must also share words that are not
      just those of every sentence (`npp_nlp.reuse.alignment.specificity`, by the frequencies of this corpus). Pairs to
      compare come from an index of character shingles (Broder 1997); none is a pass over all pairs.
    - Passages below `min_length` characters, folded, count as set phrases and are left out; by default below 12
      for sentences and 17 for clauses (`MIN_LENGTH`). Headings and running
      text are compared; titles, bylines and residue are not.

    Raises `ValueError` for a `similarity` not between 0.5 and 1, a `min_length` below 1, an unknown `unit`.

    >>> from npp_nlp import Corpus
    >>> texts = ["要着力扩大国内有效需求。坚持房住不炒的定位。", "要着力扩大国内需求。今年要办好几件实事。"]
    >>> table = reused_passages(Corpus.from_texts(texts, years=[2023, 2024]), min_length=8)
    >>> table[["doc_id", "text", "source_doc_id", "similarity", "kind"]].round(2).values.tolist()
    [['1', '要着力扩大国内需求。', '0', 0.9, 'near']]
    """
    least = check_options(min_length, similarity, unit)
    corpus = as_corpus(source)
    rank, _, without = ordered(corpus, order)
    passages = cut(corpus.documents, unit=unit, digits=digits)
    level = rank[passages.document]
    kept = np.flatnonzero((passages.lengths() >= least) & (level >= 0))
    rows = []
    for target, origin, first, alike, exact in find_matches(
        passages.keys, level, kept, kept, least=similarity
    ):
        place, begin, end = place_of(passages, target)
        document, old = corpus[place], corpus[int(passages.document[origin])]
        row = [document.id, int(passages.paragraph[target]), begin, end, document.text[begin:end]]
        row += [old.id, *place_of(passages, origin)[1:], alike, "exact" if exact else "near"]
        rows.append((*row, corpus[int(passages.document[first])].id))
    frame = table(rows, COLUMNS)
    frame.attrs["without_order"] = without
    return frame


def reuse_shares(
    source: Source,
    *,
    passages: pd.DataFrame | None = None,
    order: str = "year",
    min_length: int | None = None,
    similarity: float = SIMILARITY,
    unit: Unit = "sentence",
) -> pd.DataFrame:
    """How much of each document is reused, exactly and nearly, and from which document most.

    Table `doc_id, order, characters, exact, near, reused, main_source, main_share`, a row for each document that has a
    value of `order`, by that value: `characters` are those of all its sentences or clauses, short ones too; the shares are
    of these characters; `reused` is the sum of `exact` and `near`; `main_source` is the document most of it comes from
    (by `source_doc_id`, of equals the first by name), empty without one. `passages` is the table of `reused_passages`,
    if at hand; the options are its options. The other documents are in `frame.attrs["without_order"]`.

    >>> from npp_nlp import Corpus
    >>> texts = ["要着力扩大国内有效需求。", "要着力扩大国内有效需求。今年再办好几件大实事。"]
    >>> shares = reuse_shares(Corpus.from_texts(texts, years=[2023, 2024]), min_length=8)
    >>> shares[["doc_id", "characters", "reused", "main_source"]].values.tolist()
    [['0', 12, 0.0, ''], ['1', 23, 0.5217391304347826, '0']]
    """
    corpus = as_corpus(source)
    if passages is None:
        passages = reused_passages(
            corpus, order=order, min_length=min_length, similarity=similarity, unit=unit
        )
    passages = as_frame(passages, "passages")
    every = cut(corpus.documents, unit=unit)
    characters = np.bincount(every.document, every.end - every.start, minlength=len(corpus)).astype(int)
    taken: dict[str, dict[str, int]] = {}
    columns = ("doc_id", "kind", "source_doc_id", "start", "end")
    for name, kind, old, start, end in zip(*(passages[c].tolist() for c in columns), strict=True):
        counts = taken.setdefault(name, {})
        for part in (f"kind {kind}", f"from {old}"):
            counts[part] = counts.get(part, 0) + end - start
    rank, known, without = ordered(corpus, order)
    rows = []
    for number in sorted(np.flatnonzero(rank >= 0).tolist(), key=lambda n: (rank[n], n)):
        total, name = int(characters[number]), corpus[number].id
        rows.append((name, known[rank[number]], total, *_shares(taken.get(name, {}), total)))
    frame = table(rows, SHARES)
    frame.attrs["without_order"] = without
    return frame


def reused_spans(
    source: Source,
    *,
    passages: pd.DataFrame | None = None,
    order: str = "year",
    min_length: int | None = None,
    similarity: float = SIMILARITY,
    unit: Unit = "sentence",
) -> pd.DataFrame:
    """The spans of text to leave out if only what is new is to be counted.

    Table `doc_id, start, end`: disjoint, in reading order, documents in the order of the source; passages with nothing but
    blanks between them are one span. `passages` is the table of `reused_passages`, if at hand; the options are its options.

    >>> from npp_nlp import Corpus
    >>> texts = ["要着力扩大国内有效需求。", "今年要办实事。要着力扩大国内有效需求。"]
    >>> reused_spans(Corpus.from_texts(texts, years=[2023, 2024]), min_length=8).values.tolist()
    [['1', 7, 19]]
    """
    corpus = as_corpus(source)
    if passages is None:
        passages = reused_passages(
            corpus, order=order, min_length=min_length, similarity=similarity, unit=unit
        )
    passages = as_frame(passages, "passages")
    texts = {document.id: document.text for document in corpus}
    place = {name: number for number, name in enumerate(texts)}
    found = zip(*(passages[c].tolist() for c in ("doc_id", "start", "end")), strict=True)
    spans: list[tuple[str, int, int]] = []
    for name, start, end in sorted(found, key=lambda span: (place[span[0]], span[1:])):
        if spans and spans[-1][0] == name and not texts[name][spans[-1][2] : start].strip():
            spans[-1] = (name, spans[-1][1], max(spans[-1][2], end))
        else:
            spans.append((name, start, end))
    return table(spans, SPANS)


def check_options(min_length: int | None, similarity: float, unit: Unit) -> int:
    """The least length of a passage; raises `ValueError` for a value out of range."""
    check_unit(unit)
    if not 0.5 <= similarity <= 1:
        raise ValueError(f"similarity must be between 0.5 and 1, not {similarity}")
    least = MIN_LENGTH[unit] if min_length is None else min_length
    if least < 1:
        raise ValueError(f"min_length must be 1 or more characters, not {min_length}")
    return least


def ordered(documents: Sequence[Document], order: str) -> tuple[Ints, list[Any], list[str]]:
    """The place of each document by its metadata called `order`, the values in order, and the ids without a value."""
    rank, known = ranks([document.value(order) for document in documents])
    return rank, known, [d.id for d, place in zip(documents, rank.tolist(), strict=True) if place < 0]


def table(rows: Iterable[tuple[Any, ...]], columns: dict[str, str]) -> pd.DataFrame:
    """A table of rows with the given columns and types; lone surrogates, which no table can hold, as U+FFFD."""
    import pandas as pd

    listed = [tuple(valid_unicode(v) if isinstance(v, str) else v for v in row) for row in rows]
    return pd.DataFrame(
        {
            name: pd.Series([row[k] for row in listed], dtype=kind)
            for k, (name, kind) in enumerate(columns.items())
        }
    )


def place_of(passages: Passages, number: int) -> tuple[int, int, int]:
    """Number of the document of a passage, and its offsets there."""
    return int(passages.document[number]), int(passages.start[number]), int(passages.end[number])


def _shares(counts: dict[str, int], total: int) -> tuple[float, float, float, str, float]:
    exact, near = (counts.get(f"kind {kind}", 0) / max(total, 1) for kind in ("exact", "near"))
    sources = {name.removeprefix("from "): n for name, n in counts.items() if name.startswith("from ")}
    main = min(sources, key=lambda name: (-sources[name], name), default="")
    return exact, near, exact + near, main, sources.get(main, 0) / max(total, 1)
