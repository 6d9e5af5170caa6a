"""A text and what its file says to a document: paragraphs, offsets, facts."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from npp_nlp.document import Document, Hint, Paragraph
from npp_nlp.reading.facts import facts
from npp_nlp.reflow import Piece, reflow
from npp_nlp.text import valid_unicode

_YEARS = re.compile(r"(?:19|20)\d\d|[二一][〇○零九0][〇○零一二三四五六七八九0]{2}年")
_FIELDS = frozenset({"title", "year", "date", "region"})


def document_from_text(
    text: str,
    id: str,  # noqa: A002 (the column's name)
    known: Mapping[str, Any],
    hints: Sequence[Hint] = (),
    *,
    simplified: bool = False,
) -> Document:
    """Recover the paragraphs of a text and what it says about itself; values in `known` win over what it says.

    `hints` is what the file of the text says about its lines. `simplified` turns traditional characters into
    simplified ones by OpenCC, one for one, so that offsets stay; `Document.source` keeps the original.
    Lone surrogates, which no table or file can hold, become U+FFFD; `metadata["lone_surrogates"]` counts them.
    Raises `TypeError` if `text` is no string, `ValueError` if a known year is no whole number, `ImportError` with
    the command to install it if OpenCC is wanted and absent.
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a str, not {type(text).__name__}")
    source = valid_unicode(text)
    given = {name: value for name, value in known.items() if value is not None}
    if source != text:
        given["lone_surrogates"] = sum(a != b for a, b in zip(text, source, strict=True))
    read = source
    if simplified:
        read = to_simplified(source)
        given["simplified"] = "OpenCC t2s"
    pieces, removed = reflow(read, hints)
    paragraphs, joined = _paragraphs(pieces)
    found = facts(pieces)
    if (
        found["year"] is None
        and given.get("date")
        and not _YEARS.search(str(given.get("title") or found["title"]))
    ):
        found["year"] = str(given["date"])[:4]
    values = {name: given.get(name, found.pop(name, None)) for name in _FIELDS}
    extra = {name: value for name, value in found.items() if value is not None and name not in _FIELDS}
    return Document(
        id=printable(id),
        text=joined,
        paragraphs=paragraphs,
        title=_text(values["title"]),
        year=whole_year(values["year"]),
        date=_text(values["date"]),
        region=_text(values["region"]),
        source=source,
        removed=tuple(removed),
        metadata={**extra, **{name: value for name, value in given.items() if name not in _FIELDS}},
        hints=tuple(hints),
    )


def to_simplified(text: str) -> str:
    """The text in simplified characters, one for one, by OpenCC's phrase and character tables (t2s).

    Raises `ImportError` with the command to install OpenCC if it is absent.
    """
    try:
        import opencc
    except ImportError as error:
        raise ImportError(
            "simplified=True needs OpenCC, which is not installed: pip install 'npp-nlp[traditional]'"
        ) from error
    converter = opencc.OpenCC("t2s")
    result: str = converter.convert(text)
    if len(result) == len(text):
        return result
    # a phrase whose length changes would move all that follows: its line is converted character by character
    lines = text.splitlines(keepends=True)
    return "".join(_one_for_one(line, converter.convert) for line in lines)


def _one_for_one(line: str, convert: Callable[[str], str]) -> str:
    result = convert(line)
    if len(result) == len(line):
        return result
    singles = [convert(char) for char in line]
    return "".join(new if len(new) == 1 else old for new, old in zip(singles, line, strict=True))


def _text(value: Any) -> str | None:
    if isinstance(value, datetime.datetime):
        value = value.date()
    return None if value is None else str(value)


def whole_year(value: Any) -> int | None:
    """A year as a whole number, None for None; raises `ValueError` for anything else."""
    if value is None:
        return None
    try:
        year = int(value)
        exact = year == float(value)
    except (TypeError, ValueError):
        exact = False
    if not exact:
        raise ValueError(f"year={value!r} is not a whole number")
    return year


def _paragraphs(pieces: Sequence[Piece]) -> tuple[tuple[Paragraph, ...], str]:
    """Place the pieces one to a line; gives the paragraphs and the whole text."""
    paragraphs = []
    position = 0
    for piece in pieces:
        end = position + len(piece.text)
        paragraphs.append(
            Paragraph(piece.text, piece.kind, piece.article, position, end, piece.spans, piece.level)
        )
        position = end + 1
    return tuple(paragraphs), "\n".join([piece.text for piece in pieces])


def printable(name: str) -> str:
    """A name that tables and files can hold: what is no valid Unicode (file names may be any bytes) is escaped."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
