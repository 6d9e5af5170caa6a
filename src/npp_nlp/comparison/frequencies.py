"""Counts of terms by group, with the exposure they rest on: what every measure of the comparison is computed from.

Layer 6. The unit of exposure is the character: a group's exposure is the number of characters of its paragraphs, set one to
a line (`npp_nlp.masking.shown_characters`), the same that `per_10k` of `count_terms` is per.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.counting.known import apart, find_terms
from npp_nlp.document import Corpus
from npp_nlp.groups import grouping
from npp_nlp.lexicon import Lexicon
from npp_nlp.masking import shown_characters, shown_text
from npp_nlp.text import batches

if TYPE_CHECKING:
    import pandas as pd

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_GROUP = 400_000  # characters at a time: bounds the temporary arrays


@dataclass(frozen=True)
class Frequencies:
    """Counts of the terms that occur, rows in the order of `terms`, columns in the order of `groups`.

    `n` and `docfreq` are matrices terms x groups, `characters` and `documents` the sizes of the groups. `sizes` are the
    characters of the documents with a group, `member` the group of each. Of these documents, `document`, `term` and
    `count` list the counts above 0.
    """

    terms: tuple[str, ...]
    groups: tuple[Any, ...]
    n: Ints
    docfreq: Ints
    characters: Ints
    documents: Ints
    sizes: Ints
    member: Ints
    document: Ints
    term: Ints
    count: Ints

    @property
    def ordered(self) -> bool:
        """Whether the groups are numbers, so that earlier and later mean something."""
        return all(isinstance(group, int | float) and not isinstance(group, bool) for group in self.groups)

    @property
    def rates(self) -> Floats:
        """Occurrences per 10,000 characters, terms x groups."""
        return np.asarray(self.n * 10_000 / self.characters)

    def group_column(self, number: Ints) -> pd.Series[Any]:
        """The names of groups by their numbers; -1 is missing."""
        import pandas as pd

        names = pd.Series(list(self.groups), dtype=None if self.groups else "object")
        if (number < 0).any():
            names = names.astype("Int64") if names.dtype.kind == "i" else names
            return names.reindex(number).reset_index(drop=True)
        return names.take(number).reset_index(drop=True)

    def term_column(self, number: Ints) -> pd.Series[Any]:
        """The names of terms by their numbers."""
        import pandas as pd

        return pd.Series(list(self.terms), dtype="str").take(number).reset_index(drop=True)


def count_groups(corpus: Corpus, lexicon: Lexicon, by: str, *, nested: bool = True) -> Frequencies:
    """Count the terms of a lexicon in the groups of a corpus; groups without text and terms that do not occur are left out.

    With `nested` every occurrence counts, also inside longer terms, as a search for the term alone would find it; without,
    only those on their own (`n` of `count_terms`). Raises `ValueError` if no document has a value of `by`, or if the values
    are numbers in one document and texts in another.

    >>> corpus = Corpus.from_texts(["发展生产力。", "发展新质生产力。"], years=[2022, 2024])
    >>> counts = count_groups(corpus, Lexicon.from_terms(["生产力", "新质生产力"]), "year")
    >>> counts.terms, counts.n.tolist(), counts.characters.tolist()
    (('新质生产力', '生产力'), [[0, 1], [1, 1]], [6, 8])
    """
    names, member = grouping(corpus, by)
    _refuse_mixed(names, by)
    sizes = np.fromiter(map(shown_characters, corpus), dtype=np.int64, count=len(corpus))
    member = np.where(sizes > 0, member, -1)
    full = np.unique(member[member >= 0])
    rows = np.flatnonzero(member >= 0)
    place = np.searchsorted(full, member[rows])
    chosen = [corpus[i] for i in rows.tolist()]
    document, entry, count = _per_document([shown_text(d) for d in chosen], lexicon, nested)
    found = np.unique(entry)
    term = np.searchsorted(found, entry)
    shape = (len(found), len(full))
    cell = term * len(full) + place[document]
    return Frequencies(
        terms=tuple(lexicon.entries[i].term for i in found.tolist()),
        groups=tuple(names[i] for i in full.tolist()),
        n=np.bincount(cell, count, minlength=shape[0] * shape[1]).astype(np.int64).reshape(shape),
        docfreq=np.bincount(cell, minlength=shape[0] * shape[1]).astype(np.int64).reshape(shape),
        characters=np.bincount(place, sizes[rows], minlength=len(full)).astype(np.int64),
        documents=np.bincount(place, minlength=len(full)).astype(np.int64),
        sizes=sizes[rows],
        member=place,
        document=document,
        term=term,
        count=count,
    )


def _refuse_mixed(names: list[Any], by: str) -> None:
    numbers = [name for name in names if isinstance(name, int | float)]
    if 0 < len(numbers) < len(names):
        other = next(name for name in names if not isinstance(name, int | float))
        raise ValueError(
            f"by={by!r}: values are numbers and texts ({numbers[0]!r}, {other!r}); make them one kind"
        )


def _per_document(texts: list[str], lexicon: Lexicon, nested: bool) -> tuple[Ints, Ints, Ints]:
    """Document, entry and count of each pair that occurs, sorted."""
    size = max(len(lexicon), 1)
    keys: list[Ints] = [np.zeros(0, dtype=np.int64)]
    counts: list[Ints] = [np.zeros(0, dtype=np.int64)]
    for part in batches(map(len, texts), _GROUP):
        found = find_terms(texts[part], lexicon)
        counted = apart(found) if nested else found.won
        key, n = np.unique(
            (found.text[counted] + part.start) * size + found.entry[counted], return_counts=True
        )
        keys.append(key)
        counts.append(n.astype(np.int64))
    key = np.concatenate(keys)
    return key // size, key % size, np.concatenate(counts)
