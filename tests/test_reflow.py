"""Paragraphs, kinds and reasons from damaged lines; expected values can be checked by eye."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import damage
from npp_nlp import Document
from npp_nlp.layout import Page, Repeats, mark_of, split
from npp_nlp.layout.habits import MOST_BITS, _shape, learn
from npp_nlp.layout.lines import ending
from npp_nlp.reflow import decisions, reflow, reflow_log
from npp_nlp.reflow.joining import Seam, evidence

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))


def texts(source):
    return [piece.text for piece in reflow(source)[0]]


def kinds(source):
    return [(piece.kind, piece.text) for piece in reflow(source)[0]]


CLEAN = [
    "发展新质生产力是推动高质量发展的内在要求和重要着力点，必须继续做好创新这篇大文章。",
    "扩大内需是战略之举。要完善长效机制，增强消费能力，改善消费条件，提高投资效益。",
    "改革开放是关键一招。要推出一批标志性改革举措，稳步扩大制度型开放，优化营商环境。",
]


def test_heading_levels_are_depths():
    lines = f"第一章\n总体要求\n{CLEAN[0]}\n1.1 指导思想\n{CLEAN[1]}\n一、背景\n{CLEAN[2]}\n（二）意义\n{CLEAN[0]}"
    pieces = reflow(f"关于创新的意见\n{CLEAN[1]}\n{lines}\n第二章 任务\n{CLEAN[1]}\n结语\n{CLEAN[2]}")[0]
    headings = [(p.level, p.text) for p in pieces if p.kind == "heading"]
    assert headings == [
        (1, "第一章总体要求"), (2, "1.1 指导思想"), (2, "一、背景"), (3, "（二）意义"), (1, "第二章 任务"), (1, "结语"),
    ]  # fmt: skip


def test_numbers_alone_are_the_top_where_nothing_stands_above():
    pieces = reflow(f"前言\n{CLEAN[0]}\n1.原则\n{CLEAN[1]}\n1.1 分类\n{CLEAN[2]}\n2.措施\n{CLEAN[0]}")[0]
    assert [(p.level, p.text) for p in pieces if p.kind == "heading"] == [
        (1, "1.原则"),
        (2, "1.1 分类"),
        (1, "2.措施"),
    ]


def test_headings_glued_to_the_line_above_are_parted():
    source = f"（一）基础标准\n{CLEAN[0]}（二）装备标准\n{CLEAN[1]}三、路径\n{CLEAN[2]}"
    assert texts(source) == ["（一）基础标准", CLEAN[0], "（二）装备标准", CLEAN[1] + "三、路径" + CLEAN[2]]


def test_an_enumeration_inside_a_paragraph_stays():
    source = f"（一）基础标准\n{CLEAN[0]}（二）装备标准要完善，逐步推广。\n{CLEAN[1]}"
    assert texts(source)[1] == CLEAN[0] + "（二）装备标准要完善，逐步推广。"


def test_items_that_semicolons_part_are_a_list():
    pieces = kinds(f"申请材料：\n（一）申请单；\n（二）执照复印件；\n（三）承诺书。\n{CLEAN[0]}")
    assert [kind for kind, _ in pieces] == ["paragraph", "list_item", "list_item", "list_item", "paragraph"]


def test_a_second_text_below_marked_headlines():
    head = "# 题目\n\n## ——副题\n\n" + "".join(f"### 第{n}项发现\n\n{CLEAN[0]}\n\n" for n in "一二三")
    pieces = reflow(head + f"## 调研行开启\n\n### 案例来了！\n\n{CLEAN[1]}")[0]
    assert [(p.kind, p.article) for p in pieces[-3:]] == [("title", 1), ("subtitle", 1), ("paragraph", 1)]
    assert {p.article for p in pieces[:-3]} == {0}


def test_lines_of_two_widths_are_both_full():
    narrow, wide = damage.typeset(CLEAN * 2, 24), damage.typeset(CLEAN, 26)
    assert texts(damage.join(narrow + wide)) == CLEAN * 3


_CLAUSES = [
    "加快转变发展方式", "必须坚持创新引领", "推动产业优化升级", "扩大有效投资", "健全市场体系", "深化重点领域改革",
    "稳步推进制度型开放", "增进民生福祉", "守住安全底线",
]  # fmt: skip


def prose(count):
    """So many paragraphs of the same clauses in other orders: no line of them returns."""
    return ["，".join(_CLAUSES[i:] + _CLAUSES[:i]) + "。" for i in range(count)]


@pytest.mark.parametrize("glue", ["\n", "\n\n", "\r\n", "\n\n\n", "\n　　", "\u2028"])
def test_clean_paragraphs_stay_as_they_are(glue):
    assert texts(glue.join(CLEAN)) == CLEAN


@pytest.mark.parametrize("width", [12, 15, 20, 26])
@pytest.mark.parametrize("gap", [0, 1])
def test_lines_cut_by_counting_are_joined(width, gap):
    uneven = [p for p in CLEAN if len(p) % width]
    assert texts(damage.join(damage.by_count(uneven, width), gap=gap)) == uneven


@pytest.mark.parametrize("gap", [0, 1])
def test_typeset_lines_are_joined(gap):
    assert texts(damage.join(damage.typeset(CLEAN, 16), gap=gap)) == CLEAN


def test_a_paragraph_cut_by_a_page_end_goes_on():
    text = f"{CLEAN[0]}\n\n{CLEAN[1][:20]}\n\n{CLEAN[1][20:]}\n\n{CLEAN[2]}"
    assert texts(text) == CLEAN


def test_notes_and_captions_move_behind_the_paragraph_they_interrupt():
    long = "改革开放以来，中国共产党经过持续探索和实践，创造性地提出发展市场经济"
    text = f"{long}^①\n\n^① 《人民日报》，2024年2月1日\n\n图1 市场主体数量\n\n，并不断加以完善。"
    assert kinds(text) == [
        ("paragraph", f"{long}^①，并不断加以完善。"),
        ("footnote", "^① 《人民日报》，2024年2月1日"),
        ("caption", "图1 市场主体数量"),
    ]


def test_page_numbers_and_running_heads_are_removed_with_the_reason():
    pages = [
        f"{CLEAN[0]}\n{CLEAN[1][:25]}",
        f"{CLEAN[1][25:]}\n{CLEAN[2][:22]}",
        f"{CLEAN[2][22:]}\n{CLEAN[0]}",
    ]
    text = "\n".join(f"年度发展报告\n{page}\n{number}" for number, page in enumerate(pages, 1))
    pieces, removed = reflow(text)
    assert [p.text for p in pieces] == [*CLEAN, CLEAN[0]]
    heads = [(text[a:b], why) for a, b, why in removed]
    assert heads[::2] == [("年度发展报告", "running head")] * 3
    assert heads[1::2] == [(number, "page number") for number in "123"]


def test_images_rules_and_tables_do_not_break_a_paragraph():
    long = "改革开放以来，中国共产党经过持续探索和实践，创造性地提出发展市场经济"
    for between in ("![](a.jpg)", "---", "| 甲 | 乙 |", "（下转第2版）", "2025年12月9日 星期二 第1版"):
        assert texts(f"{long}\n\n{between}\n\n并不断加以完善。")[0] == f"{long}并不断加以完善。"


def test_a_line_break_inside_a_block_is_no_paragraph_end():
    text = f"{CLEAN[0]}\n\n会议通过了我们国家的根本法——\n中华人民共和国宪法\n，接着又通过了几个法律。\n\n{CLEAN[1]}"
    assert texts(text)[1] == "会议通过了我们国家的根本法——中华人民共和国宪法，接着又通过了几个法律。"


def test_an_open_quotation_or_title_goes_on():
    text = f"会议审议通过《关于加快建设全国统一\n\n大市场的意见》。\n\n{CLEAN[0]}"
    assert texts(text) == ["会议审议通过《关于加快建设全国统一大市场的意见》。", CLEAN[0]]


def test_latin_words_keep_a_blank_and_split_numbers_do_not():
    lines = [
        "The new quality productive forces are",
        "driven by innovation in every field of",
        "industry and are here to stay.",
        "Ten years on.",
    ]
    assert texts("\n".join(lines))[0] == " ".join(lines[:3])
    assert "1200" in texts(f"{CLEAN[0][:-1]}，累计新增各类创新载体12\n\n00余个，同比增长。")[0]


def test_title_subtitle_byline_and_headings():
    text = (
        "某某协会副会长张三：\n\n加快发展新质生产力\n\n——在论坛上的讲话\n\n新华社记者 李四 王五\n\n一、提高认识\n\n"
        f"{CLEAN[0]}\n\n（一）总体要求。\n\n{CLEAN[1]}\n\n第一，加强领导。要完善机制，抓好落实，形成合力。\n\n相关报道\n\n请扫描二维码"
    )
    assert kinds(text) == [
        ("byline", "某某协会副会长张三："),
        ("title", "加快发展新质生产力"),
        ("subtitle", "——在论坛上的讲话"),
        ("byline", "新华社记者 李四 王五"),
        ("heading", "一、提高认识"),
        ("paragraph", CLEAN[0]),
        ("heading", "（一）总体要求。"),
        ("paragraph", CLEAN[1]),
        ("paragraph", "第一，加强领导。要完善机制，抓好落实，形成合力。"),
        ("residue", "相关报道"),
        ("residue", "请扫描二维码"),
    ]


def test_markdown_headings_bold_and_quotes():
    pieces, removed = reflow(f"# 题目\n\n## 第一节\n\n**要点一：加快转型。**\n\n> 引文一段。\n\n{CLEAN[0]}")
    assert [(p.kind, p.level, p.text) for p in pieces] == [
        ("title", 0, "题目"),
        ("heading", 1, "第一节"),
        ("heading", 2, "要点一：加快转型。"),
        ("quote", 0, "引文一段。"),
        ("paragraph", 0, CLEAN[0]),
    ]
    assert {why for *_, why in removed} == {"markup"}


def test_contents_quotation_with_author_and_sources():
    text = (
        "研究报告\n\n目 录\n\n第一章 概述\t1\n1.1 背景\t2\n第二章 措施\t9\n\n第一章 概述\n\n"
        f"“创新是第一动力。”\n\n——某某\n\n{CLEAN[0]}\n\n参考文献\n\n"
        "1. 张三，《创新》，求是，2024年\n2. 李四，《改革》，求是，2023年"
    )
    assert [k for k, _ in kinds(text)] == [
        "title", "toc", "toc", "toc", "toc", "heading", "quote", "byline", "paragraph", "heading", "footnote", "footnote",
    ]  # fmt: skip


def test_articles_of_a_newspaper_page():
    text = f"# 甲题\n\n{CLEAN[0]}\n\n# 乙题\n\n新华社北京3月5日电（记者张三）{CLEAN[1]}\n\n{CLEAN[2]}"
    assert [(p.article, p.kind) for p in reflow(text)[0]] == [
        (0, "title"), (0, "paragraph"), (1, "title"), (1, "paragraph"), (1, "paragraph"),
    ]  # fmt: skip


def test_a_lone_line_is_a_paragraph():
    assert kinds("因地制宜发展新质生产力") == [("paragraph", "因地制宜发展新质生产力")]
    assert kinds("打印") == [("paragraph", "打印")]
    assert kinds("") == kinds(" \n\u3000\n") == []


@pytest.mark.parametrize(
    ("line", "category", "style", "ordinal"),
    [
        ("第十二章 总则", "number", "chapter", (12,)),
        ("一、总体要求", "number", "一、", (1,)),
        ("（二十一）完善制度", "number", "（一）", (21,)),
        ("3.2 打造环境", "number", "decimal2", (3, 2)),
        ("1.完善管理", "number", "1.", (1,)),
        ("第三，坚持创新", "number", "第一，", (3,)),
        ("② 加强协调", "number", "①", (2,)),
        ("^① 《求是》", "note", "", ()),
        ("— 12 —", "page", "decorated", (12,)),
        ("表2：主要指标", "caption", "", ()),
        ("图片由市农业局提供", "caption", "", ()),
        ("（下转第2版）", "residue", "", ()),
        ("2025年12月9日 星期二", "residue", "", ()),
        ("![](a.jpg)", "rule", "", ()),
        ("| 指标 | 数值 |", "table", "", ()),
        ("[^1]: 《求是》", "note", "", ()),
        ("（作者系某某大学教授）", "byline", "", ()),
        ("**提升一：增长。**", "bold", "", ()),
        ("2024年3月5日", "date", "", ()),
        ("二〇二四年三月五日", "date", "", ()),
    ],
)
def test_marks(line, category, style, ordinal):
    mark = mark_of(line)
    assert (mark.category, mark.style, mark.ordinal) == (category, style, ordinal)


@pytest.mark.parametrize(
    "line",
    ["3.8万亿元，增长4.1%。", "2024年经济增长。", "第一章的内容，", "一批重大成果。", "72TB数据！", "……"],
)
def test_figures_are_no_marks(line):
    assert mark_of(line) is None


@pytest.mark.parametrize(
    ("line", "how"),
    [
        ("发展。”", "final"),
        ("发展。［12］", "final"),
        ("发展……", "final"),
        ("形成“内卷”", "closed"),
        ("2023年第", "open"),
    ],
)
def test_endings(line, how):
    assert ending(line) == how


def test_reasons_are_given_for_every_seam():
    document = Document.from_text("推动高质量发展，\n\n发展新质生产力。\n\n扩大内需。")
    log = reflow_log(document)
    assert list(log.columns) == ["start", "upper", "lower", "joined", "score", "reasons"]
    assert log["joined"].tolist() == [True, False]
    assert "a sentence ends" in log["reasons"].iloc[1]
    assert all((sum(w for w, _ in d.reasons) > 0) == d.joined for d in decisions(document.source))


LETTERS = st.text(
    alphabet="发展新质生产力，。：；“”《》（）①^#*|1.2一、第章 \t\n\r\f\u3000\u200b\u2028abc\x00\ud800>-—【】摄",
    max_size=200,
)


@settings(max_examples=300, deadline=None)
@given(LETTERS)
def test_text_is_only_cut_and_joined(text):
    pieces, removed = reflow(text)
    seen = [0] * len(text)
    for piece in pieces:
        assert piece.text
        assert "".join(text[a:b] for a, b in piece.spans) == piece.text
        assert piece.text.splitlines() == [piece.text]
        for a, b in piece.spans:
            for i in range(a, b):
                seen[i] += 1
    for a, b, why in removed:
        assert why
        for i in range(a, b):
            seen[i] += 1
    assert all(n == 1 for n, char in zip(seen, text, strict=True) if not char.isspace())


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["none", "number", "head", "notes"]))
def test_no_characters_are_lost_between_pages(seed, furniture):
    text = damage.paged(CLEAN * 4, width=21, height=7, furniture=furniture, seed=seed)
    body = "".join(t for t in texts(text) if not t.startswith("^"))
    assert body == "".join(CLEAN * 4)


def load(name, identity):
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"no {path}: set NPP_DATA to the data folder")
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["id"] == identity:
            return row["text"]
    raise AssertionError(f"{identity} is not in {name}")


@pytest.mark.parametrize("identity", ["Central82", "Central83", "Central150", "ShanDong20", "ShanDong22"])
def test_clean_policy_documents_come_through_unchanged(identity):
    text = load("policy_documents.jsonl", identity)
    assert texts(text) == [line.strip() for line in text.splitlines() if line.strip()]


def test_damaged_report_is_recovered():
    text = load("national_reports.jsonl", "national-2016")
    lines = [line.strip() for line in text.splitlines() if line.strip()][2:80]
    floors = {"typeset 26": 0.95, "cut every 20 characters": 0.9, "typeset 30, indents kept": 0.97}
    for kind, damaged in damage.kinds(lines).items():
        found = [t for t in texts(damaged) if not t.startswith("^")]
        common = len(set(found) & set(lines))
        assert 2 * common / (len(found) + len(lines)) >= floors.get(kind, 0.85), kind


def test_head_of_a_document_of_an_authority():
    source = (
        "某省人民政府\n国务院办公厅关于加快场景培育的\n实施意见\n国办发〔2024〕3号\n各省、自治区、直辖市人民政府，国务院各部委：\n"
        f"{CLEAN[0]}\n{CLEAN[1]}\n国务院办公厅\n2024年3月1日"
    )
    assert [(kind, text[:8]) for kind, text in kinds(source)] == [
        ("byline", "某省人民政府"),
        ("title", "国务院办公厅关于"),
        ("byline", "国办发〔2024"),
        ("paragraph", "各省、自治区、直"),
        ("paragraph", CLEAN[0][:8]),
        ("paragraph", CLEAN[1][:8]),
        ("byline", "国务院办公厅"),
        ("byline", "2024年3月1"),
    ]


def test_titles_in_lines_and_of_great_length():
    long = "国务院办公厅关于转发国家发展改革委等部门加快推进城镇环境基础设施建设指导意见的通知"
    assert kinds(f"{long}\n{CLEAN[0]}")[0] == ("title", long)
    head = kinds(f"建材行业智能制造标准体系\n建设指南\n（征求意见稿）\n{CLEAN[0]}")[:3]
    assert [kind for kind, _ in head] == ["title", "title", "subtitle"]
    assert kinds(f"{CLEAN[0]}\n（本文根据作者在调研成果发布会上的发言整理）")[1][0] == "byline"


def test_entries_of_contents_stay_apart_where_lines_are_wrapped():
    entries = [
        f"（{n}）加强组织协调 ................................ {i}" for i, n in enumerate("一二三四", 3)
    ]
    found = kinds("\n".join(["目 录", *entries]) + "\n" + damage.join(damage.typeset(prose(5), 24)))
    assert [kind for kind, _ in found[:5]] == ["toc"] * 5
    assert [text for _, text in found[5:]] == prose(5)


def test_what_is_weighed_where_a_sentence_ends_on_a_full_line():
    page = Page([], [], False, False, 0, False, 0.0, False, *(frozenset(),) * 3, 0, False, False, 2.0, {})  # type: ignore[arg-type]
    upper = split("扩大开放，优化环境。")[0][0]

    def score(text, length):
        seam = Seam(upper, split(text)[0][0], wrap=10.0, length=length)
        return sum(weight for weight, _ in evidence(seam, page, Repeats("")))

    plain = score("加快建设现代化体系，推", 100)
    assert score("各位代表，我们要加快推", 100) < plain < score("同时加快建设体系，推进", 100)


def test_habits_are_learned_where_the_layout_leaves_no_doubt():
    opens = ["加快推进产业升级。", "着力扩大国内需求。", "深化财税体制改革。", "守住安全发展底线。"]
    goes_on = "要健全制度，完善标准，提高质量，扩大规模，加强监管，优化服务，落实责任，形成合力，取得实效。"
    rows = damage.by_count([first + goes_on[i:] for i, first in enumerate(opens * 3)], 14)
    lines = split(damage.join(rows))[0]
    learned = learn(lines, [len(line.text) < 14 for line in lines])
    brief, long = learned.shapes[0], _shape(goes_on)
    assert learned.bits(50, brief) > 1 > -0.5 > learned.bits(9, long)
    assert learned.bits(10**6, ((0, 0), 99)) == pytest.approx(0, abs=MOST_BITS)
    assert learn(lines[:1], [True]).bits(5, brief) == 0


def test_long_leaders_of_dots_are_those_of_contents():
    leader = " ." * 60
    entries = [f"2.{i} 常见的构建系统{leader} {9 + i}" for i in (1, 2, 3)]
    found = kinds("\n".join(["目录", *entries, CLEAN[0]]))
    assert [kind for kind, _ in found] == ["toc"] * 4 + ["paragraph"]
    assert [text for _, text in found[1:4]] == entries
