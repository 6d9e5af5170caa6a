"""What a web page states about itself: its meta names, the table above a policy document, the line with the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from npp_nlp.reading.facts import parse_date
from npp_nlp.reading.html.units import Unit

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TITLE_ROWS = 4
_SHORTEST_TITLE = 4
_TITLES = ("articletitle", "og:title", "twitter:title")
_DATES = (
    "pubdate", "publishdate", "article:published_time", "og:release_date", "firstpublishedtime", "publish_time",
    "_pubtime", "apub:time", "publish-date", "date", "dc.date",
)  # fmt: skip
_SOURCES = ("contentsource", "source", "mediaid")
_SITES = ("sitename", "og:site_name", "application-name")
_FREE = {"column": "columnname", "keywords": "keywords", "url": "url"}
_LABELS = {
    "发文机关": "issuer", "发布机构": "issuer", "发文单位": "issuer", "制定机关": "issuer", "发布机关": "issuer",
    "印发机关": "issuer", "发文字号": "document_number", "文号": "document_number", "文件编号": "document_number",
    "发文文号": "document_number", "成文日期": "written", "成文时间": "written", "印发日期": "written",
    "发文日期": "written", "签署日期": "written", "生成日期": "published", "发布日期": "published",
    "发布时间": "published", "公开日期": "published", "时间": "published", "日期": "published", "标题": "title",
    "名称": "title", "信息名称": "title", "来源": "source", "文章来源": "source", "信息来源": "source",
    "稿源": "source", "索引号": "", "主题分类": "", "信息分类": "", "主题词": "", "公文种类": "", "体裁分类": "",
    "组配分类": "", "有效性": "", "公开方式": "", "服务对象": "", "关键词": "", "内容概述": "", "实施日期": "",
    "失效日期": "", "废止日期": "", "信息索引": "", "统一编号": "", "所属机构": "", "公开范围": "", "文件有效性": "",
    "生效日期": "", "作者": "",
}  # fmt: skip
_LABEL = re.compile(
    r"[\[【]?\s*(" + "|".join(r"[\s\u3000\u00a0]*".join(name) for name in sorted(_LABELS, key=len, reverse=True))
    + r")\s*[\]】]?\s*[:：\t][:：\s]*"
)  # fmt: skip
_SITE_PART = re.compile(r"\s*[_|｜\-－—–·]+\s*")
_NUMBER = re.compile(
    r"[一-鿿]{1,12}[〔\[［（(【](?:19|20)\d\d[〕\]］）)】]\s?\d{1,4}\s?号|第\s?\d{1,4}\s?号|.{2,12}第\d{1,4}号令?"
)
_NUMBER_END = re.compile(r"[（(][^（）()]{1,20}号[）)]$")
_SAID = re.compile(r"(?:来源|稿源|信息来源|文章来源)\s*[:：]\s*([^\s:：|｜【\[（(]{2,30})")
_SOURCE_LABEL = re.compile(r"^(?:来源|稿源)\s*[:：]\s*")
_DATED = re.compile(r"\D{0,12}(?:19|20)\d\d\s*[年\-/.]\s*\d{1,2}\s*[月\-/.]\s*\d{1,2}")
_LABELLED = frozenset({"issuer", "document_number", "written"})


class Title(NamedTuple):
    """Units [start, stop) whose first `size` characters, without blanks, are the title."""

    start: int
    stop: int
    size: int


def metas(root: HtmlElement) -> dict[str, str]:
    """The meta names and properties of a page in lower case with their content; the first that is not blank counts."""
    found: dict[str, str] = {}
    for node in root.iter("meta"):
        name = (node.get("name") or node.get("property") or node.get("itemprop") or "").strip().lower()
        content = " ".join((node.get("content") or "").split())
        if name and content:
            found.setdefault(name, content)
    for node in root.iter("title"):
        found.setdefault("<title>", " ".join(node.text_content().split()))
    return found


def titles(meta: Mapping[str, str]) -> list[str]:
    """What may be the title of the article, the surest first, with and without the name of the site after it.

    >>> titles({"<title>": "关于深化改革的意见（国发〔2031〕7号）_中国政府网"})[-2:]
    ['关于深化改革的意见（国发〔2031〕7号）', '关于深化改革的意见']
    """
    whole = [meta[name] for name in (*_TITLES, "<title>") if meta.get(name)]
    parts = []
    for text in whole:
        cuts = [m.start() for m in _SITE_PART.finditer(text)]
        parts += [text[:at] for at in reversed(cuts) if at >= 4]
    bare = [_NUMBER_END.sub("", text) for text in parts]
    return [short for text in [*whole, *parts, *bare] if (short := squeezed(text))]


def squeezed(text: str) -> str:
    """A text without blanks and invisible characters, to compare titles.

    >>> squeezed("关于深化改革的\u3000意见")
    '关于深化改革的意见'
    """
    return "".join(text.split()).replace("\u200b", "").replace("\ufeff", "")


def title_places(units: Sequence[Unit], names: Sequence[str]) -> list[Title]:
    """Where the title stands on the page: in one unit or in its first rows, or in up to three units together.

    The places of the first of `names` that is found count; links are no title (a list of articles names this one, too).
    """
    rows = [
        [squeezed(row.text) for row in unit.rows[:_TITLE_ROWS]] if unit.linked <= 0.5 * unit.size else []
        for unit in units
    ]
    for name in dict.fromkeys(name for name in names if len(name) >= _SHORTEST_TITLE):
        found = [Title(i, stop, len(name)) for i in range(len(rows)) if (stop := _title_stop(rows, i, name))]
        if found:
            return found
    return []


def _title_stop(rows: Sequence[Sequence[str]], start: int, name: str) -> int:
    """The end of the units from `start` on that begin with the title, row by row; 0 if they do not."""
    said = ""
    for i, unit in enumerate(rows[start : start + 3], start):
        if not unit:
            return 0
        for row in unit:
            said += row
            if said == name:
                return i + 1
            if not name.startswith(said):
                return 0
    return 0


def labelled(units: Iterable[Unit]) -> tuple[dict[str, str], set[int]]:
    r"""What labels such as 发文机关 and 成文日期 say, and which units hold them.

    A label may have its value behind it or in the unit that follows.

    >>> from npp_nlp.reading.html.units import Row
    >>> row = Row("发文机关：\t国务院\t成文日期：\t2031年5月6日", 0, 0)
    >>> labelled([Unit((row,), "table", 0, 22, 0, 0)])
    ({'issuer': '国务院', 'written': '2031年5月6日'}, {0})
    """
    found: dict[str, str] = {}
    places: set[int] = set()
    waiting = ""
    for i, unit in enumerate(units):
        for row in unit.rows:
            marks = list(_LABEL.finditer(row.text + "\t")) if len(row.text) <= 400 else []
            marks = [m for m in marks if m.start(1) == 0 or row.text[m.start(1) - 1] in " \t\u3000\u00a0[【"]
            if not marks or marks[0].start(1) > 1:
                if waiting and len(row.text) <= 80:
                    found.setdefault(waiting, row.text)
                    places.add(i)
                waiting = ""
                continue
            places.add(i)
            for mark, end in zip(marks, [*(m.start() for m in marks[1:]), len(row.text)], strict=True):
                key, value = _LABELS["".join(mark.group(1).split())], row.text[mark.end() : end].strip()
                waiting = key if not value and len(marks) == 1 else ""
                if key and value:
                    found.setdefault(key, value.split("\t")[0].strip())
    return found, places


def is_policy(info: Mapping[str, str]) -> bool:
    """Whether labels such as those in the table above a policy document were found, not just a date or a source."""
    return bool(_LABELLED & info.keys())


def page_facts(meta: Mapping[str, str], above: Sequence[Unit], below: Sequence[Unit] = ()) -> dict[str, Any]:
    """Date, source, site, issuer, document number and others; `above` and `below` is what stands beside the text."""
    info, _ = labelled([*above, *below])
    lines = [unit.text for unit in above if len(unit.text) <= 120]
    published = (
        _first_date(meta.get(name, "") for name in _DATES)
        or parse_date(info.get("published", ""))
        or _first_date(line for line in lines if len(line) <= 60 or _SAID.search(line) or _DATED.match(line))
    )
    written = parse_date(info.get("written", ""))
    facts: dict[str, Any] = {"date": written or published}
    if written and published and written != published:
        facts["published"] = published
    if is_policy(info) and info.get("issuer"):
        facts["issuer"] = " ".join(info["issuer"].split())
    number = _NUMBER.search(info.get("document_number", ""))
    if number:
        facts["document_number"] = number.group()
    said = next((m.group(1) for line in lines if (m := _SAID.search(line))), None)
    named = _first(meta, _SOURCES)
    facts["source"] = _SOURCE_LABEL.sub("", named) if named else said
    facts["site"] = _first(meta, _SITES)
    for name, key in _FREE.items():
        facts[name] = meta.get(key)
    return {name: value for name, value in facts.items() if value and "<" not in value}


def _first(meta: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _first_date(texts: Iterable[str]) -> str | None:
    return next((found for text in texts if (found := parse_date(text))), None)
