"""The title of a document, whole: the lines it was broken into joined, letterheads and numbers left out."""

import re
from collections.abc import Sequence

from npp_nlp.reading.facts.bodies import bodies
from npp_nlp.reading.facts.dates import is_day
from npp_nlp.reading.facts.lines import TopLine, is_dated, is_label
from npp_nlp.text import fold

_GENRE = re.compile(
    r"(?:通知|通报|通告|公告|公报|意见|办法|规定|规则|规范|细则|条例|指南|指引|导则|要点|规划|计划|方案|纲要|战略|报告|决定|决议"
    r"|措施|政策|目录|清单|名单|标准|函|批复|批示|请示|议案|令|法|解释|解读|讲话|致辞|倡议|宣言|声明|章程|制度|白皮书|建议"
    r"|汇编|答复|复函|范本|示范文本)(?:\([^()]{1,24}\))*\d?$"
)
_NO_TITLE = re.compile(
    r"(?:目\s*[录次]|[前引序导]\s*[言语]|序|摘\s*要|内容提要|编者按|正文|结语|后记|附录|说明|文\s*件|公开|主动公开|政策文件|通知公告"
    r"|(?:中华人民共和国)?(?:国家|行业|地方|团体)标准|.*[>›»].*|.{0,40}星期[一二三四五六日].{0,20}"
    r"|附件\s*[\d一二三四五六七八九十]{0,3}\s*:?|.{0,30}文件|[(]?此件.{0,12})"
)
_NUMBERED = re.compile(
    r"第[一二三四五六七八九十\d]{1,3}[章节条编]|[一二三四五六七八九十]{1,3}、|[(][一二三四五六七八九十]{1,3}[)]"
)
_CODE = re.compile(
    r"[^一-鿿]*|(?:[一-鿿\s]{2,40}\s)?[(]?[一-鿿]{0,16}[〔\[(【]\s?(?:19|20)\d\d\s?[〕\])】]\s?(?:第\s?)?\d{1,5}\s?号[)]?"
    r"|[(]?(?:(?:19|20)\d\d年)?第\s?\w{1,5}\s?号[)]?"
)
_TITLE_KINDS = ("title", "heading", "subtitle", "byline")
_LONGEST_LINE = 60
_MOST_LINES = 5


def title_of(top: Sequence[TopLine], stated: str | None = None) -> str | None:
    """The title: what the field 标题 states, else the first lines above the text that are one; None if there is none."""
    if stated:
        return _plain(stated)
    lines = [line for line in top if line.kind != "residue"]
    first = next(
        (i for i, line in enumerate(lines) if line.kind == "title" and not is_no_title(line.text)), None
    )
    marked = any(line.kind == "title" for line in lines)
    if first is None and marked:
        first = next((i for i, line in enumerate(lines) if _begins(line)), None)
    if first is None:
        return _merged(lines)
    return _head(lines, first) + _joined(lines, first)


def is_no_title(text: str) -> bool:
    """Whether a line cannot be a title: a letterhead, number, date, label, or a heading such as 目录.

    >>> [is_no_title(t) for t in ("目　录", "国办发〔2024〕3号", "教育部 财政部", "关于深化改革的意见")]
    [True, True, True, False]
    """
    words = fold(text).strip()
    return bool(
        not words
        or _NO_TITLE.fullmatch(words)
        or _CODE.fullmatch(words)
        or _NUMBERED.match(words)
        or is_label(text)
        or is_day(text)
        or is_dated(text)
        or bodies(text)
    )


def _begins(line: TopLine) -> bool:
    """Whether a title begins with a line that reflow took for a heading below a letterhead or number."""
    words = fold(line.text)
    if line.kind not in _TITLE_KINDS or is_no_title(line.text) or len(words) > _LONGEST_LINE:
        return False
    return words.startswith(("关于", "印发")) or "关于" in words[:40] or bool(_GENRE.search(words))


def _head(lines: Sequence[TopLine], first: int) -> str:
    """The body in the line above a title that goes on with 关于: 某省人民政府 / 关于…的通知."""
    if not first or not fold(lines[first].text).startswith(("关于", "印发")):
        return ""
    above = lines[first - 1].text
    after_number = first >= 2 and _CODE.fullmatch(fold(lines[first - 2].text))
    opens = first == 1 or after_number or is_label(lines[first - 2].text)
    return above.strip() if bodies(above) and opens else ""


def _joined(lines: Sequence[TopLine], first: int) -> str:
    """A title from its first line on: lines marked as title, and those that complete a broken phrase."""
    same = first
    while same + 1 < len(lines) and lines[same + 1].kind == "title" and not is_no_title(lines[same + 1].text):
        if lines[same + 1].text == lines[first].text:
            break
        same += 1
    texts = [_plain(line.text) for line in lines[first : same + 1]]
    if _complete("".join(texts)) and not _complete(texts[0]):
        return "".join(texts)
    for last in range(same + 1, min(first + _MOST_LINES, len(lines))):
        line = lines[last]
        words = fold(line.text)
        if (
            line.kind not in _TITLE_KINDS
            or len(words) > 40
            or words.startswith("—")
            or is_no_title(line.text)
        ):
            break
        if _complete("".join(texts)):
            break
        whole = "".join([*texts, *(_plain(more.text) for more in lines[same + 1 : last + 1])])
        if _complete(whole) and not re.search(r"\s", words.strip()):
            return whole
    return " ".join(texts)


def _complete(title: str) -> bool:
    words = fold(title)
    return bool(_GENRE.search(words)) and all(words.count(a) == words.count(b) for a, b in ("《》", "()"))


def _merged(lines: Sequence[TopLine]) -> str | None:
    """A title that was taken for a paragraph or run together with one: …关于…的通知, then a number or an address."""
    first = next((i for i, line in enumerate(lines) if line.merged or line.kind == "paragraph"), len(lines))
    texts = [line.text for line in lines[first:]]
    for stop in range(1, min(_MOST_LINES, len(texts) + 1)):
        if stop > 1 and not lines[first + stop - 1].merged:
            return None
        title = "".join(_plain(text) for text in texts[:stop])
        words = fold(title)
        if max(map(len, texts[:stop])) > _LONGEST_LINE or re.search("[,。;:!?]", words) or is_no_title(title):
            return None
        if _complete(title):
            return title if _opens_text(texts[stop : stop + 1], title) else None
    return None


def _opens_text(after: Sequence[str], title: str) -> bool:
    """Whether a line is what follows a title: a number, a date, an address, or a longer line that gives the purpose."""
    if not after:
        return "关于" in fold(title)
    line = fold(after[0])
    if _CODE.fullmatch(line) or is_dated(line) or re.match("各[省市区县地单有]", line):
        return True
    if len(line) <= 40 and line.endswith(":"):
        return True
    return bool(re.match("为|根据|按照|现将", line)) and len(line) > 1.3 * len(title)


def _plain(text: str) -> str:
    """A title without Markdown signs, and without blanks if every letter is spaced (工 作 报 告)."""
    words = text.strip().lstrip("# ").split()
    spaced = len(words) > 2 and all(len(word) == 1 for word in words)
    return "".join(words) if spaced else text.strip().lstrip("# ")
