"""What a text states about itself, and what it does not."""

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.reading import document_from_text
from npp_nlp.reading.facts import facts, parse_date
from npp_nlp.reading.facts.bodies import bodies, issuer_of_title, region_of_bodies, regions, spoken_for
from npp_nlp.reading.facts.dates import document_year, month_year, only_date, title_years
from npp_nlp.reading.facts.title import is_no_title
from npp_nlp.reflow import reflow

BODY = "各地要结合实际，因地制宜发展新质生产力，坚持2019年以来的做法（参见国发〔2018〕9号），于2030年前形成经验。\n"
ADDRESS = "各有关单位：\n"


def stated(text, *names):
    metadata = facts(reflow(text)[0])
    return tuple(metadata[name] for name in names)


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("2026年政府工作报告", {2026}),
        ("某省２０２６年政府工作报告", {2026}),
        ("二〇二四年政府工作报告", {2024}),
        ("二○二四年工作要点", {2024}),
        ("二零二四年工作要点", {2024}),
        ("一九九八年工作总结", {1998}),
        ("2011—2020年规划", set()),
        ("2011-2020年规划", set()),
        ("2021年至2023年行动方案", set()),
        ("一九五六年到一九六七年全国农业发展纲要", set()),
        ("数字发展规划（2021—2025年）", set()),
        ("关于2024年计划执行情况与2025年计划草案的报告", {2024, 2025}),
        ("2023、2024年工作安排", set()),
        ("2023年、2024年工作安排", {2023, 2024}),
        ("2030年前碳达峰行动方案", set()),
        ("2035年远景目标纲要", set()),
        ("到2035年建成科技强国", set()),
        ("面向2030年的愿景", set()),
        ("自2012年以来的成就", set()),
        ("数字山东2021行动方案", set()),
        ("标准体系建设指南（2021年版）", {2021}),
        ("三年行动计划", set()),
        ("12024年", set()),
    ],
)
def test_years_of_a_title(title, years):
    assert title_years(title) == years


@pytest.mark.parametrize(
    ("title", "date", "month", "number", "year"),
    [
        ("2026年政府工作报告", "2026-02-09", None, None, 2026),
        ("2025年政府工作报告", "2026-01-02", None, None, 2025),
        ("政府工作报告", "2026-01-20", None, None, 2026),
        ("2011—2020年规划", None, None, None, None),
        ("2011—2020年规划", "2010-12-20", None, None, 2010),
        ("关于2024年执行情况与2025年计划草案的报告", None, None, "国发〔2025〕3号", None),
        ("关于2024年执行情况与2025年计划草案的报告", "2025-03-05", None, None, 2025),
        ("关于2023年预算执行情况的报告", None, None, None, None),
        ("关于2023年预算执行情况的报告", "2024-03-05", None, None, 2024),
        ("关于做好2025年工作的意见", None, None, None, 2025),
        ("关于做好2025年工作的意见", "2024-12-28", None, None, 2024),
        ("建设指南", None, 2021, None, 2021),
        ("关于深化改革的意见", None, None, "国办发〔2024〕3号", 2024),
        (None, None, None, "2024年第3号", 2024),
        (None, None, None, "国务院令第745号", None),
        (None, None, None, None, None),
    ],
)
def test_year_of_a_document(title, date, month, number, year):
    assert document_year(title, date, month, number) == year


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024年3月5日", "2024-03-05"),
        ("２０２４年３月５日", "2024-03-05"),
        ("2020年8月 4 日印发", "2020-08-04"),
        ("时间：2026-02-09 09:20", "2026-02-09"),
        ("2024/3/5", "2024-03-05"),
        ("2022.10.28", "2022-10-28"),
        ("二〇二四年三月五日", "2024-03-05"),
        ("二○二三年十月二十日", "2023-10-20"),
        ("一九九八年十二月三十一日", "1998-12-31"),
        ("新华社北京3月12日电", None),
        ("2024年月日", None),
        ("2024年　　月　　日", None),
        ("2024年3月", None),
        ("2023年2月30日", None),
        ("二〇二四年十三月五日", None),
        ("二〇二四年三月五十日", None),
        ("3.2024年5", None),
        ("电话010-2024-12-345", None),
    ],
)
def test_dates(text, date):
    assert parse_date(text) == date


def test_a_line_with_two_days_states_none():
    assert only_date("2018年1月2日通过　2023年3月4日修订") is None
    assert only_date("（2024年1月5日公布　自2024年3月1日起施行）") == "2024-01-05"
    assert month_year("二〇二一年十月") == 2021
    assert month_year("2021年10月至12月") is None


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("国务院办公厅", ["国务院办公厅"]),
        ("工业和信息化部　财政部", ["工业和信息化部", "财政部"]),
        ("教育部、科技部、国家发展改革委", ["教育部", "科技部", "国家发展改革委"]),
        ("科 技 部", ["科技部"]),
        ("某市公安局（盖章）", ["某市公安局"]),
        ("中国银行保险监督管理委员会", ["中国银行保险监督管理委员会"]),
        ("工业和信息化部等五部门", ["工业和信息化部等五部门"]),
        ("第十四届全国人民代表大会第三次会议", ["第十四届全国人民代表大会第三次会议"]),
        ("优化产业布局", []),
        ("广大党员干部", []),
        ("推动区域发展新格局", []),
        ("全面建成小康社会", []),
        ("工作部署", []),
        ("（三）搭建服务大厅", []),
        ("李明 王芳", []),
        ("关于教育部", []),
        ("", []),
    ],
)
def test_lines_of_bodies(line, names):
    assert bodies(line) == names


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("国务院关于深化改革的意见", ["国务院"]),
        ("工业和信息化部等五部门关于加快发展的意见", ["工业和信息化部等五部门"]),
        ("省人民政府办公厅关于印发工作方案的通知", ["省人民政府办公厅"]),
        ("教育部　财政部关于开展试点的通知", ["教育部", "财政部"]),
        ("国务院办公厅转发财政部关于改革的意见的通知", ["国务院办公厅"]),
        ("中共中央办公厅 国务院办公厅印发《关于改革的意见》", ["中共中央办公厅", "国务院办公厅"]),
        ("中华人民共和国财政部公告", ["中华人民共和国财政部"]),
        ("全国人民代表大会常务委员会关于修改法律的决定", ["全国人民代表大会常务委员会"]),
        ("关于深化改革的意见", []),
        ("《国务院关于深化改革的意见》政策解读", []),
        ("学习贯彻国务院关于改革的意见", []),
        ("图解：国务院关于改革的意见", []),
        ("让科技成果走出学院", []),
    ],
)
def test_issuer_of_a_title(title, names):
    assert issuer_of_title(title) == names


@pytest.mark.parametrize(
    ("names", "region"),
    [
        (["山东省人民政府"], "山东省"),
        (["中共山东省委", "山东省人民政府"], "山东省"),
        (["广西壮族自治区财政厅"], "广西壮族自治区"),
        (["国家税务总局上海市税务局"], "上海市"),
        (["山东省财政厅", "广东省财政厅"], None),
        (["济南市财政局"], None),
        (["吉林市人民政府"], None),
        (["省人民政府"], None),
        (["中国人民银行某地分行"], None),
        (["国务院"], "全国"),
        (["财政部", "市场监管总局"], "全国"),
        (["中国共产党第二十届中央委员会"], "全国"),
        ([], None),
    ],
)
def test_region_of_issuers(names, region):
    assert region_of_bodies(names) == region


def test_names_of_provinces_in_other_names():
    assert regions("海南藏族自治州、上海合作组织、吉林市、山东大学、北京日报、云南路") == set()
    assert regions("浙江西部和內蒙古自治区") == {"浙江省", "内蒙古自治区"}


def test_whom_a_speaker_reports_for():
    assert spoken_for("现在，我代表国务院，向大会报告工作。") == ["国务院"]
    assert spoken_for("我受中共中央和国务院的委托，作报告。") == ["中共中央", "国务院"]
    assert spoken_for("他代表国务院作报告。") == []
    assert spoken_for("我根据国务院的文件精神谈几点体会。") == []


@pytest.mark.parametrize(
    ("head", "number"),
    [
        ("国务院关于改革的意见\n国发〔2024〕3号\n", "国发〔2024〕3号"),
        ("国务院关于改革的意见\n国发[2024]3号\n", "国发[2024]3号"),
        ("国务院关于改革的意见\n国发［2024］3号\n", "国发［2024］3号"),
        ("国务院关于改革的意见\n国发（2024）3号\n", "国发（2024）3号"),
        ("国务院关于改革的意见\n国发【2024】3号\n", "国发【2024】3号"),
        ("关于改革的意见\n（发改规划〔2024〕 123 号）\n", "发改规划〔2024〕123号"),
        ("关于改革的意见\n财综〔2024〕第3号\n", "财综〔2024〕第3号"),
        ("某某省人民政府文件\n某政发〔2024〕12号\n关于改革的意见\n", "某政发〔2024〕12号"),
        ("关于改革的意见\n文号：某政发〔2024〕12号\n", "某政发〔2024〕12号"),
        ("关于改革的通知（某政办字〔2024〕7号）\n", "某政办字〔2024〕7号"),
        ("中华人民共和国国务院令\n第745号\n", "中华人民共和国国务院令第745号"),
        ("中华人民共和国财政部公告\n2024年第3号\n", "中华人民共和国财政部公告2024年第3号"),
        ("某某管理办法\n某部令第12号\n", "某部令第12号"),
        ("某某管理办法\n第12号令\n", "第12号令"),
        ("财政部 税务总局关于优惠的公告\n财政部 税务总局公告2023年第6号\n", "财政部 税务总局公告2023年第6号"),
        ("某某管理办法\n（2024年1月18日工业和信息化部令第65号公布）\n", "工业和信息化部令第65号"),
        ("某某月刊\n2024年第3号\n", None),
        ("关于贯彻落实《改革的意见》（国发〔2023〕5号）的通知\n", None),
        ("索引号：000014349/2024-00012\n关于改革的意见\n", None),
        ("关于改革的意见\n", None),
    ],
)
def test_document_numbers(head, number):
    assert stated(head + ADDRESS + BODY, "document_number") == (number,)


def test_number_of_an_older_document_in_the_text_is_not_its_own():
    text = "关于改革的意见\n" + ADDRESS + BODY + "根据《某意见》\n（国发〔2018〕5号）\n精神，" + BODY
    assert stated(text, "document_number", "year") == (None, None)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("2026年政府工作报告\n", "2026年政府工作报告"),
        ("政 府 工 作 报 告\n", "政府工作报告"),
        ("某省人民政府\n关于印发发展规划的通知\n某政发〔2024〕1号\n", "某省人民政府关于印发发展规划的通知"),
        ("某市财政局文件\n某财〔2024〕1号\n关于印发工作方案的通知\n", "关于印发工作方案的通知"),
        ("智能应用软件预置\n和分发管理暂行规定\n", "智能应用软件预置和分发管理暂行规定"),
        (
            "关于印发《智能汽车\n示范应用办法（试行）》的通知\n",
            "关于印发《智能汽车示范应用办法（试行）》的通知",
        ),
        ("ABCD—2022—0040001\n某市财政局\n某财〔2024〕1号\n关于试点的通知\n", "关于试点的通知"),
        ("附件\n数字发展行动计划\n", "数字发展行动计划"),
        ("国务院办公厅关于加快发展的\n实施意见\n国办发〔2024〕3号\n", "国务院办公厅关于加快发展的实施意见"),
        (
            "国务院办公厅关于转发国家发展改革委等部门加快推进设施建设指导意见的通知\n国办函〔2022〕7号\n",
            "国务院办公厅关于转发国家发展改革委等部门加快推进设施建设指导意见的通知",
        ),
        ("首页 > 政策 > 通知\n关于开展申报工作的通知\n", "关于开展申报工作的通知"),
        ("目录\n一、总体要求 1\n二、任务 3\n", None),
        ("人民日报 2024年03月06日 星期三\n", None),
        ("前言\n", None),
        ("", None),
    ],
)
def test_titles(head, title):
    assert stated(head + ADDRESS + BODY, "title") == (title,)


@pytest.mark.parametrize(
    "line", ["目　录", "前言", "附件1：", "国办发〔2024〕3号", "教育部 财政部", "2024年3月5日", "第一章 总则"]
)
def test_lines_that_are_no_title(line):
    assert is_no_title(line)


NOTICE = "关于开展试点工作的通知\n" + ADDRESS + BODY


@pytest.mark.parametrize(
    ("text", "issuer", "date", "region"),
    [
        (NOTICE + "山东省财政厅\n2024年3月8日\n", "山东省财政厅", "2024-03-08", "山东省"),
        (
            NOTICE + "财政部\n科技部\n二〇二三年三月五日\n附件：1.名单\n",
            "财政部、科技部",
            "2023-03-05",
            "全国",
        ),
        (
            NOTICE + "财政部　科技部\n2023年3月5日\n实施办法\n第一条　" + BODY * 9,
            "财政部、科技部",
            "2023-03-05",
            "全国",
        ),
        (NOTICE + "济南市财政局\n2023年3月5日\n", "济南市财政局", "2023-03-05", None),
        (NOTICE + "某某市财政\n局\n2023年3月5日\n", None, "2023-03-05", None),
        (NOTICE + "济南市城乡交通\n运输局\n2023年3月5日\n", "济南市城乡交通运输局", "2023-03-05", None),
        (NOTICE + "附件\n财政部\n2023年3月5日\n", "财政部", "2023-03-05", "全国"),
        (NOTICE + "山东省人民政府办公厅2019年3月15日印发\n", None, "2019-03-15", "山东省"),
        (NOTICE + "优化产业布局\n", None, None, None),
        (NOTICE, None, None, None),
    ],
)
def test_signatures(text, issuer, date, region):
    assert stated(text, "issuer", "date", "region") == (issuer, date, region)


def test_letterheads_and_bodies_below_the_title():
    head = "教育部 财政部\n国家税务总局\n关于开展试点的通知\n" + ADDRESS + BODY
    assert stated(head, "issuer") == ("教育部、财政部、国家税务总局",)
    report = "2024年统计公报\n山东省统计局\n国家统计局山东调查总队\n2025年3月1日\n" + BODY
    assert stated(report, "issuer", "date", "year", "region") == (
        "山东省统计局、国家统计局山东调查总队", "2025-03-01", 2024, "山东省",
    )  # fmt: skip
    speech = "深圳市工作报告\n各位代表：\n现在，我代表深圳市人民政府向大会报告工作。\n" + BODY
    assert stated(speech, "issuer", "region") == ("深圳市人民政府", None)


def test_cells_of_a_table_are_no_signature():
    rows = "".join(f"财政部\n20{i}年3月5日\n" for i in range(10, 20))
    assert stated(NOTICE + rows + BODY * 8, "issuer", "date") == (None, None)


FIELDS = [
    ("索引号", "000014349/2024-00012"),
    ("发文机关", "国务院办公厅"),
    ("成文日期", "2024年01月05日"),
    ("标　　题", "国务院办公厅关于加快发展的意见"),
    ("发文字号", "国办发〔2024〕3号"),
    ("发布日期", "2024年01月10日"),
    ("主 题 词", "发展"),
]


@pytest.mark.parametrize(
    ("between", "after"),
    [("：", "\n"), ("：\t", "\n"), (":", "\n"), ("：\n", "\n"), ("：", "\t"), ("：\t", "\t")],
)
def test_fields_of_a_government_page(between, after):
    head = "".join(f"{label}{between}{value}{after}" for label, value in FIELDS) + "\n"
    names = ("title", "issuer", "date", "document_number", "region", "year")
    assert stated(head + ADDRESS + BODY, *names) == (
        "国务院办公厅关于加快发展的意见", "国务院办公厅", "2024-01-05", "国办发〔2024〕3号", "全国", 2024,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "year", "date", "region"),
    [
        ("2026年山东省政府工作报告\n来源：大众日报\n时间：2026-02-09\n" + BODY, 2026, "2026-02-09", "山东省"),
        ("政府工作报告\n——2026年1月20日在山东省第十四届人民代表大会第五次会议上\n" + BODY, 2026, "2026-01-20", "山东省"),
        ("政府工作报告\n（二〇二六年一月二十日）\n山东省省长　某某\n" + BODY, 2026, "2026-01-20", "山东省"),
        ("政府工作报告\n各位代表：\n现在，我代表山东省人民政府向大会报告工作。\n" + BODY, None, None, "山东省"),
        ("关于2024年计划执行情况与2025年计划草案的报告\n——2025年3月5日在第十四届全国人民代表大会第三次会议上\n" + BODY,
         2025, "2025-03-05", "全国"),
        ("加快发展\n新华社北京3月12日电 （记者某某）" + BODY, None, None, None),
        ("加快发展\n新华社北京2024年3月12日电 （记者某某）" + BODY, 2024, "2024-03-12", None),
        ("2024年3月6日 星期三 第1版\n加快发展\n新华社北京3月5日电 （记者某某）" + BODY, 2024, "2024-03-06", None),
        ("关于举办论坛的通知\n时间：2024年5月1日至3日\n地点：某市\n" + BODY, None, None, None),
        ("关于举办论坛的通知\n一、时间：2024年5月1日\n" + BODY, None, None, None),
        ("进度表\n2024年5月1日\n启动\n2024年6月1日\n验收\n" + BODY, None, None, None),
        ("某某管理办法\n（2018年1月2日通过　2023年3月4日修订）\n" + BODY, None, None, None),
        ("建设指南\n（征求意见稿）\n2021 年 10 月\n目录\n一、总体要求 1\n二、任务 3\n" + BODY, 2021, None, None),
        ("科技部关于支持北京市建设试验区的函\n" + ADDRESS + BODY, None, None, "全国"),
        ("支持贵州高质量发展的意见\n" + ADDRESS + BODY, None, None, None),
        ("山东、河南两省协作规划\n" + ADDRESS + BODY, None, None, None),
        ("让创新成果走进生活\n来源：北京青年报\n" + BODY, None, None, None),
        ("2019年5月26日，数据安全论坛在贵阳举办。\n" + BODY, None, None, None),
    ],
)  # fmt: skip
def test_year_date_and_region(text, year, date, region):
    assert stated(text, "year", "date", "region") == (year, date, region)


def test_only_the_first_article_of_a_page_speaks():
    page = (
        f"发展新质生产力\n{BODY}{BODY}\n\n上海市2024年工作报告\n新华社上海2024年3月5日电 （记者某某）{BODY}"
    )
    pieces = reflow(page)[0]
    assert {p.article for p in pieces} == {0, 1}
    assert stated(page, "year", "date", "region") == (None, None, None)


def test_what_the_file_states_wins():
    document = document_from_text(
        NOTICE + "财政部\n2023年3月5日\n", "a", {"date": "2024-01-01", "issuer": "某部"}
    )
    assert (document.date, document.metadata["issuer"], document.year) == ("2024-01-01", "某部", 2023)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "国务院",
                "关于",
                "通知",
                "2024年",
                "3月5日",
                "〔2024〕3号",
                "第3号",
                "令",
                "：",
                "标题",
                "\n",
                "　",
                "。",
                "山东",
                "二〇",
                "(",
                "𠮷",
            ]
        ),
        max_size=40,
    )
)
def test_any_lines_can_be_read(parts):
    found = facts(reflow("".join(parts))[0])
    assert set(found) == {"title", "year", "date", "region", "issuer", "document_number"}
    assert found["year"] is None or 1900 <= found["year"] <= 2099


def test_time_does_not_grow_with_the_text():
    pieces = reflow(NOTICE + BODY * 1000 + "财政部\n2024年3月5日\n")[0]
    times = []
    for _ in range(5):
        start = time.perf_counter()
        facts(pieces)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.02


def rows(name):
    folder = Path(os.environ.get("NPP_DATA", Path(__file__).parents[1] / "../shared/data"))
    if not (folder / name).is_file():
        pytest.skip(f"{name} is not in {folder}: set NPP_DATA to the data folder")
    with (folder / name).open(encoding="utf-8") as lines:
        return [(row, facts(reflow(row["text"])[0])) for row in map(json.loads, lines)]


def test_provincial_reports():
    found = rows("provincial_reports_2026.jsonl")
    assert sum(f["year"] == r["year"] and f["region"] == r["region"] for r, f in found) == len(found) == 17
    assert all(f["date"] and f["date"][:5] in ("2026-",) for _, f in found)


def test_national_reports():
    found = rows("national_reports.jsonl")
    assert [(r["id"], f["year"]) for r, f in found if f["year"] not in (None, r["year"])] == []
    assert [r["id"] for r, f in found if f["region"] not in (None, "全国")] == []
    assert sum(f["year"] is not None for _, f in found) == 6
    assert sum(f["region"] == "全国" for _, f in found) == 50


def test_congress_reports():
    found = rows("congress_reports.jsonl")
    assert [f["region"] for _, f in found] == ["全国"] * 9
    assert [f["date"] for _, f in found if f["date"]] == ["2017-10-18", "2022-10-16"]


def test_policy_documents():
    found = rows("policy_documents.jsonl")
    dated = [(r["date"], f["date"]) for r, f in found if f["date"]]
    assert len(dated) == 18
    assert all(made <= shown and made[:4] == shown[:4] for shown, made in dated)
    assert sum(f["title"] is not None for _, f in found) == 16
    assert [f["document_number"] for _, f in found if f["document_number"]] == ["济工信装备字〔2022〕1号"]
