"""Mentions of ranked terms: counted in every document, scored against the other documents, put in tables.

Layer 5. The terms were chosen by `npp_nlp.terms.ranking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from npp_nlp.contingency import log_likelihood
from npp_nlp.document import Corpus, Document
from npp_nlp.groups import grouping
from npp_nlp.masking import shown_characters, shown_text
from npp_nlp.matching import TermMatcher, leftmost_longest
from npp_nlp.terms.spans import Ints
from npp_nlp.text import batches, codepoints, fold, fold_codepoints

if TYPE_CHECKING:
    import pandas as pd

Score = Literal["termhood", "tfidf", "keyness"]
Floats = NDArray[np.float64]

_COMMON = {"term": "str", "score": "float64", "n": "int64", "docfreq": "int64"}
DOCUMENT_COLUMNS = {"doc_id": "str", **_COMMON, "first_start": "int64", "source": "str"}
GROUP_COLUMNS = {"group": None, **_COMMON, "source": "str"}

_GROUP = 400_000  # characters at a time: bounds the temporary arrays


@dataclass(frozen=True, slots=True)
class Ranked:
    """One chosen term of one document; `forms` are its written forms, `score` its termhood."""

    document: int
    term: str
    score: float
    source: str
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Mentions:
    """Counts of the ranked terms in all documents, sorted by document, then term.

    `owner` gives the number of a term by its key; `document`, `term`, `n`, `first` (offset of the first one) are parallel.
    """

    owner: dict[str, int]
    document: Ints
    term: Ints
    n: Ints
    first: Ints

    def at(self, document: Ints, term: Ints) -> Ints:
        """The places of pairs that occur."""
        size = len(self.owner)
        return np.searchsorted(self.document * size + self.term, document * size + term)


def term_key(term: str) -> str:
    """What makes two terms the same: the folded form without quotes and blanks.

    >>> term_key("“内卷式” 竞争") == term_key("内卷式竞争")
    True
    """
    return "".join(fold(term).replace('"', "").split())


def find_mentions(corpus: Corpus, ranked: Sequence[Ranked]) -> Mentions:
    """Count every ranked term in every document, occurrences inside longer terms included."""
    none = np.zeros(0, dtype=np.int64)
    if not ranked:
        return Mentions({}, none, none, none, none)
    matcher, owner = _matcher(ranked)
    size = len(owner)
    parts = [
        _counted(corpus.documents[part], part.start, matcher, size)
        for part in batches((len(document.text) for document in corpus), _GROUP)
    ]
    key, n, first = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Mentions(owner, key // size, key % size, n, first)


def term_places(text: str, ranked: Sequence[Ranked]) -> tuple[Ints, Ints, Ints]:
    """Starts, ends and numbers of the ranked terms of one text, those inside longer terms included, sorted by start.

    >>> row = Ranked(0, "统一大市场", 1.0, "lexicon", ("统一大市场",)), Ranked(0, "大市场", 0.5, "discovered", ("大市场",))
    >>> [column.tolist() for column in term_places("建设统一大市场", row)]
    [[2, 4], [7, 7], [0, 1]]
    """
    if not ranked:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none
    matcher, owner = _matcher(ranked)
    first = {owner[term_key(row.term)]: number for number, row in reversed(list(enumerate(ranked)))}
    starts, ends, terms = matcher.all_matches(fold_codepoints(codepoints(text)))
    apart = _apart(starts, ends, terms, len(text) + 1)
    apart = apart[np.lexsort((-ends[apart], starts[apart]))]
    numbers = np.array([first[k] for k in range(len(owner))], dtype=np.int64)
    return starts[apart], ends[apart], numbers[terms[apart]]


def _apart(starts: Ints, ends: Ints, terms: Ints, size: int) -> Ints:
    """Indices of the matches of which none overlaps another of the same term, by term and start."""
    order = np.lexsort((-ends, starts, terms))
    shift = terms[order] * size
    return np.asarray(order[leftmost_longest(starts[order] + shift, ends[order] + shift)])


def _matcher(ranked: Sequence[Ranked]) -> tuple[TermMatcher, dict[str, int]]:
    """A matcher of all written forms of the terms, and the number it reports for each term."""
    owner: dict[str, int] = {}
    surfaces: dict[str, int] = {}
    for row in ranked:  # a term's own name goes before the variants of others
        surfaces.setdefault(fold(row.term), owner.setdefault(term_key(row.term), len(owner)))
    for row in ranked:
        for form in row.forms:
            surfaces.setdefault(fold(form), owner[term_key(row.term)])
            surfaces.setdefault(fold(form).replace('"', ""), owner[term_key(row.term)])
    return TermMatcher(list(surfaces), list(surfaces.values())), owner


def _counted(
    documents: Sequence[Document], begin: int, matcher: TermMatcher, size: int
) -> tuple[Ints, Ints, Ints]:
    """Sorted keys document * size + term, occurrences that do not overlap, and offset of the first one."""
    lengths = np.array([len(document.text) + 1 for document in documents], dtype=np.int64)
    offsets = np.cumsum(lengths) - lengths
    points = fold_codepoints(codepoints("".join(shown_text(document) + "\n" for document in documents)))
    starts, ends, terms = matcher.all_matches(points)
    apart = _apart(starts, ends, terms, len(points) + 1)
    starts, terms = starts[apart], terms[apart]
    document = np.searchsorted(offsets, starts, side="right") - 1
    keys = (document + begin) * size + terms
    found, first, count = np.unique(keys, return_index=True, return_counts=True)
    return found, count, (starts - offsets[document])[first]


def document_table(
    corpus: Corpus, ranked: Sequence[Ranked], found: Mentions, *, score: Score, top: int
) -> pd.DataFrame:
    """The table of terms by document, as `npp_nlp.key_terms` describes it."""
    document, term = _places(ranked, found)
    at = found.at(document, term)
    n, docfreq = found.n[at], np.bincount(found.term, minlength=len(found.owner))[term]
    scores = np.array([row.score for row in ranked], dtype=np.float64)
    if score != "termhood":
        total = np.bincount(found.term, found.n, minlength=len(found.owner))[term]
        sizes = _characters(corpus)
        scores = _against(score, n, total, sizes[document], docfreq, corpus)
    columns = {
        "doc_id": [corpus[row.document].id for row in ranked],
        "term": [row.term for row in ranked],
        "score": scores, "n": n, "docfreq": docfreq, "first_start": found.first[at],
        "source": [row.source for row in ranked],
    }  # fmt: skip
    return _best(columns, DOCUMENT_COLUMNS, document, top, keep_order=score == "termhood")


def group_table(
    corpus: Corpus, ranked: Sequence[Ranked], found: Mentions, *, by: str, score: Score, top: int
) -> pd.DataFrame:
    """The table of terms by group, as `npp_nlp.key_terms` describes it."""
    names, member = ([by], np.zeros(len(corpus), np.int64)) if by == "corpus" else grouping(corpus, by)
    kept = [row for row in ranked if member[row.document] >= 0]
    document, term = _places(kept, found)
    size = max(len(found.owner), 1)
    pairs, first, place = np.unique(member[document] * size + term, return_index=True, return_inverse=True)
    inside = np.flatnonzero(member[found.document] >= 0)
    mentioned = member[found.document[inside]] * size + found.term[inside]
    n, docfreq = (
        np.bincount(mentioned, weight, minlength=len(names) * size)[pairs].astype(np.int64)
        for weight in (found.n[inside], np.ones(len(inside)))
    )
    if score == "termhood":
        chances = 1 / (1 + np.exp(-np.array([row.score for row in kept], dtype=np.float64)))
        scores: Floats = np.bincount(place, chances, minlength=len(pairs)).astype(np.float64)
    else:
        total = np.bincount(found.term, found.n, minlength=size)[pairs % size]
        in_documents = np.bincount(found.term, minlength=size)[pairs % size]
        characters = np.bincount(member + 1, _characters(corpus), minlength=len(names) + 1)[1:]
        scores = _against(score, n, total, characters[pairs // size], in_documents, corpus)
    columns = {
        "group": [names[i] for i in (pairs // size).tolist()],
        "term": [kept[i].term for i in first.tolist()],
        "score": scores, "n": n, "docfreq": docfreq, "source": [kept[i].source for i in first.tolist()],
    }  # fmt: skip
    frame = _best(columns, GROUP_COLUMNS, pairs // size, top, keep_order=False)
    frame.attrs["without_value"] = int(np.count_nonzero(member < 0))
    return frame


def _places(ranked: Sequence[Ranked], found: Mentions) -> tuple[Ints, Ints]:
    """Numbers of the document and of the term of each row."""
    document = np.fromiter((row.document for row in ranked), dtype=np.int64, count=len(ranked))
    keys = (found.owner[term_key(row.term)] for row in ranked)
    return document, np.fromiter(keys, dtype=np.int64, count=len(ranked))


def _characters(corpus: Corpus) -> Ints:
    return np.fromiter(map(shown_characters, corpus), dtype=np.int64, count=len(corpus))


def _against(
    score: Score, n: Ints, total: Ints, size: Floats | Ints, docfreq: Ints, corpus: Corpus
) -> Floats:
    """tf-idf or keyness of `n` mentions in `size` characters, `total` in the whole corpus, in `docfreq` documents."""
    if score == "tfidf":
        return np.asarray(n * (np.log((1 + len(corpus)) / (1 + docfreq)) + 1))
    return log_likelihood(n, total, size, _characters(corpus).sum())


def _best(
    columns: dict[str, Any], dtypes: dict[str, Any], group: Ints, top: int, *, keep_order: bool
) -> pd.DataFrame:
    """The first `top` rows of each group, in the order given or best first, ties by name."""
    import pandas as pd

    frame = pd.DataFrame(columns).astype({name: kind for name, kind in dtypes.items() if kind})
    frame = frame.assign(_group=group)
    if not keep_order:
        frame = frame.sort_values(["_group", "score", "term"], ascending=[True, False, True], kind="stable")
    kept = frame.groupby("_group", sort=False).head(top)
    return kept.drop(columns="_group").reset_index(drop=True)
