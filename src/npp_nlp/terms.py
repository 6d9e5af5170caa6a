"""Key terms: lexicon terms and terms discovered in the text itself, in one ranking.

Layer 5. `npp_nlp.candidates` finds what has the form of a term, `npp_nlp.termhood` scores it, and here the best of
each document are chosen without near-duplicates, counted in the whole text and put in a table.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from npp_nlp.candidates import Words, find_runs, read_words
from npp_nlp.document import Corpus, Document, Source, as_corpus
from npp_nlp.lexicon import Lexicon
from npp_nlp.masking import shown_text
from npp_nlp.matching import TermMatcher, leftmost_longest
from npp_nlp.segmentation import Segmenter, default_segmenter
from npp_nlp.spans import Ints, grouped, mixed
from npp_nlp.termhood import Floats, Types, describe, features, packaged_reference, types_of
from npp_nlp.termmodel import packaged_term_model
from npp_nlp.text import batches, codepoints, fold, fold_codepoints

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "doc_id": "str",
    "term": "str",
    "score": "float64",
    "n": "int64",
    "docfreq": "int64",
    "first_start": "int64",
    "source": "str",
}

REPETITION = 3.0  # score a term loses if it wholly repeats a better one

_GROUP = 400_000  # characters at a time: bounds the temporary arrays
_QUOTES = '“”「」『』〝〞"'


@dataclass(frozen=True, slots=True)
class Ranked:
    """One chosen term of one document; `forms` are its written forms."""

    document: int
    term: str
    score: float
    source: str
    forms: tuple[str, ...]


def key_terms(source: Source, *, top: int = 20, segmenter: Segmenter | None = None) -> pd.DataFrame:
    """The terms that say what each document is about: table `doc_id, term, score, n, docfreq, first_start, source`.

    At most `top` per document, best first, ties by name. `score` is the log odds that an indexer would list the
    term (see `npp_nlp.termhood`); it depends on the document alone. `n` counts the occurrences of all written forms
    in the document's text, those inside longer terms included; `docfreq` the documents of `source` that hold it;
    `first_start` is the offset of the first one in `Document.text`; `source` is "lexicon" or "discovered".
    Raises `ValueError` if `top` is below 1.

    >>> table = key_terms("综合整治“内卷式”竞争。壮大耐心资本，发展低空经济。", top=3)
    >>> sorted(table["term"])
    ['“内卷式”竞争', '低空经济', '耐心资本']
    """
    if top < 1:
        raise ValueError(f"top={top}: must be at least 1")
    corpus = as_corpus(source)
    segmenter = segmenter or default_segmenter()
    ranked: list[Ranked] = []
    for first, documents in _groups(corpus):
        ranked += rank(documents, first, top, segmenter)
    return _table(corpus, ranked)


def _groups(corpus: Corpus) -> Iterator[tuple[int, Sequence[Document]]]:
    """Consecutive documents of some hundred thousand characters together, with the number of the first one."""
    for part in batches((len(document.text) for document in corpus), _GROUP):
        yield part.start, corpus.documents[part]


def rank(documents: Sequence[Document], first: int, top: int, segmenter: Segmenter) -> list[Ranked]:
    """The best terms of each document, which are numbered from `first`."""
    words = read_words(documents, segmenter)
    if not len(words.starts):
        return []
    reference = packaged_reference()
    forms, known = describe(words, reference)
    lexicon = getattr(segmenter, "lexicon", Lexicon(()))
    types = with_nested(types_of(words, find_runs(words, forms)), words, lexicon)
    model = packaged_term_model()
    scores = model.score(features(words, types, known, reference=reference, lexicon=lexicon, model=model))
    chosen: list[Ranked] = []
    order = np.lexsort((types.start, -scores, types.document))
    limits = np.searchsorted(types.document[order], np.arange(len(documents) + 1))
    for number in range(len(documents)):
        best = order[limits[number] : limits[number + 1]][: 100 + 8 * top]
        chosen += _choose(best, first + number, top, _Named(words, types, scores, lexicon))
    return chosen


@dataclass(frozen=True)
class _Named:
    words: Words
    types: Types
    scores: Floats
    lexicon: Lexicon

    def name(self, kind: int) -> tuple[str, str]:
        """Canonical name and source of a candidate."""
        entry = int(self.types.entry[kind])
        if entry >= 0:
            return self.lexicon.entries[entry].term, "lexicon"
        return bare(self.words.text[self.types.start[kind] : self.types.end[kind]]), "discovered"

    def forms(self, kind: int, term: str) -> tuple[str, ...]:
        entry = int(self.types.entry[kind])
        variants = self.lexicon.entries[entry].variants if entry >= 0 else ()
        surface = self.words.text[self.types.start[kind] : self.types.end[kind]]
        return tuple(dict.fromkeys((term, *variants, bare(surface))))


def bare(surface: str) -> str:
    """A written form without quotes around the whole of it.

    >>> bare("“小院高墙”"), bare("“内卷式”竞争")
    ('小院高墙', '“内卷式”竞争')
    """
    inner = surface[1:-1]
    whole = len(surface) > 2 and surface[0] in _QUOTES and surface[-1] in _QUOTES
    return inner if whole and not any(quote in inner for quote in _QUOTES) else surface


def _choose(best: Ints, document: int, top: int, named: _Named) -> list[Ranked]:
    """The top terms by maximal marginal relevance (Carbonell and Goldstein 1998), each penalised for repeating a better one.

    Penalties only grow, so a candidate is looked at again only when its turn comes (lazy greedy, Minoux 1978).
    """
    queue = [(-float(named.scores[k]), *named.name(k), k) for k in best.tolist()]
    heapq.heapify(queue)
    kept: dict[str, int] = {}
    chosen: list[Ranked] = []
    while queue and len(chosen) < top:
        stale, term, source, kind = heapq.heappop(queue)
        key = _key(term)
        count, score = int(named.types.count[kind]), float(named.scores[kind])
        fresh = score - REPETITION * max(
            (_overlap(key, count, *other) for other in kept.items()), default=0.0
        )
        if fresh == -np.inf:
            continue
        if queue and (-fresh, term) > queue[0][:2] and fresh < -stale:
            heapq.heappush(queue, (-fresh, term, source, kind))
            continue
        kept[key] = count
        chosen.append(Ranked(document, term, fresh, source, named.forms(kind, term)))
    return chosen


def _overlap(key: str, count: int, better: str, better_count: int) -> float:
    """Share of the longer term that the shorter one makes up; infinite if `key` says nothing new.

    >>> _overlap("大市场", 5, "全国统一大市场", 3), _overlap("大市场", 3, "全国统一大市场", 3)
    (0.42857142857142855, inf)
    """
    if key in better:
        return np.inf if count <= better_count or key == better else len(key) / len(better)
    return len(better) / len(key) if better in key else 0.0


def with_nested(types: Types, words: Words, lexicon: Lexicon) -> Types:
    """The candidates and, besides, the lexicon terms that stand inside longer words."""
    starts, ends, entries = lexicon.match_all(fold_codepoints(codepoints(words.text)))
    word = np.searchsorted(words.starts, starts, side="right") - 1
    inner = (word >= 0) & (ends <= words.ends[word]) & (ends - starts < (words.ends - words.starts)[word])
    inner &= words.open[word]
    starts, ends, entries, word = starts[inner], ends[inner], entries[inner], word[inner]
    if not len(starts):
        return types
    salt = mixed(words.document.astype(np.uint64))[word]
    keys = words.spans.keys(starts, ends) ^ salt
    outer = words.spans.keys(words.starts[word], words.ends[word]) ^ salt
    old = words.spans.keys(types.start, types.end) ^ mixed(types.document.astype(np.uint64))
    number, _ = grouped(np.concatenate([old, keys, outer]))
    kind, around = number[len(old) : len(old) + len(keys)], number[len(old) + len(keys) :]
    size = int(number.max()) + 1
    place = np.full(size, -1, dtype=np.int64)
    place[number[: len(old)]] = np.arange(len(old))
    new, example = np.unique(kind[place[kind] < 0], return_index=True)
    example = np.flatnonzero(place[kind] < 0)[example]
    place[new] = np.arange(len(old), len(old) + len(new))
    count, longer = np.append(types.count, np.zeros_like(new)), np.append(types.longer, np.zeros_like(new))
    entry = np.append(types.entry, entries[example])
    apart = kind != around  # a quoted term is not nested in its own quotation
    np.add.at(count, place[kind[apart]], 1)
    np.maximum.at(longer, place[kind[apart]], np.where(place[around] >= 0, count[place[around]], 1)[apart])
    entry[place[kind]] = entries
    return Types(
        np.append(types.document, words.document[word[example]]),
        np.append(types.first, word[example]), np.append(types.last, word[example] + 1),
        np.append(types.start, starts[example]), np.append(types.end, ends[example]),
        np.maximum(count, 1), longer, entry, np.append(types.spread, np.ones_like(new)),
    )  # fmt: skip


def _table(corpus: Corpus, ranked: Sequence[Ranked]) -> pd.DataFrame:
    import pandas as pd

    n, docfreq, first_start = _occurrences(corpus, ranked)
    columns = {
        "doc_id": [corpus[row.document].id for row in ranked],
        "term": [row.term for row in ranked],
        "score": [row.score for row in ranked],
        "n": n,
        "docfreq": docfreq,
        "first_start": first_start,
        "source": [row.source for row in ranked],
    }
    return pd.DataFrame(columns).astype(COLUMNS)


def _occurrences(corpus: Corpus, ranked: Sequence[Ranked]) -> tuple[Ints, Ints, Ints]:
    """Of each row: occurrences in its document, documents that hold it, offset of the first occurrence."""
    if not ranked:
        none = np.zeros(0, dtype=np.int64)
        return none, none, none
    matcher, owner = _matcher(ranked)
    size = len(owner)
    parts = [_counted(documents, begin, matcher, size) for begin, documents in _groups(corpus)]
    key, n, start = (np.concatenate(column) for column in zip(*parts, strict=True))
    docfreq = np.bincount(key % size, minlength=size)
    wanted = np.array([row.document * size + owner[_key(row.term)] for row in ranked], dtype=np.int64)
    at = np.searchsorted(key, wanted)
    return n[at], docfreq[wanted % size], start[at]


def _matcher(ranked: Sequence[Ranked]) -> tuple[TermMatcher, dict[str, int]]:
    """A matcher of all written forms of the terms, and the number it reports for each term."""
    owner: dict[str, int] = {}
    surfaces: dict[str, int] = {}
    for row in ranked:  # a term's own name goes before the variants of others
        surfaces.setdefault(fold(row.term), owner.setdefault(_key(row.term), len(owner)))
    for row in ranked:
        for form in row.forms:
            surfaces.setdefault(fold(form), owner[_key(row.term)])
            surfaces.setdefault(fold(form).replace('"', ""), owner[_key(row.term)])
    return TermMatcher(list(surfaces), list(surfaces.values())), owner


def _counted(
    documents: Sequence[Document], begin: int, matcher: TermMatcher, size: int
) -> tuple[Ints, Ints, Ints]:
    """Sorted keys document * size + term, occurrences that do not overlap, and offset of the first one."""
    lengths = np.array([len(document.text) + 1 for document in documents], dtype=np.int64)
    offsets = np.cumsum(lengths) - lengths
    points = fold_codepoints(codepoints("".join(shown_text(document) + "\n" for document in documents)))
    starts, ends, terms = matcher.all_matches(points)
    apart = np.lexsort((-ends, starts, terms))
    shift = terms[apart] * (len(points) + 1)
    apart = apart[leftmost_longest(starts[apart] + shift, ends[apart] + shift)]
    starts, terms = starts[apart], terms[apart]
    document = np.searchsorted(offsets, starts, side="right") - 1
    keys = (document + begin) * size + terms
    found, first, count = np.unique(keys, return_index=True, return_counts=True)
    return found, count, (starts - offsets[document])[first]


def _key(term: str) -> str:
    """What makes two terms the same: the folded form without quotes and blanks."""
    return "".join(fold(term).replace('"', "").split())
