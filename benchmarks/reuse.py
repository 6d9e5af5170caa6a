"""Text reuse: what is found of planted edits, how long it takes, how it grows, and what the index misses.

    python benchmarks/reuse.py [--short] [--floor-recall 0.9] [--floor-precision 0.97] [--ceiling-growth 1.4]

Gold of its own: sentences of one half of the reports are edited at a set strength and put at random places among the
sentences of the other half, which keep the order of years; found is a planted sentence whose source is the sentence it
was made from (or one with the same words). Edits, each with a seed: characters of words replaced by words of the corpus,
words left out, numbers changed, clauses in another order. Precision is measured where no reuse is: sentences
whose words are drawn from the word pairs of the corpus; every match of one of them is false.
Baselines: equal sentences only, and `difflib.SequenceMatcher` over all pairs (of a sample, with its time).
The texts are ../shared/data/national_reports.jsonl (or NPP_DATA).
"""

import argparse
import difflib
import os
import random
import re
import resource
import sys
import time
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from npp_nlp.document import Corpus, Document, Paragraph
from npp_nlp.reuse.finding import MIN_LENGTH, SIMILARITY, reuse_shares, reused_passages
from npp_nlp.reuse.passages import cut
from npp_nlp.segmentation import segment

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
NUMBER = re.compile(r"\d+")
KINDS = ("words", "deletions", "numbers", "order")
STRENGTHS = (0.0, 0.1, 0.2, 0.3, 0.4)


def main() -> int:
    """Measure, print, and fail below a floor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help="fewer sentences, under 30 seconds")
    parser.add_argument("--floor-recall", type=float, default=0.0, help="least recall at strength 0.2")
    parser.add_argument("--floor-precision", type=float, default=0.0, help="least precision")
    parser.add_argument("--ceiling-growth", type=float, default=9.0, help="most of the exponent of the time")
    chosen = parser.parse_args()
    if not (DATA / "national_reports.jsonl").is_file():
        print(f"no reports ({DATA} is absent; set NPP_DATA): nothing is measured")
        return 0
    corpus = reports()
    failed = []
    recall, precision = quality(corpus, 60 if chosen.short else 300)
    if recall < chosen.floor_recall:
        failed.append(f"recall {recall:.3f} below {chosen.floor_recall}")
    if precision < chosen.floor_precision:
        failed.append(f"precision {precision:.3f} below {chosen.floor_precision}")
    index_recall(corpus, 30 if chosen.short else 400)
    growth = times(Corpus(tuple(corpus)[::8]) if chosen.short else corpus)
    if growth > chosen.ceiling_growth:
        failed.append(f"growth {growth:.2f} above {chosen.ceiling_growth}")
    for line in failed:
        print(f"FAILED: {line}")
    return int(bool(failed))


def reports() -> Corpus:
    return Corpus.from_table(DATA / "national_reports.jsonl", id="id", year="year", region="region")


def made(name: str, sentences: list[str], year: int) -> Document:
    """A document of sentences, ten to a paragraph."""
    lines = ["".join(s + "。" for s in sentences[k : k + 10]) for k in range(0, len(sentences), 10)]
    starts = np.cumsum([0, *(len(line) + 1 for line in lines)]).tolist()
    paragraphs = tuple(
        Paragraph(line, "paragraph", 0, start, start + len(line))
        for line, start in zip(lines, starts, strict=False)
    )
    return Document(name, "\n".join(lines), paragraphs, year=year)


@cache
def words_of(text: str) -> tuple[str, ...]:
    return tuple(segment(text))


def edited(sentence: str, kind: str, strength: float, words: list[str], rng: random.Random) -> str:
    """The sentence with a share of its characters changed."""
    if kind == "order":
        clauses = sentence.split("，")
        for _ in range(max(1, round(strength * len(clauses)))):
            k = rng.randrange(len(clauses))
            clauses.insert(rng.randrange(len(clauses)), clauses.pop(k))
        return "，".join(clauses)
    if kind == "numbers":
        return NUMBER.sub(
            lambda m: m[0] if rng.random() > 2.5 * strength else str(rng.randrange(10 ** len(m[0]))), sentence
        )
    tokens = list(words_of(sentence))
    left, order = strength * len(sentence), list(range(len(tokens)))
    rng.shuffle(order)
    for k in order:
        if left <= 0:
            break
        left -= len(tokens[k])
        tokens[k] = "" if kind == "deletions" else rng.choice(words)
    return "".join(tokens)


def usable(keys: tuple[str, ...], kind: str) -> list[int]:
    """Sentences that a kind of edit can change."""
    need = {"order": lambda k: k.count(",") >= 2, "numbers": lambda k: len(NUMBER.findall(k)) >= 2}
    return [n for n, key in enumerate(keys) if 20 <= len(key) <= 120 and need.get(kind, bool)(key)]


def quality(corpus: Corpus, count: int) -> tuple[float, float]:
    """Recall by kind and strength, precision on made-up sentences; returns recall at 0.2 and precision."""
    rng = random.Random(0)
    old = Corpus(tuple(corpus)[::2])
    passages = cut(tuple(old))
    words = segment("".join(rng.sample(passages.keys, 2000)))
    planted: list[tuple[str, float, str, str]] = []
    for kind in KINDS:
        pool = usable(passages.keys, kind)
        for strength in STRENGTHS:
            for n in rng.sample(pool, min(count, len(pool))):
                place = int(passages.document[n])
                sentence = old[place].text[passages.start[n] : passages.end[n]].rstrip("。；！")
                planted.append((kind, strength, sentence, edited(sentence, kind, strength, words, rng)))
    rng.shuffle(planted)
    false = nonsense(passages.keys, 20 * count, rng)
    texts = [text for *_, text in planted] + false
    new = made("planted", texts, 3000)
    table = reused_passages(Corpus((*old, new)))
    table = table[table["doc_id"] == "planted"]
    text_of = {document.id: document.text for document in old}
    found: dict[str, set[str]] = {}
    for row in table.itertuples():
        source = text_of[row.source_doc_id][row.source_start : row.source_end]
        found.setdefault(row.text.rstrip("。"), set()).add(plain(source))
    known = {plain(key) for key in passages.keys}
    print(f"recall by kind of edit and strength (share of characters), {count} sentences each; floor: 0.2")
    print("kind        " + "".join(f"{s:8.1f}" for s in STRENGTHS))
    total = {}
    for kind in KINDS:
        rates = []
        for strength in STRENGTHS:
            rows = [(s, t) for k, x, s, t in planted if (k, x) == (kind, strength)]
            rates.append(np.mean([plain(s) in found.get(t, ()) for s, t in rows]))
            total[kind, strength] = rates[-1]
        print(f"{kind:12}" + "".join(f"{rate:8.3f}" for rate in rates))
    exact = [np.mean([plain(t) in known for k, x, _, t in planted if x == s]) for s in STRENGTHS]
    print("equal only  " + "".join(f"{rate:8.3f}" for rate in exact))
    difflib_recall(planted, passages.keys, max(count // 10, 4))
    wrong = sum(text in found for text in false)
    right = sum(len(found.get(t, ())) > 0 for *_, t in planted)
    precision = right / max(right + wrong, 1)
    print(f"made-up sentences matched: {wrong} of {len(false)}; precision {precision:.3f}")
    return float(np.mean([total[kind, 0.2] for kind in KINDS])), precision


def plain(text: str) -> str:
    """Letters and digits only."""
    return "".join(c for c in text if c.isalnum())


def nonsense(keys: tuple[str, ...], count: int, rng: random.Random) -> list[str]:
    """Sentences from the word pairs of the corpus."""
    follow: dict[str, list[str]] = {}
    for key in rng.sample(keys, 2000):
        tokens = words_of(key)
        for a, b in pairwise(tokens):
            follow.setdefault(a, []).append(b)
    starts = sorted(follow)
    texts = []
    for _ in range(count):
        word = rng.choice(starts)
        line = [word]
        for _ in range(rng.randrange(8, 25)):
            word = rng.choice(follow.get(word) or starts)
            line.append(word)
        texts.append("".join(line))
    return texts


def difflib_recall(planted: list[tuple[str, float, str, str]], keys: tuple[str, ...], count: int) -> None:
    """All pairs with difflib on a sample: how much it finds at the same threshold, and its time."""
    sample = [row for row in planted if row[1] == 0.2][:count]
    pool = [key for key in dict.fromkeys(keys) if len(key) >= MIN_LENGTH["sentence"]]
    begin, hits = time.perf_counter(), 0
    matcher = difflib.SequenceMatcher(autojunk=False)
    for _, _, sentence, text in sample:
        matcher.set_seq2(text)
        best = (SIMILARITY, "")
        for key in pool:
            matcher.set_seq1(key)
            if matcher.real_quick_ratio() >= best[0] and matcher.quick_ratio() >= best[0]:
                best = max(best, (matcher.ratio(), key))
        hits += plain(best[1]) == plain(sentence)
    taken = time.perf_counter() - begin
    print(
        f"difflib, all pairs: recall {hits / len(sample):.3f} at 0.2 on {len(sample)} sentences, "
        f"{taken / len(sample):.2f} s each, {taken / len(sample) * len(pool) / 60:.0f} minutes for all"
    )


def index_recall(corpus: Corpus, count: int) -> None:
    """Of the sentences that some earlier sentence is like, by all pairs: how many the index finds."""
    from npp_nlp.reuse.alignment import pair_weights, similar
    from npp_nlp.reuse.matches import SPECIFIC

    rng = random.Random(1)
    passages = cut(tuple(corpus))
    year = np.array([document.year for document in corpus])[passages.document]
    weights = pair_weights(dict.fromkeys(key for key in passages.keys if len(key) >= MIN_LENGTH["sentence"]))
    table = reused_passages(corpus)
    found = set(zip(table["doc_id"], table["start"], strict=True))
    pool = [
        n for n in np.flatnonzero(passages.lengths() >= MIN_LENGTH["sentence"]).tolist() if year[n] > 1990
    ]
    both = missed = 0
    for n in rng.sample(pool, count):
        others = [
            k
            for k, y in zip(passages.keys, year, strict=True)
            if y < year[n] and len(k) >= MIN_LENGTH["sentence"]
        ]
        if similar(passages.keys[n], others, weights, least=SIMILARITY, specific=SPECIFIC):
            place = (corpus[int(passages.document[n])].id, int(passages.start[n]))
            both += place in found
            missed += place not in found
    print(f"against all pairs ({count} sentences): {both} found, {missed} missed by the index")


def times(corpus: Corpus, sizes: tuple[int, ...] = (1, 2, 4)) -> float:
    """Time and memory for corpora of several sizes; returns the exponent of the growth."""
    print("size   characters   CPU s     Mchar/s   peak MB   rows")
    seconds = []
    for size in sizes:
        part = scaled(corpus, size)
        begin = time.process_time()
        table = reused_passages(part)
        seconds.append(time.process_time() - begin)
        characters = sum(len(document.text) for document in part)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        rate = characters / seconds[-1] / 1e6
        print(f"{size:4}x {characters:12,} {seconds[-1]:9.2f} {rate:9.2f} {peak:9} {len(table):6}")
    begin = time.perf_counter()
    reuse_shares(corpus)
    print(f"reuse_shares of the {len(corpus)} reports: {time.perf_counter() - begin:.2f} s")
    growth = float(np.log(seconds[-1] / seconds[0]) / np.log(sizes[-1] / sizes[0]))
    print(f"time grows with the size to the power {growth:.2f}")
    return growth


def scaled(corpus: Corpus, size: int) -> Corpus:
    """A corpus of so many times the reports: the reports and later copies with two fifths of the words replaced."""
    rng = random.Random(2)
    passages = cut(tuple(corpus))
    words = segment("".join(rng.sample(passages.keys, min(3000, len(passages)))))
    documents = list(corpus)
    for copy in range(1, size):
        for place, document in enumerate(corpus):
            keys = [passages.keys[n] for n in np.flatnonzero(passages.document == place).tolist()]
            changed = [edited(key, "words", 0.4, words, rng) for key in keys]
            documents.append(made(f"{document.id}-{copy}", changed, (document.year or 0) + 100 * copy))
    return Corpus(tuple(documents))


if __name__ == "__main__":
    sys.exit(main())
