"""The whole analysis (read, paragraphs, terms, labels, graph) against the same made by hand from jieba and scikit-learn.

    python benchmarks/pipeline.py [--short] [--floor-speed 0.8]

Reads the national reports of ../shared/data (or NPP_DATA); without them, the five articles in seeds/ eight times over.
Both sides run in this process, on one thread; quote the ratio, since machines differ.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def texts(short: bool) -> tuple[str, list[str]]:
    """What is measured, and the texts."""
    file = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data")) / "national_reports.jsonl"
    if file.is_file():
        rows = [json.loads(line)["text"] for line in file.read_text("utf-8").splitlines()]
        return f"{file.name}{', the first 12' if short else ''}", rows[:12] if short else rows
    return "seeds/ eight times (the data folder is absent)", [
        p.read_text("utf-8") for p in (ROOT / "seeds").glob("*.txt")
    ] * 8


def ours(folder: Path) -> dict[str, float]:
    """Seconds per stage of this package, from files to the graph."""
    import npp_nlp as npp

    npp.analyze("因地制宜发展新质生产力。").tables()  # libraries and models are loaded on both sides
    marks = [("", time.perf_counter())]
    corpus = npp.Corpus.from_files(folder)
    marks.append(("read and reflow", time.perf_counter()))
    analysis = npp.analyze(corpus)
    for stage in ("paragraphs", "terms", "labels", "nodes"):
        getattr(analysis, stage)
        marks.append((stage, time.perf_counter()))
    return {name: end - begin for (_, begin), (name, end) in itertools.pairwise(marks)}


def by_hand(folder: Path) -> dict[str, float]:
    """Seconds per stage of what people write today: jieba, TfidfVectorizer, a loop over pairs, networkx."""
    import jieba
    import networkx as nx
    from sklearn.feature_extraction.text import TfidfVectorizer

    cutter = jieba.Tokenizer()
    cutter.FREQ, cutter.total = cutter.gen_pfdict(cutter.get_dict_file())
    cutter.initialized = True
    TfidfVectorizer(analyzer=list).fit_transform([["a"]])
    nx.community.louvain_communities(nx.path_graph(3), seed=0)
    marks = [("", time.perf_counter())]
    paragraphs = [
        [line for line in re.split(r"\n+", p.read_text("utf-8")) if line.strip()]
        for p in sorted(folder.iterdir())
    ]
    tokens = [[cutter.lcut(line) for line in document] for document in paragraphs]
    marks.append(("segment", time.perf_counter()))
    flat = [[w for line in document for w in line if len(w) > 1] for document in tokens]
    model = TfidfVectorizer(analyzer=list)
    weights = model.fit_transform(flat)
    names = model.get_feature_names_out()
    top = {names[i] for row in weights for i in row.indices[row.data.argsort()[-80:]]}
    marks.append(("terms", time.perf_counter()))
    pairs: Counter[tuple[str, str]] = Counter()
    for line in itertools.chain.from_iterable(tokens):
        pairs.update(itertools.combinations(sorted({w for w in line if w in top}), 2))
    graph = nx.Graph()
    graph.add_weighted_edges_from((a, b, n) for (a, b), n in pairs.items() if n > 1)
    nx.community.louvain_communities(graph, seed=0)
    marks.append(("graph", time.perf_counter()))
    return {name: end - begin for (_, begin), (name, end) in itertools.pairwise(marks)}


def main() -> int:
    """Print seconds and speed of both, and the ratio; 1 if under the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument(
        "--floor-ratio", type=float, default=0.0, help="exit 1 below this ratio to the work by hand"
    )
    options = parser.parse_args()
    what, documents = texts(options.short)
    size = sum(map(len, documents)) / 1e6
    print(f"{what}: {len(documents)} documents, {size:.2f} million characters")
    totals = {}
    with tempfile.TemporaryDirectory() as name:
        for number, text in enumerate(documents):
            (Path(name) / f"{number:03}.txt").write_text(text, "utf-8")
        for label, job in (("npp_nlp", ours), ("by hand", by_hand)):
            stages = job(Path(name))
            totals[label] = sum(stages.values())
            detail = ", ".join(f"{stage} {seconds:.2f} s" for stage, seconds in stages.items())
            print(f"{label:8} {size / totals[label]:6.2f} Mchar/s   ({detail})")
    ratio = totals["by hand"] / totals["npp_nlp"]
    print(f"ratio    {ratio:6.1f} times the speed of the work by hand")
    return int(ratio < options.floor_ratio)


if __name__ == "__main__":
    sys.exit(main())
