"""From an edge of a graph back to the passages that were counted for it.

Layer 6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from npp_nlp.cooccurrence.building import settings_of
from npp_nlp.cooccurrence.occurrences import Ints, Occurrences, Record
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

KINDS = {
    "doc_id": "str",
    "group": "object",
    "paragraph": "int64",
    "source": "str",
    "target": "str",
    "text": "str",
    "start": "int64",
    "end": "int64",
    "source_start": "int64",
    "source_end": "int64",
    "target_start": "int64",
    "target_end": "int64",
}


def graph_evidence(
    graph: nx.Graph[str], source_term: str, target_term: str, *, limit: int | None = None
) -> pd.DataFrame:
    """The passages behind an edge, one row for each pair of positions that was counted: as many rows as the edge's `n`.

    Table `doc_id, group, paragraph, source, target, text, start, end, source_start, source_end, target_start,
    target_end`, in reading order. `text` is the paragraph, or for sentences and windows the sentence; `start` and
    `end` are its offsets in `Document.text`, the others those of the two terms; `source` and `target` are the words
    as they stand there (variants count with their term). `group` is the year of the document, or its value of the
    grouping of `yearly_graphs`. `limit` bounds the number of rows; `frame.attrs["n"]` is the number of all.
    The pair need not be an edge. Raises `ValueError` for a term that is none of the graph's, and for a graph that holds no
    record of its corpus (read from a file, or not made by `concept_graph`).

    >>> from npp_nlp.cooccurrence.building import concept_graph
    >>> graph = concept_graph("科技创新引领新质生产力。", ["科技创新", "新质生产力"], min_count=1)
    >>> graph_evidence(graph, "新质生产力", "科技创新")[["source", "source_start", "target_start"]].values.tolist()
    [['新质生产力', 6, 0]]
    """
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be None or at least 1 row, not {limit}")
    record, _ = settings_of(graph)
    one, two = _number(record, source_term), _number(record, target_term)
    if one == two:
        raise ValueError(f"source_term and target_term are one term, {source_term!r}")
    first, second = _counted(record.found, one, two, record.window)
    frame = _table(record, first[:limit], second[:limit], str(graph.graph.get("by", "year")))
    frame.attrs["n"] = len(first)
    return frame


def _number(record: Record, term: str) -> int:
    names = record.found.terms
    name = term if term in names else record.lexicon.canonical(term)
    if name is None or name not in names:
        raise ValueError(f"term {term!r} is none of the {len(names)} terms that this graph was made of")
    return names.index(name)


def _counted(found: Occurrences, one: int, two: int, window: int | None) -> tuple[Ints, Ints]:
    """Numbers of the occurrences of each counted pair of positions, in reading order."""
    first, second = np.flatnonzero(found.term == one), np.flatnonzero(found.term == two)
    begin = np.searchsorted(found.context[second], found.context[first], side="left")
    number = np.searchsorted(found.context[second], found.context[first], side="right") - begin
    left = np.repeat(first, number)
    step = np.arange(len(left)) - np.repeat(np.cumsum(number) - number, number)
    right = second[np.repeat(begin, number) + step]
    if window is not None:
        near = np.abs(found.position[left] - found.position[right]) <= window
        left, right = left[near], right[near]
    order = np.lexsort((np.maximum(left, right), np.minimum(left, right)))
    return left[order], right[order]


def _table(record: Record, first: Ints, second: Ints, by: str) -> pd.DataFrame:
    import pandas as pd

    found, rows = record.found, []
    passages = found.passages
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        context = int(found.context[i])
        document = record.corpus[int(passages.document[context])]
        spans = (
            (int(passages.start[context]), int(passages.end[context])),
            (int(found.start[i]), int(found.end[i])),
            (int(found.start[j]), int(found.end[j])),
        )
        text, source, target = (valid_unicode(document.text[a:b]) for a, b in spans)
        place = (valid_unicode(document.id), document.value(by), int(passages.paragraph[context]))
        rows.append((*place, source, target, text, *(offset for span in spans for offset in span)))
    kinds: Any = {name: kind for name, kind in KINDS.items() if name != "group" or not rows}
    return pd.DataFrame(rows, columns=list(KINDS)).astype(kinds)
