"""Document, Paragraph, Corpus."""

import dataclasses

import pandas as pd
import pytest

from npp_nlp.document import Corpus, Document, as_corpus


def test_documents_are_frozen():
    doc = Document.from_text("推进改革。", id="a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        doc.text = ""
    assert repr(doc) == "Document('a', 1 paragraphs, 5 characters)"


def test_paragraph_offsets():
    doc = Document.from_text("推进改革。\n\n扩大开放。", id="a", title="题", year=2025)
    assert [doc.text[p.start : p.end] for p in doc.paragraphs] == [p.text for p in doc.paragraphs]
    assert (doc.title, doc.year) == ("题", 2025)


def test_corpus_is_a_sequence():
    corpus = Corpus.from_texts(["甲。", "乙。", "丙。"], ids=["x", "y", "z"], years=[2023, 2024, 2025])
    assert len(corpus) == 3
    assert [d.id for d in corpus] == ["x", "y", "z"]
    assert corpus[-1].id == "z"
    assert [d.id for d in corpus[1:]] == ["y", "z"]
    assert repr(corpus) == "Corpus(3 documents, 6 characters)"


def test_filter():
    corpus = Corpus.from_texts(["甲。", "乙。", "丙。"], years=[2023, 2024, None])
    assert [d.id for d in corpus.where(year=2024)] == ["1"]
    assert [d.id for d in corpus.where(year=range(2020, 2030))] == ["0", "1"]
    assert [d.id for d in corpus.where(lambda d: "丙" in d.text)] == ["2"]


def test_ids_must_be_unique():
    with pytest.raises(ValueError, match="document id 'a' occurs twice"):
        Corpus.from_texts(["甲。", "乙。"], ids=["a", "a"])


def test_numbers_must_match():
    with pytest.raises(ValueError, match="1 texts, 2 ids and 1 years: numbers must match"):
        Corpus.from_texts(["甲。"], ids=["a", "b"])


def test_from_table():
    frame = pd.DataFrame(
        {"full": ["甲。", None], "key": ["a", "b"], "y": [2024, 2025], "dept": ["发改委", "工信部"]}
    )
    corpus = Corpus.from_table(frame, text="full", id="key", year="y")
    assert (corpus[0].id, corpus[0].year, corpus[0].value("dept")) == ("a", 2024, "发改委")
    assert corpus.failures["path"].tolist() == ["b"]
    assert list(corpus.failures.columns) == ["path", "reason"]


def test_from_table_names_the_missing_column():
    with pytest.raises(ValueError, match="body"):
        Corpus.from_table(pd.DataFrame({"text": ["甲。"]}), text="body")


def test_from_files_keeps_failures(tmp_path):
    (tmp_path / "good.txt").write_text("推进改革。", "utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\x00\x01\x02\xff\xfe\x00")
    corpus = Corpus.from_files(tmp_path)
    assert [d.id for d in corpus] == ["good"]
    assert corpus.failures["path"].tolist() == [str(tmp_path / "bad.txt")]


def test_as_corpus():
    doc = Document.from_text("甲。", id="a")
    corpus = Corpus((doc,))
    assert as_corpus(corpus) is corpus
    assert as_corpus(doc)[0] is doc
    assert as_corpus([doc])[0] is doc
    assert [d.text for d in as_corpus(["甲。", "乙。"])] == ["甲。", "乙。"]
    assert len(as_corpus([])) == 0
    with pytest.raises(TypeError, match="not a list of Document, str"):
        as_corpus([doc, "乙。"])
    with pytest.raises(TypeError, match="not a list of int"):
        as_corpus([1])


def test_split():
    corpus = Corpus.from_texts(["甲。", "乙。", "丙。"], years=[2024, None, 2020])
    parts = corpus.split("year")
    assert [(year, [d.id for d in part]) for year, part in parts.items()] == [
        (2020, ["2"]),
        (2024, ["0"]),
        (None, ["1"]),
    ]
    assert {k: len(v) for k, v in corpus.split(lambda d: d.year is None).items()} == {False: 2, True: 1}


def test_reflow_log_is_that_of_the_reading():
    log = Document.from_text("推动高质量发展，\n\n发展新质生产力。").reflow_log()
    assert log.columns.tolist() == ["start", "upper", "lower", "joined", "score", "reasons"]
    assert log["joined"].tolist() == [True]


def test_from_table_reads_a_file_with_a_column_of_any_name(tmp_path):
    frame = pd.DataFrame(
        {"编号": ["001", "002"], "正文": ["推进改革。", ""], "年份": [2024, 2025], "处室": ["甲", "乙"]}
    )
    frame.to_csv(tmp_path / "a.csv", index=False, sep=";")
    frame.to_excel(tmp_path / "a.xlsx", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_json(tmp_path / "a.jsonl", orient="records", lines=True, force_ascii=False)
    for name in ("a.csv", "a.xlsx", "a.parquet", "a.jsonl"):
        corpus = Corpus.from_table(tmp_path / name, text="正文", id="编号", year="年份")
        assert [(d.id, d.year, d.value("处室")) for d in corpus] == [("001", 2024, "甲")], name
        assert corpus.unread == (("002", "no text in column '正文'"),)
    with pytest.raises(
        ValueError, match=r"a\.xlsx: not a table with a column 内容: no sheet has a column '内容'"
    ):
        Corpus.from_table(str(tmp_path / "a.xlsx"), text="内容")
    with pytest.raises(ValueError, match=r"b\.txt: suffix \.txt is no table"):
        Corpus.from_table("b.txt")
