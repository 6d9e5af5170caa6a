"""Files, tables and strings to documents: encodings, failures, ids, what a text states about itself."""

import codecs
import os
import pickle
import sys
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp import Corpus, Document, ReadError, read
from npp_nlp.reading import (
    READERS,
    document_from_text,
    paragraphs_table,
    read_files,
    read_table,
    to_simplified,
)
from npp_nlp.reading.decoding import decode
from npp_nlp.reading.facts import parse_date

TEXT = "发展新质生产力，推动高质量发展。\n扩大内需，深化改革。\n"


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("gb18030"), "gb18030"),
        (TEXT.encode("gbk"), "gb18030"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-32"), "utf-32"),
        ("發展新質生產力，推動高質量發展。".encode("gbk"), "gb18030"),
        ("𠮷野家与㐀".encode("gb18030") + TEXT.encode("gb18030"), "gb18030"),
        (b"plain ASCII", "utf-8"),
    ],
)
def test_encodings(data, encoding):
    text, found = decode(data)
    assert found == encoding
    assert text.encode(encoding if encoding != "gb18030" else "gb18030")[-4:] == data[
        -4:
    ] or encoding.startswith("utf-")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not text: a zero byte at 8"),
        (bytes(range(1, 9)) * 40, "not text: 100% control characters"),
        (TEXT.encode()[:-5] + b"\xff" + TEXT.encode(), "UTF-8, but damaged: byte 0xe9 at 73"),
        (TEXT.encode("big5", "ignore"), "neither UTF-8"),
        ("テキストを読む。日本語の文書です。".encode("shift_jis"), "neither UTF-8"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x00", "begins with the mark of utf-16 but is not valid"),
        (b"\xff\xff\xff", "neither UTF-8 .* nor GB18030"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(data, reason):
    with pytest.raises(ValueError, match=reason):
        decode(data)


def test_read_gives_a_document_with_its_origin(tmp_path):
    document = read(write(tmp_path / "报告.txt", TEXT))
    assert document.id == "报告"
    assert [p.text for p in document.paragraphs] == TEXT.split()
    assert document.metadata["encoding"] == "utf-8"
    assert document.metadata["path"] == str(tmp_path / "报告.txt")
    assert len(document.metadata["sha256"]) == 64
    assert document.source == TEXT


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "empty: 0 bytes"),
        ("a.txt", " \n\u3000\n", "blank: no text in it"),
        ("a.txt", b"\0\0", "not text: a zero byte at 0"),
        ("a.txt", "长" * 40, "120 bytes, more than max_bytes=100"),
        ("a.pdf", b"%PDF", r"not a readable PDF"),
        ("a.html", "<p>", r"blank|no text"),
        ("a.docx", "PK", r"not a readable|not a Word|zip"),
        ("a.PNG", b"x", r"\.png files are not read: recognise its text \(OCR"),
        ("a.doc", b"x", r"\.doc files are not read: save it as \.docx with Word, WPS or LibreOffice"),
        ("a.wps", b"x", r"\.wps files are not read: save it as \.docx"),
        ("a.xls", b"x", r"\.xls files are not read: save the table as \.xlsx or \.csv"),
        ("a.zip", b"x", r"\.zip files are not read: unpack it"),
        ("a.csv", "text\n文", r"\.csv is a table: read it with Corpus\.from_files"),
        ("a.xyz", "文", r"suffix \.xyz is not known; read are \.txt, \.text, \.md"),
        ("a", "文", r"suffix \(none\) is not known"),
    ],
)
def test_read_errors_name_the_path_and_the_reason(tmp_path, name, data, reason):
    path = write(tmp_path / name, data)
    with pytest.raises(ReadError, match=reason) as caught:
        read(path, max_bytes=100)
    assert caught.value.path == str(path)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 (our own object)
    assert (again.path, again.reason, str(again)) == (
        caught.value.path,
        caught.value.reason,
        str(caught.value),
    )


def test_missing_paths_folders_and_unreadable_files(tmp_path, monkeypatch):
    with pytest.raises(ReadError, match="No such file"):
        read(tmp_path / "gone.txt")
    with pytest.raises(ReadError, match=r"is a folder: read it with Corpus\.from_files"):
        read(tmp_path)
    with pytest.raises(ReadError, match="not the name of a file: it holds a zero character"):
        read("a\0b.txt")
    path = write(tmp_path / "a.txt", TEXT)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(ReadError, match="Permission denied"):
        read(path)


def test_a_file_that_grows_and_links_that_turn_in_circles(tmp_path, monkeypatch):
    path = write(tmp_path / "a.txt", TEXT * 20)
    size = SimpleNamespace(st_size=10, st_mode=path.stat().st_mode)
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.stat", lambda *_, **__: size)
        with pytest.raises(ReadError, match=r"grew beyond max_bytes=20 while it was read"):
            read(path, max_bytes=20)
    (tmp_path / "x.txt").symlink_to(tmp_path / "y.txt")
    (tmp_path / "y.txt").symlink_to(tmp_path / "x.txt")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    corpus = Corpus.from_files(tmp_path)
    assert [d.id for d in corpus] == ["a"]
    assert corpus.failures["reason"].tolist() == ["Too many levels of symbolic links"] * 2


def test_a_declared_encoding_is_used_and_strict(tmp_path):
    path = write(tmp_path / "a.txt", "國務院關於加快發展的意見。\n各地要認真貫徹落實。".encode("big5"))
    assert read(path, encoding="big5").paragraphs[0].text == "國務院關於加快發展的意見。"
    with pytest.raises(ReadError, match="neither UTF-8 nor plausible GB18030"):
        read(path)
    with pytest.raises(ReadError, match="declared as utf-8, but not valid: byte 0xb0 at 0"):
        read(path, encoding="utf-8")
    with pytest.raises(ValueError, match="encoding='big6': no such encoding"):
        read(path, encoding="big6")
    assert (
        read(write(tmp_path / "b.txt", TEXT.encode("gbk")), encoding="gb2312").metadata["encoding"]
        == "gb18030"
    )


def test_traditional_to_simplified_keeps_offsets(tmp_path):
    pytest.importorskip("opencc", reason="OpenCC is not installed")
    source = "進一步全面深化改革，推進中國式現代化。\n乾燥的頭髮，麵粉與後來。"
    document = read(write(tmp_path / "a.txt", source), simplified=True)
    assert document.text == "进一步全面深化改革，推进中国式现代化。\n干燥的头发，面粉与后来。"
    assert document.source == source
    assert document.metadata["simplified"] == "OpenCC t2s"
    for p in document.paragraphs:
        assert [b - a for a, b in p.source_spans] == [len(p.text)]


def test_without_opencc_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "opencc", None)
    with pytest.raises(ImportError, match=r"needs OpenCC.*pip install 'npp-nlp\[traditional\]'"):
        document_from_text("國家", "a", {}, simplified=True)


def test_phrases_whose_length_changes_do_not_move_offsets(monkeypatch):
    def convert(text):
        return text.replace("甲乙", "丙").replace("國", "国")

    monkeypatch.setitem(
        sys.modules, "opencc", SimpleNamespace(OpenCC=lambda _: SimpleNamespace(convert=convert))
    )
    assert to_simplified("甲乙國\n國") == "甲乙国\n国"


def test_progress_shows_on_request_only(tmp_path, capsys):
    write(tmp_path / "a.txt", TEXT)
    Corpus.from_files(tmp_path)
    assert capsys.readouterr().err == ""


def test_files_folders_and_patterns(tmp_path):
    write(tmp_path / "b" / "一.txt", TEXT)
    write(tmp_path / "a" / "一.md", "# 题\n\n" + TEXT)
    write(tmp_path / "a" / "二.txt", TEXT.encode("gbk"))
    write(tmp_path / "a" / "坏.txt", b"\0")
    write(tmp_path / "a" / "扫描.pdf", b"%PDF")
    write(tmp_path / "a" / ".hidden.txt", TEXT)
    write(tmp_path / "a" / "notes.log", TEXT)
    corpus = Corpus.from_files(
        tmp_path, tmp_path / "b" / "一.txt", str(tmp_path / "*" / "二.*"), tmp_path / "无.txt"
    )
    assert [d.id for d in corpus] == ["a/一.md", "二", "b/一.txt"]
    failures = corpus.failures.set_index("path")["reason"]
    assert sorted(p.removeprefix(str(tmp_path)) for p in failures.index) == [
        "/a/坏.txt",
        "/a/扫描.pdf",
        "/无.txt",
    ]
    assert failures[str(tmp_path / "无.txt")] == "No such file or directory"


def test_a_name_with_brackets_is_a_file(tmp_path):
    path = write(tmp_path / "通知[2024].txt", TEXT)
    assert [d.id for d in read_files([path])[0]] == ["通知[2024]"]


def test_nothing_found_is_an_error(tmp_path):
    with pytest.raises(ValueError, match="matches no file"):
        read_files([str(tmp_path / "*.txt")])
    with pytest.raises(ValueError, match=r"holds no readable file; read are \.txt"):
        read_files([tmp_path])


def test_table_files(tmp_path):
    frame = pd.DataFrame(
        {"id": ["x", "y"], "text": [TEXT, None], "year": [2024, 2025], "source": ["甲", "乙"]}
    )
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_json(tmp_path / "t.jsonl", orient="records", lines=True, force_ascii=False)
    for name in ("t.csv", "t.parquet", "t.jsonl"):
        documents, unread = read_files([tmp_path / name])
        assert [(d.id, d.year, d.metadata["source"]) for d in documents] == [("x", 2024, "甲")]
        assert unread == [(f"{tmp_path / name}:y", "no text in column 'text'")]
    write(tmp_path / "bad.jsonl", "{}\nnot json\n")
    assert "not a table with a column text" in read_files([tmp_path / "bad.jsonl"])[1][0][1]


def test_read_table_uses_columns_and_keeps_the_others():
    frame = pd.DataFrame(
        {
            "full": [TEXT, " ", TEXT],
            "n": [1, 2, 3],
            "when": [2024.0, 2025.0, float("nan")],
            "note": ["a", "b", None],
        }
    )
    documents, unread = read_table(frame, "full", {"id": "n", "year": "when", "region": None})
    assert [(d.id, d.year, dict(d.metadata)) for d in documents] == [
        ("1", 2024, {"note": "a"}),
        ("3", None, {}),
    ]
    assert unread == [("2", "no text in column 'full'")]
    with pytest.raises(ValueError, match=r"text='absent': no such column; the table has \['full'"):
        read_table(frame, "absent", {"id": None, "year": None, "region": None})
    frame["date"] = pd.to_datetime(["2024-03-05", None, None])
    assert read_table(frame, "full", {"id": "n", "year": None, "region": None})[0][0].date == "2024-03-05"
    frame["when"] = ["2024", "unknown", "2023.5"]
    assert read_table(frame, "full", {"id": "n", "year": "when", "region": None})[1][1] == (
        "3",
        "year='2023.5' is not a whole number",
    )


@pytest.mark.parametrize(
    ("text", "title", "year", "date", "region"),
    [
        ("2025年政府工作报告\n各位代表：\n", "2025年政府工作报告", 2025, None, None),
        (
            "2026年上海市政府工作报告\n——2026年2月3日在上海市第十六届人民代表大会第四次会议上\n时间：2026-02-09\n",
            "2026年上海市政府工作报告", 2026, "2026-02-09", "上海市",
        ),
        ("政府工作报告\n——2022年3月5日在第十三届全国人民代表大会第五次会议上\n", "政府工作报告", 2022, "2022-03-05", "全国"),
        ("工作要点\n二〇二四年三月五日\n", "工作要点", 2024, "2024-03-05", None),
        ("全国规划和2035年远景目标纲要\n", "全国规划和2035年远景目标纲要", None, None, None),
        ("数字发展规划（2021—2025年）\n", "数字发展规划（2021—2025年）", None, None, None),
        ("吉林市工作总结\n", "吉林市工作总结", None, None, None),
        ("", None, None, None, None),
    ],
)  # fmt: skip
def test_facts_come_from_title_and_date_line(text, title, year, date, region):
    body = "新质生产力是创新起主导作用的先进生产力质态，2019年以来各地积极探索，取得了明显成效，为发展注入了新动能。\n"
    document = document_from_text(text + body, "a", {})
    assert (document.title, document.year, document.date, document.region) == (title, year, date, region)


def test_issuer_and_document_number():
    text = f"国务院办公厅关于加快场景培育的意见\n国办发〔2024〕3号\n{TEXT}"
    metadata = document_from_text(text, "a", {}).metadata
    assert (metadata["issuer"], metadata["document_number"]) == ("国务院办公厅", "国办发〔2024〕3号")


def test_known_values_win():
    document = Document.from_text(
        "2025年工作报告\n" + TEXT,
        title="题",
        year=2020,
        region="某省",
        metadata={"k": 1, "date": "2020-01-02"},
    )
    assert (document.title, document.year, document.region, document.date) == (
        "题",
        2020,
        "某省",
        "2020-01-02",
    )
    assert document.metadata["k"] == 1


def test_wrong_arguments_are_named():
    with pytest.raises(TypeError, match="text must be a str, not bytes"):
        document_from_text(b"x", "a", {})
    with pytest.raises(ValueError, match="year='soon' is not a whole number"):
        document_from_text("x", "a", {"year": "soon"})


@pytest.mark.parametrize(
    "text",
    ["", " \n", "发\x00展。\x00", "一\r二\r\n三\u2028四\x0c五", "𠮷" * 9, "５．５％"],
)
def test_odd_strings_are_kept(text):
    document = Document.from_text(text)
    kept = "".join(c for c in document.text if not c.isspace())
    assert kept == "".join(c for c in text if not c.isspace())


def test_dates():
    assert parse_date("时间： 2026-02-02 09:20") == "2026-02-02"
    assert parse_date("二○二四年十二月三十一日") == "2024-12-31"
    assert parse_date("2024年13月1日") is None


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="发展。，：“”（）一、1.2#*^①\n\r\u3000 \t\u200b\x00abc2024年月日-", max_size=150))
def test_offsets_hold(text):
    document = document_from_text(text, "a", {})
    assert document.text == "\n".join(p.text for p in document.paragraphs)
    for paragraph in document.paragraphs:
        assert document.text[paragraph.start : paragraph.end] == paragraph.text
        assert "".join(document.source[a:b] for a, b in paragraph.source_spans) == paragraph.text


def test_paragraphs_table():
    corpus = Corpus.from_texts([TEXT, "加快转型。"], ids=["a", "b"])
    table = paragraphs_table(corpus)
    assert list(table.columns) == ["doc_id", "paragraph", "kind", "article", "start", "end", "text"]
    assert table[["doc_id", "paragraph", "start", "end"]].values.tolist() == [
        ["a", 0, 0, 16],
        ["a", 1, 17, 27],
        ["b", 0, 0, 5],
    ]
    assert str(table["paragraph"].dtype) == "int64"
    empty = paragraphs_table(Document.from_text(""))
    assert list(empty.columns) == list(table.columns)
    assert empty.dtypes.equals(table.dtypes)


@pytest.mark.parametrize("suffix", [".txt", ".text", ".md", ".markdown"])
def test_plain_readers(suffix):
    extraction = READERS[suffix](TEXT.encode(), None)
    assert (extraction.text, extraction.facts["encoding"]) == (TEXT, "utf-8")
    assert READERS[suffix](TEXT.encode("big5", "ignore"), "big5").facts["encoding"] == "big5"


def test_lone_surrogates_are_replaced_and_counted():
    document = Document.from_text("\ud800发展。\n\udfff")
    assert document.source == "\ufffd发展。\n\ufffd"
    assert document.metadata["lone_surrogates"] == 2


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
def test_file_names_that_are_no_unicode_stop_nothing(tmp_path):
    for name, data in (
        (b"\xfe.txt", "推进改革。".encode()),
        (b"\xff.txt", "扩大开放。".encode()),
        (b"\xfd.txt", b""),
    ):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(data)
    corpus = Corpus.from_files(tmp_path)
    assert [d.id for d in corpus] == ["\\udcfe", "\\udcff"]
    assert corpus.failures["path"].tolist() == [f"{tmp_path}/\\udcfd.txt"]
    assert paragraphs_table(corpus)["text"].tolist() == ["推进改革。", "扩大开放。"]


def test_a_folder_s_readme_is_no_document(tmp_path):
    (tmp_path / "README.md").write_text("# 说明\n", "utf-8")
    (tmp_path / "a.txt").write_text("推进改革。", "utf-8")
    assert [d.id for d in Corpus.from_files(tmp_path)] == ["a"]
    assert [d.id for d in Corpus.from_files(tmp_path / "README.md")] == ["README"]
