"""What a text states about itself: title, year, date, region, issuer and document number, never guessed.

The places are those where Chinese documents say it: the fields of a government page (发文机关：…), the lines above the
text, the signature with its date below it (GB/T 9704—2012). Running text is not searched: the numbers, days and
provinces it names are those of other documents and events.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from npp_nlp.reading.facts.bodies import (
    REGIONS,
    bodies,
    issuer_of_title,
    region_of_bodies,
    region_of_title,
    regions,
    spoken_for,
)
from npp_nlp.reading.facts.dates import dates_of, document_year, is_day, month_year, only_date, parse_date
from npp_nlp.reading.facts.lines import (
    Signature,
    TopLine,
    above_text,
    field_date,
    fields,
    is_dated,
    is_label,
    printed,
    signature,
)
from npp_nlp.reading.facts.title import title_of
from npp_nlp.reflow import Piece
from npp_nlp.text import fold

__all__ = ["REGIONS", "facts", "parse_date"]

_YEAR = r"(?:19|20)\d\d"
_COUNT = r"[\d一二三四五六七八九十百〇]{1,5}"
_NUMBER = rf"[一-鿿]{{1,16}}[〔\[(【]\s?{_YEAR}\s?[〕\])】]\s?(?:第\s?)?\d{{1,5}}\s?号"
_OWN_NUMBER = re.compile(rf"(?:[一-鿿\s]{{2,30}}\s)?[(]?(?P<n>{_NUMBER})[)]?(?:\s+签发人.*)?")
_ORDER = rf"(?:{_YEAR}\s?年\s?)?第\s?{_COUNT}\s?号"
_OWN_ORDER = re.compile(rf"[(]?(?P<n>{_ORDER}(?P<act>令|公告|通告)?)[)]?")
_NAMED_ORDER = re.compile(rf"(?P<n>[一-鿿][一-鿿\s]{{1,40}}?(?:令|公告|通告)\s?[(]?{_ORDER}[)]?)")
_ORDERED = re.compile(rf"日\s?(?P<n>[一-鿿]{{2,24}}?(?:令|公告)\s?{_ORDER})\s?(?:公布|发布)")
_MEETING = re.compile("会议|大会|报告|讲话|总理|省长|市长|主席|主任")
_SOURCE = re.compile(r"来源|记者|作者|通讯员|编辑|日报")


def facts(pieces: Sequence[Piece]) -> dict[str, Any]:
    """Title, year, date, region, issuer and document number of the first article; None where it does not state them.

    The date is that of 成文日期, the signature, 发布日期, or a line above the text, in this order. The year is that of
    the title, else of the date or a month below the title, else of the document number. The issuers, parted by 、,
    come from 发文机关, the title, the signature, the letterhead, or the body that a speaker reports for
    (我代表国务院); the region from the issuers, else from the title and the line about the meeting.
    """
    own = [p for p in pieces if p.article == 0]
    top = above_text(own)
    found = fields(top)
    signed = signature(own)
    stamp = printed(own)
    title = title_of(top, found.get("title"))
    number = _number(top, found.get("number"), title)
    names = _issuers(own, top, found.get("issuer"), title, signed)
    date = _date(own, top, found, signed, title) or (stamp[1] if stamp else None)
    region = _region(names, title, top) or (region_of_bodies([stamp[0]]) if stamp and not names else None)
    return {
        "title": title,
        "date": date,
        "region": region,
        "year": document_year(title, date, _month(top), number),
        "issuer": "、".join(names) or None,
        "document_number": number,
    }


def _number(top: Sequence[TopLine], field: str | None, title: str | None) -> str | None:
    """The number of the document itself: in its field, on a line of its own, or in brackets at the end of the title."""
    named = fold(field or "")
    stated = re.search(_NUMBER, named) or re.search(
        rf"(?:[一-鿿]{{2,24}}(?:令|公告|通告)\s?)?{_ORDER}令?", named
    )
    if field and stated:
        return _bare(field[slice(*stated.span())])
    above = merged = ""
    for line in top:
        words = fold(line.text).strip()
        if line.merged and (not title or merged != title):
            merged += line.text
            continue
        found = _OWN_NUMBER.fullmatch(words) or _NAMED_ORDER.fullmatch(words)
        if found:
            return _bare(line.text.strip()[slice(*found.span("n"))])
        found = _OWN_ORDER.fullmatch(words)
        if found and (found["act"] or re.search("(?:令|公告|通告)$", above)):
            return _bare(("" if found["act"] else above) + found["n"])
        found = _ORDERED.search(words) if len(words) <= 120 else None
        if found:
            return _bare(found["n"])
        above = words
    ended = re.search(rf"[(]({_NUMBER})[)]$", fold(title or ""))
    return _bare((title or "")[slice(*ended.span(1))]) if ended else None


def _bare(number: str) -> str:
    """A number without the blanks in it; those between the names of two bodies stay."""
    return re.sub(
        r"(?<![一-鿿])\s+|\s+(?![一-鿿])|(?<=年)\s+(?=第)|(?<=令)\s+|(?<=公告)\s+", "", number.strip()
    )


def _issuers(
    pieces: Sequence[Piece], top: Sequence[TopLine], field: str | None, title: str | None, signed: Signature
) -> list[str]:
    named = issuer_of_title(title) if title else []
    if field and len(field) <= 80:
        return bodies(field) or [field]
    if named and not any(re.search("等.{0,3}(?:部门|单位|部委)", name) for name in named):
        return named
    if len(signed.names) > 1 or (signed.names and not named):
        return signed.names
    head = _letterhead(top)
    if named or head:
        return head if len(head) > len(named) else named
    for piece in pieces[:8]:
        spoken = spoken_for(piece.text) if piece.kind == "paragraph" else []
        if region_of_bodies(spoken) or any(re.search("..[市州县区盟旗]人民政府$", name) for name in spoken):
            return spoken
    return []


def _letterhead(top: Sequence[TopLine]) -> list[str]:
    """The bodies in lines right above 文件, the document number or the title, or right below the title."""
    names: list[str] = []
    titled = False
    for line in top:
        words = fold(line.text)
        text = re.sub(r"\s*文\s*件$", "", line.text)
        here = bodies(text) if len(text) <= 60 else []
        if here:
            names += here
            if text != line.text:
                return names
        elif names:
            if words in ("文件", "文 件") or words.startswith("关于") or _OWN_NUMBER.fullmatch(words):
                return names
            if titled and (words.endswith(":") or is_day(line.text)):
                return names
            names = []
        else:
            titled = line.kind in ("title", "subtitle") or (titled and line.kind == "byline")
    return names if titled else []


def _date(
    pieces: Sequence[Piece],
    top: Sequence[TopLine],
    found: Mapping[str, str],
    signed: Signature,
    title: str | None,
) -> str | None:
    stated = field_date(found, "made") or (signed.date if signed.names else None)
    stated = stated or field_date(found, "published")
    if stated:
        return stated
    plain = [t.text for t in top if len(t.text) <= 80 and t.kind not in ("title", "residue") and not t.merged]
    for days in ([t for t in plain if is_day(t)], [t for t in plain if _SOURCE.search(t) and "。" not in t]):
        dates = {date for text in days if (date := only_date(text))}
        if len(dates) == 1:
            return dates.pop()
    if signed.date:
        return signed.date
    begun = {date for t in top if len(t.text) <= 120 and is_dated(t.text) and (date := only_date(t.text))}
    if begun:
        return begun.pop() if len(begun) == 1 else None
    return only_date(title or "") or _printed_page(pieces)


def _month(top: Sequence[TopLine]) -> int | None:
    years = {year for line in top if not line.merged and (year := month_year(line.text))}
    return years.pop() if len(years) == 1 else None


def _printed_page(pieces: Sequence[Piece]) -> str | None:
    """The day in the dateline of a news item, or in the head of a newspaper page."""
    for piece in pieces[:12]:
        words = fold(piece.text[:60])
        line = re.match(r"\(?(?:新华社|本报|中新社|人民网|央视网)[^,。]{0,30}?(?:电|讯)", words)
        if line and dates_of(line.group()):
            return dates_of(line.group())[0]
        if piece.kind != "paragraph" and "星期" in words and len(piece.text) <= 60:
            return only_date(piece.text)
    return None


def _region(names: list[str], title: str | None, top: Sequence[TopLine]) -> str | None:
    if names:
        region = region_of_bodies(names)
        general = all(re.match("省|自治区|市|本", name) for name in names)
        if region or not general:
            return region
    if title and (region_of_title(title) or len(regions(title)) > 1):
        return region_of_title(title)
    for line in top:
        if line.kind == "residue" or line.merged or not _MEETING.search(line.text) or is_label(line.text):
            continue
        if _SOURCE.search(line.text) or len(line.text) > 80:
            continue
        region = region_of_title(re.sub(r"^.*?日在", "", fold(line.text)))
        if region or "国务院总理" in line.text:
            return region or "全国"
    return None
