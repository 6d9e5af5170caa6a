"""Signs that tell the text of a web page from navigation: names of boxes, words on buttons, clauses."""

from __future__ import annotations

import re

from npp_nlp.reading.html.units import Unit

_CLAUSE = re.compile("[，。；！？]|[,.;!?](?= )")
BODY = re.compile(
    r"UCAP-CONTENT|pages_content|TRS_?(?:UE)?_?Editor|trs_editor_view|TRS_PreAppend|trs_word|(?:^|\s)zoom(?:\s|$)|ivs_content"
    r"|bt-article|Custom_UnionStyle|artibody|rm_txt_con|rwb_zw|js_content|ozoom|post_text|vsb_content|wp_articlecontent"
    r"|article-?(?:body|content|text|con)|content-?(?:body|text)|text-?content|main-?text|news-?(?:text|content)|detail-?content"
    r"|view TRS",
    re.I,
)
LIKELY = re.compile(
    r"(?:^|[\s_-])(?:article|content|text|txt|main|detail|body|cont|zw|news|view|xl|info)", re.I
)
ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|foot|footer|bottom|sidebar|side|crumbs?|breadcrumbs?|position|location|share|shares|bdshare\w*"
    r"|bshare\w*|comments?|related|relate|recommend|recom|copyright|friend\w*|links?|toolbar|topbar|search|login|hot(?:news|list)?"
    r"|rank\w*|paging|pager|pagination|tags?|qrcode|ewm|tool|tools|ad|ads|advert\w*|xgyd|xgxw|xglj|dqwz|banner"
    r"|ticker|weibo|pinglun|gentie|tiezi)(?:$|[\s_-]|box|bar|list|wrap|con)",
    re.I,
)
COMMENTS = re.compile(r"(?:^|[\s_-])(?:comments?|pinglun|gentie|tiezi)", re.I)
ASIDE_TAGS = frozenset({"nav", "footer", "aside", "form"})
_CONTROL = re.compile(
    r"(?:(?:您|你|当前|现在)?的?(?:当前|现在|所在)?的?位置|当前页面?)\s*[:：].*|首页\s*[>＞»›/].*|"
    r"[【\[（(]?\s*(?:(?:打印|关闭|收藏|分享|纠错|我要纠错|下载|返回|顶部|放大|缩小|正常|默认|大|中|小|字体|字号|字体大小|语音播报|全屏|微博|微信|QQ空间|朋友圈"
    r"|复制链接|更多|首页|打印本页|关闭窗口|关闭本页|分享到|扫一扫|A\+|A-|T|\+|-|保存|推荐|举报|播放|点赞|评论|无障碍|浏览次数|阅读|点击量?)"
    r"[\s:：|/\]\[】【（）()、>＞·]*)+|[\W_]+"
)
END = re.compile(
    r"[【\[（(]?\s*(?:相关(?:阅读|链接|报道|文章|新闻|稿件|信息|推荐|附件下载|文档|解读)|延伸阅读|推荐阅读|热门(?:文章|新闻|推荐|排行|资讯|阅读|评论|标签|搜索)|最新(?:文章|新闻|资讯)|猜你喜欢|您可能|更多(?:精彩|新闻)|责任编辑|责编"
    r"|网络编辑|本文编辑|扫一扫|扫描(?:上方|下方|二维码)|用微信扫|分享到|分享至?|版权所有|版权声明|Copyright|©|主办单位|主办[:：]|承办单位|网站标识码|网站地图|关于我们|联系我们|友情链接|上一[篇条]|下一[篇条]"
    r"|打印(?:本|$|[\s】\]）)|])|关闭(?:窗口|本页|$|[\s】\]）)|])|我要纠错|纠错|返回顶部|回到顶部|评论(?:$|[\s(（\d])|网友评论|全部评论|发表评论|点击(?:查看|加载)|免责声明|特别声明|声明[:：]|京ICP|.{0,6}ICP备\s*\d|.{0,4}公网安备\s*\d|技术支持|浏览次数|阅读次数|原标题[:：])",
    re.I,
)
AFTER_ALL = re.compile(
    r"[【\[（(]?\s*(?:(?P<comments>(?:网友|全部|发表|我要|最新|精彩|热门)(?:评论|跟贴)|跟贴)"
    r"|(?P<more>(?:(?:为[你您])?推荐(?:阅读|新闻)?|相关推荐|(?:热门|热点|最新)(?:文章|新闻|资讯|推荐|阅读|排行榜?|新闻排行榜?)?|猜你喜欢"
    r"|[你您]可能(?:会|还|也)?(?:喜欢|感兴趣).{0,10}|大家都在看)\s*[】\]）):：>＞»\s]*$)"
    r"|责任编辑|责编|扫码阅读)"
)
HOSTS = re.compile("主办|承办|技术支持|声明|免责|关于我们|联系我们")
FOOT = re.compile(
    r"ICP备\s*\d|公网安备\s*\d|版权所有|Copyright|All Rights Reserved|举报电话|网站标识码|主办单位[:：]|免责声明|声明：",
    re.I,
)
ATTACHED = re.compile(r"附件|附[:：表]|.*\.(?:docx?|pdf|xlsx?|wps|ofd|zip|rar|et|ceb)\b", re.I)
DATED = re.compile(r"(?:19|20)\d\d\s*[年\-/.]\s*\d{1,2}\s*[月\-/.]\s*\d{1,2}")
MOST_LINKED = 0.5
"""A unit with a larger share of links is no text."""


def prose(unit: Unit) -> float:
    """How many characters of running text a unit holds: none in links and in short lines without clauses.

    >>> from npp_nlp.reading.html.units import Row
    >>> prose(Unit((Row("坚持稳中求进，扩大有效投资。", 0, 0),), "", 0, 14, 0, 0))
    14.0
    """
    if unit.role == "table":
        return 0.3 * (unit.size - unit.linked)
    if unit.size < 10 or unit.linked > MOST_LINKED * unit.size or not _CLAUSE.search(unit.text):
        return 0.0
    if END.match(unit.text) or (unit.size < 400 and FOOT.search(unit.text)):
        return 0.1 * unit.size
    return float(unit.size - unit.linked)


def is_edge(unit: Unit) -> bool:
    """Whether a unit is a link or a button."""
    linked = unit.linked > 0.8 * unit.size and not ATTACHED.match(unit.text)
    return linked or is_control(unit)


def is_control(unit: Unit) -> bool:
    """Whether a unit is nothing but words on buttons, or says where on the site one is."""
    return unit.size <= 40 and unit.role != "table" and bool(_CONTROL.fullmatch(unit.text))
