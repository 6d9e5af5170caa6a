"""Batches: the kernel, the inputs, the parts."""

import os
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

import npp_nlp as npp
from batches import TEXTS, batch, folder_of, rows
from npp_nlp.batch.inputs import Failure, Input, find_inputs, rows_of, shown_name
from npp_nlp.batch.parts import Entry, PartWriter, read_footer, read_groups
from npp_nlp.batch.planning import cut
from npp_nlp.batch.work import Item, Task, write_part
from npp_nlp.labels.classifying import KINDS

# the kernel


def test_kernel_gives_the_documented_columns_and_one_row_per_paragraph():
    tagged = npp.tag_batch(batch(doc_id=list(TEXTS), text=list(TEXTS.values())))
    assert tagged.schema.equals(npp.TAG_SCHEMA)
    tagged.validate(full=True)
    for name, text in TEXTS.items():
        document = npp.Document.from_text(text, id=name)
        own = [row for row in tagged.to_pylist() if row["doc_id"] == name]
        assert [(r["paragraph"], r["kind"], r["text"]) for r in own] == [
            (i, p.kind, p.text) for i, p in enumerate(document.paragraphs)
        ]
        assert all(document.text[r["start"] : r["end"]] == r["text"] for r in own)
        assert {r["year"] for r in own} == {document.year}


def test_labels_are_those_of_classify_and_null_for_other_kinds():
    tagged = npp.tag_batch(batch(doc_id=["a"], text=[TEXTS["a"]])).to_pylist()
    table = npp.classify(npp.Document.from_text(TEXTS["a"], id="a"))
    got = [(r["paragraph"], r["label"], r["score"], r["driver"]) for r in tagged if r["kind"] in KINDS]
    assert got == list(zip(table["paragraph"], table["label"], table["score"], table["driver"], strict=True))
    others = [r for r in tagged if r["kind"] not in KINDS]
    assert others
    assert all(r["label"] is None and r["score"] is None and r["other"] is None for r in others)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("top", [1, 3, 20])
def test_terms_add_up_to_key_terms(name, top):
    texts = [*TEXTS.values(), "“新质生产力”和新质 生产力。AI与ＡＩ，AIDS。碳达峰碳中和即双碳。"]
    tagged = npp.tag_batch(batch(doc_id=[*TEXTS, "d"], text=texts), top=top).to_pylist()
    for doc_id, text in zip([*TEXTS, "d"], texts, strict=True):
        found: dict[str, list[object]] = {}
        for row in tagged:
            for term in row["terms"] if row["doc_id"] == doc_id else ():
                seen = found.setdefault(term["term"], [0, term["start"], term["score"], term["source"]])
                seen[0] += term["n"]
                assert row["start"] <= term["start"] < row["end"]
        table = npp.key_terms(npp.Document.from_text(text, id=doc_id), top=top)
        assert {(t, *values) for t, values in found.items()} == {
            (t.term, t.n, t.first_start, t.score, t.source) for t in table.itertuples()
        }


def test_terms_of_a_paragraph_stand_best_first():
    row = npp.tag_batch(
        batch(doc_id=["b"], text=["要因地制宜发展新质生产力，新质生产力是关键。"])
    ).to_pylist()[0]
    terms = {t["term"]: t for t in row["terms"]}
    assert (terms["新质生产力"]["n"], terms["新质生产力"]["start"]) == (2, 7)
    scores = [t["score"] for t in row["terms"]]
    assert scores == sorted(scores, reverse=True)


def test_a_document_does_not_depend_on_its_neighbours():
    texts = [*TEXTS.values()] * 3 + ["", "。", "发展。" * 50]
    whole = batch(doc_id=[str(i) for i in range(len(texts))], text=texts)
    together = pa.Table.from_batches([npp.tag_batch(whole)])
    for size in (1, 2, 5):
        parts = [npp.tag_batch(whole.slice(i, size)) for i in range(0, len(whole), size)]
        assert pa.Table.from_batches(parts).combine_chunks().equals(together.combine_chunks())
    backwards = npp.tag_batch(whole.take(pa.array(range(len(texts) - 1, -1, -1))))
    key = [("doc_id", "ascending"), ("paragraph", "ascending")]
    assert pa.Table.from_batches([backwards]).sort_by(key).equals(together.sort_by(key))


def test_given_facts_win_and_come_out_again():
    given = batch(
        doc_id=["x"], text=[TEXTS["a"]], year=[1999], region=["北京"], title=["题"], path=["p"], more=[1]
    )
    row = npp.tag_batch(given).to_pylist()[1]
    assert (row["year"], row["region"], row["title"], row["path"]) == (1999, "北京", "题", "p")


def test_kernel_takes_the_types_that_other_systems_have():
    given = {
        "doc_id": [7, 8],
        "text": pa.array(["要深化改革。", "要扩大开放。"], pa.large_string()),
        "year": [2020.0, float("nan")],
    }
    rows = npp.tag_batch(batch(**given)).to_pylist()
    assert [(row["doc_id"], row["year"]) for row in rows] == [("7", 2020), ("8", None)]


def test_nothing_in_nothing_out():
    empty = npp.tag_batch(pa.RecordBatch.from_pylist([], schema=npp.INPUT_SCHEMA))
    assert empty.num_rows == 0
    assert empty.schema.equals(npp.TAG_SCHEMA)
    blank = batch(doc_id=["a", "b", "c"], text=pa.array([None, "", " \n"], pa.string()))
    assert npp.tag_batch(blank).num_rows == 0


def test_kernel_refuses_what_it_cannot_use():
    with pytest.raises(ValueError, match="no column text; it has doc_id"):
        npp.tag_batch(batch(doc_id=["a"]))
    with pytest.raises(ValueError, match="a row without doc_id"):
        npp.tag_batch(batch(doc_id=["a", None], text=["b", "c"]))
    with pytest.raises(ValueError, match="year='x' is not a whole number"):
        npp.tag_batch(batch(doc_id=["a"], text=["b"], year=["x"]))
    with pytest.raises(ValueError, match="top=0: must be at least 1"):
        npp.tag_batch(batch(doc_id=["a"], text=["b"]), top=0)


# inputs


def test_same_names_in_different_folders_stay_apart(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.txt").write_text(TEXTS["b"], encoding="utf-8")
    out = tmp_path / "out"
    done = npp.tag([tmp_path / "one", tmp_path / "two", tmp_path / "one" / "same.txt"], out=out, workers=1)
    assert (done.inputs, done.documents) == (2, 2)
    assert len({row["doc_id"] for row in rows(out)}) == 2
    assert len(rows(out)) == 2 * len(npp.Document.from_text(TEXTS["b"]).paragraphs)


def test_the_same_file_in_several_spellings_is_one_input(tmp_path, monkeypatch):
    folder = folder_of(tmp_path, 3)
    monkeypatch.chdir(tmp_path)
    found = find_inputs(["in", folder, "./in/../in/*.txt", "in/000.txt"], lambda path: False)
    assert [one.name for one in found] == ["in/000.txt", "in/001.txt", "in/002.txt"]
    assert shown_name("a/./b/../c.txt") == "a/c.txt"


def test_rows_of_tables(tmp_path):
    table = tmp_path / "t.jsonl"
    lines = [
        '{"id": "7", "text": "深化改革。", "year": 2020}',
        "no json",
        '{"id": "7", "text": "再来。"}',
        '{"id": "8"}',
        '{"id": "9", "text": "扩大开放。\\ud800", "year": "x"}',
        '{"text": "扩大内需。", "title": "\\ud801"}',
    ]
    table.write_text("\n".join(lines), encoding="utf-8")
    found = list(rows_of(str(table), "t.jsonl"))
    assert [(f.path, f.reason.split(":")[0]) for f in found if isinstance(f, Failure)] == [
        ("t.jsonl:#1", "line 2 is no JSON"),
        ("t.jsonl:7", "row 2 (from 0) has the id of an earlier row"),
        ("t.jsonl:8", "no text in column 'text'"),
        ("t.jsonl:9", "year='x' is not a whole number"),
    ]
    good = [f for f in found if not isinstance(f, Failure)]
    assert [(row["doc_id"], row["year"]) for row in good] == [("t.jsonl:7", 2020), ("t.jsonl:#5", None)]
    assert good[1]["title"] == "\ufffd"


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".parquet"])
def test_tables_of_every_kind(tmp_path, suffix):
    frame = pd.DataFrame(
        {"id": ["001", "b"], "text": [TEXTS["b"], TEXTS["c"]], "year": [2020, 2021], "region": ["北京", None]}
    )
    file = tmp_path / f"t{suffix}"
    save = {
        ".csv": lambda: frame.to_csv(file, index=False),
        ".tsv": lambda: frame.to_csv(file, index=False, sep="\t"),
        ".xlsx": lambda: frame.to_excel(file, index=False),
        ".json": lambda: frame.to_json(file, orient="records"),
        ".jsonl": lambda: frame.to_json(file, orient="records", lines=True),
        ".parquet": lambda: frame.to_parquet(file),
    }
    save[suffix]()
    found = list(rows_of(str(file), "t"))
    assert [(row["doc_id"], row["text"], row["year"], row["region"]) for row in found] == [
        ("t:001", TEXTS["b"], 2020, "北京"),
        ("t:b", TEXTS["c"], 2021, None),
    ]


def test_hints_of_a_file_reach_the_kernel(tmp_path):
    page = tmp_path / "p.html"
    page.write_text(
        "<html><body><h1>关于改革的意见</h1><h2>总体要求</h2><p>要深化改革，扩大开放。</p></body></html>",
        encoding="utf-8",
    )
    npp.tag(page, out=tmp_path / "out", workers=1)
    document = npp.read(page)
    assert [(r["kind"], r["text"]) for r in rows(tmp_path / "out")] == [
        (p.kind, p.text) for p in document.paragraphs
    ]
    assert "heading" in {r["kind"] for r in rows(tmp_path / "out")}


def test_results_are_never_inputs(tmp_path):
    folder_of(tmp_path, 2)
    out = tmp_path / "in" / "out.csv"
    npp.tag(tmp_path / "in", out=out, workers=1)
    again = npp.tag(
        [tmp_path / "in", str(tmp_path / "in" / "*.csv"), tmp_path / "in" / "001.txt"], out=out, resume=True
    )
    assert (again.inputs, again.skipped) == (2, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="file names of any bytes")
def test_names_with_line_breaks_and_broken_bytes(tmp_path):
    folder = folder_of(tmp_path, 1)
    (folder / "new\nline.txt").write_text(TEXTS["b"], encoding="utf-8")
    with open(os.fsencode(folder) + b"/\xff.txt", "wb") as file:  # noqa: PTH123
        file.write(TEXTS["c"].encode())
    with open(os.fsencode(folder) + b"/\xfe.txt", "wb"):  # noqa: PTH123
        pass
    done = npp.tag(folder, out=tmp_path / "out", workers=2)
    assert done.documents == 3
    assert [Path(path).name for path, _ in done.unread] == ["\\udcfe.txt"]
    assert {Path(r["path"]).name for r in rows(tmp_path / "out")} == {
        "000.txt",
        "new\nline.txt",
        "\\udcff.txt",
    }
    again = npp.tag(folder, out=tmp_path / "out", resume=True)
    assert again.skipped == 4


# parts and plans


def test_part_keeps_rows_footer_and_cuts_row_groups_by_number_alone(tmp_path):
    one = npp.tag_batch(batch(doc_id=["b"], text=[TEXTS["b"]]))
    entries = [Entry("/b", "b", 5, "00", 1, 2, (Failure("b", "why"),), True)]
    for name, pieces in (
        ("many", [one] * 5000),
        ("few", [pa.Table.from_batches([one] * 5000).combine_chunks()]),
    ):
        with PartWriter(tmp_path / name) as writer:
            for piece in pieces:
                for part in piece.to_batches() if isinstance(piece, pa.Table) else [piece]:
                    writer.write(part)
            writer.close(entries, {"settings": {}})
    assert (tmp_path / "many").read_bytes() == (tmp_path / "few").read_bytes()
    assert read_footer(tmp_path / "many") == (entries, {"settings": {}})
    assert sum(group.num_rows for group in read_groups(tmp_path / "many")) == 5000 * one.num_rows
    meta = parquet.read_metadata(tmp_path / "many")
    assert [meta.row_group(i).num_rows for i in range(meta.num_row_groups)] == [4096, 4096, 10000 - 8192]


def test_cut_by_bytes_and_by_number():
    some = [Input(str(i), str(i), size) for i, size in enumerate([10, 10, 50, 1, 1, 1, 1])]
    assert [[one.size for one in group] for group in cut(some, 20, 3)] == [[10, 10], [50], [1, 1, 1], [1]]


def test_task_survives_its_line():
    task = Task(
        3,
        "tmp",
        (Item("/\udcff", "\\udcff", 1), Item("/b", "b", 2, "failed", "原因")),
        "old",
        {"settings": {"top": 1}},
    )
    line = task.to_json()
    assert line.isascii()
    assert "\n" not in line
    assert Task.from_json(line) == task


def test_an_error_inside_the_kernel_is_the_failure_of_its_document(tmp_path, monkeypatch):
    from npp_nlp.batch import work

    def touchy(given, *, top):
        if any("耐心" in text for text in given.column("text").to_pylist()):
            raise RuntimeError("two\nlines")
        return npp.tag_batch(given, top=top)

    monkeypatch.setattr(work, "tag_batch", touchy)
    items = []
    for name, text in TEXTS.items():
        (tmp_path / name).with_suffix(".txt").write_text(text, encoding="utf-8")
        items.append(Item(str((tmp_path / name).with_suffix(".txt")), name, 0))
    entries = write_part(Task(0, str(tmp_path / "part"), tuple(items), None, {"settings": {"top": 5}}))
    assert [(e.documents, e.failures) for e in entries] == [
        (1, ()),
        (1, ()),
        (0, (Failure("c", "could not be tagged: RuntimeError: two lines"),)),
    ]


def test_a_text_whose_terms_hold_u0000_leaves_the_others_as_they_are():
    texts = ["望“\0\0\u0301\0十五五”，在以习近、”（a平同志为核心的党中央坚强领导下", "要加快发展新质生产力。"]
    rows = [
        npp.tag_batch(pa.RecordBatch.from_pydict({"doc_id": ["a"], "text": [t]})).to_pylist() for t in texts
    ]
    both = npp.tag_batch(pa.RecordBatch.from_pydict({"doc_id": ["a", "a"], "text": texts})).to_pylist()
    assert both == rows[0] + rows[1]
    assert "新质生产力" in [term["term"] for term in both[-1]["terms"]]
