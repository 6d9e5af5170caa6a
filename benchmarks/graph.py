"""The concept graph against the loop people write, and its memory at 100,000 paragraphs and 5,000 terms.

Reads the national reports of ../shared/data (or NPP_DATA); without them, the five articles in seeds/ eight times over.

- `counts`: from the same term occurrences to the pairs (pairs of positions, contexts with both). The loop takes
  `itertools.combinations` of the terms of each paragraph into a `collections.Counter`, once over positions, once over
  different terms. Both sides must count the same.
- `edges`: from paragraphs to weighted edges (NPMI, at least two contexts). The loop looks for every term in every
  paragraph with `str.find`, then counts the pairs of different terms; it has no tests, and finds a term inside a longer one
  as well, so that its pairs are not the same.
- `memory`: peak of a process that makes the graph (NPMI, at least five contexts, without centralities and layout) of
  synthetic occurrences: 2 million in 100,000 paragraphs, 5,000 terms with frequencies as 1 / rank.

- `measures` (not with --short): for every measure, in the reports from 2000 on: of all terms with at least 2 common
  contexts, how many of the 50 heaviest edges have only 2 or 3, and how many a p_adjusted of 0.05 or more; of the 200
  most frequent terms with at least 5 common contexts, the number of edges, the adjusted Rand index of communities over
  20 seeds, and over 100 bootstrap draws of documents the share of draws in which a term stays in its community (mean), and
  the share of edges that are in at least 95 % of the draws.

The lexicon is the packaged one, all its terms. Both sides run in one process on one thread, the best of several runs
counts; quote the ratio, since machines differ.

    python benchmarks/graph.py [--short] [--floor-ratio 20] [--floor-memory 2.0]
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import json
import math
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from npp_nlp import Corpus, Lexicon
from npp_nlp.cooccurrence.building import Settings, edges_of, graph_of, look_up
from npp_nlp.cooccurrence.occurrences import Occurrences, Passages, Record, find_occurrences
from npp_nlp.cooccurrence.pairs import contexts_of_terms, count_pairs
from npp_nlp.document import BODY_KINDS

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
SETTINGS = Settings()


def read() -> tuple[str, Corpus]:
    """What is measured, and the documents."""
    file = DATA / "national_reports.jsonl"
    if file.is_file():
        return file.name, Corpus.from_table(file, id="id", year="year")
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))] * 8
    return "seeds/ eight times (the data folder is absent)", Corpus.from_texts(texts)


def best(job: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """The least seconds of some runs, and the result."""
    seconds, result = math.inf, None
    for _ in range(runs):
        begin = time.perf_counter()
        result = job()
        seconds = min(seconds, time.perf_counter() - begin)
    return seconds, result


def loop_counts(paragraphs: list[list[str]]) -> tuple[Counter[Any], Counter[Any]]:
    """Pairs of positions and contexts of pairs, by loops over the terms of each paragraph."""
    n: Counter[Any] = Counter()
    contexts: Counter[Any] = Counter()
    for words in paragraphs:
        for a, b in combinations(words, 2):
            if a != b:
                n[(a, b) if a < b else (b, a)] += 1
        contexts.update(combinations(sorted(set(words)), 2))
    return n, contexts


def counts(found: Occurrences, runs: int) -> float:
    """Ratio of the loop to `count_pairs` on the same occurrences."""
    paragraphs: list[list[str]] = [[] for _ in range(found.contexts)]
    for context, term in zip(found.context.tolist(), found.term.tolist(), strict=True):
        paragraphs[context].append(found.terms[term])
    theirs, (n, contexts) = best(lambda: loop_counts(paragraphs), max(runs // 3, 1))
    ours, pairs = best(lambda: count_pairs(found), runs)
    names = [(found.terms[i], found.terms[j]) for i, j in zip(*(c.tolist() for c in pairs[:2]), strict=True)]
    assert dict(zip(names, pairs[2].tolist(), strict=True)) == dict(n)
    assert dict(zip(names, pairs[3].tolist(), strict=True)) == dict(contexts)
    print(
        f"counts  {theirs / ours:7.1f} times the loop   ({theirs:.3f} s and {ours:.4f} s, {len(names):,} pairs)"
    )
    return theirs / ours


def loop_edges(texts: list[str], terms: list[str]) -> list[tuple[str, str, float]]:
    """Edges by `str.find`, a Counter and `math.log`."""
    alone: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    for text in texts:
        held = sorted(term for term in terms if text.find(term) >= 0)
        alone.update(held)
        both.update(combinations(held, 2))
    total = len(texts)
    edges = []
    for (a, b), x in both.items():
        if x >= SETTINGS.min_count:
            weight = math.log(x * total / (alone[a] * alone[b])) / -math.log(x / total) if x < total else 1.0
            if weight > 0:
                edges.append((a, b, weight))
    return edges


def edges(corpus: Corpus, lexicon: Lexicon, runs: int) -> float:
    """Ratio of the loop to ours, from paragraphs to weighted edges."""
    texts = [p.text for document in corpus for p in document.paragraphs if p.kind in BODY_KINDS]
    terms = [entry.term for entry in lexicon.entries]

    def ours() -> Any:
        found = look_up(corpus, lexicon, SETTINGS).found
        return edges_of(count_pairs(found), contexts_of_terms(found), found.contexts, SETTINGS)

    mine, result = best(ours, runs)
    theirs, loop = best(lambda: loop_edges(texts, terms), 1)
    numbers = f"{len(result.a):,} edges with tests, {len(loop):,} of the loop without"
    print(f"edges   {theirs / mine:7.1f} times the loop   ({theirs:.2f} s and {mine:.3f} s; {numbers})")
    return theirs / mine


def synthetic(contexts: int = 100_000, terms: int = 5_000, length: int = 2_000_000) -> Record:
    """A record of occurrences drawn at random, terms with frequencies as 1 / rank."""
    rng = np.random.default_rng(0)
    share = 1 / np.arange(1, terms + 1)
    term = rng.choice(terms, length, p=share / share.sum()).astype(np.int64)
    context = np.sort(rng.integers(0, contexts, length)).astype(np.int64)
    zero = np.zeros(length, dtype=np.int64)
    empty = np.zeros(contexts, dtype=np.int64)
    names = tuple(f"t{i:04}" for i in range(terms))
    found = Occurrences(names, Passages(empty, empty, empty, empty), context, zero, term, zero, zero)
    return Record(Corpus.from_texts([""]), Lexicon(()), found, None)


def work() -> None:
    """Run what `memory` measures, and print seconds, sizes and the peak of this process."""
    import resource

    record = synthetic()
    begin = time.perf_counter()
    number = len(count_pairs(record.found)[0])
    counted = time.perf_counter()
    graph = graph_of(record, Settings(min_count=5))
    made = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    seconds = [counted - begin, made - counted]
    facts = {"seconds": seconds, "pairs": number, "edges": graph.number_of_edges(), "peak": peak}
    print(json.dumps(facts))


def memory() -> float:
    """Peak memory in GB of a process of its own."""
    command = [sys.executable, __file__, "--work"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    facts = json.loads(done.stdout)
    peak = facts["peak"] / 1e9
    counted, made = facts["seconds"]
    print(
        f"memory  {peak:7.2f} GB at the peak     ({facts['pairs']:,} pairs counted in {counted:.1f} s; counted, tested "
        f"and made a graph of {facts['edges']:,} edges in {made:.1f} s)"
    )
    return float(peak)


def measures(corpus: Corpus) -> None:
    """Print for every measure what small counts do to it and how stable its communities are."""
    from typing import get_args

    from npp_nlp import community_stability, concept_graph, graph_confidence
    from npp_nlp.cooccurrence.describing import edges_table
    from npp_nlp.cooccurrence.measures import Measure

    recent = corpus.where(lambda document: (document.year or 0) >= 2000) if corpus[0].year else corpus
    print(f"measures, {len(recent)} documents")
    print("                rare   not significant   edges   Rand   stays   sure")
    for measure in get_args(Measure):
        every = graph_of(look_up(recent, Lexicon.default(), SETTINGS), Settings(measure=measure))
        top = edges_table(every, tests=True).head(50)
        graph = concept_graph(recent, measure=measure, min_count=5)
        stable = community_stability(graph, seeds=20).adjusted_rand
        drawn = graph_confidence(graph, draws=100)
        rare, chance = (top["contexts"] <= 3).sum(), (top["p_adjusted"] >= 0.05).sum()
        print(
            f"  {measure:12} {rare:5} {chance:17} {graph.number_of_edges():7} {stable:6.2f} "
            f"{drawn.nodes['stays'].mean():7.2f} {(drawn.edges['share'] >= 0.95).mean():6.2f}"
        )


def main() -> int:
    """Print the ratios and the memory; 1 below the floor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--short", action="store_true", help="fewer runs, the first 20 documents for the edges"
    )
    parser.add_argument("--floor-ratio", type=float, default=0.0, help="least ratio to either loop")
    parser.add_argument("--floor-memory", type=float, default=0.0, help="most GB at the peak; 0: any")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work()
        return 0
    what, corpus = read()
    lexicon = Lexicon.default()
    find_occurrences(corpus[:1], lexicon, "paragraph")  # libraries and the automaton are loaded on both sides
    found = find_occurrences(corpus, lexicon, "paragraph")
    print(f"{what}: {found.contexts:,} paragraphs, {len(found.term):,} occurrences of {len(lexicon):,} terms")
    ratios = [
        counts(found, 9 if options.short else 30),
        edges(corpus[:20] if options.short else corpus, lexicon, 3),
    ]
    peak = memory()
    if not options.short:
        measures(corpus)
    return int(min(ratios) < options.floor_ratio or 0 < options.floor_memory < peak)


if __name__ == "__main__":
    sys.exit(main())
