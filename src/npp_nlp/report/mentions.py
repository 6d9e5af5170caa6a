"""Where the terms stand that the page knows: the same occurrences as `concordance` and `compare` count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from npp_nlp.counting.known import apart, find_terms
from npp_nlp.document import Corpus
from npp_nlp.lexicon import Lexicon
from npp_nlp.masking import shown_text
from npp_nlp.report.texts import Ints, PageText


@dataclass(frozen=True)
class Known:
    """The terms that occur, sorted by name, and the data of their occurrences; `number` gives a term's number."""

    terms: tuple[str, ...]
    number: Mapping[str, int]
    data: dict[str, Any]


def page_lexicon(tables: Mapping[str, Any]) -> Lexicon:
    """The terms that the page knows: the packaged lexicon, the key terms of the documents and the concepts of the graph."""
    names = sorted({*tables["terms"]["term"], *tables["nodes"]["term"]})
    writable = [name for name in names if name.strip() and all(c >= " " and c != "\x7f" for c in name)]
    return Lexicon.from_terms(writable, "discovered") + Lexicon.default()


def find_known(corpus: Corpus, lexicon: Lexicon, text: PageText) -> Known:
    """All occurrences of the terms of a lexicon, each term on its own, longer terms around it or not.

    >>> from npp_nlp.report.texts import page_text
    >>> corpus = Corpus.from_texts(["内需：扩大内需。"])
    >>> find_known(corpus, Lexicon.from_terms(["内需"]), page_text(corpus)).data["mentions"]
    [[0, 5]]
    """
    found = find_terms([shown_text(document) for document in corpus], lexicon)
    chosen = np.flatnonzero(apart(found))
    document, entry = found.text[chosen], found.entry[chosen]
    start = text.places(document, found.start[chosen])
    length = text.places(document, found.end[chosen]) - start
    kept, term = np.unique(entry, return_inverse=True)
    entries = [lexicon.entries[i] for i in kept.tolist()]
    names = tuple(e.term for e in entries)
    data: dict[str, Any] = {"terms": list(names), **packed(names, term, start, length)}
    data["variants"] = {form: i for i, e in enumerate(entries) for form in e.variants}
    return Known(names, {name: i for i, name in enumerate(names)}, data)


def packed(names: tuple[str, ...], term: Ints, start: Ints, length: Ints) -> dict[str, list[list[int]]]:
    """Occurrences by term: steps from one start to the next, and for those not as long as the name their place and length.

    >>> packed(("内需",), np.array([0, 0]), np.array([3, 10]), np.array([2, 4]))
    {'mentions': [[3, 7]], 'lengths': [[1, 4]]}
    """
    order = np.lexsort((start, term))
    bounds = np.searchsorted(term[order], np.arange(len(names) + 1))
    mentions, lengths = [], []
    for i, name in enumerate(names):
        rows = order[bounds[i] : bounds[i + 1]]
        mentions.append(np.diff(start[rows], prepend=0).tolist())
        odd = np.flatnonzero(length[rows] != len(name.encode("utf-16-le")) // 2)
        lengths.append(np.stack([odd, length[rows][odd]], axis=1).ravel().tolist())
    return {"mentions": mentions, "lengths": lengths}
