"""The worked example of the docs: the page is what its script writes, and its counts are those of a plain search."""

import importlib.util
import json
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
PAGE = ROOT / "docs" / "worked_example.md"
pytestmark = pytest.mark.skipif(
    not (DATA / "national_reports.jsonl").is_file(), reason="the folder of shared data is absent"
)


def test_the_page_is_up_to_date():
    spec = importlib.util.spec_from_file_location("worked_example", ROOT / "benchmarks" / "worked_example.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.page() == PAGE.read_text("utf-8")


def test_its_counts_are_those_of_a_search_in_the_files():
    lines = (DATA / "national_reports.jsonl").read_text("utf-8").splitlines()
    texts = {row["year"]: row["text"] for row in map(json.loads, lines)}
    rows = re.findall(r"^\| (\d{4}) \| (\d+) \| (\d+) \| (\d+) \|$", PAGE.read_text("utf-8"), re.M)
    assert len(rows) == 32
    for year, *counts in rows:
        text = re.sub(r"\s", "", texts[int(year)])
        found = [
            text.count("创新") - text.count("开创新"),
            text.count("高质量发展"),
            text.count("新质生产力"),
        ]
        assert [int(n) for n in counts] == found, year
