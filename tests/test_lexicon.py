"""Lexica: what counts as the same term, files, arithmetic, and what the packaged lexicon holds."""

import json
import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.lexicon import Entry, Lexicon, stop_words
from npp_nlp.text import codepoints, fold

ROOT = Path(__file__).resolve().parents[1]
HEADER = "term\tvariants\tcategory\tweight\tsource\tfirst_year\n"


def found(lexicon, text):
    matches = lexicon.find([text])
    return [text[a:b] for a, b in zip(matches.start.tolist(), matches.end.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("“内卷式”竞争", "整治“内卷式”竞争", ["“内卷式”竞争"]),
        ("“内卷式”竞争", '整治"内卷式"竞争', ['"内卷式"竞争']),
        ("“内卷式”竞争", "整治「内卷式」竞争", ["「内卷式」竞争"]),
        ("“内卷式”竞争", "整治内卷式竞争", ["内卷式竞争"]),
        ("“内卷式”竞争", "整治“内卷式竞争”", ["内卷式竞争"]),
        ("十四五规划", "“十四五”规划", []),
        ("人工智能+", "“人工智能＋”", ["人工智能＋"]),
        ("“双碳”", "实现“双碳”目标", ["双碳"]),
        ("GDP", "人均ＧＤＰ、gdp增速", ["ＧＤＰ", "gdp"]),
        ("AI", "AIDS", []),
        ("新质生产力", "新质 生产力", []),
    ],
)
def test_written_forms(term, text, expected):
    assert found(Lexicon.from_terms([term]), text) == expected


def test_a_listed_variant_is_the_same_entry():
    lexicon = Lexicon((Entry("十四五规划", ("“十四五”规划", "第十四个五年规划")),))
    matches = lexicon.find(["“十四五”规划", "第十四个五年规划和十四五规划"])
    assert (matches.text.tolist(), matches.entry.tolist()) == ([0, 1, 1], [0, 0, 0])
    assert (matches.start.tolist(), matches.end.tolist()) == ([0, 0, 9], [7, 8, 14])
    assert len(matches) == 3
    assert lexicon.canonical("「十四五」规划") == "十四五规划"


def test_quotes_inside_a_longer_term_belong_to_it_and_around_a_whole_one_do_not():
    lexicon = Lexicon.from_terms(["人工智能+", "“人工智能+”行动"])
    assert found(lexicon, "“人工智能+”行动") == ["“人工智能+”行动"]
    assert found(lexicon, "“人工智能+”") == ["人工智能+"]
    assert found(lexicon, "实施人工智能+行动") == ["人工智能+行动"]


def test_own_names_go_before_variants_and_heavy_entries_before_light_ones():
    lexicon = Lexicon((Entry("碳达峰碳中和", ("双碳",), weight=9), Entry("双碳")))
    assert lexicon.canonical("双碳") == "双碳"
    lexicon = Lexicon((Entry("甲说", ("共有",), weight=1), Entry("乙说", ("共有",), weight=2)))
    assert lexicon.canonical("共有") == "乙说"


def test_leftmost_then_longest():
    lexicon = Lexicon.from_terms(["乡村", "乡村振兴", "振兴战略"])
    assert found(lexicon, "乡村振兴战略") == ["乡村振兴"]
    starts, ends, entries = lexicon.match_all(codepoints("乡村振兴战略"))
    assert list(zip(starts.tolist(), ends.tolist(), entries.tolist(), strict=True)) == [
        (0, 4, 1),
        (0, 2, 0),
        (2, 6, 2),
    ]


def test_find_keeps_texts_apart():
    lexicon = Lexicon.from_terms(["新质生产力"])
    assert len(lexicon.find(["新质", "生产力"])) == 0
    assert len(lexicon.find([])) == 0
    assert lexicon.find(["", "新质生产力\x00新质生产力"]).start.tolist() == [0, 6]
    with pytest.raises(TypeError, match="texts is the single string '新质'"):
        lexicon.find("新质")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="新质aA1“”", max_size=8), max_size=5))
def test_find_equals_match_on_each_text(texts):
    lexicon = Lexicon.from_terms(["新质", "质新质", "a1", "“新”质", "1"])
    expected = []
    for number, text in enumerate(texts):
        rows = zip(*(column.tolist() for column in lexicon.match(codepoints(fold(text)))), strict=True)
        expected += [(number, *row) for row in rows]
    m = lexicon.find(texts)
    columns = (m.text.tolist(), m.start.tolist(), m.end.tolist(), m.entry.tolist())
    assert list(zip(*columns, strict=True)) == expected


def test_arithmetic():
    ours = Lexicon((Entry("双碳", category="environment"), Entry("“放管服”改革", category="governance")))
    theirs = Lexicon.from_terms(["放管服改革", "科创走廊", "科创走廊"])
    both = ours + theirs
    assert list(both) == ["双碳", "放管服改革", "科创走廊"]
    assert both.entries[1].category == "user"
    assert list(both - ["放管服改革", "不在其中"]) == ["双碳", "科创走廊"]
    assert list(both - theirs) == ["双碳"]
    assert list(both.only("environment")) == ["双碳"]
    assert (len(both), "科创走廊" in both, "科创" in both, 7 in both) == (3, True, False, False)
    assert (len(ours), len(theirs)) == (2, 2)
    with pytest.raises(ValueError, match="category 'energy' is not in this lexicon; it has environment"):
        both.only("energy")
    with pytest.raises(TypeError, match=r"a list of strings is wanted: \['双碳'\]"):
        both - "双碳"
    with pytest.raises(TypeError, match="terms is the single string"):
        Lexicon.from_terms("双碳")
    with pytest.raises(TypeError):
        both + 7


def test_identity_depends_on_content_and_name_only():
    one = Lexicon((Entry("双碳"), Entry("科创走廊")), name="mine")
    two = Lexicon((Entry("科创走廊"), Entry("双碳")), name="mine")
    assert one.identity == two.identity
    assert one.identity.startswith("mine sha256:")
    assert one.identity != (one - ["双碳"]).identity
    assert repr(one) == f"Lexicon({one.identity!r}, 2 entries)"


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([Entry("双碳"), Entry("“双碳”")], "'“双碳”' and '双碳' differ only in quotes, width or case"),
        ([Entry("ＡＩ"), Entry("ai")], "differ only in quotes, width or case"),
        ([Entry("“”")], "form '“”' of '“”' is empty"),
        ([Entry("双碳", ("双\n碳",))], "holds a control character"),
        ([Entry("双碳", weight=float("nan"))], "weight nan of '双碳' is not a number from 0 up"),
    ],
)
def test_entries_are_checked(entries, message):
    with pytest.raises(ValueError, match=message):
        Lexicon(tuple(entries))


def test_round_trip(tmp_path):
    lexicon = Lexicon(
        (Entry("“放管服”改革", ("放管服", "简政"), "governance", 1.7, "reports", 2016), Entry("AI", weight=3))
    )
    lexicon.to_file(tmp_path / "own.tsv")
    again = Lexicon.from_file(tmp_path / "own.tsv")
    assert again.entries == lexicon.entries
    assert again.name == "own"
    with pytest.raises(ValueError, match="separates variants in the file"):
        Lexicon((Entry("甲", ("乙|丙",)),)).to_file(tmp_path / "bad.tsv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_jieba_user_dictionary(tmp_path, encoding, newline):
    path = tmp_path / "userdict.txt"
    lines = ["新质生产力 100 n", "低空经济", "", "因地制宜 i", "2.0版 3 nz", "低空经济 7"]
    path.write_bytes((newline.join(lines) + newline).encode(encoding))
    lexicon = Lexicon.from_file(path)
    assert [(e.term, e.category, e.weight) for e in lexicon.entries] == [
        ("2.0版", "nz", 3),
        ("低空经济", "user", 1),
        ("因地制宜", "i", 1),
        ("新质生产力", "n", 100),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("新质生产力\t100\n", "x.txt:1: not 'term', 'term freq' or 'term freq tag'"),
        ("低空经济\n“” 3 n\n", "x.txt:2: form '“”'"),
        ("term\tvariants\n", "x.txt:1: header must be term variants category weight source first_year"),
        (HEADER + "双碳\t\tenvironment\n", "x.txt:2: 3 fields where 7 belong"),
        (HEADER + "双碳\t\te\tviel\t\t\n", "x.txt:2: could not convert string to float: 'viel'"),
        (HEADER + "双碳\t\te\t1\t\t\n\n“双碳”\t\te\t1\t\t\n", "x.txt:4: '“双碳”' is in line 2 already"),
    ],
)
def test_errors_name_file_and_line(tmp_path, content, message):
    path = tmp_path / "x.txt"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        Lexicon.from_file(path)


def test_a_file_in_no_known_encoding(tmp_path):
    path = tmp_path / "x.txt"
    path.write_bytes(b"\xff\xff\xff")
    with pytest.raises(ValueError, match=r"x\.txt: neither UTF-8 nor GB18030"):
        Lexicon.from_file(path)


def test_a_lexicon_can_be_sent_to_another_process():
    lexicon = Lexicon.from_terms(["双碳"])
    lexicon.find(["双碳"])
    assert found(pickle.loads(pickle.dumps(lexicon)), "双碳") == ["双碳"]  # noqa: S301


WELL_KNOWN = """
新质生产力 高质量发展 全国统一大市场 乡村振兴 营商环境 放管服改革 双循环 专精特新 揭榜挂帅 耐心资本 未来产业 低空经济
中国式现代化 共同富裕 房住不炒 碳达峰碳中和 双碳 因地制宜 稳中求进 先立后破 统筹兼顾 内卷式竞争 人工智能+
“人工智能+”行动 供给侧结构性改革 新型工业化 一带一路 十五五规划 现代化产业体系 全过程人民民主 粤港澳大湾区
数字经济 总体国家安全观
"""


@pytest.mark.parametrize("term", WELL_KNOWN.split())
def test_the_packaged_lexicon_knows(term):
    assert term in Lexicon.default()


@pytest.mark.parametrize(
    "fragment", ["质生产力", "发展新质", "推进改革的", "发展", "经济", "改革", "企业", "上海市", "2025年"]
)
def test_the_packaged_lexicon_holds_no_fragments_and_no_plain_words(fragment):
    assert fragment not in Lexicon.default()


def test_the_packaged_lexicon_in_figures():
    entries = Lexicon.default().entries
    assert len(entries) > 4000
    assert len({entry.category for entry in entries}) == 17
    assert sum(len(fold(entry.term).replace('"', "")) < 3 for entry in entries) < 40
    assert all(1 <= entry.weight < 4 and entry.source for entry in entries)
    assert all(entry.first_year is None or 1956 <= entry.first_year <= 2026 for entry in entries)
    assert Lexicon.default() is Lexicon.default()


def test_stop_words_and_terms_are_disjoint():
    words = stop_words()
    assert {"的", "推进", "加快", "进一步", "我们"} <= words
    assert not [word for word in words if word in Lexicon.default()]
    assert not any(word != word.strip() or "#" in word for word in words)


def test_most_of_a_held_out_report_is_within_reach():
    folder = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "national_reports.jsonl").exists():
        pytest.skip(f"no reports in {folder}: set NPP_DATA")
    rows = [
        json.loads(line)
        for line in (folder / "national_reports.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    text = next(row["text"] for row in rows if int(row["year"]) == 2024)
    matches = Lexicon.default().find([text])
    covered = (matches.end - matches.start).sum() / len(text)
    assert 0.2 < covered < 0.6


def test_salience_is_read_written_and_checked(tmp_path):
    path = tmp_path / "x.tsv"
    path.write_text(HEADER + "双碳\t\te\t1\t\t\n", encoding="utf-8")
    assert Lexicon.from_file(path).entries[0].salience == 2  # a file without the column
    graded = Lexicon((Entry("双碳", salience=3),))
    graded.to_file(path)
    assert Lexicon.from_file(path).entries[0].salience == 3
    with pytest.raises(ValueError, match="salience 4 of '双碳' is not 0, 1, 2 or 3"):
        Lexicon((Entry("双碳", salience=4),))
