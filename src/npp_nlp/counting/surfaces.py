"""Surface forms: how the text itself writes each term.

Layer 5. “内卷式”竞争, 「内卷式」竞争 and 内卷式竞争 count as one term; this table says how often each was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from npp_nlp.counting.known import find_terms
from npp_nlp.document import Source, as_corpus
from npp_nlp.lexicon import Lexicon, as_lexicon
from npp_nlp.masking import shown_text
from npp_nlp.text import batches

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {"term": "str", "form": "str", "n": "int64", "docfreq": "int64", "first_doc_id": "str"}

_GROUP = 400_000  # characters at a time


def surface_forms(source: Source, terms: Iterable[str] | Lexicon | None = None) -> pd.DataFrame:
    """How terms are written: table `term, form, n, docfreq, first_doc_id`, terms by name, their forms most frequent first.

    `terms` are a list, a `Lexicon` (default: the packaged one), or the column `term` of `key_terms`. `n` counts as
    `count_terms` does: the forms of a term add up to its `n` there. Terms that do not occur have no row.

    >>> table = surface_forms("防止“内卷式”竞争，内卷式竞争有害", ["“内卷式”竞争"])
    >>> table[["term", "form", "n"]].values.tolist()
    [['“内卷式”竞争', '“内卷式”竞争', 1], ['“内卷式”竞争', '内卷式竞争', 1]]
    """
    import pandas as pd

    corpus, lexicon = as_corpus(source), as_lexicon(terms)
    n: Counter[tuple[int, str]] = Counter()
    docfreq: Counter[tuple[int, str]] = Counter()
    first: dict[tuple[int, str], str] = {}
    for part in batches((len(document.text) for document in corpus), _GROUP):
        documents = corpus.documents[part]
        found = find_terms([shown_text(document) for document in documents], lexicon)
        won = np.flatnonzero(found.won)
        columns = (found.text[won], found.start[won], found.end[won], found.entry[won])
        seen: set[tuple[int, int, str]] = set()
        for text, start, end, entry in zip(*(column.tolist() for column in columns), strict=True):
            key = (entry, documents[text].text[start:end])
            n[key] += 1
            if (text, *key) not in seen:
                seen.add((text, *key))
                docfreq[key] += 1
                first.setdefault(key, documents[text].id)
    names = [entry.term for entry in lexicon.entries]
    order = sorted(n, key=lambda key: (names[key[0]], -n[key], key[1]))
    rows = [(names[key[0]], key[1], n[key], docfreq[key], first[key]) for key in order]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
