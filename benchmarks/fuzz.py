"""Random and mutated inputs for segmentation, paragraphs, tagging and reading; stops at nothing, lists what breaks.

    python benchmarks/fuzz.py --cases 20000 --seed 1 [--stage segment]

Checked: words put together are the text; paragraphs lead back to the text and its source; probabilities sum to 1; the
rows of a document are the same alone and with others; damaged files raise `ReadError` and nothing else.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from npp_nlp import Document, ReadError, read, segment
from npp_nlp.batch.kernel import tag_batch
from npp_nlp.labels import LABELS

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
ODD = (
    "\0\x0b\x0c\x85\u2028\u200b\u202e\u2066\u0301\ufe0f\ufeff\ud800\udfff\U00020000\U0001f600\U0010ffff\u3000"
)
MARKS = "\r\n\r \t，。；：、（）《》“”—…·%.12九一第章条款（一）①abcＡ１"


def random_text(pick: random.Random, texts: list[str]) -> str:
    """A short text: cut from a document, or made of marks and odd characters, then changed in a few places."""
    text = pick.choice(texts)
    at = pick.randrange(len(text))
    chars = list(text[at : at + pick.randrange(60)])
    for _ in range(pick.randrange(8)):
        place = pick.randrange(len(chars) + 1)
        kind = pick.randrange(5)
        if kind == 0:
            chars[place:place] = pick.choice(ODD)
        elif kind == 1:
            chars[place:place] = pick.choices(MARKS, k=pick.randrange(6))
        elif kind == 2:
            chars[place:place] = [chr(pick.randrange(0x110000))]
        elif kind == 3:
            del chars[place : place + pick.randrange(9)]
        else:
            chars[place:place] = pick.choice(MARKS + ODD) * pick.choice((3, 30, 300))
    return "".join(chars)


def check_segment(pick: random.Random, texts: list[str]) -> None:
    text = random_text(pick, texts)
    words = segment(text)
    assert "".join(words) == text, (text, words)
    assert all(words), (text, words)


def check_document(pick: random.Random, texts: list[str]) -> None:
    text = random_text(pick, texts)
    try:
        document = Document.from_text(text)
    except ValueError:
        return
    assert all(document.text[p.start : p.end] == p.text for p in document.paragraphs), text
    pieces = [document.source[a:b] for p in document.paragraphs for a, b in p.source_spans]
    assert "".join(pieces) == "".join(p.text for p in document.paragraphs), text


def check_tag(pick: random.Random, texts: list[str]) -> None:
    several = [random_text(pick, texts).encode("utf-8", "replace").decode() for _ in range(6)]
    together = _tag(several)
    alone = [row for number, text in enumerate(several) for row in _tag([text], number)]
    assert together == alone, several
    for row in together:
        assert several[int(row["doc_id"])].strip(), several
        if row["label"] is not None:
            numbers = [value for name, value in row.items() if name in LABELS]
            assert abs(sum(numbers) - 1) < 1e-9, (several, numbers)
            assert max(numbers) == row["score"], (several, numbers)


def _tag(texts: list[str], first: int = 0) -> list[dict[str, object]]:
    ids = [str(first + number) for number in range(len(texts))]
    return tag_batch(pa.RecordBatch.from_pydict({"doc_id": ids, "text": texts})).to_pylist()


def check_read(pick: random.Random, texts: list[str]) -> None:
    suffix = pick.choice((".txt", ".md", ".html", ".docx", ".pdf", ".xlsx", ".csv", ".jsonl"))
    text = random_text(pick, texts)
    data = bytearray(_file(suffix, text))
    for _ in range(pick.randrange(6)):
        place = pick.randrange(len(data) + 1)
        data[place : place + pick.randrange(3)] = pick.randbytes(pick.randrange(4))
    path = FOLDER / f"case{suffix}"
    path.write_bytes(data)
    try:
        read(path)
    except ReadError as error:
        if "\n" in error.reason:
            raise AssertionError((bytes(data), error.reason)) from error


def _file(suffix: str, text: str) -> bytes:
    clean = text.encode("utf-8", _errors(suffix))
    if suffix == ".html":
        return b"<!doctype html><html><body><p>" + clean + b"</p><table><tr><td>1</table></body></html>"
    return FILES.get(suffix, clean)


def _errors(suffix: str) -> str:
    """Lone surrogates reach text files as the bytes they would be."""
    return "surrogatepass" if suffix in (".txt", ".md") else "replace"


def make_files() -> dict[str, bytes]:
    """A small valid Word, Excel and PDF file each, where the libraries that write them are there."""
    import pandas as pd

    made: dict[str, bytes] = {}
    pd.DataFrame({"id": [1], "text": ["发展新质生产力。"]}).to_excel(FOLDER / "a.xlsx")
    made[".xlsx"] = (FOLDER / "a.xlsx").read_bytes()
    import docx

    word = docx.Document()
    word.add_paragraph("发展新质生产力，推进科技创新。")
    word.save(str(FOLDER / "a.docx"))
    made[".docx"] = (FOLDER / "a.docx").read_bytes()
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(FOLDER / "a.pdf"))
    canvas.drawString(72, 700, "plain text of a page")
    canvas.save()
    made[".pdf"] = (FOLDER / "a.pdf").read_bytes()
    return made


STAGES: dict[str, Callable[[random.Random, list[str]], None]] = {
    "segment": check_segment,
    "document": check_document,
    "tag": check_tag,
    "read": check_read,
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--cases", type=int, default=2000, help="cases of each stage")
    options.add_argument("--seconds", type=float, default=1e9, help="most time of each stage")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--stage", choices=STAGES, action="append")
    given = options.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    found: Counter[str] = Counter()
    for name in given.stage or STAGES:
        begin, done = time.perf_counter(), 0
        for number in range(given.cases):
            if time.perf_counter() - begin > given.seconds:
                break
            done += 1
            try:
                STAGES[name](random.Random(f"{given.seed}/{name}/{number}"), texts)
            except Exception as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                kind = f"{name}: {type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
                found[kind] += 1
                if found[kind] == 1:
                    print(f"{kind}, case {given.seed}/{name}/{number}: {str(error)[:600]!r}", flush=True)
        spent = time.perf_counter() - begin
        print(f"{name}: {done:,} cases, {done / spent:,.0f} a second", flush=True)
    for kind, count in found.items():
        print(f"{count:,} times {kind}")
    return 1 if found else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        FOLDER = Path(folder)
        FILES = make_files()
        sys.exit(main())
