"""How much a candidate is a term of its document: the measures that go into its score.

Layer 5. The reference (`models/reference`) says how often words and runs of words occur in general prose and in
policy reports, and how noun-like each word is. The score (`npp_nlp.termmodel`) is made of

    frequency   log2 of the occurrences in the document
    nested      1 if it never stands outside one longer candidate (C-value: Frantzi, Ananiadou and Mima 2000)
    keyness     mean over its words of log2(rate in the document / rate in the reference) (Kilgarriff 2009)
    common      log2(1 + occurrences of the whole in the policy reports of the reference)
    unithood    pointwise mutual information of its words in the reference (Church and Hanks 1990)
    verbal      1 - nominality of its first and last word: clauses begin with words that rarely follow a noun
    words       number of its words
    length      how likely indexers' terms are to have so many characters (`LENGTHS`)
    lexicon     1 if it is in the lexicon, less if its category names no concept (`CATEGORIES`)
    quoted      1 if a part of it stands in quotation marks
    cut         how many of its neighbours are stray characters: single ones, linked to it, no function words
    closed      1 if a punctuation mark follows its first occurrence
    position    log of the first offset as a share of the log of the document's length (KEA: Witten et al. 1999)
    spread      log2 of the number of tenths of the document in which it occurs
    begins      log2 of the number of lexicon terms that begin with the same two characters
    ends        log2 of the number of lexicon terms that end with the same two characters
    first       log2 of the rate of its first word in the reference
    last        log2 of the rate of its last word in the reference
    text        log2 of the document's length over 4,000 characters, at least -3 and at most 3
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from npp_nlp.artefacts import Model, load_model
from npp_nlp.candidates import Forms, Runs, Words
from npp_nlp.lexicon import Lexicon, stop_words
from npp_nlp.segmentation import parts_of_speech
from npp_nlp.spans import Bools, Ints, Keys, grouped, mixed
from npp_nlp.termmodel import TermModel
from npp_nlp.text import codepoints

Floats = NDArray[np.float64]

LENGTHS = ((2, 3, 4, 5, 8, 16), (-3.8, -1.0, -0.8, 0.0, -0.3, -0.7))
CATEGORIES: Mapping[str, float] = {"institution": 0.1, "slogan": 0.6}
SHORT = 3
"""Lexicon terms of so many characters tell nothing about how terms begin and end."""
SINGLE_UNITHOOD, UNSEEN_UNITHOOD = 2.0, 3.5
NOMINAL_VERB, VERB_OPENS, NOMINAL_ADVERB, NOMINAL_ADJECTIVE = 0.3, 0.35, 0.4, 0.5

_TAG_CLASSES = (
    ("nr", "p"), ("ns", "s"), ("ng", "m"), ("nx", "x"), ("eng", "x"), ("vn", "w"), ("vg", "m"), ("ag", "m"), ("an", "n"),
    ("n", "n"), ("j", "n"), ("l", "n"), ("i", "n"), ("v", "v"), ("a", "a"), ("b", "b"), ("s", "f"), ("f", "f"),
    ("tg", "m"), ("t", "t"), ("dg", "m"), ("d", "d"), ("g", "m"), ("zg", "m"), ("k", "k"), ("q", "k"),
)  # fmt: skip
_REPORTING = frozenset(("表明", "显示", "发现", "证明", "证实", "说明", "指出", "认为"))
_PREFIXES = frozenset("多双新大高低全超微可非无共单")
_MARKS = np.array([ord(c) for c in "，。、；：！？“”‘’（）,.;:!?()\n"], dtype=np.uint32)
_CALENDAR = frozenset("年月日天季期号")


class Reference:
    """Frequencies and nominality of words, looked up by key."""

    def __init__(self, model: Model) -> None:
        self._keys = model.arrays["keys"]
        self._general = np.exp2(model.arrays["general"] / 8) - 1
        self._policy = np.exp2(model.arrays["policy"] / 8) - 1
        self._nominal = model.arrays["nominal"] / 255
        self._totals = model.card["totals"]
        self.policy_total = float(self._totals["policy"])

    def _find(self, keys: Keys) -> tuple[Ints, Bools]:
        short = (keys >> np.uint64(32)).astype(np.uint32)
        at = np.searchsorted(self._keys, short)
        at[at == len(self._keys)] = 0
        return at, self._keys[at] == short

    def rates(self, keys: Keys) -> Floats:
        """Occurrences per word, the mean of general prose and policy reports; never zero."""
        at, found = self._find(keys)
        general = np.where(found, self._general[at], 0) + 2
        policy = np.where(found, self._policy[at], 0) + 0.3
        return np.asarray((general / self._totals["general"] + policy / self._totals["policy"]) / 2)

    def policy(self, keys: Keys) -> Floats:
        """Occurrences in policy reports, of words and of runs of words, as a share of all words; 0 if unknown."""
        at, found = self._find(keys)
        return np.asarray(np.where(found, self._policy[at], 0) / self._totals["policy"])

    def nominal(self, keys: Keys) -> Floats:
        """Share of a word's occurrences that follow a noun-like word directly; 0.5 if unknown."""
        at, found = self._find(keys)
        return np.asarray(np.where(found & (self._nominal[at] > 0), self._nominal[at], 0.5))


@cache
def packaged_reference() -> Reference:
    """The packaged reference, loaded once."""
    return Reference(load_model("reference"))


@dataclass(frozen=True)
class Lookup:
    """What is known of each word of `Words`."""

    rate: Floats
    policy: Floats
    verbal: Floats
    own_rate: Floats
    stray: Bools


def describe(words: Words, reference: Reference) -> tuple[Forms, Lookup]:
    """Forms and statistics of the words; strings are made of distinct words only."""
    keys = words.spans.keys(words.starts, words.ends)
    number, member = grouped(keys)
    distinct = keys[member]
    places = zip(words.starts[member].tolist(), words.ends[member].tolist(), strict=True)
    names = [words.text[a:b] for a, b in places]
    tags, nominal = parts_of_speech(names), reference.nominal(distinct)
    table, verbal = _forms_of(names, tags, nominal)
    known = (words.entry >= 0) | words.quoted
    begins, inside, ends, alone, joins = ((row[number] | known) & words.open for row in table[:5])
    # a verbal word before a known term governs it (发展低空经济): together they are a clause
    governs = table[6][number] & ~known & words.linked & np.append(known[1:], False)
    forms = Forms(begins & ~governs, inside & ~governs, ends, alone, joins & ~known)
    rate, policy = reference.rates(distinct)[number], reference.policy(distinct)[number]
    stray = table[5][number] & ~known
    return forms, Lookup(rate, policy, np.where(known, 0.0, verbal[number]), _own_rates(words, keys), stray)


def _forms_of(names: Sequence[str], tags: Sequence[str], nominal: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """What each word may do (begin, stand inside, end a term, be one, join, be stray, govern), and how verbal it is."""
    classes = {tag: _tag_class(tag) for tag in set(tags)}
    tag = np.array([classes[t] for t in tags], dtype="U1")
    length = np.fromiter(map(len, names), dtype=np.int64, count=len(names))
    stops = stop_words() | _REPORTING
    stop = np.fromiter((name in stops for name in names), dtype=np.bool_, count=len(names))
    prefix = np.fromiter((name in _PREFIXES for name in names), dtype=np.bool_, count=len(names))
    solid = np.fromiter(
        (n[:1].isalnum() and n[-1:].isalnum() for n in names), dtype=np.bool_, count=len(names)
    )
    number = np.fromiter(map(str.isdigit, names), dtype=np.bool_, count=len(names))
    dated = np.fromiter((name[-1:] in _CALENDAR for name in names), dtype=np.bool_, count=len(names))
    noun, verbal_noun, verb = tag == "n", tag == "w", tag == "v"
    free, long = ~stop & ~number, length > 1
    place, modifier = tag == "s", (tag == "a") | (tag == "b")
    begins = noun | verbal_noun | modifier | place | (tag == "f") | (verb & (nominal >= VERB_OPENS))
    begins |= ((tag == "t") & ~dated) | (tag == "x")
    inside = noun | verbal_noun | modifier | place | (tag == "f") | (verb & (nominal >= NOMINAL_VERB))
    inside |= ((tag == "d") & (nominal > NOMINAL_ADVERB)) | (tag == "x")
    ends = place | (verb & (nominal >= NOMINAL_VERB)) | ((tag == "a") & (nominal > NOMINAL_ADJECTIVE))
    ends &= free
    # abbreviations (HEPS), not units (kg)
    acronym = (tag == "x") & (length > 2)
    acronym &= np.fromiter((name.lower() != name for name in names), dtype=np.bool_, count=len(names))
    ends |= noun | verbal_noun | acronym
    single = noun | verbal_noun | modifier | verb | (tag == "m") | (tag == "k")
    begins = np.where(long, begins, (single & (tag != "k")) | (tag == "p")) & free
    begins |= prefix
    inside = (np.where(long, inside, single) & free) | prefix
    ends = np.where(long, ends, single & free & ~prefix)
    idiom = np.fromiter((name[:1] == "i" for name in tags), dtype=np.bool_, count=len(tags))
    alone = (noun & long & ~idiom) | (verbal_noun & (length > 2)) | acronym
    joins = np.fromiter((name in ("和", "与") for name in names), dtype=np.bool_, count=len(names))
    stray = ~long & solid & (free | prefix) & (tag != "k")
    rows = np.stack(
        [begins & solid, inside & solid, ends & solid, alone & free & solid, joins, stray, verb | verbal_noun]
    )
    return rows, np.where(verb & long, 1 - nominal, 0.0)


def _tag_class(tag: str) -> str:
    """One letter for all tags that are treated alike.

    n noun, w verbal noun, v verb, a adjective, b attributive, s place, p person, f direction, t time, d adverb,
    m morpheme, k suffix or measure, x Latin, - any other.
    """
    for start, letter in _TAG_CLASSES:
        if tag.startswith(start):
            return letter
    return "-"


def _own_rates(words: Words, keys: Keys) -> Floats:
    """The rate of each word in its own document."""
    number, _ = grouped(keys ^ mixed(words.document.astype(np.uint64)))
    counts = np.bincount(number)
    total = np.bincount(words.document, minlength=1)
    return np.asarray(counts[number] / total[words.document])


@dataclass(frozen=True)
class Types:
    """The candidates of each document, one entry per term and document.

    `first` and `last` are the words of the first occurrence (one past the last), `start` and `end` its offsets in
    the joined text; `entry` is the lexicon entry or -1, `longer` the count of the longer candidate it is nested in,
    `spread` the number of tenths of the document that hold it.
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


def types_of(words: Words, runs: Runs) -> Types:
    """One entry per distinct candidate of each document, at its first occurrence."""
    first, last = runs.first[runs.example], runs.last[runs.example]
    entry = np.where(last - first == 1, words.entry[first], -1)
    starts, ends = words.starts[first], words.ends[last - 1]
    counts = (runs.count, runs.longer)
    return Types(words.document[first], first, last, starts, ends, *counts, entry, runs.spread)


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
    points = codepoints(words.text)
    before = np.append(False, known.stray[:-1] & words.linked[:-1])
    after = np.append(known.stray[1:] & words.linked[:-1], False)
    shares = np.array([CATEGORIES.get(entry.category, 1.0) for entry in lexicon.entries])
    characters = words.spans.lengths(types.start, types.end)
    counted = ((types.entry >= 0) & (characters > SHORT)).astype(np.int64)
    begins, ends = model.edges(points, types.start, types.end, counted)
    return {
        "frequency": np.log2(types.count),
        "nested": (types.count <= types.longer).astype(float),
        "keyness": _means(np.log2(known.own_rate / known.rate), first, last),
        "common": np.log2(1 + whole * reference.policy_total),
        "unithood": np.where(one, SINGLE_UNITHOOD, unithood),
        "verbal": np.where(one, 0, known.verbal[first] + known.verbal[last - 1]),
        "words": size.astype(float),
        "length": np.interp(characters, *LENGTHS),
        "lexicon": np.append(shares, 0.0)[types.entry],
        "quoted": _any(words.quoted, first, last).astype(float),
        "cut": before[first].astype(float) + after[last - 1],
        "closed": np.isin(points[types.end], _MARKS).astype(float),
        "position": np.log2(1 + types.start - words.offsets[types.document])
        / np.log2(1 + lengths[types.document]),
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
