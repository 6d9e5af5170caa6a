"""Two reports lined up: statuses, order, splits and joins, moves, and the difference of two passages."""

import os
import random
import time
from pathlib import Path

import pandas as pd
import pytest

from npp_nlp.document import Corpus, Document, Paragraph
from npp_nlp.reuse.collation import COLUMNS, changes, inline_changes
from npp_nlp.reuse.passages import cut
from npp_nlp.text import fold

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data")) / "national_reports.jsonl"


def document(*paragraphs, name="a"):
    start, made = 0, []
    for line in paragraphs:
        made.append(Paragraph(line, "paragraph", 0, start, start + len(line)))
        start += len(line) + 1
    return Document(name, "\n".join(paragraphs), tuple(made))


def rows(before, after, **options):
    table = changes(before, after, **options)
    return table[["status", "before_text", "after_text"]].values.tolist()


def test_kept_reworded_added_dropped_in_reading_order():
    before = document("稳定粮食生产。要着力扩大国内有效需求。", "支持外贸企业开拓市场。")
    after = document("稳定粮食生产！积极应对人口老龄化。着力扩大国内有效需求。")
    assert rows(before, after) == [
        ["kept", "稳定粮食生产。", "稳定粮食生产！"],
        ["added", "", "积极应对人口老龄化。"],
        ["reworded", "要着力扩大国内有效需求。", "着力扩大国内有效需求。"],
        ["dropped", "支持外贸企业开拓市场。", ""],
    ]


def test_dropped_comes_before_what_is_added_at_its_place():
    before, after = document("甲乙丙丁。稳定粮食生产。"), document("戊己庚辛。稳定粮食生产。")
    assert [row[0] for row in rows(before, after)] == ["dropped", "added", "kept"]


def test_moved_stands_at_its_new_place():
    stable = [f"{a}方面的工作要继续抓好抓实。" for a in ("粮食生产", "能源供应", "城市更新", "对外贸易")]
    mover = "深入实施科教兴国战略和人才强国战略。"
    found = rows(document(mover + "".join(stable)), document("".join(stable) + mover))
    assert [row[0] for row in found] == ["kept"] * 4 + ["moved"]
    assert found[-1][1:] == [mover, mover]


def test_the_longer_alignment_wins():
    first, second = "积极发展对外贸易和利用外资。", "深入实施科教兴国战略。"
    found = rows(document(first + second), document(second + first))
    assert found == [["moved", second, second], ["kept", first, first]]


def test_one_sentence_split_in_two_is_one_row():
    before = document("深化集体产权和集体林权改革，促进新型农村集体经济发展壮大。")
    after = document("深化集体产权和集体林权改革。促进新型农村集体经济发展壮大。")
    table = changes(before, after)
    assert table["status"].tolist() == ["reworded"]
    assert table["after_text"].tolist() == [after.text]
    back = changes(after, before)
    assert back["before_text"].tolist() == [after.text]


def test_a_split_does_not_cross_a_paragraph():
    before = document("深化集体产权和集体林权改革，促进新型农村集体经济发展壮大。")
    after = document("深化集体产权和集体林权改革。", "促进新型农村集体经济发展壮大。")
    assert sorted(changes(before, after)["status"]) == ["added", "reworded"]


def test_common_verbs_alone_are_no_pair():
    frame = "".join(f"深入推进{chr(0x5000 + k)}{chr(0x6000 + k)}建设。" for k in range(600))
    before, after = document(frame + "深入推进全民阅读。"), document(frame + "深入推进依法行政。")
    assert rows(before, after)[-2:] == [
        ["dropped", "深入推进全民阅读。", ""],
        ["added", "", "深入推进依法行政。"],
    ]


def test_offsets_and_missing_sides():
    before, after = document("稳定粮食生产。", "甲乙丙丁。"), document("戊己庚辛。", "稳定粮食生产。")
    table = changes(before, after)
    assert list(table.columns) == list(COLUMNS)
    assert [str(kind) for kind in table.dtypes] == list(COLUMNS.values())
    for row in table.itertuples():
        for side, doc in (("before", before), ("after", after)):
            start, end = getattr(row, f"{side}_start"), getattr(row, f"{side}_end")
            text = getattr(row, f"{side}_text")
            assert text == ("" if pd.isna(start) else doc.text[start:end])
    kept = table[table["status"] == "kept"].iloc[0]
    assert (kept["before_paragraph"], kept["after_paragraph"]) == (0, 1)


def test_empty_and_identical_documents():
    assert len(changes("", "")) == 0
    assert [str(kind) for kind in changes("", "").dtypes] == list(COLUMNS.values())
    assert rows("", "扩大内需。") == [["added", "", "扩大内需。"]]
    assert rows("扩大内需。", "") == [["dropped", "扩大内需。", ""]]
    same = document("稳定粮食生产。各位代表！", "各位代表！扩大内需。")
    table = changes(same, same)
    assert set(table["status"]) == {"kept"}
    assert (table["before_start"] == table["after_start"]).all()


def test_wrong_similarity():
    with pytest.raises(ValueError, match=r"similarity must be between 0.3 and 1, not 0.1"):
        changes("甲。", "乙。", similarity=0.1)


def test_every_sentence_is_in_one_row():
    rng = random.Random(2)  # noqa: S311
    pool = [
        "".join(rng.choice("改革开放发展创新需求教育科技农业就业") for _ in range(9)) + "。"
        for _ in range(40)
    ]
    for _ in range(20):
        sides = [document(*("".join(rng.choices(pool, k=4)) for _ in range(8))) for _ in range(2)]
        table = changes(*sides)
        for name, side in zip(("before", "after"), sides, strict=True):
            text = "".join(sorted(table[f"{name}_text"]))
            assert sorted(text) == sorted(side.text.replace("\n", ""))
        starts = table["after_start"].dropna().tolist()
        assert starts == sorted(starts)


def test_a_sentence_ten_thousand_times():
    text = "坚持稳中求进工作总基调推动高质量发展。" * 10_000
    begin = time.perf_counter()
    table = changes(document(text), document(text + "完善住房保障体系。"))
    assert time.perf_counter() - begin < 30
    assert table["status"].value_counts().to_dict() == {"kept": 10_000, "added": 1}


def test_inline_changes_are_lossless():
    rng = random.Random(4)  # noqa: S311
    for _ in range(200):
        texts = ["".join(rng.choices("改革开放,，“”\n 5.％國国务院", k=rng.randrange(30))) for _ in range(2)]
        pieces = inline_changes(*texts)
        assert ["".join(p.before for p in pieces), "".join(p.after for p in pieces)] == texts
        assert all(p.before and p.after for p in pieces if p.kind == "equal")
        assert all(fold(p.before) == fold(p.after) for p in pieces if p.kind == "equal")
        assert all(p.before and not p.after for p in pieces if p.kind == "removed")
        assert all(p.after and not p.before for p in pieces if p.kind == "added")


def test_inline_changes_of_words():
    pieces = inline_changes("坚持房住不炒。", "坚持扩大内需。")
    assert [(p.kind, p.before, p.after) for p in pieces] == [
        ("equal", "坚持", "坚持"),
        ("removed", "房住不炒", ""),
        ("added", "", "扩大内需"),
        ("equal", "。", "。"),
    ]
    assert inline_changes("", "") == []


@pytest.mark.skipif(not DATA.is_file(), reason=f"{DATA} is absent")
def test_consecutive_national_reports():
    reports = {d.year: d for d in Corpus.from_table(DATA, id="id", year="year")}
    before, after = reports[2024], reports[2025]
    table = changes(before, after)
    counts = table["status"].value_counts()
    assert counts["reworded"] > 100
    assert counts["kept"] > 15
    for side, doc in (("before", before), ("after", after)):
        pieces = cut([doc])
        covered = set()
        for start, end in table[[f"{side}_start", f"{side}_end"]].dropna().astype(int).values:
            inside = range(start, end)
            assert not covered & set(inside)
            covered |= set(inside)
        assert all(int(start) in covered for start in pieces.start)
