"""What the tests of batches share: a folder of small files, and how results are looked at."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import dataset

import npp_nlp as npp

posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
TEXTS = {
    "a": "政府工作报告\n2024年3月5日\n去年粮食产量增长5.5%，新增就业1200万人。\n今年要加快发展新质生产力，扩大内需。\n",
    "b": "要因地制宜发展新质生产力，新质生产力是关键。\n当前内需不足，风险较多。\n",
    "c": "综合整治“内卷式”竞争。\n壮大耐心资本，发展低空经济。\n",
}


def batch(**columns):
    return pa.RecordBatch.from_pydict(columns)


def folder_of(root, number=12):
    folder = root / "in"
    folder.mkdir()
    for i in range(number):
        (folder / f"{i:03}.txt").write_text(
            list(TEXTS.values())[i % 3] + f"第{i}次会议。\n", encoding="utf-8"
        )
    return folder


def contents(out):
    """Hashes of all files of a result but the lock."""
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in out.iterdir() if p.name != "_lock"}


def rows(out):
    return dataset.dataset(out).to_table().to_pylist()


def made_folder(path):
    path.mkdir()
    return path


def run_npp(arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "npp_nlp.cli", "tag", *arguments],
        capture_output=True, text=True, check=False, env=os.environ | path_of_package() | environment,
    )  # fmt: skip


def path_of_package():
    return {"PYTHONPATH": str(Path(npp.__file__).resolve().parents[1])}
