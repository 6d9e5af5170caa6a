"""Table files: the column of texts, ids as they are written, broken rows, and files made to do harm."""

import datetime
import io
import json
import zipfile

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from npp_nlp.reading import read_files
from npp_nlp.reading.tables import files as table_files
from npp_nlp.reading.tables import xlsx as table_xlsx
from npp_nlp.reading.tables.files import read_csv, read_json, read_jsonl, read_parquet
from npp_nlp.reading.tables.xlsx import read_xlsx

TEXT = "发展新质生产力，推动高质量发展。"


def write(path, data):
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def read(path):
    """Ids, texts and years of the documents, and the reasons for what was not read, without the path."""
    documents, unread = read_files([path])
    rows = [(d.id, d.source, d.year) for d in documents]
    return rows, [(name.removeprefix(str(path)), reason) for name, reason in unread]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv", f"id,text,year,n\n00123,{TEXT},2024,1.5\n7,{TEXT},2025,2\n"),
        ("t.csv", f"id\ttext\tyear\tn\n00123\t{TEXT}\t2024\t1.5\n7\t{TEXT}\t2025\t2\n"),
        ("t.csv", f"id;text;year;n\r\n00123;{TEXT};2024;1.5\r\n7;{TEXT};2025;2\r\n"),
        ("t.tsv", f"id\ttext\tyear\tn\n00123\t{TEXT}\t2024\t1.5\n7\t{TEXT}\t2025\t2\n"),
        ("t.csv", f'\ufeff"id","text","year","n"\n"00123","{TEXT}","2024","1.5"\n"7","{TEXT}",2025,2\n'),
        ("t.csv", f"id,text,year,n\n00123,{TEXT},2024,1.5\n7,{TEXT},2025,2\n".encode("gb18030")),
    ],
)
def test_separated_values(tmp_path, name, data):
    documents, unread = read_files([write(tmp_path / name, data)])
    assert unread == []
    assert [(d.id, d.source, d.year, d.metadata["n"]) for d in documents] == [
        ("00123", TEXT, 2024, 1.5), ("7", TEXT, 2025, 2.0)
    ]  # fmt: skip


def test_columns_become_numbers_only_where_all_values_are_written_as_such(tmp_path):
    frame = read_csv(
        write(tmp_path / "t.csv", "id,text,code,n,gap,word\n1,2024,010,-5,3,NA\n2,x,011,0,,null\n")
    )
    assert frame["id"].tolist() == ["1", "2"]
    assert frame["text"].tolist() == ["2024", "x"]
    assert frame["code"].tolist() == ["010", "011"]
    assert frame["n"].tolist() == [-5, 0]
    assert frame["gap"].tolist() == [3, pd.NA]
    assert frame["word"].tolist() == ["NA", "null"]


def test_texts_with_breaks_and_quotation_marks(tmp_path):
    path = write(tmp_path / "t.csv", 'id,text\n1,"第一行\n第二行，“引”，""二""。"\n')
    assert read_csv(path)["text"].tolist() == ['第一行\n第二行，“引”，"二"。']


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("id,text\n1,文\n2,文,多\n", "line 3 has 3 values, the first line 2 names"),
        ("id,text\n1,文,多\n2,文,多\n", "line 2 has more values than the first line has names"),
        ('id,text\n1,"文\n', "EOF inside string"),
        ("id,body\n1,文\n", r"no such column; the table has \['id', 'body'\]"),
        (" \n", "blank: no table in it"),
        (b"\0\0", "not text: a zero byte"),
        ("," * 20_000, "20,001 columns, more than 10,000"),
        ("text" + "," * 5_000 + "\n" * 5_000, "5,001 rows of 5,001 columns, more than 20,000,000 cells"),
    ],
)
def test_broken_csv_gives_the_reason(tmp_path, data, reason):
    rows, failures = read(write(tmp_path / "t.csv", data))
    assert rows == []
    assert len(failures) == 1
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(failures[0][1])


def test_one_broken_line_of_json_does_not_lose_the_others(tmp_path):
    lines = [
        json.dumps({"id": "007", "text": TEXT, "year": 2024}),
        "{broken",
        "[1]",
        '{"id": 8, "text": null}',
        "",
    ]
    deep = "[" * 100_000
    rows, failures = read(write(tmp_path / "t.jsonl", "\n".join([*lines, deep, '{"id": 9, "text": "稳。"}'])))
    assert rows == [("007", TEXT, 2024), ("9", "稳。", None)]
    assert failures == [
        (":1", "line 2 is no JSON: Expecting property name enclosed in double quotes at character 2"),
        (":2", "line 3 is no object"),
        (":8", "no text in column 'text'"),
        (":4", "line 6 is nested too deep"),
    ]


def test_json_lines_without_any_text(tmp_path):
    assert read(write(tmp_path / "a.jsonl", "x\n"))[1][0][1].endswith(
        "line 1 is no JSON: Expecting value at character 1"
    )
    assert "no such column" in read(write(tmp_path / "b.jsonl", '{"body": 1}\n'))[1][0][1]


def test_objects_with_ever_new_names_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(table_files, "MOST_CELLS", 100)
    with pytest.raises(ValueError, match="20 rows of 6 columns, more than 100 cells"):
        read_jsonl(write(tmp_path / "t.jsonl", "\n".join(f'{{"k{i}": 1, "text": "x"}}' for i in range(20))))


@pytest.mark.parametrize(
    "data",
    [
        [{"id": "01", "text": TEXT}],
        {"n": 1, "rows": [{"id": "01", "text": TEXT}]},
        {"id": "01", "text": TEXT},
    ],
)
def test_json_arrays(tmp_path, data):
    assert read(write(tmp_path / "t.json", json.dumps(data)))[0] == [("01", TEXT, None)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("[", "the file is no JSON"),
        ("3", "no array of objects, but a int"),
        ("[" * 99_999, "nested too deep"),
    ],
)
def test_broken_json(tmp_path, data, reason):
    with pytest.raises(ValueError, match=reason):
        read_json(write(tmp_path / "t.json", data))


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_the_first_sheet_with_the_column_is_read(tmp_path):
    path = workbook(
        tmp_path / "t.xlsx",
        说明=[["本表", "说明"], ["x", "y"]],
        正文=[["各省报告"], [], ["id", "text", "year", None, "date"], ["00123", TEXT, 2024, 9, datetime.date(2024, 3, 5)],
            [], [8, "稳中求进。_x000D_\n第二行。", 2025], [9, 5.5, 2025], [10, None, 2025], [11, "#N/A", 2025]],
        后面=[["text"], ["不读"]],
    )  # fmt: skip
    documents, unread = read_files([path])
    assert [(d.id, d.year, d.date) for d in documents] == [("00123", 2024, "2024-03-05"), ("8", 2025, None)]
    assert documents[1].source == "稳中求进。\r\n第二行。"
    assert [(name.removeprefix(str(path)), reason) for name, reason in unread] == [
        (f":{i}", "no text in column 'text'") for i in (9, 10, 11)
    ]


def edited(path, **parts):
    """The workbook with some of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, parts[name](data) if name in parts else data)
    return write(path, out.getvalue())


SHEET = "xl/worksheets/sheet1.xml"


def test_the_size_that_a_sheet_claims_is_not_believed(tmp_path):
    path = workbook(tmp_path / "t.xlsx", a=[["text"], [TEXT]])
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    edited(
        path,
        **{
            SHEET: lambda data: data.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"').replace(
                b"</sheetData>", far
            )
        },
    )
    assert len(read_xlsx(path)) == 2
    wide = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (r, r) for r in range(3, 1500))
    edited(path, **{SHEET: lambda data: data.replace(far, wide + b"</sheetData>")})
    with pytest.raises(ValueError, match="sheet 'a' has more than 20,000,000 cells"):
        read_xlsx(path)


def test_a_row_far_below_and_parts_of_odd_names(tmp_path, monkeypatch):
    path = workbook(tmp_path / "t.xlsx", a=[["text"], [TEXT]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/a.png", '\ufeff <!DOCTYPE x [<!ENTITY a "a">]><x/>')
    with pytest.raises(ValueError, match=r"xl/a\.png declares a document type"):
        read_xlsx(path)
    workbook(path, a=[["text"], [TEXT]])
    far = b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData>'
    edited(path, **{SHEET: lambda data: data.replace(b"</sheetData>", far)})
    with pytest.raises(ValueError, match="sheet 'a' has more than 1,048,576 rows, which no Excel writes"):
        read_xlsx(path)
    monkeypatch.setattr(table_xlsx, "_MOST_MARKUP", 100)
    with pytest.raises(ValueError, match=r"more than 100 tags and attributes: save the table as \.csv"):
        read_xlsx(path)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"),
            r"old kind \(\.xls\): save it as \.xlsx",
        ),
        (b"id,text", "not a zip file"),
        (b"<table>", "markup under another name"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path, data, reason):
    with pytest.raises(ValueError, match=reason):
        read_xlsx(write(tmp_path / "t.xlsx", data))


def test_broken_workbooks_and_bombs(tmp_path):
    path = workbook(tmp_path / "t.xlsx", a=[["body"], ["x"]])
    with pytest.raises(ValueError, match=r"no sheet has a column 'text': 'a' has \['body'\]"):
        read_xlsx(path)
    edited(path, **{SHEET: lambda _: b"<worksheet><sheetData><row><c r='ZZZZZ"})
    with pytest.raises(ValueError, match=r"damaged: no workbook can be read from it"):
        read_xlsx(path)
    edited(path, **{SHEET: lambda _: b'<!DOCTYPE x [<!ENTITY a "a">]><worksheet/>'})
    with pytest.raises(ValueError, match=r"sheet1\.xml declares a document type"):
        read_xlsx(path)
    edited(path, **{SHEET: lambda _: b" " * 30_000_000})
    with pytest.raises(ValueError, match="more than 200 times as many"):
        read_xlsx(path)
    assert "more than 200 times" in read(path)[1][0][1]


def test_parquet_keeps_an_index_and_ignores_what_pandas_noted(tmp_path):
    path = tmp_path / "t.parquet"
    frame = pd.DataFrame({"id": ["00123"], "text": [TEXT], "year": [2024], "tags": [["甲", "乙"]]}).set_index(
        "id"
    )
    frame.to_parquet(path)
    assert read(path)[0] == [("00123", TEXT, 2024)]
    frame.reset_index().to_parquet(path)
    assert read_parquet(path).columns.tolist() == ["id", "text", "year", "tags"]


def test_parquet_that_is_damaged_or_expands_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "t.parquet"
    with pytest.raises(ValueError, match="damaged or no Parquet file"):
        read_parquet(write(path, b"PAR1xxxxPAR1"))
    pq.write_table(pa.table({"text": ["长" * 1000] * 5000}), path)
    monkeypatch.setattr(table_files, "MOST_CHARACTERS", 1_000_000)
    with pytest.raises(ValueError, match="unpacks to more than 1,000,000 bytes"):
        read_parquet(path)
    pq.write_table(pa.table({"text": pa.nulls(30_000_000)}), path)
    with pytest.raises(ValueError, match="30,000,000 rows of 1 columns"):
        read_parquet(path)
