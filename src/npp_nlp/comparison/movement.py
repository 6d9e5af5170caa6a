"""Whether terms move between labels: from driver to achievement, from challenge to driver.

Layer 6. The label of an occurrence is that of its paragraph by `npp_nlp.labels.classify`; its errors are errors here too.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from npp_nlp.contingency import adjust_p
from npp_nlp.counting.known import apart, find_terms
from npp_nlp.dataframes import as_frame
from npp_nlp.document import Corpus, Source, as_corpus
from npp_nlp.groups import grouping
from npp_nlp.labels import LABELS, classify
from npp_nlp.lexicon import Lexicon, as_lexicon
from npp_nlp.masking import shown_text
from npp_nlp.text import batches

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_GROUP = 400_000  # characters at a time: bounds the temporary arrays


def js_distance(p: ArrayLike, q: ArrayLike) -> Floats:
    """Jensen-Shannon distance of two distributions, or of rows of counts: 0 is equal, 1 is nothing in common.

    The square root of [KL(p, m) + KL(q, m)] / 2 with m the mean of both and binary logarithms (Lin 1991; Endres and
    Schindelin 2003 show that it is a metric). Counts are divided by their sums; missing if a sum is 0.

    >>> js_distance([5, 5], [10, 0]).round(3).tolist(), js_distance([1, 0], [0, 3]).tolist()
    (0.558, 1.0)
    """
    a, b = (np.asarray(x, dtype=np.float64) for x in (p, q))
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = a / a.sum(axis=-1, keepdims=True), b / b.sum(axis=-1, keepdims=True)
        middle = (a + b) / 2
        parts = [np.where(x > 0, x * np.log2(x / middle), 0.0).sum(axis=-1) / 2 for x in (a, b)]
    known = ~(np.isnan(a).any(axis=-1) | np.isnan(b).any(axis=-1))
    return np.where(known, np.sqrt(np.clip(parts[0] + parts[1], 0.0, 1.0)), np.nan)


def migration(
    source: Source,
    terms: Iterable[str] | Lexicon | None = None,
    *,
    by: str = "year",
    min_count: int = 5,
    labels: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """In what kind of paragraph each term stands, group by group.

    Table `term, group, n, achievement, challenge, driver, other`: `n` are the occurrences in paragraphs that have a
    label, also inside longer terms; the four label columns are shares of them. `terms` default to the packaged
    lexicon; only those with `n` of at least `min_count` in all are listed, in the groups where they occur. `labels` is
    a table of `classify`, if at hand. Rows are in the order of terms by name, then of groups. Few occurrences make
    shares of 0 and 1: read them with `n`, and see `label_shift` for a test.
    Raises `ValueError` if no document has a value of `by` or `min_count` is below 1.

    >>> corpus = Corpus.from_texts(["要发展数字经济。", "去年数字经济增长9%。"], years=[2020, 2024])
    >>> migration(corpus, ["数字经济"], min_count=1)[["achievement", "driver"]].values.tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    import pandas as pd

    found = _mentions(as_corpus(source), as_lexicon(terms), by, min_count, labels)
    size = len(LABELS)
    key = (found.term * len(found.groups) + found.group) * size + found.label
    cells = np.bincount(key, found.n, minlength=len(found.terms) * len(found.groups) * size)
    counts = cells.reshape(-1, size)
    rows = np.flatnonzero(counts.sum(axis=1))
    n = counts[rows].sum(axis=1).astype(np.int64)
    columns: dict[str, Any] = {
        "term": pd.Series(found.terms, dtype="str").take(rows // max(len(found.groups), 1)),
        "group": pd.Series(found.groups, dtype=None if found.groups else "object").take(
            rows % max(len(found.groups), 1)
        ),
        "n": n,
        **{label: counts[rows, i] / n for i, label in enumerate(LABELS)},
    }
    return pd.DataFrame({name: np.asarray(column) for name, column in columns.items()}).astype(
        {"term": "str", "n": "int64", **dict.fromkeys(LABELS, "float64")}
    )


def label_shift(
    source: Source,
    terms: Iterable[str] | Lexicon | None = None,
    *,
    by: str = "year",
    min_count: int = 5,
    labels: pd.DataFrame | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    r"""Whether a term's labels differ between its earlier and its later half: one row per term, the clearest first.

    Table `term, group, n_early, n_late, distance, toward, rise, p, p_adjusted`. Here each paragraph with the term counts
    once. The later half begins with the `group` that divides the term's own paragraphs most evenly; `distance` is
    the `js_distance` of the labels of both halves, `toward` the label whose share rose most, by `rise`. `p` is the
    share of random divisions into halves of the same sizes with at least that distance, out of 999, or of another
    9,999 if fewer than ten of those have it (a permutation test: Good 2005); `p_adjusted` is over all rows. Terms
    found in one group only, or in fewer than `min_count` paragraphs, are left out. The distance of few paragraphs
    is large by chance: read it with p. If all paragraphs of a corpus move alike, so does every term.
    Raises `ValueError` as `migration`, and if the groups are not numbers.

    >>> corpus = Corpus.from_texts(["要发展数字经济。\n" * 4, "去年数字经济增长9%。\n" * 4], years=[2020, 2024])
    >>> label_shift(corpus, ["数字经济"])[["group", "distance", "toward", "rise"]].values.tolist()
    [[2024, 1.0, 'achievement', 1.0]]
    """
    import pandas as pd

    found = _mentions(as_corpus(source), as_lexicon(terms), by, min_count, labels)
    if not all(isinstance(group, int | float) for group in found.groups):
        raise ValueError(f"label_shift needs groups that are numbers, such as years, not {found.groups[0]!r}")
    size = len(LABELS)
    key = (found.term * len(found.groups) + found.group) * size + found.label
    shape = (len(found.terms), len(found.groups), size)
    counts = np.bincount(key, minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)
    rows = []
    for number, term in enumerate(found.terms):
        row = _shift(counts[number], term, min_count, seed)
        if row is not None:
            rows.append([term, found.groups[row[0]], *row[1:]])
    names = ["term", "group", "n_early", "n_late", "distance", "toward", "rise", "p"]
    kinds = {"term": "str", "n_early": "int64", "n_late": "int64", "toward": "str"}
    kinds |= dict.fromkeys(["distance", "rise", "p"], "float64")
    frame = pd.DataFrame(rows, columns=names).astype(kinds)
    frame["p_adjusted"] = adjust_p(frame["p"].to_numpy())
    return frame.sort_values(["p", "distance", "term"], ascending=[True, False, True], ignore_index=True)


FIRST_ROUNDS, MORE_ROUNDS = 999, 9_999


def _shift(counts: Ints, term: str, min_count: int, seed: int) -> tuple[Any, ...] | None:
    """The division of one term's paragraphs (groups x labels) and its test; None if it cannot be divided."""
    total = counts.sum(axis=0)
    before = np.cumsum(counts.sum(axis=1))[:-1]
    n = int(total.sum())
    if n < min_count or not ((before > 0) & (before < n)).any():
        return None
    cut = int(np.abs(before - n / 2).argmin())
    early = counts[: cut + 1].sum(axis=0)
    late = total - early
    distance = float(js_distance(early, late))
    rng = np.random.default_rng([seed, zlib.crc32(term.encode("utf-8", "surrogatepass"))])
    for rounds in (FIRST_ROUNDS, MORE_ROUNDS):
        drawn = rng.multivariate_hypergeometric(total, int(early.sum()), size=rounds)
        as_far = int((js_distance(drawn, total - drawn) >= distance - 1e-12).sum())
        if as_far >= 10:
            break
    rise = late / late.sum() - early / early.sum()
    best = int(rise.argmax())
    p = (1 + as_far) / (1 + rounds)
    return cut + 1, int(early.sum()), int(late.sum()), distance, LABELS[best], float(rise[best]), p


@dataclass(frozen=True)
class _Mentions:
    """Paragraphs with a label that hold a term, with their group and the occurrences in them."""

    terms: list[str]
    groups: list[Any]
    term: Ints
    group: Ints
    label: Ints
    n: Ints


def _mentions(
    corpus: Corpus, lexicon: Lexicon, by: str, min_count: int, labels: pd.DataFrame | None
) -> _Mentions:
    if min_count < 1:
        raise ValueError(f"min_count must be at least 1, not {min_count}")
    groups, member = grouping(corpus, by)
    table = classify(corpus) if labels is None else as_frame(labels, "labels")
    code = {
        (name, paragraph): LABELS.index(label)
        for name, paragraph, label in zip(table["doc_id"], table["paragraph"], table["label"], strict=True)
        if label in LABELS
    }
    numbers = np.array(
        [code.get((d.id, i), -1) for d in corpus for i in range(len(d.paragraphs))], dtype=np.int64
    )
    paragraph, entry, n = _in_paragraphs(corpus, lexicon)
    owner = np.repeat(np.arange(len(corpus)), [len(d.paragraphs) for d in corpus])
    label, group = numbers[paragraph], member[owner[paragraph]]
    kept = (label >= 0) & (group >= 0)
    kept &= (np.bincount(entry[kept], n[kept], minlength=len(lexicon) + 1) >= min_count)[entry]
    known, term = np.unique(entry[kept], return_inverse=True)
    names = [lexicon.entries[i].term for i in known.tolist()]
    return _Mentions(names, groups, term, group[kept], label[kept], n[kept])


def _in_paragraphs(corpus: Corpus, lexicon: Lexicon) -> tuple[Ints, Ints, Ints]:
    """Paragraph (numbered through the corpus), entry and occurrences of each pair that occurs, sorted."""
    size = max(len(lexicon), 1)
    keys, counts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    first = 0
    for part in batches((len(document.text) for document in corpus), _GROUP):
        documents = corpus.documents[part]
        found = find_terms([shown_text(document) for document in documents], lexicon)
        counted = apart(found)
        lengths = np.array([len(document.text) + 1 for document in documents], dtype=np.int64)
        offsets = np.cumsum(lengths) - lengths
        starts = [
            offset + p.start for d, offset in zip(documents, offsets, strict=True) for p in d.paragraphs
        ]
        at = found.start[counted] + offsets[found.text[counted]]
        number = np.searchsorted(np.array(starts, dtype=np.int64), at, side="right") - 1 + first
        key, n = np.unique(number * size + found.entry[counted], return_counts=True)
        keys.append(key)
        counts.append(n.astype(np.int64))
        first += len(starts)
    key = np.concatenate(keys)
    return key // size, key % size, np.concatenate(counts)
