"""How much a candidate is a term of its document: the measures that go into its score.

Layer 5. The score (`npp_nlp.terms.model`) is made of

    frequency   log2 of the occurrences in the document
    relative    log2 of the occurrences as a share of those of the document's most frequent candidate
    apart       log2 of 1 + the occurrences outside one longer candidate
    cvalue      apart times log2 of its characters (C-value: Frantzi, Ananiadou and Mima 2000)
    keyness     mean over its words of log2(rate in the document / rate in the reference) (Kilgarriff 2009)
    common      log2(1 + occurrences of the whole in the policy reports of the reference)
    unithood    pointwise mutual information of its words in the reference (Church and Hanks 1990)
    verbal      1 - nominality of its first and last word: clauses begin with words that rarely follow a noun
    words       number of its words
    characters  number of its characters
    lexicon     1 + its salience in the lexicon, 0 if it is not there
    quoted      1 if a part of it stands in quotation marks
    cut         how many of its neighbours are stray characters: single ones, linked to it, no function words
    governed    share of its occurrences right behind a verb
    modified    share of its occurrences right behind 的
    opened      share of its occurrences right behind a punctuation mark
    closed      share of its occurrences right before a punctuation mark
    position    log of the first offset as a share of the log of the document's length (KEA: Witten et al. 1999)
    spread      log2 of the number of tenths of the document in which it occurs
    begins      log2 of the number of lexicon terms that begin with the same two characters
    ends        log2 of the number of lexicon terms that end with the same two characters
    first       log2 of the rate of its first word in the reference
    last        log2 of the rate of its last word in the reference
    text        log2 of the document's length over 4,000 characters, at least -3 and at most 3
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from npp_nlp.lexicon import Lexicon
from npp_nlp.terms.candidates import Runs, Words
from npp_nlp.terms.model import TermModel
from npp_nlp.terms.reference import Floats, Reference
from npp_nlp.terms.spans import Bools, Ints
from npp_nlp.terms.wordforms import Lookup
from npp_nlp.text import codepoints

SHORT = 3
"""Lexicon terms of so many characters tell nothing about how terms begin and end."""
SINGLE_UNITHOOD, UNSEEN_UNITHOOD = 2.0, 3.5

_MARKS = np.array([ord(c) for c in "，。、；：！？“”‘’（）,.;:!?()\n"], dtype=np.uint32)


@dataclass(frozen=True)
class Types:
    """The candidates of each document, one entry per term and document.

    `first` and `last` are the words of the first occurrence (one past the last), `start` and `end` its offsets in
    the joined text; `entry` is the lexicon entry or -1, `longer` the count of the longer candidate it is nested in,
    `spread` the number of tenths of the document that hold it; `governed`, `modified`, `opened`, `closed` and `cut`
    are means over its occurrences.
    """

    document: Ints
    first: Ints
    last: Ints
    start: Ints
    end: Ints
    count: Ints
    longer: Ints
    entry: Ints
    spread: Ints
    governed: Floats
    modified: Floats
    opened: Floats
    closed: Floats
    cut: Floats

    def plus(self, more: Types) -> Types:
        """These and others."""
        pairs = ((getattr(self, f.name), getattr(more, f.name)) for f in fields(Types))
        return Types(*(np.concatenate(pair) for pair in pairs))


def types_of(words: Words, runs: Runs, known: Lookup) -> Types:
    """One entry per distinct candidate of each document, at its first occurrence."""
    first, last = runs.first[runs.example], runs.last[runs.example]
    entry = np.where(last - first == 1, words.entry[first], -1)
    starts, ends = words.starts[first], words.ends[last - 1]
    counts = (runs.count, runs.longer)
    places = _places(words, runs, known)
    return Types(words.document[first], first, last, starts, ends, *counts, entry, runs.spread, *places)


def _places(words: Words, runs: Runs, known: Lookup) -> tuple[Floats, ...]:
    """What stands around the occurrences of each candidate, as shares of them."""
    points = codepoints(words.text)
    behind = np.append(False, words.linked[:-1])
    previous = np.maximum(runs.first - 1, 0)
    linked = behind[runs.first]
    of = (points[words.starts] == ord("的")) & (words.ends - words.starts == 1)
    after = np.append(known.stray[1:] & words.linked[:-1], False)
    starts = words.starts[runs.first]
    marks: tuple[Bools, ...] = (
        known.verb[previous] & linked,
        of[previous] & linked,
        np.isin(points[starts - 1], _MARKS) | (starts == 0),
        np.isin(points[words.ends[runs.last - 1]], _MARKS),
    )
    size = len(runs.count)
    stray = (known.stray[previous] & linked).astype(np.float64) + after[runs.last - 1]
    sums = (np.bincount(runs.kind, mark, minlength=size) for mark in (*marks, stray))
    return tuple(np.asarray(total / runs.count) for total in sums)


def features(
    words: Words, types: Types, known: Lookup, *, reference: Reference, lexicon: Lexicon, model: TermModel
) -> dict[str, Floats]:
    """The measures of the module's docstring, one array each."""
    first, last = types.first, types.last
    size = last - first
    one = size == 1
    keys = words.spans.keys(types.start, types.end)
    whole = reference.policy(keys)
    expected = np.exp(_means(np.log(known.policy + 3e-7), first, last) * size)
    unithood = np.where(whole > 0, np.log2(np.maximum(whole, 1e-12) / expected), UNSEEN_UNITHOOD)
    lengths = np.diff(np.append(words.offsets, len(words.text)))
    salience = np.array([1.0 + entry.salience for entry in lexicon.entries])
    characters = words.spans.lengths(types.start, types.end)
    counted = ((types.entry >= 0) & (characters > SHORT)).astype(np.int64)
    begins, ends = model.edges(codepoints(words.text), types.start, types.end, counted)
    most = np.ones(len(lengths), dtype=np.int64)
    np.maximum.at(most, types.document, types.count)
    apart = np.log2(1 + np.maximum(types.count - types.longer, 0))
    offset = types.start - words.offsets[types.document]
    return {
        "frequency": np.log2(types.count),
        "relative": np.log2(types.count / most[types.document]),
        "apart": apart,
        "cvalue": apart * np.log2(np.maximum(characters, 1)),
        "keyness": _means(np.log2(known.own_rate / known.rate), first, last),
        "common": np.log2(1 + whole * reference.policy_total),
        "unithood": np.where(one, SINGLE_UNITHOOD, unithood),
        "verbal": np.where(one, 0, known.verbal[first] + known.verbal[last - 1]),
        "words": size.astype(float),
        "characters": characters.astype(float),
        "lexicon": np.append(salience, 0.0)[types.entry],
        "quoted": _any(words.quoted, first, last).astype(float),
        "cut": types.cut,
        "governed": types.governed,
        "modified": types.modified,
        "opened": types.opened,
        "closed": types.closed,
        "position": np.log2(1 + offset) / np.log2(1 + lengths[types.document]),
        "spread": np.log2(types.spread),
        "begins": begins,
        "ends": ends,
        "first": np.log2(known.rate[first]),
        "last": np.log2(known.rate[last - 1]),
        "text": np.clip(np.log2(np.maximum(lengths, 1) / 4000), -3, 3)[types.document],
    }


def _means(values: Floats, first: Ints, last: Ints) -> Floats:
    """Mean of the values from `first` to before `last`; added up word by word, so that no rounding crosses documents."""
    sums = np.zeros(len(first))
    for step in range(int((last - first).max(initial=0))):
        more = np.flatnonzero(first + step < last)
        sums[more] += values[first[more] + step]
    return np.asarray(sums / (last - first))


def _any(marks: Bools, first: Ints, last: Ints) -> Bools:
    sums = np.append(0, np.cumsum(marks))
    return np.asarray(sums[last] > sums[first])
