"""The tables of a Word document: their rows and cells, and whether they only arrange running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from npp_nlp.reading.word.styles import W
from npp_nlp.reading.word.text import LEFT_OUT, PARAGRAPH, TABLE

if TYPE_CHECKING:
    from lxml import etree

_RUNNING = 60
"""Paragraphs of at least so many characters with the end of a sentence in them are running text."""
_SENTENCE = re.compile("[。！？；]")


def table_rows(table: etree._Element) -> Iterator[list[etree._Element]]:
    """The cells of every row that is not deleted."""
    for row in _inside(table, W + "tr"):
        if row.find(f"{W}trPr/{W}del") is None:
            yield list(_inside(row, W + "tc"))


def _inside(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The elements of a name below a node, controls and insertions around them passed through."""
    for child in node.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag not in LEFT_OUT and child.tag not in (TABLE, PARAGRAPH):
            yield from _inside(child, tag)


def arranges(rows: list[list[etree._Element]]) -> bool:
    """Whether a table only arranges text: one cell in a row has words, or most words are running text."""
    texts = [
        ["".join(t.text or "" for t in node.iter(W + "t")).strip() for node in cell.iter(PARAGRAPH)]
        for row in rows
        for cell in row
    ]
    filled = [[any(cell) for cell in texts[at : at + len(row)]] for at, row in _starts(rows)]
    if all(sum(row) <= 1 for row in filled):
        return True
    words = [text for cell in texts for text in cell if text]
    running = sum(len(text) for text in words if len(text) >= _RUNNING and _SENTENCE.search(text))
    return 2 * running >= sum(map(len, words))


def _starts(rows: list[list[etree._Element]]) -> Iterator[tuple[int, list[etree._Element]]]:
    """Every row with the number of cells before it."""
    at = 0
    for row in rows:
        yield at, row
        at += len(row)
