"""Paragraphs recovered exactly: damaged documents as they came, and clean ones after damage, by its kind.

    python benchmarks/reflow.py [--short] [--floor-f1 0.97]

Documents are those of ../shared/data (or NPP_DATA). data/paragraphs_gold.tsv says how a careful reader sees eleven of
them as they came: paragraphs, kinds, heading levels. Their paragraphs, and those of sixteen clean ones, are damaged as
in tests/damage.py. A paragraph counts as recovered if its text, blanks removed, is among those found; F1 is over
paragraphs of more than 30 characters, and over all lines, headings included. The peer is splitting at blank lines.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import damage  # noqa: E402
from npp_nlp.reflow import reflow  # noqa: E402

GOLD = ROOT / "benchmarks" / "data" / "paragraphs_gold.tsv"
MARKUP = re.compile(r"[*#>]|\ufeff")
TEXT = frozenset({"heading", "paragraph", "quote", "list_item"})
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
CLEAN = {
    "national_reports.jsonl": [
        "national-1983",
        "national-2008",
        "national-2010",
        "national-2016",
        "national-2025",
    ],
    "congress_reports.jsonl": ["congress-15", "congress-17"],
    "policy_documents.jsonl": ["Central7", "Central30", "Central60", "Central83", "ShanDong20", "ShanDong36"],
    "provincial_reports_2026.jsonl": [
        "provincial-2026-上海市",
        "provincial-2026-海南省",
        "provincial-2026-河南省",
    ],
}
LICENCE = "本作品"  # from here on the library's notes, not the document's text
_BLANK = re.compile(r"\s+")


def bare(text: str) -> str:
    """A text without its blanks."""
    return _BLANK.sub("", text)


def clean_documents(data: Path) -> dict[str, list[str]]:
    """Document id -> its lines from the first to the last of the text itself."""
    found = {}
    for name, ids in CLEAN.items():
        for line in (data / name).read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["id"] in ids:
                lines = [piece.strip() for piece in row["text"].splitlines() if piece.strip()]
                last = next((i for i, piece in enumerate(lines) if piece.startswith(LICENCE)), len(lines))
                first = next((i for i, piece in enumerate(lines) if len(piece) > 40), 0)
                found[row["id"]] = [piece for piece in lines[first:last] if piece != "相关报道："]
    return found


def f1(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> float:
    """F1 of two lists, repeated ones counted."""
    common = sum((Counter(gold) & Counter(predicted)).values())
    return 2 * common / (len(gold) + len(predicted)) if gold or predicted else 1.0


def scores(gold: list[str], predicted: list[str]) -> tuple[float, float]:
    """F1 over paragraphs of more than 30 characters, and over all."""
    want, got = [bare(p) for p in gold], [bare(p) for p in predicted]
    return f1([p for p in want if len(p) > 30], [p for p in got if len(p) > 30]), f1(want, got)


def averages(rows: Mapping[str, Sequence[tuple[float, ...]]]) -> dict[str, list[float]]:
    """The mean of every column, by name."""
    return {name: [sum(c) / len(c) for c in zip(*values, strict=True)] for name, values in rows.items()}


class Row(NamedTuple):
    """One paragraph of the gold file: what it is, and its text without blanks."""

    kind: str
    level: int
    text: str


def gold_documents(data: Path) -> dict[str, tuple[str, list[Row]]]:
    """Document id -> its text as it came, and its paragraphs as a reader sees them."""
    sources = {}
    for name in CLEAN:
        for line in (data / name).read_text("utf-8").splitlines():
            row = json.loads(line)
            sources[row["id"]] = row["text"]
    found: dict[str, tuple[str, list[Row]]] = {}
    for line in GOLD.read_text("utf-8").splitlines():
        if line.startswith("# ") and len(line.split()) == 3 and line.split()[1] in sources:
            name, digest = line.split()[1:]
            if hashlib.sha256(sources[name].encode()).hexdigest()[:16] != digest:
                raise ValueError(f"{name}: not the text that the gold file speaks of")
        if line.startswith("#") or line.startswith("doc_id"):
            continue
        name, kind, _, level, where = line.split("\t")
        source, rows = found.setdefault(name, (sources[name], []))
        rows.append(Row(kind, int(level), bare(_cut(source.splitlines(), where))))
    return found


def _cut(lines: list[str], where: str) -> str:
    """The text of line numbers such as 12-14,17 or 12:0:35."""
    parts = []
    for piece in where.split(","):
        if ":" in piece:
            number, start, end = piece.split(":")
            parts.append(lines[int(number) - 1][int(start or 0) : int(end) if end else None])
        else:
            first, _, last = piece.partition("-")
            parts += lines[int(first) - 1 : int(last or first)]
    return MARKUP.sub("", "".join(parts))


def as_they_came(documents: dict[str, tuple[str, list[Row]]]) -> dict[str, tuple[float, ...]]:
    """Document -> F1 over long paragraphs, over all, of text and kind, of text, kind and level, of blank lines."""
    table = {}
    for name, (source, rows) in documents.items():
        pieces, _ = reflow(source)
        want = [row for row in rows if row.kind != "removed"]
        got = [Row(p.kind, p.level, bare(MARKUP.sub("", p.text))) for p in pieces]
        blank = scores([r.text for r in want], re.split(r"\n\s*\n", source))[0]
        table[name] = (
            *scores([r.text for r in want], [r.text for r in got]),
            f1([(r.kind, r.text) for r in want], [(r.kind, r.text) for r in got]),
            f1(want, got),
            blank,
        )
    return table


def after_damage(documents: list[list[str]]) -> dict[str, list[float]]:
    """Kind of damage -> F1 over long paragraphs, over all, of splitting at blank lines, and Mchar/s."""
    rows = defaultdict(list)
    for lines in documents:
        for kind, text in {"clean, one paragraph a line": "\n".join(lines), **damage.kinds(lines)}.items():
            start = time.perf_counter()
            pieces, _ = reflow(text)
            seconds = time.perf_counter() - start
            found = [p.text for p in pieces if not p.text.startswith("^")]  # the notes that were put in
            blank = re.split(r"\n\s*\n", text)
            rows[kind].append((*scores(lines, found), scores(lines, blank)[0], len(text) / seconds / 1e6))
    return averages(rows)


def main() -> int:
    """Print the tables; 1 if the mean F1 over all kinds of damage is below the floor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help="damage to seven documents only")
    parser.add_argument("--floor-f1", type=float, default=0.0, help="least mean F1 over all kinds of damage")
    parser.add_argument(
        "--floor-gold", type=float, default=0.0, help="least mean F1 over the documents as they came"
    )
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print(f"skipped: no data at {DATA}; NPP_DATA names another folder")
        return 0
    gold = gold_documents(DATA)
    came = as_they_came(gold)
    print(f"{'as it came':45} {'F1 >30':>8} {'F1 all':>8} {'+ kind':>8} {'+ level':>8} {'blank lines':>12}")
    for name, means in came.items():
        print(f"{name:45} {means[0]:8.3f} {means[1]:8.3f} {means[2]:8.3f} {means[3]:8.3f} {means[4]:12.3f}")
    mean_gold = sum(means[0] for means in came.values()) / len(came)
    print(f"{'mean of documents':45} {mean_gold:8.3f}")
    body = [[r.text for r in rows if r.kind in TEXT] for _, rows in gold.values()]
    documents = [*clean_documents(DATA).values(), *body]
    table = after_damage(documents[:: 4 if arguments.short else 1])
    print(f"\n{'damage':45} {'F1 >30':>8} {'F1 all':>8} {'blank lines':>12} {'Mchar/s':>8}")
    for kind, means in table.items():
        print(f"{kind:45} {means[0]:8.3f} {means[1]:8.3f} {means[2]:12.3f} {means[3]:8.1f}")
    mean = sum(means[0] for means in table.values()) / len(table)
    print(f"{'mean of all kinds':45} {mean:8.3f}")
    return int(mean < arguments.floor_f1 or mean_gold < arguments.floor_gold)


if __name__ == "__main__":
    sys.exit(main())
