"""Diffusion from the centre to the regions: who takes up which term or sentence, and after how long.

Layer 6. Diffusion is meant as in the study of policy diffusion (Walker 1969): the spread of something new among governments
over time. What is shown is that a region says later what the centre said before, not that it says so because of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.counting.known import per_document
from npp_nlp.document import Corpus, Source, as_corpus
from npp_nlp.lexicon import Lexicon
from npp_nlp.reuse.finding import SIMILARITY, check_options, ordered, place_of, table
from npp_nlp.reuse.matches import find_matches
from npp_nlp.reuse.passages import Ints, cut

if TYPE_CHECKING:
    import pandas as pd

TERMS = {
    "term": "str",
    "region": "str",
    "status": "str",
    "first_centre": "object",
    "centre_doc_id": "str",
    "first_region": "object",
    "region_doc_id": "str",
    "lag": "float64",
    "n_centre": "int64",
    "n_region": "int64",
}
PASSAGES = {
    "region": "str",
    "doc_id": "str",
    "paragraph": "int64",
    "start": "int64",
    "end": "int64",
    "text": "str",
    "source_doc_id": "str",
    "source_start": "int64",
    "source_end": "int64",
    "source_text": "str",
    "similarity": "float64",
    "kind": "str",
    "lag": "float64",
}
LEFT_OUT = {"doc_id": "str", "reason": "str"}


@dataclass(frozen=True)
class Diffusion:
    """What spread from the centre: tables of terms and of passages, and the documents that were left out.

    `terms` has a row for each term and region: term, region, status, first_centre and centre_doc_id (value of `order`
    and document of its first use in the centre), first_region and region_doc_id, lag (years from the first use in the
    centre to that in the region), n_centre and n_region (occurrences, those inside longer terms
    too). Status is "adopted" (later than the centre),
    "together" (at the same time), "before" (earlier than the centre), "never" (not in the region), "region only".

    `passages` has a row for each passage of a region that stands in an earlier central document: region, doc_id,
    paragraph, start, end, text, source_doc_id, source_start, source_end, source_text, similarity, kind, lag (years from
    that document). `left_out` lists doc_id and reason of documents without a region or without a time.
    """

    terms: pd.DataFrame
    passages: pd.DataFrame
    left_out: pd.DataFrame


def diffusion(
    source: Source,
    terms: Lexicon | Iterable[str] | None = None,
    *,
    centre: str = "全国",
    by: str = "region",
    order: str = "year",
    similarity: float = SIMILARITY,
) -> Diffusion:
    """Which terms and sentences of the centre the regions take up, and how long after.

    The centre is the documents whose metadata `by` is `centre`; every other value is a region. `order` is a year or an
    ISO date ("2026-02-03"). `terms` are those to follow, by default all of the policy lexicon that the centre uses.
    Rows of terms are sorted by term and region, those of passages are in reading order. A passage counts as taken
    up under the rules of `npp_nlp.reused_passages`, from central documents of an earlier `order` only.

    Nothing is known of the time before the first document: a term of the earliest central report may be older, so its
    lag is a lower bound. Documents without a region or a time are listed in `left_out`, never guessed. Raises
    `ValueError` if no document belongs to the centre, or if a time is neither a year nor a date.

    >>> from npp_nlp import Corpus, Document
    >>> texts = [("a", 2023, "全国", "要发展新质生产力。"), ("b", 2026, "甲省", "发展新质生产力。")]
    >>> corpus = Corpus(tuple(Document.from_text(t, id=i, year=y, region=r) for i, y, r, t in texts))
    >>> found = diffusion(corpus, ["新质生产力"])
    >>> found.terms[["term", "region", "status", "first_centre", "first_region", "lag"]].values.tolist()
    [['新质生产力', '甲省', 'adopted', 2023, 2026, 3.0]]
    """
    least = check_options(None, similarity, "sentence")
    corpus, left_out = _known(as_corpus(source), by, order)
    placed = _Placed.of(corpus, by, order, centre)
    lexicon = Lexicon.default() if terms is None else terms
    if not isinstance(lexicon, Lexicon):
        lexicon = Lexicon.from_terms(list(lexicon))
    followed = _followed(corpus, placed, lexicon, order, only_central=terms is None)
    taken = _taken(corpus, placed, similarity, least)
    return Diffusion(
        table(sorted(followed, key=lambda row: row[:2]), TERMS),
        table(taken, PASSAGES),
        table(left_out, LEFT_OUT),
    )


def _known(corpus: Corpus, by: str, order: str) -> tuple[Corpus, list[tuple[str, str]]]:
    """The documents with a region and a time, and the others with the reason."""
    without_time = set(ordered(corpus, order)[2])
    without_region = set(ordered(corpus, by)[2])
    left_out = []
    for document in corpus:
        missing = [n for n, ids in ((by, without_region), (order, without_time)) if document.id in ids]
        if missing:
            left_out.append((document.id, f"no {' and no '.join(missing)}"))
    gone = {name for name, _ in left_out}
    return Corpus(tuple(d for d in corpus if d.id not in gone)), left_out


@dataclass(frozen=True)
class _Placed:
    """Region, time in years and rank in time of each document; `regions` are those other than the centre, by name."""

    region: list[str]
    years: NDArray[np.float64]
    rank: Ints
    central: NDArray[np.bool_]
    regions: list[str]

    @classmethod
    def of(cls, corpus: Corpus, by: str, order: str, centre: str) -> _Placed:
        region = [str(document.value(by)) for document in corpus]
        if centre not in region:
            raise ValueError(f"centre={centre!r}: no document with a value of {order!r} has it as {by!r}")
        years = np.array([_years(document.value(order), order) for document in corpus])
        rank = np.unique(years, return_inverse=True)[1].astype(np.int64)
        central = np.array([name == centre for name in region])
        return cls(region, years, rank, central, sorted(set(region) - {centre}))


def _years(time: Any, order: str) -> float:
    """A year, or a date as a year with a fraction."""
    if isinstance(time, Real):
        return float(time)
    try:
        text = str(time).strip()
        if text.isdecimal() and len(text) == 4:
            return float(text)
        day = date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(
            f"order={order!r}: {time!r} is neither a year nor a date such as 2026-02-03"
        ) from None
    return day.year + (day.timetuple().tm_yday - 1) / 366


def _followed(
    corpus: Corpus, placed: _Placed, lexicon: Lexicon, order: str, *, only_central: bool
) -> list[tuple[Any, ...]]:
    """Rows of the terms table."""
    counted = per_document(corpus.documents, lexicon, None)
    first: dict[tuple[int, str], int] = {}
    total: dict[tuple[int, str], int] = {}
    side = ["" if central else name for central, name in zip(placed.central, placed.region, strict=True)]
    columns = (counted.entry.tolist(), counted.document.tolist(), (counted.n + counted.nested).tolist())
    for entry, document, n in zip(*columns, strict=True):
        if n:
            key = (entry, side[document])
            old = first.setdefault(key, document)
            first[key] = min(old, document, key=lambda d: (placed.rank[d], d))
            total[key] = total.get(key, 0) + n
    rows = []
    for entry, known in enumerate(lexicon.entries):
        centre = first.get((entry, ""))
        if centre is None and only_central:
            continue
        for name in placed.regions:
            local = first.get((entry, name))
            status, lag = _status(placed, centre, local)
            places = [
                (None, "") if d is None else (corpus[d].value(order), corpus[d].id) for d in (centre, local)
            ]
            counts = (total.get((entry, ""), 0), total.get((entry, name), 0))
            rows.append((known.term, name, status, *places[0], *places[1], lag, *counts))
    return rows


def _status(placed: _Placed, centre: int | None, local: int | None) -> tuple[str, float]:
    if local is None:
        return "never", np.nan
    if centre is None:
        return "region only", np.nan
    lag = float(placed.years[local] - placed.years[centre])
    return "adopted" if lag > 0 else "before" if lag < 0 else "together", lag


def _taken(corpus: Corpus, placed: _Placed, similarity: float, min_length: int) -> list[tuple[Any, ...]]:
    """Rows of the passages table."""
    passages = cut(corpus.documents)
    kept = np.flatnonzero(passages.lengths() >= min_length)
    central = placed.central[passages.document[kept]]
    level = placed.rank[passages.document]
    rows = []
    for match in find_matches(passages.keys, level, kept[central], kept[~central], least=similarity):
        sides = []
        for number in (match.target, match.source):
            place, start, end = place_of(passages, number)
            sides.append((place, start, end, corpus[place].text[start:end]))
        new, old = sides
        row = (placed.region[new[0]], corpus[new[0]].id, int(passages.paragraph[match.target]), *new[1:])
        lag = float(placed.years[new[0]] - placed.years[old[0]])
        kind = "exact" if match.exact else "near"
        rows.append((*row, corpus[old[0]].id, *old[1:], match.similarity, kind, lag))
    return rows
