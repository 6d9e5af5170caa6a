"""New terms of a corpus: what has the form of a term, stands free and holds together, with the evidence for each.

Layer 5. Two walks over the text. The first segments and counts the runs of words that have the form of a noun phrase
(`npp_nlp.discovery.frequent`), at most two million distinct ones at a time. The second finds those that are
frequent enough in the raw text, with their neighbours and their parts. Strings are made of the frequent ones only. The
time is linear in the text, the memory in the distinct candidates and their neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from npp_nlp.discovery.frequent import Candidates, frequent_runs, groups
from npp_nlp.discovery.neighbours import NO_YEAR, Floats, Tally, npmi
from npp_nlp.document import Corpus, Source, as_corpus
from npp_nlp.lexicon import Lexicon
from npp_nlp.masking import shown_characters, shown_text
from npp_nlp.matching import TermMatcher, fold_all, quoteless
from npp_nlp.segmentation import LinearSegmenter, Segmenter, default_segmenter, parts_of_speech
from npp_nlp.terms.ranking import bare
from npp_nlp.terms.spans import Bools, Ints
from npp_nlp.text import codepoints, sentence_spans

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "term": "str",
    "score": "float64",
    "n": "int64",
    "docfreq": "int64",
    "cohesion": "float64",
    "entropy_left": "float64",
    "entropy_right": "float64",
    "first_year": "Int64",
    "doc_id": "str",
    "start": "int64",
    "example": "str",
}

MIN_ENTROPY = 1.0  # bits at either edge
MIN_COHESION = 0.0  # normalised PMI: parts that do not attract each other are no term
WITHIN = 0.7  # share of its occurrences inside one longer candidate that makes a fragment
CLAUSE = 0.5  # 建设社会主义 is a clause where 社会主义建设 is half as frequent; of other pairs the rarer order goes
AS_WORDS = 0.5  # share of its occurrences that must be runs of whole words

_CHINESE = re.compile("[\u4e00-\u9fff]")
_FIGURE = re.compile(r"(?<![A-Za-z])[0-9０-９]+(?![0-9０-９A-Za-z])|[%％]|[一二三四五六七八九十][月日]")
# Words that point to the speaker's place: what follows is no term because of them.
_DEICTIC = frozenset(
    ("我国", "我省", "我市", "我区", "我县", "我军", "我们", "本省", "本市", "本区", "本县", "全省", "全市")
)
_DEICTIC |= frozenset(("全县", "各地", "各级", "广大", "全体", *"省市县区各该"))
_DEICTIC |= frozenset("居占达作")  # 占全国, 作斗争: verbs of a measure or without a meaning of their own
_MANNER = frozenset(("a", "ad", "d", "vd"))  # before a verb: 严厉打击, 正确处理 are clauses
_ATTRIBUTE = re.compile("..[性型式级类]")  # 战略性, 创新型: attributes and measures, no concepts


def discover_terms(
    source: Source,
    *,
    lexicon: Lexicon | None = None,
    min_n: int = 5,
    min_docfreq: int = 2,
    top: int | None = None,
    segmenter: Segmenter | None = None,
) -> pd.DataFrame:
    """Terms that are not in the lexicon but might be: table `term, score, n, docfreq, cohesion, …, example`.

    Best first, ties by name; at most `top`. `Lexicon.from_terms(table)` makes a lexicon of the (edited) table.

    - `score`: C-value (Frantzi, Ananiadou and Mima 2000), log2 of the length in characters times (n - mean n of the longer
      candidates that hold the term).
    - `n`: occurrences in the text, those inside longer terms included; `docfreq`: documents that hold it.
    - `cohesion`: pointwise mutual information (Church and Hanks 1990) of the two parts, normalised to -1 to 1
      (Bouma 2009), the lowest over all splits between words; 1 for a single word.
    - `entropy_left`, `entropy_right`: branching entropy at the edges in bits (Jin and Tanaka-Ishii 2006); punctuation
      is another neighbour every time.
    - `first_year`: first year of a document with it; NA where none is known.
    - `doc_id`, `start`, `example`: document, offset in its text and sentence of the first occurrence.

    A candidate is a run of up to six words in the form of a noun phrase, or a quoted coinage, without bare figures. It is
    left out below `min_n` or `min_docfreq`, if its edges are not free, if its parts do not attract each other or stand
    the other way round more often (发展经济 beside 经济发展: a clause), and if it is mostly a piece of one longer
    candidate. `lexicon` (default: the packaged one) is also laid over the words of the default segmenter.
    Raises `ValueError` if `min_n`, `min_docfreq` or `top` is below 1.

    >>> texts = ["壮大耐心资本。耐心资本是长期资本。", "培育耐心资本，引导耐心资本入市。", "让耐心资本更多。"]
    >>> discover_terms(texts, lexicon=Lexicon(()), min_n=5)[["term", "n", "docfreq"]].values.tolist()
    [['耐心资本', 5, 3]]
    """
    for name, value in (("min_n", min_n), ("min_docfreq", min_docfreq), ("top", 1 if top is None else top)):
        if value < 1:
            raise ValueError(f"{name}={value}: must be at least 1")
    corpus = as_corpus(source)
    if segmenter is None:
        segmenter = default_segmenter() if lexicon is None else LinearSegmenter(lexicon=lexicon)
    known = Lexicon.default() if lexicon is None else lexicon
    found = frequent_runs(corpus, segmenter, min_n, min_docfreq)
    named = _named(corpus, found, known)
    evidence = _measured(corpus, named)
    kept = _free(evidence, named, (min_n, min_docfreq))
    frame = _table(corpus, named, evidence, kept).iloc[:top]
    return frame.assign(example=_sentences(corpus, frame)).astype(COLUMNS)


@dataclass(frozen=True)
class Named:
    """Candidates as strings: `parts` holds for each the two parts of every split between words.

    `as_words` is how often it stands as a run of words, `governs` that it begins with a verb and ends with a noun.
    """

    terms: list[str]
    as_words: Ints
    parts: list[list[tuple[str, str]]]
    governs: Bools


def _named(corpus: Corpus, found: Candidates, known: Lexicon) -> Named:
    """Strings of the well-formed candidates that are not in the lexicon."""
    places = zip(found.document.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    surfaces = [corpus[document].text[start:end] for document, start, end in places]
    kept, terms, parts = [], [], []
    for number, (surface, cuts) in enumerate(zip(surfaces, found.cuts.tolist(), strict=True)):
        term = bare(surface)
        splits = [
            (surface[:i].strip(), surface[i:].strip()) for i in range(1, cuts.bit_length()) if cuts >> i & 1
        ]
        if well_formed(term, [splits[0][0]] if splits else []) and term not in known:
            kept.append(number)
            terms.append(term)
            parts.append(splits)
    tags = _edge_tags(parts)
    nominal = [k for k, (a, b) in enumerate(tags) if len(parts[k]) != 1 or a not in _MANNER or b != "v"]
    governs = np.array([tags[k][0][:1] == "v" and tags[k][1][:1] == "n" for k in nominal], dtype=np.bool_)
    return Named([terms[k] for k in nominal], found.n[kept][nominal], [parts[k] for k in nominal], governs)


def _edge_tags(parts: Sequence[Sequence[tuple[str, str]]]) -> list[tuple[str, str]]:
    """Parts of speech of the first and the last word of each candidate of several words."""
    edges = [(splits[0][0], splits[-1][1]) if splits else ("", "") for splits in parts]
    words = sorted({word for edge in edges for word in edge if word})
    tag = dict(zip(words, parts_of_speech(words), strict=True)) | {"": ""}
    return [(tag[a], tag[b]) for a, b in edges]


def well_formed(term: str, first: Sequence[str] = ()) -> bool:
    """Whether a candidate is Chinese, has no bare figure or date, and is no attribute; `first` is its first word of several.

    >>> [well_formed(term) for term in ("数据要素", "5G网络", "3个百分点", "2025年", "战略性")]
    [True, True, False, False, False]
    >>> well_formed("我国经济", ["我国"])
    False
    """
    if not first and _ATTRIBUTE.fullmatch(term):
        return False
    return bool(_CHINESE.search(term)) and not _FIGURE.search(term) and _DEICTIC.isdisjoint(first)


@dataclass(frozen=True)
class Evidence:
    """What the raw text says of the candidates: places and neighbours, cohesion, occurrences with the parts exchanged."""

    tally: Tally
    cohesion: Floats
    exchanged: Ints


def _measured(corpus: Corpus, named: Named) -> Evidence:
    """Find the candidates and their parts in the raw text."""
    size = len(named.terms)
    owner: dict[str, int] = {}
    for number, form in [*enumerate(quoteless(named.terms)), *enumerate(fold_all(named.terms))]:
        owner.setdefault(form, number)
    flat = quoteless([part for splits in named.parts for pair in splits for part in pair])
    pieces = [(a, b, b + a) for a, b in zip(flat[::2], flat[1::2], strict=True)]
    total = size
    for form in (form for piece in pieces for form in piece):
        total += owner.setdefault(form, total) == total
    matcher, tally = TermMatcher(list(owner), list(owner.values())), Tally(size, total)
    for begin, documents in groups(corpus):
        tally.add(documents, begin, matcher)
    numbers = np.array([[owner[form] for form in piece] for piece in pieces], dtype=np.int64).reshape(-1, 3)
    one, two, turned = tally.n[numbers].T
    whole = np.repeat(np.arange(size), [len(splits) for splits in named.parts])
    characters = max(sum(map(shown_characters, corpus)), 1)
    cohesion, exchanged = np.ones(size), np.zeros(size, dtype=np.int64)
    np.minimum.at(cohesion, whole, npmi(tally.n[whole], one, two, characters))
    np.maximum.at(exchanged, whole, np.where(numbers[:, 2] == whole, 0, turned))
    return Evidence(tally, cohesion, exchanged)


def _free(evidence: Evidence, named: Named, limits: tuple[int, int]) -> Ints:
    """The candidates that are frequent in the raw text as well, stand free and hold together."""
    tally = evidence.tally
    left, right = tally.entropies()
    good = (tally.n[: tally.size] >= limits[0]) & (tally.docfreq >= limits[1])
    good &= named.as_words >= AS_WORDS * tally.n[: tally.size]
    good &= (np.minimum(left, right) >= MIN_ENTROPY) & (evidence.cohesion > MIN_COHESION)
    good &= evidence.exchanged <= np.where(named.governs, CLAUSE, 1.0) * tally.n[: tally.size]
    return np.flatnonzero(good)


def nesting(terms: Sequence[str], n: Ints) -> tuple[Floats, Ints]:
    """Of each term the mean and the highest n of the longer terms that hold it (0 if none).

    >>> [column.tolist() for column in nesting(["数据", "数据要素", "大数据"], np.array([9, 4, 2]))]
    [[3.0, 0.0, 0.0], [4, 0, 0]]
    """
    plain = quoteless(terms)
    lengths = np.array([len(form) + 1 for form in plain], dtype=np.int64)
    offsets = np.cumsum(lengths) - lengths
    starts, _, inner = TermMatcher(plain, range(len(plain))).all_matches(codepoints("\n".join(plain)))
    outer = np.searchsorted(offsets, starts, side="right") - 1
    pairs = np.unique(np.stack([inner, outer])[:, inner != outer], axis=1)
    held = np.bincount(pairs[0], minlength=len(plain))
    mean = np.bincount(pairs[0], n[pairs[1]], minlength=len(plain)) / np.maximum(held, 1)
    most = np.zeros(len(plain), dtype=np.int64)
    np.maximum.at(most, pairs[0], n[pairs[1]])
    return mean, most


def _table(corpus: Corpus, named: Named, evidence: Evidence, kept: Ints) -> pd.DataFrame:
    """The rows of the candidates, scored by C-value; pieces of one longer candidate are left out."""
    import pandas as pd

    tally = evidence.tally
    terms = [named.terms[k] for k in kept.tolist()]
    n = tally.n[kept]
    mean, most = nesting(terms, n) if terms else (np.zeros(0), n)
    left, right = tally.entropies()
    year = pd.Series(tally.year[kept], dtype="Int64")
    columns = {
        "term": terms,
        "score": np.log2([len(form) for form in quoteless(terms)]) * (n - mean),
        "n": n,
        "docfreq": tally.docfreq[kept],
        "cohesion": evidence.cohesion[kept],
        "entropy_left": left[kept],
        "entropy_right": right[kept],
        "first_year": year.mask(year == NO_YEAR),
        "doc_id": [corpus[number].id for number in tally.document[kept].tolist()],
        "start": tally.start[kept],
        "example": "",
    }
    frame = pd.DataFrame(columns).astype(COLUMNS)
    frame = frame[most < WITHIN * n]
    return frame.sort_values(["score", "term"], ascending=[False, True], kind="stable", ignore_index=True)


def _sentences(corpus: Corpus, frame: pd.DataFrame) -> list[str]:
    """The sentence around the place of each row."""
    texts = {document.id: shown_text(document) for document in corpus}
    return [_sentence(texts[name], at) for name, at in zip(frame["doc_id"], frame["start"], strict=True)]


def _sentence(text: str, at: int) -> str:
    """The sentence of `text` in which the character `at` stands."""
    begin = text.rfind("\n", 0, at) + 1
    line = text[begin : (text + "\n").find("\n", at)]
    spans = sentence_spans(line)
    return next(line[a:b].strip() for a, b in spans if b > at - begin)
