"""The labelled paragraphs and the reports they come from, as train_labels.py and benchmarks/labels.py read them."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import held_out
import numpy as np

from npp_nlp.document import Document, Paragraph

HERE = Path(__file__).resolve().parent
UNSURE = 0.6
UNSURE_EXTRA = 0.5


class Examples(NamedTuple):
    """Labelled paragraphs: text, label, weight, document, and whether it was labelled twice."""

    text: list[str]
    label: np.ndarray
    weight: np.ndarray
    source: np.ndarray
    gold: np.ndarray
    sure: np.ndarray

    def some(self, index: np.ndarray) -> Examples:
        """Those with the given indices."""
        return Examples([self.text[i] for i in index], *(column[index] for column in self[1:]))

    def plus(self, other: Examples) -> Examples:
        """These and others."""
        return Examples(
            self.text + other.text, *(np.concatenate(pair) for pair in zip(self[1:], other[1:], strict=True))
        )


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def examples(data: Path) -> Examples:
    """The labelled files."""
    rows = [(True, row) for row in rows_of(data / "dev.gold.jsonl")]
    rows += [(False, row) for row in rows_of(data / "train.jsonl")]
    return Examples(
        [row["text"].strip() for _, row in rows],
        np.array([row["label"] for _, row in rows]),
        np.array([1.0 if row["sure"] else UNSURE for _, row in rows]),
        np.array([row["source"] for _, row in rows]),
        np.array([gold for gold, _ in rows]),
        np.array([bool(row["sure"]) for _, row in rows]),
    )


def reports(data: Path) -> dict[str, str]:
    """Text of every report that may be used, by the name the labelled files call it."""
    found = {}
    for row in rows_of(data / "national_reports.jsonl"):
        if row["year"] not in held_out.YEARS:
            found[f"gwr:{row['year']}"] = row["text"]
    for row in rows_of(data / "congress_reports.jsonl"):
        if int(row["congress"]) not in held_out.CONGRESSES:
            found[f"cpc:cpc{row['congress']}"] = row["text"]
    for row in rows_of(data / "provincial_reports_2026.jsonl"):
        found[f"prov2026:{row['region']}"] = row["text"]
    for row in rows_of(data / "policy_documents.jsonl"):
        found[f"policy:{row['id']}"] = row["text"]
    return found


def line_document(name: str, text: str) -> Document:
    """The lines of a report as paragraphs, as they were labelled; independent of how files are read."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    ends = np.cumsum([len(line) + 1 for line in lines]) - 1
    paragraphs = tuple(
        Paragraph(line, "paragraph", 0, int(end) - len(line), int(end))
        for line, end in zip(lines, ends, strict=True)
    )
    return Document(name, "\n".join(lines), paragraphs)


def extra_examples(texts: dict[str, str]) -> Examples:
    """The paragraphs that labels_extra.tsv names by document and sha256."""
    with (HERE / "labels_extra.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    known = {}
    for name in {row["source"] for row in rows}:
        for line in map(str.strip, texts[name].split("\n")):
            known[name, hashlib.sha256(line.encode()).hexdigest()[:16]] = line
    sure = np.array([row["sure"] == "yes" for row in rows])
    return Examples(
        [known[row["source"], row["sha256"]] for row in rows],
        np.array([row["label"] for row in rows]),
        np.where(sure, 1.0, UNSURE_EXTRA),
        np.array([row["source"] for row in rows]),
        np.zeros(len(rows), bool),
        sure,
    )
