"""Key terms: lexicon terms and terms discovered in the text itself, in one ranking.

Layer 5. `candidates` finds what has the form of a term, `termhood` and `model` score it, and here the best of
each document are chosen without near-duplicates; `mentions` counts them and makes the table.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

import numpy as np

from npp_nlp.document import Document, Source, as_corpus
from npp_nlp.lexicon import Lexicon
from npp_nlp.segmentation import Segmenter, default_segmenter
from npp_nlp.terms.candidates import Words, find_runs, read_words
from npp_nlp.terms.definitions import explained
from npp_nlp.terms.mentions import Ranked, Score, document_table, find_mentions, group_table, term_key
from npp_nlp.terms.model import packaged_term_model
from npp_nlp.terms.reference import Floats, packaged_reference
from npp_nlp.terms.spans import Bools, Ints, grouped, mixed
from npp_nlp.terms.termhood import Types, features, types_of
from npp_nlp.terms.wordforms import describe
from npp_nlp.text import batches, codepoints, fold_codepoints

if TYPE_CHECKING:
    import pandas as pd

REPETITION = 3.0  # score a term loses if it wholly repeats a better one
EXPLAINED = 3.0  # score a term gains if the document explains it (glossary, 本办法所称…)
POOL = 100  # terms of each document that are compared with other documents, at least

_GROUP = 400_000  # characters at a time: bounds the temporary arrays
_QUOTES = '“”「」『』〝〞"'


def key_terms(
    source: Source,
    *,
    top: int = 20,
    by: str | None = None,
    score: Score = "termhood",
    segmenter: Segmenter | None = None,
) -> pd.DataFrame:
    """The terms that say what each document is about: table `doc_id, term, score, n, docfreq, first_start, source`.

    At most `top` per document, best first, ties by name. `n` counts the occurrences of all written forms in the
    document's text, those inside longer terms included; `docfreq` the documents of `source` that hold it;
    `first_start` is the offset of the first one in `Document.text`; `source` is "lexicon" or "discovered".

    With `by` ("year" or any metadata; "corpus": all documents together) the table is `group, term, score, n, docfreq,
    source`, at most `top` per group; `n` and `docfreq` are those of the group. Documents without a value of `by` are left
    out, `frame.attrs["without_value"]` is their number.

    `score` "termhood" is the log odds that an indexer would list the term (see `npp_nlp.terms.termhood`), higher by 3 if
    the document explains it (see `npp_nlp.terms.definitions`), and depends on the document alone; of a group, it is the
    number of its documents for which an indexer would (the sum of these chances). The others compare with the rest of
    `source`, among the best terms by termhood: "tfidf" is n times (ln((1 + documents) / (1 + docfreq)) + 1) (Spärck Jones
    1972, smoothed as in scikit-learn); "keyness" the log-likelihood ratio G2 of n per character against the other
    documents, negative where the term is rarer than there (Dunning 1993).
    Raises `ValueError` if `top` is below 1, or if no document has a value of `by`.

    >>> table = key_terms("综合整治“内卷式”竞争。壮大耐心资本，发展低空经济。", top=3)
    >>> sorted(table["term"])
    ['“内卷式”竞争', '低空经济', '耐心资本']
    >>> from npp_nlp import Corpus
    >>> years = Corpus.from_texts(["发展低空经济。", "壮大耐心资本。"], years=[2024, 2025])
    >>> key_terms(years, top=1, by="year")[["group", "term"]].values.tolist()
    [[2024, '低空经济'], [2025, '耐心资本']]
    """
    if top < 1:
        raise ValueError(f"top={top}: must be at least 1")
    if score not in get_args(Score):
        raise ValueError(f"score must be one of {', '.join(get_args(Score))}, not {score!r}")
    corpus = as_corpus(source)
    segmenter = segmenter or default_segmenter()
    plain = by is None and score == "termhood"
    depth = top if plain else max(POOL, 5 * top)
    ranked: list[Ranked] = []
    for part in batches((len(document.text) for document in corpus), _GROUP):
        ranked += rank(corpus.documents[part], part.start, depth, segmenter)
    found = find_mentions(corpus, ranked)
    if by is None:
        return document_table(corpus, ranked, found, score=score, top=top)
    return group_table(corpus, ranked, found, by=by, score=score, top=top)


def rank(documents: Sequence[Document], first: int, top: int, segmenter: Segmenter) -> list[Ranked]:
    """The best terms of each document, which are numbered from `first`."""
    words = read_words(documents, segmenter)
    if not len(words.starts):
        return []
    reference = packaged_reference()
    forms, known = describe(words, reference)
    lexicon = getattr(segmenter, "lexicon", Lexicon(()))
    types = with_nested(types_of(words, find_runs(words, forms), known), words, lexicon)
    model = packaged_term_model()
    scores = model.score(features(words, types, known, reference=reference, lexicon=lexicon, model=model))
    scores += EXPLAINED * _explained(documents, words, types)
    # what comes back, but never outside one longer candidate, is a piece of it (Frantzi, Ananiadou and Mima 2000)
    pieces = (types.count > 1) & (types.count <= types.longer) & (types.entry < 0)
    scores = np.where(pieces, -np.inf, scores)
    chosen: list[Ranked] = []
    order = np.lexsort((types.start, -scores, types.document))
    limits = np.searchsorted(types.document[order], np.arange(len(documents) + 1))
    for number in range(len(documents)):
        best = order[limits[number] : limits[number + 1]][: 100 + 8 * top]
        chosen += _choose(best, first + number, top, _Named(words, types, scores, lexicon))
    return chosen


def _explained(documents: Sequence[Document], words: Words, types: Types) -> Bools:
    """Which candidates their document explains."""
    starts, ends, number = explained(documents, words.offsets)
    keys = words.spans.keys(starts, ends) ^ mixed(number.astype(np.uint64))
    return np.isin(words.spans.keys(types.start, types.end) ^ mixed(types.document.astype(np.uint64)), keys)


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
    queue: list[tuple[float, str, str, int]] = []
    kept: dict[str, int] = {}
    chosen: list[Ranked] = []
    waiting = deque(best.tolist())
    while (queue or waiting) and len(chosen) < top:
        # names cost more than scores: a candidate is named when nothing in the queue is certain to go before it
        while waiting and (not queue or -float(named.scores[waiting[0]]) <= queue[0][0]):
            kind = waiting.popleft()
            heapq.heappush(queue, (-float(named.scores[kind]), *named.name(kind), kind))
        stale, term, source, kind = heapq.heappop(queue)
        key = term_key(term)
        count, score = int(named.types.count[kind]), float(named.scores[kind])
        fresh = score - REPETITION * max(
            (_overlap(key, count, *other) for other in kept.items()), default=0.0
        )
        if fresh == -np.inf:
            continue
        if fresh < -stale:
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
    inside = word[example]
    none, some = np.zeros(len(new)), np.zeros_like(new)
    added = Types(
        words.document[inside], inside, inside + 1, starts[example], ends[example],
        some, some, entries[example], some + 1, none, none, none, none, none,
    )  # fmt: skip
    whole = types.plus(added)
    apart = kind != around  # a quoted term is not nested in its own quotation
    np.add.at(whole.count, place[kind[apart]], 1)
    size_around = np.where(place[around] >= 0, whole.count[place[around]], 1)
    np.maximum.at(whole.longer, place[kind[apart]], size_around[apart])
    whole.entry[place[kind]] = entries
    return replace(whole, count=np.maximum(whole.count, 1))
