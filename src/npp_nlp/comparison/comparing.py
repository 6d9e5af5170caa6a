"""What is compared: the corpus without reused or other passages, and the terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, get_args

from npp_nlp.comparison.keyness import Baseline
from npp_nlp.comparison.restriction import labelled_spans, restrict, without
from npp_nlp.comparison.result import Comparison, ComparisonSettings
from npp_nlp.document import Corpus, Source, as_corpus
from npp_nlp.labels import LABELS, classify
from npp_nlp.lexicon import Lexicon, as_lexicon, stop_words
from npp_nlp.reuse.finding import reused_spans
from npp_nlp.segmentation import default_segmenter
from npp_nlp.terms.ranking import key_terms

if TYPE_CHECKING:
    import pandas as pd

Reuse = Literal["include", "exclude"]
FEWEST_WORDS = 5
"""Occurrences of a word in the corpus to be compared, if all words are."""
KEY_TERMS = 50
"""Key terms of each group that are compared beside the lexicon, if no terms are named."""


def compare(
    corpus: Source,
    by: str = "year",
    *,
    terms: Iterable[str] | Lexicon | Literal["words"] | None = None,
    baseline: Baseline = "rest",
    within: str | None = None,
    reuse: Reuse | pd.DataFrame = "include",
    nested: bool = True,
) -> Comparison:
    """Compare the groups of a corpus: keyness, trends, emergence, dispersion, labels, graphs, with the passages behind them.

    - `by`: the metadata that makes the groups; documents without a value are listed in `.left_out`. Emergence and
      turnover need numbers.
    - `terms`: a list or `Lexicon`; by default the packaged lexicon and the 50 key terms of each group, so that words
      no lexicon has are seen too. "words" compares every word that the segmenter finds at least 5 times, of two
      characters or more and no stop word (农业, 企业, 干部), each on its own (`nested` is False). Only terms that occur are
      in the tables.
    - `baseline`: what keyness compares a group with, all the "rest" or the "previous" group.
    - `within`: compare only paragraphs with this label ("challenge"). For labels of your own, or any other passages,
      compare `npp_nlp.comparison.restriction.restrict(corpus, spans)`.
    - `reuse`: "exclude" leaves out sentences that stand, exactly or nearly, in a document of an earlier year
      (`reused_spans`); a table `doc_id, start, end` leaves out these spans.
    - `nested`: count a term also inside longer terms, as a search for it would; if False, only on its own.

    Raises `ValueError` if there are not at least two groups with text, if the values of `by` are of two kinds, or an option
    is unknown.

    >>> corpus = Corpus.from_texts(["扩大内需。", "发展新质生产力。"], years=[2022, 2024])
    >>> result = compare(corpus, terms=["内需", "新质生产力"])
    >>> result.emergence[["term", "first_group"]].values.tolist()
    [['新质生产力', 2024], ['内需', 2022]]
    >>> result.evidence("新质生产力", year=2024)[["left", "term", "start"]].values.tolist()
    [['发展', '新质生产力', 2]]
    """
    _check(baseline, within, reuse)
    if isinstance(terms, str) and terms != "words":
        raise TypeError(f'terms must be a list of terms or "words", not the string {terms!r}')
    whole = as_corpus(corpus)
    labels = None if within is None else classify(whole)
    fresh = _without_reuse(whole, reuse)
    compared = fresh if labels is None else _within(fresh, whole, labels, str(within))
    if isinstance(terms, str):
        lexicon, nested = _words_of(compared), False
    else:
        lexicon = _terms_of(compared, by) if terms is None else as_lexicon(terms)
    settings = ComparisonSettings(
        by, baseline, within, reuse if isinstance(reuse, str) else f"{len(reuse)} spans", nested
    )
    result = Comparison(whole, compared, lexicon, settings, fresh, labels)
    if len(result.groups) < 2:
        found = ", ".join(map(repr, result.groups)) or "none"
        raise ValueError(f"by={by!r}: at least two groups with text are needed, found {found}")
    return result


def _check(baseline: str, within: str | None, reuse: object) -> None:
    if baseline not in get_args(Baseline):
        raise ValueError(f"baseline must be one of {', '.join(get_args(Baseline))}, not {baseline!r}")
    if isinstance(reuse, str) and reuse not in get_args(Reuse):
        raise ValueError(
            f"reuse must be one of {', '.join(get_args(Reuse))} or a table of spans, not {reuse!r}"
        )
    if within is not None and within not in LABELS:
        raise ValueError(f"within must be one of {', '.join(LABELS)}, not {within!r}")


def _without_reuse(corpus: Corpus, reuse: Reuse | pd.DataFrame) -> Corpus:
    if isinstance(reuse, str):
        return corpus if reuse == "include" else without(corpus, reused_spans(corpus))
    return without(corpus, reuse)


def _within(corpus: Corpus, whole: Corpus, labels: pd.DataFrame, label: str) -> Corpus:
    return restrict(corpus, labelled_spans(labels, whole, label))


def _terms_of(corpus: Corpus, by: str) -> Lexicon:
    """The packaged lexicon and, besides, the key terms of each group: those most likely to be listed for its documents."""
    lexicon = Lexicon.default()
    best = key_terms(corpus, top=KEY_TERMS, by=by)["term"].unique()
    return Lexicon.from_terms(sorted(filter(_writable, best)), "discovered") + lexicon


def _words_of(corpus: Corpus) -> Lexicon:
    """The words of the corpus that occur often enough, as a lexicon."""
    found: Counter[str] = Counter()
    for document in corpus:
        texts = [paragraph.text for paragraph in document.paragraphs]
        for words in default_segmenter().segment_batch(texts):
            found.update(words)
    stops = stop_words()
    kept = (
        word
        for word, n in found.items()
        if n >= FEWEST_WORDS and len(word) > 1 and word.isalpha() and word not in stops
    )
    return Lexicon.from_terms(sorted(kept), "word")


def _writable(term: str) -> bool:
    """Whether a lexicon can hold the term: no control character stands in it."""
    return all(character >= " " and character != "\x7f" for character in term)
