"""How far a result hangs on the segmenter: words, term counts and ranks under several backends side by side.

Layer 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.document import Corpus, Source, as_corpus
from npp_nlp.lexicon import Lexicon
from npp_nlp.segmentation import Segmenter
from npp_nlp.terms.ranking import key_terms
from npp_nlp.text import codepoints

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]

MOST_TERMS = 200  # lexicon terms compared when none are named
_GAP = "\n"  # between paragraphs: no token and no term crosses it
_KEYS = ["doc_id", "term"]


@dataclass(frozen=True)
class SegmenterComparison:
    """What changes from one segmenter to another; the first one named is the reference.

    `agreement`: segmenter_a, segmenter_b, f1 (of the spans of all tokens but blank ones), boundary_agreement (share
    of the places between two characters, blanks aside, where both or neither begin a word), n_tokens_a, n_tokens_b.
    `counts`: term, segmenter, n (times the term comes out as one token), n_text (its occurrences in the text, those
    inside longer terms included), share (n / n_text).
    `ranks`: doc_id, term, segmenter, rank (in `key_terms`, from 1), rank_reference, change (places the term rises
    against the reference); a rank is missing where the term is not among the best.
    `differences`: segmenter_a, segmenter_b, text, words_a, words_b (with blanks between words), n, doc_id, start
    (offset of the first place in `Document.text`).
    """

    agreement: pd.DataFrame
    counts: pd.DataFrame
    ranks: pd.DataFrame
    differences: pd.DataFrame
    identities: Mapping[str, str]


def compare_segmenters(
    source: Source, segmenters: Mapping[str, Segmenter], *, terms: Iterable[str] | None = None, top: int = 20
) -> SegmenterComparison:
    """Which words, term counts and ranks change from one segmenter to another.

    `segmenters` maps names to segmenters, the first being the reference. `terms` defaults to the policy lexicon's
    terms in the text, at most the 200 most frequent; variants of lexicon terms count with them. `top` limits the key
    terms of each document and the differences of each two segmenters. Every segmenter brings its own lexicon, which
    also adds to its key terms: to compare bare backends, give each `lexicon=Lexicon(())`.
    Raises `ValueError` for fewer than two segmenters or `top` below 1.

    >>> from npp_nlp.lexicon import Lexicon
    >>> from npp_nlp.segmentation import JiebaSegmenter
    >>> whole = JiebaSegmenter(lexicon=Lexicon.from_terms(["低空经济"]))
    >>> bare = JiebaSegmenter(lexicon=Lexicon(()))
    >>> found = compare_segmenters("发展低空经济。", {"terms": whole, "bare": bare}, terms=["低空经济"])
    >>> found.counts[["segmenter", "n", "n_text"]].values.tolist()
    [['terms', 1, 1], ['bare', 0, 1]]
    >>> found.differences[["text", "words_a", "words_b"]].values.tolist()
    [['低空经济', '低空经济', '低空 经济']]
    """
    _check(segmenters, terms, top)
    corpus = as_corpus(source)
    laid = _Laid.of(corpus)
    cuts = {name: _cut(laid, segmenter) for name, segmenter in segmenters.items()}
    return SegmenterComparison(
        _agreement(laid, cuts),
        _counts(laid, cuts, terms),
        _ranks(corpus, segmenters, top),
        _differences(laid, cuts, top),
        {name: segmenter.identity for name, segmenter in segmenters.items()},
    )


def _check(segmenters: Mapping[str, Segmenter], terms: Iterable[str] | None, top: int) -> None:
    if len(segmenters) < 2:
        raise ValueError(f"segmenters has {len(segmenters)} entries: at least 2 are needed to compare")
    for name, segmenter in segmenters.items():
        if not isinstance(segmenter, Segmenter):
            raise TypeError(f"segmenters[{name!r}] is {type(segmenter).__name__}: must be a Segmenter")
    if isinstance(terms, str):
        raise TypeError(f"terms is the single string {terms!r}: pass a list of strings")
    if top < 1:
        raise ValueError(f"top={top}: must be at least 1")


@dataclass(frozen=True)
class _Laid:
    """All paragraphs in one string, and where each of them comes from."""

    text: str
    points: NDArray[np.uint32]
    texts: list[str]
    offsets: Ints
    document: Ints
    start: Ints
    ids: list[str]

    @classmethod
    def of(cls, corpus: Corpus) -> _Laid:
        rows = [(i, p.start, p.text) for i, document in enumerate(corpus) for p in document.paragraphs]
        texts = [text for _, _, text in rows]
        lengths = np.array([len(text) + len(_GAP) for text in texts], dtype=np.int64)
        joined = "".join(text + _GAP for text in texts)
        document = np.array([i for i, _, _ in rows], dtype=np.int64)
        start = np.array([begin for _, begin, _ in rows], dtype=np.int64)
        ids = [one.id for one in corpus]
        return cls(joined, codepoints(joined), texts, np.cumsum(lengths) - lengths, document, start, ids)


@dataclass(frozen=True)
class _Cut:
    """One segmentation: which places are edges of tokens, and where the token that starts at a place ends."""

    edge: NDArray[np.bool_]
    end: Ints  # 0 where no token starts or a blank one does
    n: int


def _cut(laid: _Laid, segmenter: Segmenter) -> _Cut:
    tokens = segmenter.segment_batch(laid.texts, granularity="term")
    shift = laid.offsets[tokens.text_numbers()]
    starts, ends = tokens.starts + shift, tokens.ends + shift
    edge = np.zeros(len(laid.text) + 1, dtype=np.bool_)
    edge[starts] = edge[ends] = True
    edge[laid.offsets] = True  # an empty paragraph has no token to say so
    written = ~tokens.blank()
    end = np.zeros(len(laid.text) + 1, dtype=np.int64)
    end[starts[written]] = ends[written]
    return _Cut(edge, end, int(np.count_nonzero(written)))


def _agreement(laid: _Laid, cuts: Mapping[str, _Cut]) -> pd.DataFrame:
    import pandas as pd

    spaces = [ord(c) for c in sorted({c for c in laid.text if c.isspace()})]
    written = ~np.isin(laid.points, spaces)
    inner = np.flatnonzero(written[1:] & written[:-1]) + 1
    rows = []
    for (name_a, a), (name_b, b) in combinations(cuts.items(), 2):
        same = int(np.count_nonzero((a.end == b.end) & (a.end > 0)))
        f1 = 2 * same / (a.n + b.n) if a.n + b.n else np.nan
        agreed = float(np.mean(a.edge[inner] == b.edge[inner])) if len(inner) else np.nan
        rows.append((name_a, name_b, f1, agreed, a.n, b.n))
    columns = ["segmenter_a", "segmenter_b", "f1", "boundary_agreement", "n_tokens_a", "n_tokens_b"]
    return pd.DataFrame(rows, columns=columns).astype({"segmenter_a": "str", "segmenter_b": "str"})


def _counts(laid: _Laid, cuts: Mapping[str, _Cut], terms: Iterable[str] | None) -> pd.DataFrame:
    import pandas as pd

    lexicon = Lexicon.default() if terms is None else _named(terms)
    starts, ends, entries = lexicon.match_all(laid.points)
    size = len(lexicon)
    n_text = np.bincount(entries, minlength=size)
    order = np.argsort(-n_text, kind="stable")  # entries are sorted by term
    if terms is None:
        order = order[n_text[order] > 0][:MOST_TERMS]
    whole = [np.bincount(entries[cut.end[starts] == ends], minlength=size)[order] for cut in cuts.values()]
    n = np.stack(whole, axis=1).ravel()
    in_text = np.repeat(n_text[order], len(cuts)).astype(np.int64)
    names = [lexicon.entries[i].term for i in order.tolist()]
    return pd.DataFrame(
        {
            "term": pd.Series([name for name in names for _ in cuts], dtype="str"),
            "segmenter": pd.Series([*cuts] * len(names), dtype="str"),
            "n": n.astype(np.int64),
            "n_text": in_text,
            "share": np.where(in_text > 0, n / np.maximum(in_text, 1), np.nan),
        }
    )


def _named(terms: Iterable[str]) -> Lexicon:
    """The given terms, with their variants where the policy lexicon knows them."""
    listed, known = list(terms), Lexicon.default()
    canonical = {known.canonical(term) for term in listed}
    own = Lexicon(tuple(entry for entry in known.entries if entry.term in canonical), name="named terms")
    return Lexicon.from_terms(term for term in listed if term not in known) + own


def _ranks(corpus: Corpus, segmenters: Mapping[str, Segmenter], top: int) -> pd.DataFrame:
    import pandas as pd

    ranked = []
    for segmenter in segmenters.values():
        table = key_terms(corpus, top=top, segmenter=segmenter)[_KEYS]
        ranked.append(table.assign(rank=table.groupby("doc_id", sort=False).cumcount().astype("Int64") + 1))
    reference = ranked[0].rename(columns={"rank": "rank_reference"})
    parts = [
        table.merge(reference, how="outer", on=_KEYS).assign(segmenter=name, number=i)
        for i, (name, table) in enumerate(zip(segmenters, ranked, strict=True))
    ]
    frame = pd.concat(parts, ignore_index=True)
    frame["change"] = frame["rank_reference"] - frame["rank"]
    place = {document.id: i for i, document in enumerate(corpus)}
    frame["place"] = frame["doc_id"].map(place).astype("int64")
    frame = frame.sort_values(["place", "number", "rank", "rank_reference"], ignore_index=True)
    columns = ["doc_id", "term", "segmenter", "rank", "rank_reference", "change"]
    return frame[columns].astype({"doc_id": "str", "term": "str", "segmenter": "str"})


def _differences(laid: _Laid, cuts: Mapping[str, _Cut], top: int) -> pd.DataFrame:
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for (name_a, a), (name_b, b) in combinations(cuts.items(), 2):
        starts, ends = _disputed(a.edge, b.edge)
        words_a, words_b = _spaced(laid.text, a.edge, starts, ends), _spaced(laid.text, b.edge, starts, ends)
        found = pd.DataFrame({"words_a": words_a, "words_b": words_b, "at": starts, "end": ends})
        grouped = found.groupby(["words_a", "words_b"], as_index=False, sort=True)
        common = grouped.agg(n=("at", "size"), at=("at", "first"), end=("end", "first"))
        common = common.sort_values("n", ascending=False, kind="stable").head(top)
        at = common["at"].to_numpy(dtype=np.int64)
        paragraph = np.searchsorted(laid.offsets, at, side="right") - 1
        place = at - laid.offsets[paragraph] + laid.start[paragraph]
        pieces = [laid.text[s:e] for s, e in zip(at.tolist(), common["end"].tolist(), strict=True)]
        ids = [laid.ids[i] for i in laid.document[paragraph].tolist()]
        shown = (common["words_a"], common["words_b"], common["n"], ids, place.tolist())
        rows += [(name_a, name_b, *row) for row in zip(pieces, *shown, strict=True)]
    columns = ["segmenter_a", "segmenter_b", "text", "words_a", "words_b", "n", "doc_id", "start"]
    strings = {name: "str" for name in columns if name not in ("n", "start")}
    return pd.DataFrame(rows, columns=columns).astype({**strings, "n": "int64", "start": "int64"})


def _disputed(a: NDArray[np.bool_], b: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """The smallest stretches between edges common to both that hold an edge of one only."""
    common = np.flatnonzero(a & b)
    one = np.flatnonzero(a ^ b)
    gap = np.unique(np.searchsorted(common, one))
    return common[gap - 1], common[gap]


def _spaced(text: str, edge: NDArray[np.bool_], starts: Ints, ends: Ints) -> list[str]:
    """Each stretch with a blank between its words."""
    edges = np.flatnonzero(edge)
    low, high = np.searchsorted(edges, starts), np.searchsorted(edges, ends)
    words = [text[s:e] for s, e in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)]
    return [" ".join(words[i:j]) for i, j in zip(low.tolist(), high.tolist(), strict=True)]
