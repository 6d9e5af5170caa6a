"""What each word may do in a term (begin it, stand inside, end it, be one), from its part of speech and the reference.

Layer 5. Everything is asked of distinct words only and spread over their occurrences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from npp_nlp.lexicon import stop_words
from npp_nlp.segmentation import parts_of_speech
from npp_nlp.terms.candidates import Forms, Words
from npp_nlp.terms.model import QUOTES
from npp_nlp.terms.reference import Floats, Reference
from npp_nlp.terms.spans import Bools, Keys, grouped, mixed

NOMINAL_VERB, VERB_OPENS, NOMINAL_ADVERB, NOMINAL_ADJECTIVE = 0.3, 0.35, 0.4, 0.5

_TAG_CLASSES = (
    ("nr", "p"), ("ns", "s"), ("ng", "m"), ("nx", "x"), ("eng", "x"), ("vn", "w"), ("vg", "m"), ("ag", "m"), ("an", "n"),
    ("n", "n"), ("j", "n"), ("l", "n"), ("i", "n"), ("v", "v"), ("a", "a"), ("b", "b"), ("s", "f"), ("f", "f"),
    ("tg", "m"), ("t", "t"), ("dg", "m"), ("d", "d"), ("g", "m"), ("zg", "m"), ("k", "k"), ("q", "k"),
)  # fmt: skip
_REPORTING = frozenset(("表明", "显示", "发现", "证明", "证实", "说明", "指出", "认为"))
_PREFIXES = frozenset("多双新大高低全超微可非无共单")
_CALENDAR = frozenset("年月日天季期号")


@dataclass(frozen=True)
class Lookup:
    """What is known of each word of `Words`."""

    rate: Floats
    policy: Floats
    verbal: Floats
    own_rate: Floats
    stray: Bools
    verb: Bools


def describe(words: Words, reference: Reference) -> tuple[Forms, Lookup]:
    """Forms and statistics of the words; strings are made of distinct words only."""
    keys = words.spans.keys(words.starts, words.ends)
    number, member = grouped(keys)
    distinct = keys[member]
    places = zip(words.starts[member].tolist(), words.ends[member].tolist(), strict=True)
    names = [words.text[a:b].strip(QUOTES) for a, b in places]
    tags, nominal = parts_of_speech(names), reference.nominal(distinct)
    table, verbal = _forms_of(names, tags, nominal)
    # an idiom of the dictionary is no coinage, quoted or not
    idiom = np.fromiter((tag.startswith("i") for tag in tags), dtype=np.bool_, count=len(tags))[number]
    known = (words.entry >= 0) | (words.quoted & ~idiom) | words.explained
    begins, inside, ends, alone, joins = ((row[number] | known) & words.open for row in table[:5])
    # a verbal word before a known term governs it (发展低空经济): together they are a clause
    governs = table[6][number] & ~known & words.linked & np.append(known[1:], False)
    forms = Forms(begins & ~governs, inside & ~governs, ends, alone, joins & ~known)
    rate, policy = reference.rates(distinct)[number], reference.policy(distinct)[number]
    stray, verb = (row[number] & ~known for row in table[5:7])
    return forms, Lookup(
        rate, policy, np.where(known, 0.0, verbal[number]), _own_rates(words, keys), stray, verb
    )


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
