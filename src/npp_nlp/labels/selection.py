"""Which paragraphs a person should read next: the unsure ones, and those most worth labelling."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.labels.classifier import Floats
from npp_nlp.labels.classifying import Judged, ModelLike, Source, classify, judge, load
from npp_nlp.labels.features import keys
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import pandas as pd

SUGGESTED = ("doc_id", "paragraph", "label", "predicted", "runner_up", "score", "margin", "reason", "text")
POOL = 20
"""Paragraphs looked at for each one suggested: the least sure."""
AT_RANDOM = 10
"""One in so many suggestions is drawn at random, so that sure mistakes have a chance to be seen."""
SHORTEST = 8


def unsure(
    source: Source,
    *,
    min_score: float = 0.6,
    n: int | None = None,
    context: bool = True,
    model: ModelLike = None,
) -> pd.DataFrame:
    """List the paragraphs whose label is not sure, the least sure first, for reading.

    The columns of `classify` (`label` is the best guess) with `runner_up`, the second label, and `margin`, the
    distance of the two probabilities, after `score`. Listed are those with a score below `min_score`, at most `n`,
    by margin, then in reading order. Raises `ValueError` for a `min_score` outside 0 to 1 or an `n` below 1.

    >>> table = unsure(["要深化改革。", "改革与发展"], min_score=0.9)
    >>> table["text"].tolist()
    ['改革与发展']
    """
    if not 0 <= min_score <= 1:
        raise ValueError(f"min_score must be between 0 and 1, not {min_score}")
    if n is not None and n < 1:
        raise ValueError(f"n must be at least 1, not {n}")
    table = classify(source, context=context, model=model)
    labels = load(model).labels
    second, margin = _second(table[labels].to_numpy(dtype=float))
    place = table.columns.get_loc("score")
    table.insert(int(place) + 1, "runner_up", np.array(labels, dtype=object)[second])  # type: ignore[arg-type]
    table["runner_up"] = table["runner_up"].astype("str")
    table.insert(int(place) + 2, "margin", margin)  # type: ignore[arg-type]
    table = table[table["score"] < min_score].sort_values("margin", kind="stable")
    return table.head(len(table) if n is None else n).reset_index(drop=True)


def suggest(
    source: Source,
    *,
    n: int = 50,
    model: ModelLike = None,
    per_document: int | None = None,
    known: set[str] | frozenset[str] = frozenset(),
    seed: int = 0,
) -> pd.DataFrame:
    """Choose the next paragraphs worth labelling: table `doc_id, paragraph, label, predicted, …, text` to fill in.

    `label` is empty, for a person to write into; `predicted`, `runner_up`, `score` and `margin` are what the model
    says of the paragraph alone; `reason` is "unsure" or "random". Of the least sure paragraphs by margin (Scheffer,
    Decomain and Wrobel 2001) those are taken one after another that are unsure and unlike the ones taken before
    (maximal marginal relevance: Carbonell and Goldstein 1998; cosine of character n-grams); one in ten is drawn at
    random with `seed`. Not suggested are texts in `known`, repeated texts and texts of fewer than eight characters.
    At most `per_document` come from one document (default: twice an even share), which may give fewer than `n`.

    The table can be saved, filled in and given to `train_classifier`. Raises `ValueError` for an `n` or
    `per_document` below 1.

    >>> table = suggest(["今年要深化改革，扩大开放。", "改革与发展的关系问题", "改革与发展的关系问题"], n=2)
    >>> table["text"].tolist(), table["label"].tolist()
    (['改革与发展的关系问题', '今年要深化改革，扩大开放。'], ['', ''])
    """
    if n < 1 or (per_document is not None and per_document < 1):
        raise ValueError(f"n and per_document must be at least 1, not {n} and {per_document}")
    if isinstance(known, str):
        raise TypeError("known must be a set of texts, not one text")
    loaded = load(model)
    judged = judge(source, loaded, context=False)
    some = _candidates(judged, known)
    second, margin = _second(judged.probabilities)
    # A list of texts is no set of documents: there each text has its own id.
    cap = per_document or max(1, -(-2 * n // max(len({judged.doc_id[i] for i in some}), 1)))
    rng = np.random.default_rng(seed)
    drawn = rng.permutation(np.array(some, dtype=np.intp)).tolist()
    random = _capped(drawn, judged.doc_id, n // AT_RANDOM, cap, Counter())
    left = sorted(set(some) - set(random), key=lambda i: (margin[i], i))
    used = Counter(judged.doc_id[i] for i in random)
    pool = _capped(left, judged.doc_id, POOL * n, POOL * cap, Counter())
    picked = _unlike(pool, judged, margin, (n - len(random), cap, used))
    return _suggestions(judged, loaded.labels, [*picked, *random], (second, margin, set(random)))


def _candidates(judged: Judged, known: set[str] | frozenset[str]) -> list[int]:
    """The first of each text that is long enough and not known."""
    seen = {text.strip() for text in known}
    some = []
    for i, text in enumerate(judged.text):
        stripped = text.strip()
        if len(stripped) >= SHORTEST and stripped not in seen:
            seen.add(stripped)
            some.append(i)
    return some


def _second(probabilities: Floats) -> tuple[NDArray[np.intp], Floats]:
    """The second label of each row and its distance from the first."""
    if not len(probabilities):
        return np.zeros(0, np.intp), np.zeros(0)
    order = np.argsort(-probabilities, axis=1, kind="stable")
    rows = np.arange(len(probabilities))
    return order[:, 1], probabilities[rows, order[:, 0]] - probabilities[rows, order[:, 1]]


def _capped(order: list[int], doc_id: list[str], n: int, cap: int, used: Counter[str]) -> list[int]:
    """The first `n` of an order with at most `cap` of each document; `used` counts what is taken."""
    taken: list[int] = []
    for i in order:
        if len(taken) == n:
            break
        if used[doc_id[i]] < cap:
            used[doc_id[i]] += 1
            taken.append(i)
    return taken


def _unlike(
    pool: list[int], judged: Judged, margin: Floats, limits: tuple[int, int, Counter[str]]
) -> list[int]:
    """Take the paragraph with the highest (1 - margin) · (1 - likeness to those taken), again and again."""
    n, cap, used = limits
    vectors = _vectors([judged.text[i] for i in pool])
    likeness, open_ = np.zeros(len(pool)), np.ones(len(pool), bool)
    unsureness = 1 - margin[pool] if pool else np.zeros(0)
    taken: list[int] = []
    while len(taken) < n and open_.any():
        best = int(np.argmax(np.where(open_, unsureness * (1 - likeness), -1.0)))
        open_[best] = False
        name = judged.doc_id[pool[best]]
        if used[name] >= cap:
            continue
        used[name] += 1
        taken.append(pool[best])
        likeness = np.maximum(likeness, (vectors @ vectors[[best]].T).toarray().ravel())
    return taken


def _vectors(texts: list[str]) -> Any:
    """Sparse rows of length one: which character n-grams a text has."""
    from scipy.sparse import csr_matrix

    found = keys(texts, ["anywhere"]) if texts else None
    if found is None:
        return csr_matrix((0, 1))
    pair = np.unique(found.paragraph.astype(np.uint64) << np.uint64(32) | found.key)
    row = (pair >> np.uint64(32)).astype(np.intp)
    _, column = np.unique(pair & np.uint64(0xFFFFFFFF), return_inverse=True)
    size = np.sqrt(np.maximum(np.bincount(row, minlength=len(texts)), 1))
    return csr_matrix((1 / size[row], (row, column)), shape=(len(texts), int(column.max(initial=0)) + 1))


def _suggestions(
    judged: Judged, labels: list[str], chosen: list[int], facts: tuple[NDArray[np.intp], Floats, set[int]]
) -> pd.DataFrame:
    import pandas as pd

    second, margin, random = facts
    p = judged.probabilities[chosen]
    data = {
        "doc_id": pd.Series([judged.doc_id[i] for i in chosen], dtype="str"),
        "paragraph": pd.Series([judged.paragraph[i] for i in chosen], dtype="int64"),
        "label": pd.Series([""] * len(chosen), dtype="str"),
        "predicted": pd.Series([labels[k] for k in p.argmax(axis=1)] if chosen else [], dtype="str"),
        "runner_up": pd.Series([labels[second[i]] for i in chosen], dtype="str"),
        "score": pd.Series(p.max(axis=1) if chosen else [], dtype="float64"),
        "margin": pd.Series(margin[chosen] if chosen else [], dtype="float64"),
        "reason": pd.Series(["random" if i in random else "unsure" for i in chosen], dtype="str"),
        "text": pd.Series([valid_unicode(judged.text[i]) for i in chosen], dtype="str"),
    }
    return pd.DataFrame(data)[list(SUGGESTED)]
