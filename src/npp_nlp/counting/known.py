"""Exact counts of known terms on the raw text, by document or by any grouping, beside what a segmenter would count.

Layer 5. A segmenter that cuts 新质生产力 in two makes its token counts compare fragments. Here terms are counted where they
stand in the text: one walk of the lexicon's automaton (`npp_nlp.matching`) over all documents, folded for quotes,
widths, case and traditional characters; nothing is done per document and term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.document import Document, Source, as_corpus
from npp_nlp.groups import grouping
from npp_nlp.lexicon import Lexicon, as_lexicon
from npp_nlp.masking import shown_characters, shown_text
from npp_nlp.matching import leftmost_longest
from npp_nlp.segmentation import Segmenter, default_segmenter
from npp_nlp.text import batches, codepoints

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Rows = tuple[Ints, Ints, tuple[Ints, ...]]

COLUMNS = {
    "term": "str",
    "n": "int64",
    "n_nested": "int64",
    "docfreq": "int64",
    "n_tokens": "Int64",
    "difference": "Int64",
    "per_10k": "float64",
}
"""Columns after the first one, which is `doc_id` or `group`."""

_GROUP = 400_000  # characters at a time: bounds the temporary arrays


@dataclass(frozen=True)
class Occurrences:
    """All matches of a lexicon in some texts: number of the text, offsets in it, number of the entry.

    `won` marks those that the lexicon's rule chooses, `nested` those that lie inside a longer one of another entry
    that won; matches of one entry that are nested do not overlap one another. The rest crosses a match that won.
    """

    text: Ints
    start: Ints
    end: Ints
    entry: Ints
    won: Bools
    nested: Bools


def find_terms(texts: Sequence[str], lexicon: Lexicon) -> Occurrences:
    """All matches of the lexicon in the texts, in reading order, longer ones first.

    >>> found = find_terms(["新质生产力"], Lexicon.from_terms(["生产力", "新质生产力"]))
    >>> found.start.tolist(), found.won.tolist(), found.nested.tolist()
    ([0, 2], [True, False], [False, True])
    """
    starts, ends, entries = lexicon.match_all(codepoints("\x00".join(texts)))
    won = np.zeros(len(starts), dtype=np.bool_)
    won[leftmost_longest(starts, ends)] = True
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
    offsets = np.cumsum(lengths) - lengths
    text = np.searchsorted(offsets, starts, side="right") - 1
    nested = _nested(starts, ends, entries, won)
    return Occurrences(text, starts - offsets[text], ends - offsets[text], entries, won, nested)


def apart(found: Occurrences) -> Bools:
    """Which matches a search for each entry alone would count: those of one entry that do not overlap one another.

    >>> apart(find_terms(["新质生产力"], Lexicon.from_terms(["生产力", "新质生产力"]))).tolist()
    [True, True]
    """
    chosen = np.zeros(len(found.start), dtype=np.bool_)
    if len(chosen):
        series = found.entry * (int(found.text.max()) + 1) + found.text
        shift = series * (int(found.end.max()) + 1)  # lays the entries and texts one after the other
        order = np.lexsort((-found.end, found.start, series))
        order = order[leftmost_longest((found.start + shift)[order], (found.end + shift)[order])]
        chosen[order] = True
    return chosen


def _nested(starts: Ints, ends: Ints, entries: Ints, won: Bools) -> Bools:
    """Which matches lie inside a longer match that won and is of another entry, each place once per entry."""
    nested = np.zeros(len(starts), dtype=np.bool_)
    winners = np.flatnonzero(won)
    if not len(winners):
        return nested
    # Winners do not overlap: only the last one that starts no later can hold a match.
    around = winners[np.maximum(np.searchsorted(starts[winners], starts, side="right") - 1, 0)]
    inside = ~won & (starts >= starts[around]) & (ends <= ends[around]) & (entries != entries[around])
    places = np.flatnonzero(inside)
    places = places[np.lexsort((-ends[places], starts[places], entries[places]))]
    shift = entries[places] * (int(ends.max()) + 1)  # lays the entries one after the other
    nested[places[leftmost_longest(starts[places] + shift, ends[places] + shift)]] = True
    return nested


def count_terms(
    source: Source,
    terms: Iterable[str] | Lexicon | None = None,
    *,
    by: str | None = None,
    segmenter: Segmenter | None = None,
    tokens: bool = True,
) -> pd.DataFrame:
    """How often known terms stand in the text: table `doc_id, term, n, n_nested, docfreq, n_tokens, difference, per_10k`.

    `terms` are a list, a `Lexicon` (default: the packaged one), whose variants count for their term; quotes, widths,
    case and traditional characters make no difference. With `by` ("year" or any metadata) the first column is `group`.

    - `n`: occurrences that do not overlap; where terms overlap the leftmost counts, of those the longest
      (`Lexicon.match`).
    - `n_nested`: further ones inside a longer term of the list that is counted in its place (生产力 in 新质生产力).
      An occurrence that only crosses the end of a counted one is in neither.
    - `docfreq`: documents with n above 0, in the group, or in the whole source.
    - `n_tokens`: how often the segmenter gives the term, or a variant, as one token; `difference` is n - n_tokens. Both
      are NA with `tokens=False`, which saves the segmenting. The default segmenter has the packaged lexicon.
    - `per_10k`: n per 10,000 characters of the paragraphs of the document or group, set one to a line.

    One row per document and term that occurs; with `by` one per group with text and term, n = 0 included, so that
    a series has no holes. Rows are in the order of documents or groups (`Corpus.split`), then of terms by name. Documents
    without a value of `by` are left out, `frame.attrs["without_value"]` is their number.
    Raises `ValueError` if no document has a value of `by`.

    >>> from npp_nlp import Corpus, JiebaSegmenter
    >>> corpus = Corpus.from_texts(["发展新质生产力。", "培育新质生产力，做强新质生产力。"], years=[2023, 2024])
    >>> plain = JiebaSegmenter(lexicon=Lexicon(()))
    >>> table = count_terms(corpus, ["新质生产力", "生产力"], by="year", segmenter=plain)
    >>> table[["group", "term", "n", "n_nested", "n_tokens"]].values.tolist()
    [[2023, '新质生产力', 1, 0, 0], [2023, '生产力', 0, 1, 1], [2024, '新质生产力', 2, 0, 0], [2024, '生产力', 0, 2, 2]]
    """
    corpus, lexicon = as_corpus(source), as_lexicon(terms)
    names, member = grouping(corpus, by)
    counted = per_document(corpus, lexicon, (segmenter or default_segmenter()) if tokens else None)
    sizes = np.fromiter(map(shown_characters, corpus), dtype=np.int64, count=len(corpus))
    characters = np.bincount(member + 1, sizes, minlength=len(names) + 1)[1:].astype(np.int64)
    size = max(len(lexicon), 1)
    group, entry, counts = (
        _by_document(counted) if by is None else _by_group(counted, member, characters, size)
    )
    n, nested, docfreq, in_tokens = counts
    columns = {
        "doc_id" if by is None else "group": _labels(names, group),
        "term": _labels([known.term for known in lexicon.entries], entry),
        "n": n,
        "n_nested": nested,
        "docfreq": docfreq,
        "n_tokens": in_tokens if tokens else None,
        "difference": n - in_tokens if tokens else None,
        "per_10k": n * 10_000 / characters[group],
    }
    return _table(columns, None if by is None else int(np.count_nonzero(member < 0)))


@dataclass(frozen=True)
class Counted:
    """Counts per document and term that occurs in it, sorted; `tokens` are the matches that are one token."""

    document: Ints
    entry: Ints
    n: Ints
    nested: Ints
    tokens: Ints


def per_document(documents: Sequence[Document], lexicon: Lexicon, segmenter: Segmenter | None) -> Counted:
    """Count the terms in each document; without a segmenter `tokens` is 0.

    >>> counted = per_document(as_corpus(["生产力", "扩大内需"]), Lexicon.from_terms(["内需"]), None)
    >>> counted.document.tolist(), counted.n.tolist()
    ([1], [1])
    """
    size = max(len(lexicon), 1)
    parts: list[tuple[Ints, ...]] = [(np.zeros(0, dtype=np.int64),) * 4]
    for begin, texts in _groups(documents):
        found = find_terms(texts, lexicon)
        whole = (
            _one_token(texts, found, segmenter) if segmenter else np.zeros(len(found.text), dtype=np.bool_)
        )
        key, place = np.unique(found.text * size + found.entry, return_inverse=True)
        marks = (found.won, found.nested, whole)
        counts = (np.bincount(place, mark, minlength=len(key)).astype(np.int64) for mark in marks)
        parts.append((key + begin * size, *counts))
    key, n, nested, in_tokens = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Counted(key // size, key % size, n, nested, in_tokens)


def _groups(documents: Sequence[Document]) -> Iterator[tuple[int, list[str]]]:
    """The texts of consecutive documents, some hundred thousand characters together, with the number of the first."""
    for part in batches((len(document.text) for document in documents), _GROUP):
        yield part.start, [shown_text(document) for document in documents[part]]


def _one_token(texts: Sequence[str], found: Occurrences, segmenter: Segmenter) -> Bools:
    """Which matches are exactly one token of the segmenter."""
    tokens = segmenter.segment_batch(texts)
    if not len(tokens):
        return np.zeros(len(found.text), dtype=np.bool_)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
    offsets = np.cumsum(lengths) - lengths
    text = tokens.text_numbers()
    starts = tokens.starts + offsets[text]
    at = np.searchsorted(starts, found.start + offsets[found.text], side="right") - 1
    return np.asarray(
        (text[at] == found.text) & (tokens.starts[at] == found.start) & (tokens.ends[at] == found.end)
    )


def _by_document(counted: Counted) -> Rows:
    """The rows of documents: as counted, with the documents of the whole source that hold the term."""
    docfreq = np.bincount(counted.entry, counted.n > 0)[counted.entry]
    return counted.document, counted.entry, (counted.n, counted.nested, docfreq, counted.tokens)


def _by_group(counted: Counted, member: Ints, characters: Ints, size: int) -> Rows:
    """One row per group with text and term; `size` is the number of terms."""
    full = np.flatnonzero(characters)
    rank = np.cumsum(characters > 0) - 1
    kept = np.flatnonzero(member[counted.document] >= 0)
    place = rank[member[counted.document[kept]]] * size + counted.entry[kept]
    columns = (counted.n, counted.nested, counted.n > 0, counted.tokens)
    counts = tuple(np.bincount(place, column[kept], minlength=len(full) * size) for column in columns)
    return np.repeat(full, size), np.tile(np.arange(size), len(full)), counts


def _labels(names: list[Any], number: Ints) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series(names, dtype=None if names else "str").take(number).reset_index(drop=True)


def _table(columns: dict[str, Any], without: int | None) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(columns).astype(COLUMNS)
    if without is not None:
        frame.attrs["without_value"] = without
    return frame
