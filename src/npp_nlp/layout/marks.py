"""Marks at the edge of a line: what numbering, bullets, notes, captions and residue look like in print."""

import re
from functools import lru_cache
from typing import NamedTuple

_CN = "[一二三四五六七八九十百零〇]"
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"〇": 0}

_NUMBERING = re.compile(
    rf"""(?P<chapter>第(?:{_CN}{{1,4}}|\d{{1,3}})(?:章|编|篇|部分)(?![的，。、；]))
    |(?P<section>第(?:{_CN}{{1,4}}|\d{{1,3}})节(?![的，。、；]))
    |(?P<clause>第(?:{_CN}{{1,5}}|\d{{1,3}})条(?![的，。、；约]))
    |(?P<decimal>\d{{1,2}}(?:[.．]\d{{1,2}}){{1,4}}[.．]?
        (?:[ \t\u3000]+(?=\S)|(?=[一-鿿“《])(?![万亿个倍公千百元吨小年月日度人次米级兆平分美])))
    |(?P<cn_comma>{_CN}{{1,3}}[、．.]\s*(?=\S))
    |(?P<cn_paren>[（(][ ]?{_CN}{{1,3}}[ ]?[）)])
    |(?P<ordinal>第{_CN}{{1,2}}[，,、：:])
    |(?P<item>{_CN}是)
    |(?P<arabic>\d{{1,3}}[.．、](?![\d０-９]))
    |(?P<paren>[（(]\d{{1,2}}[）)]|\d{{1,2}}[）)])
    |(?P<letter>[（(][a-z][）)]|[a-z][）)])
    |(?P<circled>[①-⑳㉑-㊿❶-❿])""",
    re.X,
)
_STYLE = {
    "cn_comma": "一、", "cn_paren": "（一）", "ordinal": "第一，", "item": "一是", "arabic": "1.",
    "paren": "（1）", "letter": "（a）", "circled": "①",
}  # fmt: skip
SMALL = frozenset({"1.", "（1）", "①", "（a）"})
"""Styles of numbering that the items of lists have."""
_NUMBER_STARTS = frozenset(
    "第（(abcdefghijklmnopqrstuvwxyz一二三四五六七八九十百零〇0123456789①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳❶❷❸❹❺"
)

_PAGE = re.compile(
    r"[-—–―－─·•\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*(?:[/／]|共|of)\s*\d{1,4}\s*页?)?[-—–―－─·•\s]*"
)
_CONTENTS = re.compile(r"(?P<entry>\S.*?)(?:\t+|[ \u3000]{2,}|[ .．…·]{3,}|(?<=\D) )(?P<page>\d{1,4})")
_LEADERS = re.compile(r"(?: ?[.．·…]){6,} ?")
_CAPTION = re.compile(
    r"(?:图|表|图表|专栏|附图|附表|专栏图)\s*[\d一二三四五六七八九十]{1,3}(?:[-－—.．]\d+)*(?:[\s\u3000:：.．、]|$).{0,60}"
    r"|图为.{2,80}|图[/／][^，。]{2,20}|(?:制图|数据来源|资料来源|图片来源)[:：].{0,60}"
    r"|.{0,160}(?:[\s\u3000]摄|记者\S{2,8}摄|供图|摄影报道|图片?由.{2,20}提供|图片来源[:：].*|（资料图）|（资料图片）|新华社发)[）)。]?"
)
_NOTE = re.compile(
    r"\^\s*[①-⑳㉑-㊿\d]|\[\^\w{1,8}\]:|<sup>[^<]{1,5}</sup>|\$\^\{?[①-⑳\d]"
    r"|[\[［〔【]\d{1,3}[\]］〕】](?![，。、；：）])|(?:注|注释|脚注)\s*\d{0,2}\s*[:：]|\*\s?注"
)
_RESIDUE = re.compile(
    r"(?:下载|打印|全屏|收藏|分享|加大|还原|减小|纠错|关闭|首页|顶部|当前位置|相关报道|相关阅读|相关链接|相关文章|延伸阅读"
    r"|字体|字号|打印本页|关闭窗口|关闭本页|返回顶部|返回列表|我要分享|我要纠错|分享到)\s*[:：]?"
    r"|[【\[（]?\s*字[号体][:：]?[\s大中小默认超特\]】）A+\-]*|[】>＞|｜»›\\/]+"
    r"|[请欢]?[请迎]?.{0,4}扫.{0,8}二维码.{0,12}|扫一扫.{0,20}|(?:上|下)一[篇页条](?:[:：].{0,60})?"
    r"|[（(【]?\s*(?:责任编辑|责编|校对|网络编辑|本期编辑)[:：\s].{0,30}"
    r"|(?:版权所有|Copyright|©).{0,60}|.{0,40}ICP备.{0,40}|(?:浏览|阅读|点击)(?:次数|量|数)?[:：]\s*\d*.{0,6}"
    r"|(?:(?:19|20)\d\d年\d{1,2}月\d{1,2}日\s*)?星期[一二三四五六日天].{0,20}|第?\s*\d{1,2}\s*版(?:[:：\s].{0,10})?"
    r"|[（(]下转第?.{1,8}版.{0,6}[）)]|[（(]点击.{2,12}[）)]|(?:[【\[]\d{1,2}[】\]]\s*){2,}"
    r"|Public domain|false|true|null|公有领域",
    re.I,
)
_CONTROL = re.compile(
    r"(?:下载|打印|全屏|收藏|加大|还原|减小|纠错|打印本页|关闭窗口|关闭本页|返回顶部)"
    r"|[【\[（]?\s*字[号体][:：]?[\s大中小默认超特\]】）A+\-]*|[】>＞|｜»›]+"
)
_RULE = re.compile(r"[-_=*~]{3,}|[—─━═]{3,}|!\[[^\]]*\]\([^)]*\)|<img[^>]*>")
_TABLE = re.compile(r"\|.*\||</?(?:table|tr|td|th|thead|tbody|div)\b.*", re.I)
_RESIDUE_STARTS = frozenset(
    "第星12下打全收分加还减纠关首顶当相延字返我【[（(】>＞|｜»›\\/请欢扫上责校网本版Cc©浏阅点Pp公FfTtNn微更长京沪粤"
)
_ROLE = r"(?:报|社|网|台|刊|通讯员|记者|长|主席|主任|书记|教授|研究员|院士|总理|总书记|作者|编辑|评论员)"
_NAME = r"[一-鿿·]{1,12}"
_BYLINE = re.compile(
    r"[□■]?\s*(?:本报|新华社|中新社|人民日报|新华网|人民网)?\S{0,8}(?:记者|通讯员|评论员|课题组|编辑部)[:：]?"
    rf"(?:[ \u3000/、]*{_NAME}){{0,8}}"
    rf"|[□■]\s?\S.{{0,40}}"
    rf"|[一-鿿]{{1,30}}?{_ROLE}(?:[ \u3000]+{_NAME}){{1,8}}"
    r"|[一-鿿]{1,12}[〔\[［（(【](?:19|20)\d\d[〕\]］）)】]\s?\d{1,4}\s?号|[（(]此件.{2,12}[）)]"
    r"|[（(](?:(?:本文)?(?:作者|记者|编辑|整理|译者|执笔)|本文(?:根据|系|为|由|节选|摘自|原载))[^。]{0,80}[）)]"
    r"|(?:来源|稿件来源|信息来源|文章来源|作者|文/|文／|编辑|发布机构|发文机关|发布单位)[:：/／\s].{0,40}"
    r"|(?:时间|日期|发布时间|发布日期|成文日期|印发日期|更新时间)[:：]\s*[\d年月日\-/.: ]*"
)
_NAMES = re.compile(r"[一-鿿·]{2,5}(?:[ \u3000]+[一-鿿·]{2,5}){0,7}|[一-鿿](?:[ \u3000]+[一-鿿]){1,2}")
_SECTIONS = frozenset(
    {"前言", "引言", "序言", "导言", "目录", "摘要", "总则", "附则", "结语", "后记", "附录", "附件"}
)
_DATE = re.compile(
    r"(?:19|20)\d\d\s*年\s*\d{0,2}\s*月\s*日?|[二一][〇○Ｏ零0九][〇○Ｏ零一二三四五六七八九0]{2}年[一二三四五六七八九十]{1,2}月|"
    r"[（(]?\s*(?:19|20)\d\d\s*[年\-/.]\s*\d{1,2}\s*[月\-/.]\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s*[）)]?"
    r"|[（(]?[二一][〇○Ｏ零0九][〇○Ｏ零一二三四五六七八九0]{2}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日[）)]?"
)
_DATELINE = re.compile(
    r"(?:新华社|本报|中新社|人民网|央视网|经济日报|人民日报|光明日报|工人日报|科技日报)[^，。；！？]{0,30}?(?:[日]?电|讯)[\s\u3000（(]"
    r"|[（(](?:上接|下转)[^）)]{0,12}[）)]"
)
FORM = re.compile(
    "(?:规划|计划|纲要|方案|意见|通知|办法|规定|条例|细则|指南|报告|公告|决定|决议|通报|公报|批复|讲话|指引|要点|措施|若干政策|建议)"
    "(?:[（(].{1,12}[）)])*$"
)
_STOPS = re.compile("[，。；：！？]")
_ANNEX = re.compile(r"附(?:件|录|表)\s*[\d一二三四五六七八九十]{0,3}\s*[:：]?")
_BULLET = re.compile(r"[•●○■◆◇▪▶►★☆✓※▲△]\s*|[*+-]\s+|[·・]\s*")
_DASH = re.compile(r"[—―─]{1,3}|-{2,3}|－{1,2}")


class Mark(NamedTuple):
    """What a line begins with: its category, the numbering style, the ordinal in it, and where the words begin."""

    category: str
    style: str = ""
    ordinal: tuple[int, ...] = ()
    body: int = 0
    level: int = 0


def mark_of(text: str) -> Mark | None:
    """The mark of one line, or None for plain running text.

    >>> mark_of("（二）加快改革。").style, mark_of("3.2 打造环境").ordinal, mark_of("3.2万亿元，增长5%。")
    ('（一）', (3, 2), None)
    """
    first = text[0]
    if len(text) > 90 and text[-1].isdigit() and _LEADERS.search(text):
        text = _LEADERS.sub(" ... ", text)
    if first in "#>*_^!|<$-=~—─━═":
        found = _markup(text)
        if found:
            return found
    if first in _NUMBER_STARTS or first in _RESIDUE_STARTS:
        found = _short(text) if len(text) <= 90 else None
        if found:
            return found
        numbered = _NUMBERING.match(text)
        if numbered:
            return _numbered(numbered)
        if _NOTE.match(text):
            return Mark("note")
    elif len(text) <= 90:
        found = _short(text)
        if found:
            return found
    return _lettered(text)


def _markup(text: str) -> Mark | None:
    """Marks of Markdown and HTML: headings, quotations, notes, bold lines, rules, images, tables."""
    if _RULE.fullmatch(text):
        return Mark("rule")
    if text[0] in "|<" and _TABLE.fullmatch(text):
        return Mark("table")
    hashes = len(text) - len(text.lstrip("#"))
    if 0 < hashes <= 6 and text[hashes : hashes + 1].isspace():
        body = len(text) - len(text[hashes:].lstrip())
        return Mark("styled", "#" * hashes, (), body, hashes)
    if text[0] == ">" and len(text) > 1:
        return Mark("quote", ">", (), len(text) - len(text[1:].lstrip()))
    if _NOTE.match(text):
        return Mark("note")
    if len(text) > 4 and text.startswith("**") and text.endswith("**") and "**" not in text[2:-2]:
        return Mark("bold")
    return None


def _short(text: str) -> Mark | None:
    """Marks that a whole short line is: page number, residue, date, contents entry."""
    first, last = text[0], text[-1]
    if (last.isdigit() or last in "页-—–―－─·") and _PAGE.fullmatch(text):
        return Mark("page", ordinal=_digits(text), style="" if text.isdigit() else "decorated")
    if first in _RESIDUE_STARTS or last in "码号":
        if _CONTROL.fullmatch(text):
            return Mark("control")
        if _RESIDUE.fullmatch(text):
            return Mark("residue")
    if last.isdigit():
        found = _CONTENTS.fullmatch(text)
        if found and not _DATE.fullmatch(text):
            return Mark("contents", ordinal=(int(found["page"]),), style=found.group()[found.end("entry")])
    if first == "附" and _ANNEX.fullmatch(text):
        return Mark("annex")
    if (last in "日月）)" or last.isdigit()) and _DATE.fullmatch(text):
        return Mark("date")
    return None


def _digits(text: str) -> tuple[int, ...]:
    found = re.search(r"\d+", text)
    return (int(found.group()),) if found else ()


def _numbered(found: re.Match[str]) -> Mark:
    group = str(found.lastgroup)
    style = _STYLE.get(group, group)
    ordinal = _ordinal(found.group())
    if group == "decimal":
        style = f"decimal{len(ordinal)}"
    return Mark("number", style, ordinal, found.end())


@lru_cache(maxsize=4096)
def _ordinal(mark: str) -> tuple[int, ...]:
    """The numbers in a mark, Chinese or Arabic: 第十二章 gives (12,)."""
    arabic = re.findall(r"\d+", mark)
    if arabic:
        return tuple(int(a) for a in arabic)
    for first, last in (("①", "⑳"), ("㉑", "㉟"), ("❶", "❿")):
        if first <= mark[0] <= last:
            return (ord(mark[0]) - ord(first) + (21 if first == "㉑" else 1),)
    letter = mark.strip("（()）")
    if "a" <= letter <= "z":
        return (ord(letter) - ord("a") + 1,)
    digits = "".join(c for c in mark if c in _DIGIT or c == "百")
    if "十" in digits:
        tens, _, ones = digits.rpartition("十")
        return ((_DIGIT.get(tens[-1:], 1) if tens else 1) * 10 + _DIGIT.get(ones, 0),)
    return (_DIGIT.get(digits[-1:], 0),)


def _lettered(text: str) -> Mark | None:
    """Marks by words: captions, datelines, bullets, dashes."""
    first = text[0]
    if first in "—―─-－":
        dash = _DASH.match(text)
        if dash and len(text) > dash.end():
            bullet = _BULLET.match(text)
            return Mark("bullet", "-", (), bullet.end()) if bullet else Mark("dash", "—", (), dash.end())
        return None
    if first in "新本中人央经光工科（(" and _DATELINE.match(text):
        return Mark("dateline")
    if (
        (first in "图表专附制数资" or text[-1] in "摄图）)发道供。")
        and len(text) <= 170
        and _CAPTION.fullmatch(text)
    ):
        return Mark("caption")
    if first in "注脚*[［〔【" and _NOTE.match(text):
        return Mark("note")
    if is_byline(text):
        return Mark("byline")
    bullet = _BULLET.match(text)
    if bullet and bullet.end() < len(text):
        return Mark("bullet", first, (), bullet.end())
    return None


def is_names(text: str) -> bool:
    """Whether a line is nothing but personal names.

    >>> is_names("刘羽佳 胡喆"), is_names("龚 正"), is_names("攀高逐新，质胜未来")
    (True, True, False)
    """
    return len(text) <= 40 and bool(_NAMES.fullmatch(text)) and "".join(text.split()) not in _SECTIONS


def is_date(text: str) -> bool:
    """Whether a line is nothing but a date, in digits or in characters."""
    return len(text) <= 30 and bool(_DATE.fullmatch(text))


def is_title_of_document(text: str) -> bool:
    """Whether a text is one phrase about a subject that ends with the word for a form of document.

    >>> is_title_of_document("国务院关于加快场景培育的意见"), is_title_of_document("贯彻国务院关于改革的意见，")
    (True, False)
    """
    return 8 <= len(text) <= 100 and "关于" in text and bool(FORM.search(text)) and not _STOPS.search(text)


def is_byline(text: str) -> bool:
    """Whether a line names who wrote, said or published the text, and nothing else."""
    return len(text) <= (90 if text[0] in "（(" else 60) and bool(_BYLINE.fullmatch(text))
