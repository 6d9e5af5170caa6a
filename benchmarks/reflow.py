"""Paragraphs recovered exactly after damage, by kind of damage, against splitting at blank lines.

    python benchmarks/reflow.py [--short] [--floor-f1 0.97]

Clean documents of ../shared/data (or NPP_DATA) are damaged as in tests/damage.py. A paragraph counts as recovered if
its text, blanks removed, is among the paragraphs found; F1 is over paragraphs of more than 30 characters, and over
all lines, headings included.
"""

import argparse
import json
import os
import re
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import damage  # noqa: E402
from npp_nlp.reflow import reflow  # noqa: E402

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


def f1(gold: list[str], predicted: list[str]) -> float:
    """F1 of two lists of texts, repeated ones counted."""
    common = sum((Counter(gold) & Counter(predicted)).values())
    return 2 * common / (len(gold) + len(predicted)) if gold or predicted else 1.0


def scores(gold: list[str], predicted: list[str]) -> tuple[float, float]:
    """F1 over paragraphs of more than 30 characters, and over all."""
    want, got = [bare(p) for p in gold], [bare(p) for p in predicted]
    return f1([p for p in want if len(p) > 30], [p for p in got if len(p) > 30]), f1(want, got)


def measure(documents: list[list[str]]) -> dict[str, list[float]]:
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
    return {
        kind: [sum(column) / len(column) for column in zip(*values, strict=True)]
        for kind, values in rows.items()
    }


def main() -> int:
    """Print the table; 1 if the mean F1 over all kinds is below the floor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help="five documents")
    parser.add_argument("--floor-f1", type=float, default=0.0, help="least mean F1 over all kinds of damage")
    arguments = parser.parse_args()
    if not DATA.is_dir():
        print(f"skipped: no data at {DATA}; NPP_DATA names another folder")
        return 0
    documents = list(clean_documents(DATA).values())
    table = measure(documents[:5] if arguments.short else documents)
    print(f"{'damage':45} {'F1 >30':>8} {'F1 all':>8} {'blank lines':>12} {'Mchar/s':>8}")
    for kind, means in table.items():
        print(f"{kind:45} {means[0]:8.3f} {means[1]:8.3f} {means[2]:12.3f} {means[3]:8.1f}")
    mean = sum(means[0] for means in table.values()) / len(table)
    print(f"{'mean of all kinds':45} {mean:8.3f}")
    return int(mean < arguments.floor_f1)


if __name__ == "__main__":
    sys.exit(main())
