"""Web pages: what is kept, what is navigation, what the page states about itself, what is refused."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.document import Hint
from npp_nlp.reading import document_from_text
from npp_nlp.reading.extraction import Extraction
from npp_nlp.reading.html import read_html

FIRST = "为推动镜湖地区绿色发展，现就加强湿地保护提出以下意见，请认真贯彻执行。"
SECOND = "到二〇三〇年，镜湖湿地面积不减少，水质稳定改善，群众满意度明显提高。"
THIRD = "各县区要压实责任，加强监督检查，及时总结推广好的经验和做法。"
NAVIGATION = """<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/a">政务公开</a></li>
<li><a href="/b">办事服务</a></li><li><a href="/c">互动交流</a></li></ul></div>"""
FOOTER = """<div class="footer"><p><a href="/x">网站地图</a> | <a href="/y">联系我们</a></p>
<p>主办单位：镜湖市人民政府办公室　京ICP备00000000号</p></div>"""

POLICY = f"""<!DOCTYPE html><html><head><meta charset="utf-8">
<title>关于加强湿地保护的意见（镜政发〔2031〕7号）_镜湖市人民政府</title>
<meta name="SiteName" content="镜湖市人民政府"><meta name="ColumnName" content="政策文件">
<meta name="PubDate" content="2031-05-09 10:12"></head><body>{NAVIGATION}
<div class="crumb">当前位置：<a href="/">首页</a> &gt; 政策文件</div>
<table><tr><td>
<table class="info">
<tr><td><b>索 引 号：</b></td><td>000/2031-1</td><td><b>发文机关：</b></td><td>镜湖市人民政府</td></tr>
<tr><td><b>标　　题：</b></td><td colspan="3">关于加强湿地保护的意见</td></tr>
<tr><td><b>发文字号：</b></td><td>镜政发〔2031〕7号</td><td><b>成文日期：</b></td><td>2031年5月6日</td></tr>
</table></td></tr></table>
<table><tr><td id="UCAP-CONTENT">
<p style="text-align:center"><b>关于加强湿地保护的意见</b></p>
<p>各县区人民政府：</p><p>　　{FIRST}</p><h3>一、总体要求</h3><p style="text-indent:2em">{SECOND}</p><p>　　{THIRD}</p>
<p>镜湖市人民政府</p><p>2031年5月6日</p></td></tr></table>
<p>附件：<a href="f.pdf">重点任务分工表.pdf</a></p>
<div class="share">分享到：<a href="#">微信</a></div>
<div class="related"><h4>相关阅读</h4><ul><li><a href="/1">湿地日活动举行</a></li></ul></div>{FOOTER}</body></html>"""


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def kept(extraction: Extraction) -> list[str]:
    """The lines that are no navigation."""
    away = {hint.start for hint in extraction.hints if hint.role == "removed"}
    lines, position = [], 0
    for line in extraction.text.splitlines(keepends=True):
        start = position + len(line) - len(line.lstrip())
        if line.strip() and start not in away:
            lines.append(line.strip())
        position += len(line)
    return lines


def hint_of(extraction: Extraction, text: str) -> Hint:
    return next(hint for hint in extraction.hints if hint.start == extraction.text.index(text))


def roles(extraction: Extraction) -> dict[str, str]:
    """The role of every line with a hint."""
    return {extraction.text[h.start :].split("\n", 1)[0]: h.role for h in extraction.hints}


def test_policy_page():
    read = read_html(POLICY.encode())
    assert kept(read) == [
        "索 引 号：\t000/2031-1\t发文机关：\t镜湖市人民政府",
        "标　　题：\t关于加强湿地保护的意见",
        "发文字号：\t镜政发〔2031〕7号\t成文日期：\t2031年5月6日",
        "关于加强湿地保护的意见",
        "各县区人民政府：",
        FIRST,
        "一、总体要求",
        SECOND,
        THIRD,
        "镜湖市人民政府",
        "2031年5月6日",
        "附件：重点任务分工表.pdf",
    ]
    assert dict(read.facts) == {
        "title": "关于加强湿地保护的意见",
        "date": "2031-05-06",
        "published": "2031-05-09",
        "issuer": "镜湖市人民政府",
        "document_number": "镜政发〔2031〕7号",
        "site": "镜湖市人民政府",
        "column": "政策文件",
        "encoding": "utf-8",
    }


def test_all_text_is_there_and_navigation_says_so():
    read = read_html(POLICY.encode())
    assert "政务公开" in read.text
    assert "京ICP备" in read.text
    assert hint_of(read, "政务公开").reason == "navigation"
    assert {"removed", "byline", "title", "heading", ""} == set(roles(read).values())


def test_document_of_a_policy_page():
    read = read_html(POLICY.encode())
    document = document_from_text(read.text, "a", read.facts, read.hints)
    kinds = {p.text: p.kind for p in document.paragraphs}
    assert kinds["关于加强湿地保护的意见"] == "title"
    assert kinds["一、总体要求"] == "heading"
    assert kinds[FIRST] == kinds[SECOND] == kinds[THIRD] == "paragraph"
    assert (document.title, document.date) == ("关于加强湿地保护的意见", "2031-05-06")
    assert "navigation" in {reason for _, _, reason in document.removed}
    assert "政务公开" not in document.text


def test_rows_of_breaks_keep_their_indents():
    body = f"<h1>镜湖纪事</h1><div id='zoom'>　　{FIRST}<br>　　{SECOND}<br><br>&nbsp;&nbsp;&nbsp;&nbsp;{THIRD}</div>"
    read = read_html(page(NAVIGATION + body + FOOTER))
    assert f"　　{FIRST}\n　　{SECOND}\n\n　　{THIRD}\n" in read.text
    assert not any(hint.start == read.text.index(FIRST) for hint in read.hints)
    assert hint_of(read, THIRD).whole


def test_headings_lists_captions_and_quotes():
    body = f"""<h1>镜湖纪事</h1><p>{FIRST}</p><h2>湖水</h2><p>{SECOND}</p><h3>湖岸</h3>
    <ul><li>清淤疏浚，恢复岸线</li><li>退耕还湿</li></ul><figure><img src=a><figcaption>镜湖晨景</figcaption></figure>
    <blockquote>{THIRD}</blockquote>"""
    read = read_html(page(body))
    assert hint_of(read, "镜湖纪事").role == "title"
    assert [(hint_of(read, t).role, hint_of(read, t).level) for t in ("湖水", "湖岸")] == [
        ("heading", 2),
        ("heading", 3),
    ]
    assert hint_of(read, "退耕还湿").role == "list"
    assert hint_of(read, "镜湖晨景").role == "caption"
    assert THIRD in kept(read)


def test_data_tables_are_rows_and_layout_tables_are_paragraphs():
    numbers = "<table><tr><th>年份</th><th>面积</th></tr><tr><td>2030</td><td>12.5</td></tr></table>"
    layout = f"<table><tr><td>左栏</td><td><p>{FIRST}{SECOND}</p><p>{SECOND}{THIRD}</p></td></tr></table>"
    read = read_html(page(f"<p>{FIRST}</p><p>{SECOND}</p>{numbers}{layout}"))
    assert roles(read)["年份\t面积"] == roles(read)["2030\t12.5"] == "table"
    assert f"{FIRST}{SECOND}" in kept(read)
    assert roles(read)[f"{SECOND}{THIRD}"] == ""


def test_invisible_text_is_left_out():
    body = f"""<script>var a="脚本";</script><style>.a{{}}</style><noscript>请开启脚本</noscript><!-- 注释 -->
    <p>{FIRST}</p><p style="display: none">藏着的字</p><p hidden>也藏着</p><select><option>选项</option></select>
    <button>提交</button><p><ruby>镜<rt>jìng</rt></ruby>{SECOND}</p>"""
    read = read_html(page(body))
    assert kept(read) == [FIRST, f"镜{SECOND}"]
    for word in ("脚本", "注释", "藏着", "选项", "提交", "jìng"):
        assert word not in read.text


def test_a_text_that_only_a_script_shows_is_read():
    read = read_html(
        page(f"<p>载入中</p><div style='display:none'><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></div>")
    )
    assert kept(read)[-3:] == [FIRST, SECOND, THIRD]


def test_note_references_and_exponents():
    read = read_html(
        page(
            f"<p>{FIRST}<sup><a href='#n1'>1</a></sup></p><p>面积为三十km<sup>2</sup>，{SECOND}<sup>①</sup></p>"
        )
    )
    assert kept(read) == [f"{FIRST}[1]", f"面积为三十km2，{SECOND}①"]


def test_blanks_are_those_that_a_reader_sees():
    read = read_html(page(f"<p>镜湖\n      湿地，<span>面积</span>\n <span>12 平方公里</span>。{FIRST}</p>"))
    assert kept(read) == [f"镜湖湿地，面积 12 平方公里。{FIRST}"]


@pytest.mark.parametrize("shape", ["siblings", "flat", "paragraphs as divisions"])
def test_no_part_of_a_split_article_is_lost(shape):
    parts = {
        "siblings": f"<div><p>{FIRST}</p></div><div><p>{SECOND}</p></div><div class=c><p>{THIRD}</p></div>"
        "<div class='right'>镜湖市人民政府</div>",
        "flat": f"{FIRST}<br>{SECOND}<br>{THIRD}<br>镜湖市人民政府",
        "paragraphs as divisions": f"<div>{FIRST}{SECOND}{FIRST}</div><div>{SECOND}</div><div>{THIRD}</div>"
        "<div>镜湖市人民政府</div>",
    }
    read = read_html(page(f"{NAVIGATION}<h1>镜湖纪事</h1><div>{parts[shape]}</div>{FOOTER}"))
    text = "".join(kept(read))
    for part in ("镜湖纪事", FIRST, SECOND, THIRD, "镜湖市人民政府"):
        assert part in text
    assert "政务公开" not in text
    assert "网站地图" not in text


def test_a_short_article_is_found_by_its_title_or_its_box():
    head = "<meta name='ArticleTitle' content='停水通知'>"
    titled = read_html(page(f"{NAVIGATION}<div><h1>停水通知</h1><p>今晚停水</p></div>{FOOTER}", head))
    boxed = read_html(page(f"{NAVIGATION}<div class='TRS_Editor'>今晚停水</div>{FOOTER}"))
    assert kept(titled) == ["停水通知", "今晚停水"]
    assert kept(boxed) == ["今晚停水"]


def test_a_page_of_links_is_kept_whole_and_says_so():
    read = read_html(
        page(NAVIGATION + "".join(f"<li><a href='/{i}'>镜湖新闻第{i}条</a></li>" for i in range(30)))
    )
    assert read.facts["main_text"] == "whole page"
    assert len(kept(read)) == 34


def test_a_page_without_navigation_is_kept_whole():
    read = read_html(page(f"<p>镜湖纪事</p><p>{FIRST}</p><p>{SECOND}</p><p>二〇三一年五月</p>"))
    assert kept(read) == ["镜湖纪事", FIRST, SECOND, "二〇三一年五月"]
    assert "main_text" not in read.facts


def test_comments_of_readers_go_even_if_they_are_longer():
    comments = "".join(
        f"<div class='comment-item'>我觉得很好，第{i}个支持，{SECOND}{THIRD}</div>" for i in range(20)
    )
    body = f"{NAVIGATION}<div><h1>镜湖纪事</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>{comments}</div>{FOOTER}"
    assert kept(read_html(page(body))) == ["镜湖纪事", FIRST, SECOND, THIRD]


def test_what_a_text_contains_is_no_navigation():
    body = f"""<div><h1>镜湖纪事</h1><p>{FIRST}</p><p><a href="/law">《镜湖湿地条例》</a></p><p>{SECOND}</p>
    <div class="tags">一、{THIRD}</div><p>{FIRST}{SECOND}{THIRD}</p></div>"""
    assert "《镜湖湿地条例》" in kept(read_html(page(NAVIGATION + body + FOOTER)))
    assert f"一、{THIRD}" in kept(read_html(page(NAVIGATION + body + FOOTER)))


@pytest.mark.parametrize(
    "line", ["热门景区客流管理", "免责声明", "主办单位：镜湖市文化和旅游局", "评论员来论"]
)
def test_words_of_navigation_in_the_text_end_nothing(line):
    rows = [FIRST, SECOND, line, THIRD, line, "二〇三一年"]
    body = "<h1>镜湖纪事</h1><div>" + "".join(f"<p>{row}</p>" for row in rows) + "</div>"
    assert kept(read_html(page(NAVIGATION + body + FOOTER))) == ["镜湖纪事", *rows]


def test_the_answer_of_an_office_is_no_comment():
    body = f"<h1>来信选登</h1><div class='ask'>{FIRST}{SECOND}</div><div class='reply'>{THIRD}{SECOND}{FIRST}{THIRD}</div>"
    assert f"{THIRD}{SECOND}{FIRST}{THIRD}" in kept(read_html(page(NAVIGATION + body + FOOTER)))


def test_the_name_of_a_box_alone_removes_nothing():
    names = "".join(f"<p>镜湖第{i}湿地保护站名录</p>" for i in range(12))
    text = (
        f"<h1>镜湖纪事</h1><p>{FIRST}</p><p>{SECOND}</p><div class='links-list'>{names}</div><p>{THIRD}</p>"
    )
    assert len(kept(read_html(page(NAVIGATION + text + FOOTER)))) == 16


@pytest.mark.parametrize(
    ("head", "line", "date", "source"),
    [
        (
            "<meta name='PubDate' content='2031-05-06 08:00'><meta name='ContentSource' content='镜湖日报'>",
            "",
            "2031-05-06",
            "镜湖日报",
        ),
        (
            "<meta property='article:published_time' content='2031-05-06T08:00:00+08:00'>",
            "",
            "2031-05-06",
            None,
        ),
        ("<meta name='firstpublishedtime' content='2031-05-06-08:00:00'>", "", "2031-05-06", None),
        ("", "2031年05月06日08:18  来源：镜湖日报", "2031-05-06", "镜湖日报"),
        ("", "发布时间：2031-05-06 | 浏览次数：12", "2031-05-06", None),
        ("", "", None, None),
    ],
)
def test_date_and_source(head, line, date, source):
    body = f"{NAVIGATION}<h1>镜湖纪事</h1><div>{line}</div><div><p>{FIRST}</p><p>2030年1月1日，{SECOND}</p></div>{FOOTER}"
    facts = read_html(page(body, head)).facts
    assert (facts.get("date"), facts.get("source")) == (date, source)


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<meta name='articletitle' content='镜湖纪事'>", "<h2>镜湖纪事</h2>", "镜湖纪事"),
        ("<meta name='ArticleTitle' content='镜湖纪事'>", "", "镜湖纪事"),
        ("<title>镜湖纪事_镜湖市人民政府</title>", "<p>镜湖 纪事</p>", "镜湖 纪事"),
        ("<title>镜湖纪事长卷 - 要闻 - 镜湖网</title>", "<p>镜湖纪事</p><p>长卷</p>", "镜湖纪事长卷"),
        ("<title>镜湖市人民政府</title>", "<h1>镜湖纪事</h1>", "镜湖纪事"),
        ("<title>镜湖市人民政府</title>", "", None),
    ],
)
def test_title(head, heading, title):
    body = f"{NAVIGATION}{heading}<div><p>{FIRST}</p><p>{SECOND}</p></div>{FOOTER}"
    assert read_html(page(body, head)).facts.get("title") == title


def test_a_title_in_the_first_rows_of_the_text():
    head = "<title>关于加强湿地保护的决定__镜湖公报</title>"
    body = f"{NAVIGATION}<div><p>关于加强<br>湿地保护的决定<br>（镜湖市会议通过）</p><p>{FIRST}</p><p>{SECOND}</p></div>"
    read = read_html(page(body, head))
    found = roles(read)
    assert [found[t] for t in ("关于加强", "湿地保护的决定", "（镜湖市会议通过）")] == ["title", "title", ""]
    assert read.facts["title"] == "关于加强湿地保护的决定"


@pytest.mark.parametrize(
    ("declared", "actual", "used"),
    [
        ("utf-8", "utf-8", "utf-8"),
        ("gb2312", "gbk", "gb18030"),
        ("gb2312", "utf-8", "utf-8"),
        ("utf-8", "gb18030", "gb18030"),
        ("iso-8859-1", "gb18030", "gb18030"),
        ("no-such-name", "utf-8", "utf-8"),
        ("big5", "big5", "big5"),
    ],
)
def test_encodings_declared_rightly_and_wrongly(declared, actual, used):
    text = "加強濕地保護，改善水質，造福百姓。" if actual == "big5" else FIRST
    data = f'<html><head><meta charset="{declared}"></head><body><p>{text}</p></body></html>'.encode(actual)
    read = read_html(data)
    assert (kept(read), read.facts["encoding"]) == ([text], used)


def test_the_encoding_of_the_user_counts_alone():
    data = page(f"<p>{FIRST}</p>", "<meta charset='utf-8'>").decode().encode("gb18030")
    assert kept(read_html(data, "gb18030")) == [FIRST]
    with pytest.raises(ValueError, match="declared as utf-8, but not valid"):
        read_html(data, "utf-8")


def test_utf16_with_mark():
    assert kept(read_html(f"<p>{FIRST}</p>".encode("utf-16"))) == [FIRST]


def test_a_page_in_a_page_is_read_to_its_end():
    body = f"<html><body>{NAVIGATION}</body></html><h1>镜湖纪事</h1><div><p>{FIRST}</p><p>{SECOND}</p></div>"
    assert kept(read_html(page(body))) == ["镜湖纪事", FIRST, SECOND]


@pytest.mark.parametrize(
    "data", [b"   \n ", b"<html><body></body></html>", b"<script>a()</script>", b"<!-- a -->", b"<html>"]
)
def test_pages_without_text(data):
    with pytest.raises(ValueError, match="no text"):
        read_html(data)


def test_entities_of_a_page_are_not_expanded():
    entities = '<!ENTITY a0 "哈哈哈哈哈哈哈哈">' + "".join(
        f'<!ENTITY a{i} "&a{i - 1};&a{i - 1};">' for i in range(1, 40)
    )
    read = read_html(
        f"<?xml version='1.0'?><!DOCTYPE html [{entities}]><html><body><p>{FIRST}&a39;</p></body></html>".encode()
    )
    assert "哈哈" not in read.text
    assert len(read.text) < 200
    outside = f'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>{FIRST}&x;</p>'
    assert "root:" not in read_html(outside.encode()).text


def test_tags_nested_too_deep_are_an_error_and_never_a_shorter_text():
    assert FIRST in read_html(b"<div>" * 1500 + FIRST.encode()).text
    with pytest.raises(ValueError, match="nested too deep"):
        read_html(b"<div>" * 3000 + FIRST.encode())


def test_unclosed_font_tags_lose_nothing():
    body = "".join(f"<p><font face='宋体'>第{i}段，{FIRST}" for i in range(400))
    assert len(kept(read_html(page(body)))) == 400


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<pre>" + b"a\n" * 1_000_001, "more than 1,000,000 lines in preformatted text"),
        (b"<div>" * 10_000_000, "10,000,000 tags, more than 1,000,000"),
        (
            b"<p " + b" ".join(b"a%d=1" % i for i in range(5000)) + b">",
            "a tag with 5,000 attributes, more than 1,000",
        ),
    ],
)
def test_oversized_pages_fail_fast(data, reason):
    begun = time.perf_counter()
    with pytest.raises(ValueError, match=reason):
        read_html(data)
    assert time.perf_counter() - begun < 5


def test_a_script_is_no_tag_with_many_attributes():
    code = "if (a<b " + "&& c " * 3000 + ") { }"
    assert kept(read_html(page(f"<script>{code}</script><!-- <p {code} --><p>{FIRST}</p>"))) == [FIRST]


PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class='nav'>", "</div>", "<table>", "<tr>", "<td>", "</table>", "<br>", "<a href='x'>", "</a>",
     "<ul><li>", "</ul>", "<h1>", "</h1>", "<sup>", "<!--", "-->", "<b style='display:none'>", "</b>", "&nbsp;", "&#12288;",
     "\n", "<", "深化改革，", "扩大开放。", "首页", "2031年5月6日", "发文机关：", "</html>", "<pre>", "</pre>"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_any_page_is_read_or_refused_and_its_hints_lie_on_lines(pieces):
    try:
        read = read_html(("<p>序</p>" + "".join(pieces)).encode())
    except ValueError:
        return
    starts = [hint.start for hint in read.hints]
    assert starts == sorted(set(starts))
    for start in starts:
        assert not read.text[start].isspace()
        assert not read.text[:start].rpartition("\n")[2].strip()
    document_from_text(read.text, "a", read.facts, read.hints)
