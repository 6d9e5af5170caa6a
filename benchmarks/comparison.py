"""Comparison of years (keyness, trends, emergence of all terms) against the same in pandas, one column of counts per term.

    python benchmarks/comparison.py [--short] [--floor-ratio 5]
    python benchmarks/comparison.py --made

Reads the national reports of ../shared/data (or NPP_DATA); without them, the five articles in seeds/ as five years, eight
times over. By hand, the terms are counted with `Series.str.count`, and G2, rates and Kendall's tau computed term by
term with pandas and scipy, for the terms that our side compares; it is given them. Both sides run in this process, on one
thread; quote the ratio, since machines differ. The counts of both are compared: they differ where a variant, a quote or a
traditional character is the same term for us and another string for `str.count`.

With --made, the change point is tried on made series instead: how often it is found where there is none, and where there is.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import npp_nlp as npp
from npp_nlp.comparison.emergence import change_point

ROOT = Path(__file__).resolve().parents[1]


def reports(short: bool) -> tuple[str, npp.Corpus]:
    """What is measured, and the corpus."""
    file = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data")) / "national_reports.jsonl"
    if file.is_file():
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        rows = rows[-12:] if short else rows
        corpus = npp.Corpus.from_texts(
            [row["text"] for row in rows],
            ids=[row["id"] for row in rows],
            years=[row["year"] for row in rows],
        )
        return f"{file.name}{', the last 12' if short else ''}", corpus
    texts = [p.read_text("utf-8") for p in sorted((ROOT / "seeds").glob("*.txt"))] * 8
    return "seeds/ eight times (the data folder is absent)", npp.Corpus.from_texts(
        texts, years=[2000 + i % 5 for i in range(len(texts))]
    )


def ours(corpus: npp.Corpus) -> tuple[dict[str, float], npp.Comparison]:
    """Seconds per part."""
    begin = time.perf_counter()
    result = npp.compare(corpus)
    seconds = {"terms found and counted": time.perf_counter() - begin}
    for part in ("terms", "trends", "emergence"):
        begin = time.perf_counter()
        getattr(result, part)
        seconds[part] = time.perf_counter() - begin
    return seconds, result


def by_hand(corpus: npp.Corpus, terms: list[str]) -> tuple[dict[str, float], pd.DataFrame]:
    """Seconds per part of the same measures as people write them, and the counts, years x terms."""
    from scipy import stats

    begin = time.perf_counter()
    frame = pd.DataFrame({"year": [d.year for d in corpus], "text": [d.text for d in corpus]})
    counts = pd.DataFrame({term: frame["text"].str.count(re.escape(term)) for term in terms})
    counts = counts.groupby(frame["year"]).sum()
    size = frame["text"].str.len().groupby(frame["year"]).sum()
    seconds = {"counting": time.perf_counter() - begin}
    begin = time.perf_counter()
    rows: list[Any] = []
    for term in terms:
        n = counts[term]
        rest, rest_size = n.sum() - n, size.sum() - size
        expected = (n + rest) * size / size.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            g2 = 2 * (
                (n * np.log(n / expected)).fillna(0) + (rest * np.log(rest / (n.sum() - expected))).fillna(0)
            )
        rows.append((term, g2, n / size, rest / rest_size))
    seconds["keyness and rates"] = time.perf_counter() - begin
    begin = time.perf_counter()
    for term in terms:
        rate = counts[term] / size
        if rate.nunique() > 1:
            rows.append(stats.kendalltau(range(len(rate)), rate))
    seconds["trend tests"] = time.perf_counter() - begin
    return seconds, counts


def made() -> None:
    """Print how often `change_point` finds a change in series of constant rate, and finds and places a known one."""
    rng = np.random.default_rng(1)
    print("mean  times  found in constant Poisson  found in bursty (negative binomial, size 2)")
    for mean in (0.2, 1, 5, 20):
        for times in (10, 20, 50):
            exposure = rng.integers(15_000, 30_000, times)
            rates = mean * exposure / exposure.mean()
            plain = rng.poisson(rates, size=(4000, times))
            bursty = rng.negative_binomial(2, 2 / (2 + rates), size=(4000, times))
            shares = [float((change_point(x, exposure)[0] >= 0).mean()) for x in (plain, bursty)]
            print(f"{mean:4}  {times:5}  {shares[0]:25.1%}  {shares[1]:.1%}")
    print("step of the mean after 20 of 40 times: found, placed within one time")
    for before, after in ((0, 0.5), (0, 2), (1, 3), (5, 10)):
        steps = np.hstack([rng.poisson(before, (2000, 20)), rng.poisson(after, (2000, 20))])
        place = change_point(steps, np.ones(40))[0]
        print(f"{before} to {after}: {(place >= 0).mean():.1%}, {(np.abs(place - 20) <= 1).mean():.1%}")


def main() -> int:
    """Print seconds of both, the ratio, and how many counts agree; 1 if under the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--floor-ratio", type=float, default=0.0, help="exit 1 below this ratio to pandas")
    parser.add_argument("--made", action="store_true", help="the change point on made series")
    options = parser.parse_args()
    if options.made:
        made()
        return 0
    what, corpus = reports(options.short)
    size = sum(len(document.text) for document in corpus) / 1e6
    print(f"{what}: {len(corpus)} documents, {size:.2f} million characters")
    npp.key_terms("因地制宜发展新质生产力。")  # models and lexicon are loaded before the clock starts
    npp.compare(corpus[:2], terms=["发展"])
    seconds, result = ours(corpus)
    terms = list(result.counts.terms)
    hand, counts = by_hand(corpus, terms)
    totals = []
    for name, parts in (("npp_nlp", seconds), ("pandas", hand)):
        totals.append(sum(parts.values()))
        detail = ", ".join(f"{part} {value:.2f} s" for part, value in parts.items())
        print(f"{name:8} {totals[-1]:7.2f} s   ({detail})")
    trends = result.trends.pivot(index="group", columns="term", values="n")
    equal = float((trends.to_numpy() == counts[list(trends.columns)].to_numpy()).mean())
    ratio = totals[1] / totals[0]
    print(f"{len(terms):,} terms, {trends.size:,} counts, {equal:.2%} of them equal on both sides")
    print(f"ratio    {ratio:7.1f} times the speed of pandas")
    return int(ratio < options.floor_ratio)


if __name__ == "__main__":
    sys.exit(main())
