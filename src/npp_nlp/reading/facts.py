"""What a text states about itself in its title and date line: year, date, region, issuer, document number."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from npp_nlp.reflow import Piece

REGIONS = (
    "北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "上海市", "江苏省", "浙江省",
    "安徽省", "福建省", "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区", "海南省", "重庆市",
    "四川省", "贵州省", "云南省", "西藏自治区", "陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区",
    "香港特别行政区", "澳门特别行政区", "台湾省",
)  # fmt: skip
_SHORT = {re.sub("(?:壮族|回族|维吾尔)?(?:省|市|自治区|特别行政区)$", "", name): name for name in REGIONS}
_REGION = re.compile("|".join(sorted(_SHORT, key=len, reverse=True)))
_OTHER_PLACE = re.compile("(?:市|州|县|区|路|大学|银行)")
_YEAR = re.compile(r"(?<![\d\-—–~至到—])((?:19|20)\d\d)\s*年(?!\s*[-—–~至到]|度?\s*(?:远景|愿景|目标|前|底))")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})(?!\d)")
_CN_DAY = re.compile(
    r"([一二][〇○零九0][〇○零一二三四五六七八九]{2})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_CN_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "0": 0}
_NUMBER = re.compile(r"[一-鿿]{1,12}[〔\[［（(【](?:19|20)\d\d[〕\]］）)】]\s?\d{1,4}\s?号")
_BODY = "(?:院|部|委|委员会|局|署|厅|办|办公厅|办公室|政府|中央|银行|总会|法院|检察院)"
_ISSUER = re.compile(rf"(.{{2,40}}?{_BODY}(?:[、 ].{{2,30}}?{_BODY})*)关于")
_DATE_LABEL = re.compile(r"(?:时间|日期|发布时间|发布日期|成文日期|印发日期)[:：]")
_NATIONAL = re.compile("全国人民代表大会|中国共产党第.{1,4}次全国代表大会|中共中央|^国务院")


def facts(pieces: Sequence[Piece]) -> dict[str, Any]:
    """Title, year, date, region, issuer and document number, each only where the text states it.

    The title gives the title and the region; the year comes from the title, else from the date; the date from a
    labelled line above the text, else from a line that is a date, else from a line such as ——2026年2月3日在…会议上.
    """
    top = list(_above_text(pieces))
    title = " ".join(p.text for p in _title_lines(pieces)) or None
    date = _date(top, pieces)
    found: dict[str, Any] = {"title": title, "date": date, "region": _region(title, top)}
    years = set(_YEAR.findall(title or ""))
    found["year"] = int(years.pop()) if len(years) == 1 else int(date[:4]) if date and not years else None
    issuer = _ISSUER.match(title) if title else None
    found["issuer"] = issuer.group(1) if issuer else None
    number = next((m.group() for p in top if len(p.text) <= 80 and (m := _NUMBER.search(p.text))), None)
    found["document_number"] = number
    return found


def _above_text(pieces: Sequence[Piece]) -> Iterable[Piece]:
    """The lines above the running text; contents are passed over."""
    for piece in pieces[:60]:
        if piece.kind in ("paragraph", "quote", "list_item") and len(piece.text) > 60:
            return
        if piece.kind != "toc":
            yield piece


def _title_lines(pieces: Sequence[Piece]) -> list[Piece]:
    """The first title, in as many lines as it has."""
    lines: list[Piece] = []
    for piece in pieces:
        if piece.kind == "title" and piece.article == 0:
            lines.append(piece)
        elif lines:
            break
    return lines


def parse_date(text: str) -> str | None:
    """The first full date in a text, as YYYY-MM-DD.

    >>> parse_date("二〇二四年三月五日"), parse_date("时间：2026-02-09"), parse_date("2024年")
    ('2024-03-05', '2026-02-09', None)
    """
    found = _DAY.search(text)
    if found:
        year, month, day = (int(g) for g in found.groups())
    else:
        found = _CN_DAY.search(text)
        if not found:
            return None
        year = int("".join(str(_CN_DIGITS[c]) for c in found.group(1)))
        month, day = _small(found.group(2)), _small(found.group(3))
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else None


def _small(numeral: str) -> int:
    """A Chinese numeral up to 39."""
    tens, ten, ones = numeral.rpartition("十")
    return (_CN_DIGITS.get(tens, 1) * 10 if ten else 0) + _CN_DIGITS.get(ones, 0)


def _date(top: Sequence[Piece], pieces: Sequence[Piece]) -> str | None:
    lines = [p.text for p in top if p.kind != "title"]
    for i, text in enumerate(lines):
        if _DATE_LABEL.match(text):
            found = parse_date(text) or next(
                (parse_date(t) for t in lines[i + 1 : i + 2] if len(t) <= 30), None
            )
            if found:
                return found
    closing = [p.text for p in pieces[-6:] if p.kind == "byline"]
    for text in [
        *(p.text for p in top if p.kind == "byline"),
        *closing,
        *(p.text for p in top if p.kind == "subtitle"),
    ]:
        found = parse_date(text) if len(text) <= 80 else None
        if found:
            return found
    return None


def _region(title: str | None, top: Sequence[Piece]) -> str | None:
    lines = [title or "", *(p.text for p in top if p.kind in ("subtitle", "byline"))]
    for text in lines:
        names = {_SHORT[m.group()] for m in _REGION.finditer(text) if _is_region(text, m)}
        if len(names) == 1:
            return names.pop()
        if names:
            return None
        if _NATIONAL.search(text):
            return "全国"
    return None


def _is_region(text: str, found: re.Match[str]) -> bool:
    """吉林 names the province, 吉林市 does not; 上海日报 names a newspaper."""
    rest = text[found.end() :]
    name = _SHORT[found.group()]
    if rest.startswith(name[len(found.group()) :]):
        return True
    return not _OTHER_PLACE.match(rest) and not re.match("(?:日报|晚报|时报|卫视)", rest)
