"""Reuse of passages: what counts as exact and near, in which order, shares and spans, and hostile input."""

import os
import random
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from npp_nlp.cli import main
from npp_nlp.document import Corpus, Document, Paragraph
from npp_nlp.reuse.alignment import PLAIN, pair_weights, similarity, specificity
from npp_nlp.reuse.finding import (
    COLUMNS,
    SHARES,
    SIMILARITY,
    SPANS,
    reuse_shares,
    reused_passages,
    reused_spans,
)
from npp_nlp.reuse.matches import SPECIFIC, find_matches
from npp_nlp.reuse.passages import LONGEST, cut, ranks
from npp_nlp.reuse.shingles import FIRST, LAST, candidates

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data")) / "national_reports.jsonl"
A, B = "要着力扩大国内有效需求和投资。", "坚持教育优先发展和科技自立自强。"
A_NEAR = "要着力扩大国内有效需求和消费。"


def document(text, name="a", year=2024):
    """A document as it stands, without the reading of broken lines."""
    lines, start, paragraphs = text.split("\n"), 0, []
    for line in lines:
        paragraphs.append(Paragraph(line, "paragraph", 0, start, start + len(line)))
        start += len(line) + 1
    return Document(name, text, tuple(paragraphs), year=year)


def corpus(*texts, years=None):
    years = range(2000, 2000 + len(texts)) if years is None else years
    return Corpus(tuple(document(t, str(k), y) for k, (t, y) in enumerate(zip(texts, years, strict=True))))


def test_exact_and_near_with_their_sources():
    table = reused_passages(corpus(A + B, B, A_NEAR + B))
    assert list(table.columns) == list(COLUMNS)
    rows = table[["doc_id", "text", "source_doc_id", "kind", "first_doc_id"]].values.tolist()
    assert rows == [
        ["1", B, "0", "exact", "0"],
        ["2", A_NEAR, "0", "near", "0"],
        ["2", B, "1", "exact", "0"],
    ]
    # 14 characters without the mark, 12 of them in common: 24 / 28; of 13 pairs 11 in common: 22 / 26
    assert table["similarity"].tolist() == [1.0, 24 / 28, 1.0]


def test_offsets_lead_to_the_passages():
    documents = corpus("前言。\n" + A + B, "引言在此。" + A_NEAR)
    row = next(reused_passages(documents).itertuples())
    assert documents[1].text[row.start : row.end] == row.text == A_NEAR
    assert documents[0].text[row.source_start : row.source_end] == A
    assert row.paragraph == 0


def test_first_is_the_first_like_it_even_when_the_source_is_a_later_one():
    table = reused_passages(corpus(A, A_NEAR, A_NEAR))
    assert table[["source_doc_id", "kind", "first_doc_id"]].values.tolist() == [
        ["0", "near", "0"],
        ["1", "exact", "0"],
    ]


def test_the_same_year_is_not_earlier_and_a_missing_year_is_listed():
    table = reused_passages(corpus(A, A, A, years=[2000, 2000, None]))
    assert len(table) == 0
    assert table.attrs["without_order"] == ["2"]


def test_order_is_by_metadata_not_by_place():
    table = reused_passages(corpus(A, A, years=[2001, 2000]))
    assert table[["doc_id", "source_doc_id"]].values.tolist() == [["0", "1"]]
    dated = tuple(
        Document(d.id, d.text, d.paragraphs, date=when)
        for d, when in zip(corpus(A, A), ("2024-05-01", "2023-12-01"), strict=True)
    )
    assert reused_passages(Corpus(dated), order="date")["doc_id"].tolist() == ["0"]


def test_variants_of_writing_are_the_same_words():
    table = reused_passages(
        corpus("國務院會議要求加快“網絡”建設，增長５．５％。", "国务院会议要求加快「网络」建设,增长5.5%！")
    )
    assert table[["kind", "similarity"]].values.tolist() == [["exact", 1.0]]


def test_digits_can_be_left_out():
    pair = corpus("今年国内生产总值增长5.2%左右。", "今年国内生产总值增长13%左右。")
    assert reused_passages(pair)["kind"].tolist() == ["near"]
    assert reused_passages(pair, digits=False)["kind"].tolist() == ["exact"]


def test_clauses_of_different_sentences():
    pair = corpus("今年要着力扩大国内需求，加快发展新质生产力。", "教育要优先，加快发展新质生产力！")
    assert len(reused_passages(pair, min_length=9)) == 0
    assert len(reused_passages(pair, unit="clause")) == 0  # 9 characters: below the 17 of clauses
    assert reused_passages(pair, min_length=9, unit="clause")["text"].tolist() == ["加快发展新质生产力！"]


def test_set_phrases_do_not_count():
    assert len(reused_passages(corpus("各位代表！", "各位代表！"))) == 0
    assert len(reused_passages(corpus("各位代表！", "各位代表！"), min_length=4)) == 1


def test_common_words_alone_make_no_near_match():
    """Eleven of fifteen characters are common, but in this corpus they are those of every sentence."""
    old, new = (f"完善{word}制度，提高保障水平。" for word in ("大病保险", "退役军人"))
    assert similarity(old, new) > SIMILARITY
    assert len(reused_passages(corpus(old, new))) == 1
    others = "".join(
        f"完善{chr(0x4E00 + k)}{chr(0x5E00 + k)}{chr(0x6E00 + k)}制度，提高保障水平。" for k in range(3000)
    )
    table = reused_passages(corpus(old, others + new, years=[2000, 2001]))
    assert new not in table["text"].tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"similarity": 0.2}, "similarity must be between 0.5 and 1, not 0.2"),
        ({"min_length": 0}, "min_length must be 1 or more characters, not 0"),
        ({"unit": "word"}, "unit must be one of sentence, clause, not 'word'"),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(ValueError, match=message):
        reused_passages(corpus(A), **options)


def test_empty_input_gives_empty_tables():
    for empty in (Corpus(()), corpus(""), corpus(A)):
        for frame, columns in (
            (reused_passages(empty), COLUMNS),
            (reused_spans(empty), SPANS),
            (reuse_shares(Corpus(())), SHARES),
        ):
            assert len(frame) == 0
            assert [str(kind) for kind in frame.dtypes] == list(columns.values())


def test_shares_are_of_all_characters():
    # 15 + 16 + 5 characters, of which 15 near and 16 exact
    shares = reuse_shares(corpus(A + B, A_NEAR + B + "各位代表！", "", years=[2001, 2002, 2003]))
    assert list(shares.columns) == list(SHARES)
    assert shares["characters"].tolist() == [31, 36, 0]
    assert shares["near"].tolist() == [0, 15 / 36, 0]
    assert shares["exact"].tolist() == [0, 16 / 36, 0]
    assert shares["reused"].tolist() == [0, pytest.approx(31 / 36), 0]
    assert shares["main_source"].tolist() == ["", "0", ""]
    assert shares["main_share"].tolist() == [0, 31 / 36, 0]


def test_shares_are_in_order_and_without_the_undated():
    shares = reuse_shares(corpus(A, A, A, years=[2002, None, 2001]))
    assert shares["doc_id"].tolist() == ["2", "0"]
    assert shares.attrs["without_order"] == ["1"]


def test_spans_are_disjoint_sorted_and_joined_over_blanks():
    documents = corpus(A + B, "开头。" + A + "\n" + B + "中间。" + A)
    spans = reused_spans(documents)
    texts = [documents[1].text[s:e] for s, e in zip(spans["start"], spans["end"], strict=True)]
    assert texts == [A + "\n" + B, A]
    clauses = reused_spans(documents, unit="clause", min_length=5)
    assert all(a <= b for a, b in zip(clauses["end"], clauses["start"][1:], strict=False))


def test_given_passages_are_used():
    documents = corpus(A, A)
    none = reused_passages(documents).head(0)
    assert len(reused_spans(documents, passages=none)) == 0
    assert reuse_shares(documents, passages=none)["reused"].tolist() == [0, 0]


def test_ranks_of_mixed_values():
    place, known = ranks([2024, float("nan"), "b", None, 2023.0, "", "a"])
    assert place.tolist() == [1, -1, 3, -1, 0, -1, 2]
    assert known == [2023.0, 2024, "a", "b"]


def test_ranks_of_numpy_and_pandas_values():
    place, known = ranks([np.int64(1000), pd.NA, np.float64("nan"), np.int64(900), pd.NaT, 1000])
    assert place.tolist() == [1, -1, -1, 0, -1, 1]
    assert known == [900, 1000]


def test_passages_cover_the_text():
    rng = random.Random(0)  # noqa: S311
    for unit in ("sentence", "clause"):
        text = "".join(rng.choice("改革开放，。；！\n 五5%“”") for _ in range(3000))
        parts = cut([document(text)], unit=unit)
        covered = np.zeros(len(text), dtype=bool)
        for start, end in zip(parts.start.tolist(), parts.end.tolist(), strict=True):
            assert not covered[start:end].any()
            covered[start:end] = True
        left = "".join(c for c, done in zip(text, covered, strict=True) if not done)
        assert not set(left) & set("改革开放五5")


def test_long_passages_are_cut_at_the_same_places():
    rng = random.Random(1)  # noqa: S311
    text = "".join(chr(rng.randrange(0x4E00, 0x9000)) for _ in range(20_000))
    first, second = cut([document(text)]), cut([document("开头加几个字" + text)])
    assert max(first.lengths()) <= LONGEST
    common = set(first.keys) & set(second.keys)
    assert len(common) > 0.9 * len(first)


def brute_force(keys, rank, least):
    """The best earlier match of each passage over all pairs."""
    weights, found = pair_weights(dict.fromkeys(keys)), {}
    for n, key in enumerate(keys):
        exact = [k for k in range(len(keys)) if rank[k] < rank[n] and keys[k] == key]
        near = [
            (similarity(key, keys[k]), rank[k], -k)
            for k in range(len(keys))
            if rank[k] < rank[n]
            and similarity(key, keys[k]) >= least
            and (similarity(key, keys[k]) >= PLAIN or specificity(key, keys[k], weights) >= SPECIFIC)
        ]
        if exact:
            found[n] = (max(exact, key=lambda k: (rank[k], -k)), 1.0)
        elif near:
            best = max(near)
            found[n] = (-best[2], best[0])
    return found


def test_matches_are_those_of_all_pairs():
    rng = random.Random(5)  # noqa: S311
    base = ["".join(rng.choice("改革开放发展创新需求教育科技农业就业") for _ in range(14)) for _ in range(25)]
    keys = []
    for _ in range(90):
        text = list(rng.choice(base))
        for _ in range(rng.randrange(4)):
            text[rng.randrange(len(text))] = rng.choice("水电路网")
        keys.append("".join(text))
    rank = np.array([rng.randrange(8) for _ in keys])
    every = np.arange(len(keys))
    found = {m.target: (m.source, m.similarity) for m in find_matches(keys, rank, every, every, least=0.7)}
    assert found == brute_force(keys, rank, 0.7)
    assert len(found) > 40


def test_candidates_grow_with_the_text_not_with_its_square():
    texts = [f"坚持稳中求进工作总基调推动第{k}项高质量发展" for k in range(1500)]
    rank = np.arange(len(texts))
    found = candidates(texts, rank, texts, rank, least=0.0)
    assert np.bincount(found.target).max() <= FIRST + LAST
    with pytest.raises(ValueError, match="must ascend"):
        candidates(texts, rank[::-1].copy(), texts, rank, least=0.0)


@pytest.mark.parametrize(
    "text",
    [A * 10_000, "发" * 300_000, "".join(chr(0x4E00 + k * k % 3001) for k in range(300_000))],
    ids=["one sentence", "one character", "no marks"],
)
def test_no_blow_up(text):
    begin = time.perf_counter()
    table = reused_passages(corpus(text, text))
    assert time.perf_counter() - begin < 30
    assert set(table["kind"]) == {"exact"}
    assert reused_spans(corpus(text, text), passages=table).values.tolist() == [["1", 0, len(text)]]


def test_lone_surrogates_and_characters_beyond_the_basic_plane():
    table = reused_passages(corpus("\ud800" * 20 + "。", "\ud800" * 20 + "。"))
    assert table["text"].tolist() == ["\ufffd" * 20 + "。"]
    assert len(reused_passages(corpus("𠀀𠀁" * 10, "𠀀𠀁" * 10))) == 1


@pytest.mark.skipif(not DATA.is_file(), reason=f"{DATA} is absent")
def test_national_reports():
    reports = Corpus.from_table(DATA, id="id", year="year", region="region")
    reports = reports.where(year=range(2018, 2026))
    table = reused_passages(reports)
    assert table.equals(reused_passages(reports))
    years = {d.id: d.year for d in reports}
    assert all(
        years[a] > years[b] >= years[c]
        for a, b, c in table[["doc_id", "source_doc_id", "first_doc_id"]].values
    )
    assert table["similarity"].between(SIMILARITY, 1).all()
    assert 0.05 < reuse_shares(reports, passages=table)["reused"].iloc[-1] < 0.2


def test_command_line(tmp_path, capsys):
    for name, year, text in (
        ("a", 2023, A + B),
        ("b", 2024, A_NEAR + B + "今年要办好实事。"),
        ("c", None, A),
    ):
        title = f"{year}年政府工作报告\n\n" if year else ""
        (tmp_path / f"{name}.txt").write_text(f"{title}{text}\n", "utf-8")
    files = [str(tmp_path / f"{name}.txt") for name in "abc"]
    assert main(["reuse", *files, "--out", str(tmp_path / "out")]) == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["reuse_shares.csv", "reused_passages.csv"]
    shown = capsys.readouterr()
    assert "left out: c: no year" in shown.err
    assert "最多来自 a" in shown.out
    assert main(["changes", *files[:2]]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "不变 1，改写 1，移动 0，新增 1，删去 0",
        f"~ {A}",
        f"> {A_NEAR}",
        f"= {B}",
        "+ 今年要办好实事。",
    ]
    assert main(["changes", *files[:2], "--out", str(tmp_path / "c.csv")]) == 0
    assert (tmp_path / "c.csv").is_file()
    assert main(["changes", *files[:2], "--out", str(tmp_path / "c.txt")]) == 2
    assert main(["changes", files[0], str(tmp_path / "none.txt")]) == 2
    assert main(["reuse", str(tmp_path / "none.txt"), "--out", str(tmp_path / "o")]) == 1
