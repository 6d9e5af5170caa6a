"""The bytes of a web page to its tree: encoding, limits, and a parser that never fetches or expands anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from npp_nlp.reading.decoding import decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_TAGS = 1_000_000
"""Pages with more tags are refused: the tree of a million takes about half a gigabyte."""
MAX_ATTRIBUTES = 1_000
"""Tags with more attributes are refused: the parser's time grows with the square of their number."""

_DECLARED = re.compile(
    rb"""(?:<meta[^>]{0,200}?charset\s*=\s*["']?\s*|<\?xml[^>]{0,100}?encoding\s*=\s*["'])([\w.:-]{2,40})""",
    re.I,
)
_HEAD = 8192
_CHINESE = re.compile("gb|big5|hz", re.I)
_ENOUGH_UTF8 = 12
_ENDS = re.compile(r"</(?:html|body)\s*>", re.I)
_ATTRIBUTE = r"""[\s/]++=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+"""
_TAG = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE})*+")
_UNREAD = (("<script", "</script"), ("<style", "</style"), ("<!--", "-->"))


def decoded(data: bytes, encoding: str | None) -> tuple[str, str]:
    """The text of the page; the encoding that the user names counts, the one that the page names may be wrong."""
    found = _DECLARED.search(data[:_HEAD])
    named = found.group(1).decode("ascii") if found else None
    if encoding is not None:
        text, used = decode(data, encoding)
    elif named is None or data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:3] == b"\xef\xbb\xbf":
        text, used = decode(data)
    else:
        text, used = _as_named(data, named)
    if not text.strip():
        raise ValueError("blank: no text in it")
    return text, used


def _as_named(data: bytes, named: str) -> tuple[str, str]:
    high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    try:
        if high >= _ENOUGH_UTF8 or not _CHINESE.match(named):
            return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    orders = (named, None) if _CHINESE.match(named) else (None, named)
    reason: Exception | None = None
    for declared in orders:
        try:
            return decode(data, declared)
        except (ValueError, LookupError) as error:
            reason = reason or error
    raise ValueError(str(reason)) from reason


def parsed(text: str) -> HtmlElement:
    """The tree of the page. Raises `ValueError` if it is too large or too deep to be read whole."""
    from lxml import etree, html

    tags = text.count("<")
    if tags > MAX_TAGS:
        raise ValueError(f"{tags:,} tags, more than {MAX_TAGS:,}")
    _refuse_long_tags(text)
    # Pages made of parts end more than once: the parser drops all that follows the first end.
    data = _ENDS.sub("", text).encode("utf-8", "replace")
    for huge in (False, True):
        # The usual limits cut a page off where tags are nested 256 deep, which unclosed <font> tags reach.
        parser = html.HTMLParser(
            encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=huge
        )
        try:
            root = html.document_fromstring(data, parser=parser)
        except etree.ParserError as error:
            raise ValueError("no text on the page") from error
        if all(entry.type != etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
            return root
    raise ValueError("tags are nested too deep to be read whole")


def _refuse_long_tags(text: str) -> None:
    for piece in _markup(text):
        for tag in _TAG.finditer(piece):
            if tag.end() - tag.start() > 2 * MAX_ATTRIBUTES:
                number = len(re.findall(_ATTRIBUTE, tag.group()))
                if number > MAX_ATTRIBUTES:
                    raise ValueError(f"a tag with {number:,} attributes, more than {MAX_ATTRIBUTES:,}")


def _markup(text: str) -> Iterator[str]:
    """The text without scripts, styles and comments, where < and > are no tags."""
    small = text.lower() if len(text.lower()) == len(text) else text
    at = 0
    ahead = {opening: small.find(opening) for opening, _ in _UNREAD}
    while True:
        for opening, found in ahead.items():
            if 0 <= found < at:
                ahead[opening] = small.find(opening, at)
        starts = [(found, opening) for opening, found in ahead.items() if found >= 0]
        if not starts:
            yield text[at:]
            return
        start, opening = min(starts)
        yield text[at:start]
        closing = dict(_UNREAD)[opening]
        stop = small.find(closing, start + len(opening))
        if stop < 0:
            return
        at = stop + len(closing)
