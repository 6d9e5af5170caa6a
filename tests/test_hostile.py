"""A folder of hostile files: each is a failure with its reason, the good ones are read, and memory stays bounded."""

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from npp_nlp import Corpus, Document, ReadError, read
from npp_nlp.reading import files

pdfs = pytest.importorskip("reportlab.pdfgen.canvas", reason="reportlab is not installed")
TEXT = "发展新质生产力，推动高质量发展。\n扩大内需，深化改革。\n"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]>"
)
_OOXML = "http://schemas.openxmlformats.org/"
WORD = (
    f'<w:document xmlns:w="{_OOXML}wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>"
)
TYPES = (
    f'<Types xmlns="{_OOXML}package/2006/content-types"><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    f'<Relationships xmlns="{_OOXML}package/2006/relationships"><Relationship Id="r" Target="word/document.xml" '
    f'Type="{_OOXML}officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def package(**parts):
    """A zip file in memory; part names with - for / and _ for a dot."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(
                {"types": "[Content_Types].xml", "rels": "_rels/.rels", "document": "word/document.xml"}[
                    name
                ],
                content,
            )
    return data.getvalue()


def pdf(text=None, **options):
    data = io.BytesIO()
    canvas = pdfs.Canvas(data, **options)
    if text:
        canvas.drawString(72, 700, text)
    else:
        canvas.rect(50, 50, 400, 600, fill=1)
    canvas.showPage()
    canvas.save()
    return data.getvalue()


def hostile():
    """File name -> content and a pattern of the reason."""
    good = package(types=TYPES, rels=RELATIONS, document=WORD.format("深化改革。"))
    return {
        "empty.txt": (b"", "empty: 0 bytes"),
        "blank.txt": (b" \n\t\n", "blank: no text in it"),
        "nul.txt": (b"\xe5\x8f\x91\0\xe5\xb1\x95", "zero byte"),
        "binary.md": (bytes(range(1, 32)) * 50, "control characters"),
        "surrogate.txt": (TEXT.encode() * 5 + b"\xed\xa0\x80", "UTF-8, but damaged"),
        "big5.txt": (("國務院關於加快發展的意見，" * 9).encode("big5"), "neither UTF-8 nor plausible GB18030"),
        "empty.html": (b"<html><body><script>1</script></body></html>", "no text|blank"),
        "scan.pdf": (pdf(), "no text"),
        "locked.pdf": (pdf("secret", encrypt="word"), "password"),
        "cut.pdf": (pdf("whole text")[:300], "not a readable PDF"),
        "noise.pdf": (b"%PDF-1.7\n" + bytes(range(256)) * 20, "not a readable PDF"),
        "text.pdf": (TEXT.encode(), "not a readable PDF"),
        "cut.docx": (good[: len(good) // 2], "zip|Word"),
        "noise.docx": (b"PK\3\4" + bytes(range(256)), "zip|Word"),
        "old.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "encrypted|old|password"),
        "none.docx": (package(types=TYPES, rels=RELATIONS), "document|Word"),
        "bomb.docx": (package(types=TYPES, rels=RELATIONS, document=WORD.format("0" * 300_000_000)), "unpack|bytes|bomb"),
        "entities.docx": (package(types=TYPES, rels=RELATIONS, document=BOMB + WORD.format("&i;")), "DOCTYPE|entit"),
        "old.doc": (b"\xd0\xcf\x11\xe0", r"save it as \.docx"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    for name, (content, _) in hostile().items():
        (root / name).write_bytes(content)
    (root / "good.txt").write_text(TEXT, encoding="utf-8")
    (root / "good.docx").write_bytes(package(types=TYPES, rels=RELATIONS, document=WORD.format("深化改革。")))
    (root / "entities.html").write_text(
        BOMB + "<html><body><p>深化改革&i;。</p></body></html>", encoding="utf-8"
    )
    (root / "deep.html").write_text("<div>" * 200_000 + "深化改革，扩大开放。", encoding="utf-8")
    with (root / "large.txt").open("wb") as file:
        file.truncate(500_000_000)
    (root / "circle.txt").symlink_to(root / "circle2.txt")
    (root / "circle2.txt").symlink_to(root / "circle.txt")
    return root


def test_every_hostile_file_is_a_failure_with_its_reason(folder):
    corpus = Corpus.from_files(folder)
    reasons = {path.rsplit("/", 1)[-1]: reason for path, reason in corpus.unread}
    for name, (_, pattern) in hostile().items():
        assert re.search(pattern, reasons.get(name, "read")), (name, reasons.get(name))
    assert "more than max_bytes" in reasons["large.txt"]
    assert reasons["circle.txt"] == "Too many levels of symbolic links"
    assert {"good.txt", "good.docx"} <= {document.id for document in corpus} | {
        "good.txt",
        "good.docx",
    } - set(reasons)
    for document in corpus:
        assert len(document.text) < 100, document.id
    known = {document.metadata["path"].rsplit("/", 1)[-1] for document in corpus} | set(reasons)
    assert known == {path.name for path in folder.iterdir()}


def test_one_file_at_a_time_raises_with_path_and_reason(folder):
    for name in hostile():
        with pytest.raises(ReadError) as caught:
            read(folder / name)
        assert caught.value.path == str(folder / name)
        assert "Traceback" not in caught.value.reason
        assert len(caught.value.reason) < 300


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here to read the peak from")
def test_memory_stays_bounded(folder):
    code = (
        "import json, sys, npp_nlp as npp; corpus = npp.Corpus.from_files(sys.argv[1]);"
        "peak = next(row for row in open('/proc/self/status') if row.startswith('VmHWM'));"
        "print(json.dumps([len(corpus), len(corpus.unread), int(peak.split()[1])]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
    )
    documents, failures, kilobytes = json.loads(done.stdout)
    assert documents >= 2
    assert failures >= len(hostile())
    assert kilobytes < 600_000, f"{kilobytes // 1000} MB"


def test_a_file_that_vanishes_is_a_failure(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    expand = files.expand

    def expand_and_lose(item):
        found = expand(item)
        (tmp_path / "b.txt").unlink()
        return found

    monkeypatch.setattr(files, "expand", expand_and_lose)
    corpus = Corpus.from_files(tmp_path)
    assert [d.id for d in corpus] == ["a"]
    assert corpus.failures["reason"].tolist() == ["No such file or directory"]


@pytest.mark.parametrize("mark", ["（", "(", "《", "“"])
def test_a_line_of_one_opening_mark(mark):
    text = f"章-aa，b69\t—（，b\f4章c8—19725（b第4\n{mark}\f，一80aa章二5一第6\n5。c49。"
    assert mark in Document.from_text(text).text
