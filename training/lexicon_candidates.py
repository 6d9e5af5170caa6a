"""New-term candidates of the policy lexicon: free noun phrases and quoted coinages, ranked by C-value.

Candidates are spans of dictionary tokens (jieba, no guessing of new words) that pass word rules at both ends and
within (`lexicon_rules.tsv`) and stand free: no single left or right neighbour dominates, and the branching entropy is
high enough (Huang and Powers 2003). They are ranked by C-value (Frantzi, Ananiadou and Mima 2000). Quoted coinages are
listed whatever their tokens.
"""

from __future__ import annotations

import logging
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import jieba
import jieba.posseg

from npp_nlp.text import fold

RULES = Path(__file__).resolve().parent / "lexicon_rules.tsv"

SEGMENT = re.compile(r"[\u4e00-\u9fff〇a-z0-9+·]+")
QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"\n，。；：、！？（）《》]{2,12})[”」』\"]")
BREAKS = {"u", "ul", "uj", "uv", "uz", "ug", "ud", "y", "r", "rr", "rz", "e", "o"}
EXCLUDED = BREAKS | {"c", "p", "q", "d", "vd", "mq", "x", "zg"}
FIRST = {
    "n",
    "vn",
    "nz",
    "l",
    "i",
    "j",
    "b",
    "eng",
    "ns",
    "an",
    "nt",
    "s",
    "ng",
    "k",
    "nr",
    "a",
    "h",
    "ag",
    "m",
    "t",
    "ad",
}
LAST = {
    "n",
    "vn",
    "nz",
    "l",
    "i",
    "j",
    "nt",
    "nr",
    "s",
    "an",
    "ng",
    "k",
    "ns",
    "b",
    "eng",
    "z",
    "g",
    "v",
    "a",
}
LONGEST_TOKENS, LONGEST_TERM = 7, 12
MIN_COUNT, MIN_DOCUMENTS = 5, 3
MAX_LEFT_SHARE, MAX_RIGHT_SHARE = 0.6, 0.65
MIN_LEFT_ENTROPY, MIN_RIGHT_ENTROPY = 0.7, 0.6


@dataclass
class Span:
    """What is counted about one string of tokens."""

    count: int = 0
    documents: set[int] = field(default_factory=set)
    left: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    tokens: Counter[tuple[tuple[str, str], ...]] = field(default_factory=Counter)


def tagged_segments(texts: Sequence[str]) -> list[tuple[int, list[tuple[str, str]]]]:
    """(document, tokens with part of speech) of every stretch without punctuation, quotes taken out first."""
    jieba.setLogLevel(logging.WARNING)
    tagger = jieba.posseg.POSTokenizer(jieba.Tokenizer())
    known: dict[str, list[tuple[str, str]]] = {}
    segments = []
    for number, text in enumerate(texts):
        for found in SEGMENT.finditer(fold(text).replace('"', "")):
            piece = found.group()
            if piece not in known:
                known[piece] = [(pair.word, pair.flag) for pair in tagger.cut(piece, HMM=False)]
            segments.append((number, known[piece]))
    return segments


def token_spans(tokens: list[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    """Spans of up to seven tokens and three to fourteen characters without function words."""
    for start, (_, tag) in enumerate(tokens):
        if tag in BREAKS:
            continue
        length = 0
        for end in range(start, min(start + LONGEST_TOKENS, len(tokens))):
            length += len(tokens[end][0])
            if length > LONGEST_TERM + 2 or tokens[end][1] in BREAKS:
                break
            if length >= 3:
                yield start, end + 1


def count_spans(segments: list[tuple[int, list[tuple[str, str]]]]) -> dict[str, Span]:
    """Counts, documents, neighbours and tokenisations of every span that is frequent enough."""
    frequency: Counter[str] = Counter()
    for _, tokens in segments:
        words = [word for word, _ in tokens]
        frequency.update("".join(words[a:b]) for a, b in token_spans(tokens))
    spans = {term: Span(count) for term, count in frequency.items() if count >= MIN_COUNT}
    for number, (document, tokens) in enumerate(segments):
        words = [word for word, _ in tokens]
        for a, b in token_spans(tokens):
            span = spans.get("".join(words[a:b]))
            if span is None:
                continue
            span.documents.add(document)
            # A clause border is another neighbour every time.
            span.left["/".join(tokens[a - 1]) if a else f"^{number}"] += 1
            span.right[words[b] if b < len(words) else f"${number}"] += 1
            span.tokens[tuple(tokens[a:b])] += 1
    return spans


def read_rules() -> dict[str, set[str]]:
    """Word lists of `lexicon_rules.tsv`: rule -> words."""
    rules: dict[str, set[str]] = defaultdict(set)
    for line in RULES.read_text(encoding="utf-8").splitlines()[1:]:
        rule, words = line.split("\t")
        rules[rule] |= set(words.split())
    return rules


def well_formed(term: str, tokens: tuple[tuple[str, str], ...], rules: dict[str, set[str]]) -> bool:
    """Whether the words at both ends and within may make a noun phrase."""
    words, tags = [word for word, _ in tokens], [tag for _, tag in tokens]
    if set(tags) & EXCLUDED or len(term) > LONGEST_TERM or not re.search("[\u4e00-\u9fff]", term):
        return False
    if re.search(r"\d", term[1:]) or re.match(r"\d(?![dg])", term):
        return False
    first_ok = tags[0] in FIRST or (
        tags[0] == "v" and (len(words) == 1 or words[0] in rules["verb_may_open"])
    )
    last_ok = tags[-1] in LAST and (tags[-1] != "v" or words[-1] in rules["verb_may_close"])
    if tags[-1] == "a":
        last_ok = words[-1] in rules["adjective_may_close"]
    may = rules["verb_may_open"] | rules["verb_may_close"]
    middle_ok = all(tag != "v" or word in may for word, tag in tokens[1:-1])
    generic = len(words) > 1 and all(word in rules["generic"] for word in words)
    ends_ok = words[0] not in rules["never_first"] and words[-1] not in rules["never_last"]
    return first_ok and last_ok and middle_ok and ends_ok and not generic


def entropy(neighbours: Counter[str]) -> float:
    """Shannon entropy in nats."""
    total = sum(neighbours.values())
    return -sum(n / total * math.log(n / total) for n in neighbours.values())


def is_free(span: Span, rules: dict[str, set[str]]) -> bool:
    """Whether the span has varied neighbours, so that it is no piece of a longer term."""
    (before, n_before), (after, n_after) = span.left.most_common(1)[0], span.right.most_common(1)[0]
    # 发展 before 新质生产力, 的 after it: a verb or a function word does not make a longer term.
    word, _, tag = before.partition("/")
    glued_left = n_before >= MAX_LEFT_SHARE * span.count and tag != "v" and word not in rules["free"]
    glued_right = n_after >= MAX_RIGHT_SHARE * span.count and after not in rules["free"]
    varied = entropy(span.left) >= MIN_LEFT_ENTROPY and entropy(span.right) >= MIN_RIGHT_ENTROPY
    return varied and not glued_left and not glued_right


def c_values(counts: dict[str, int]) -> dict[str, float]:
    """C-value: log2 of the length times the count outside longer candidates."""
    within: dict[str, list[int]] = defaultdict(list)
    for term, count in counts.items():
        pieces = {term[a:b] for a in range(len(term)) for b in range(a + 3, len(term) + 1)} - {term}
        for piece in pieces & counts.keys():
            within[piece].append(count)
    return {
        term: math.log2(len(term)) * (count - (sum(within[term]) / len(within[term]) if within[term] else 0))
        for term, count in counts.items()
    }


def find_candidates(texts: Sequence[str]) -> list[tuple[str, int, int, float]]:
    """(term, count, documents, C-value), best first: noun phrases that stand free, and quoted coinages."""
    rules = read_rules()
    counts: dict[str, int] = {}
    documents: dict[str, int] = {}
    for term, span in count_spans(tagged_segments(texts)).items():
        tokens = span.tokens.most_common(1)[0][0]
        if len(span.documents) >= MIN_DOCUMENTS and well_formed(term, tokens, rules) and is_free(span, rules):
            counts[term], documents[term] = span.count, len(span.documents)
    quoted = [[fold(q) for q in QUOTED.findall(text)] for text in texts]
    quote_documents = Counter(term for terms in quoted for term in set(terms))
    for term, n in Counter(term for terms in quoted for term in terms).items():
        if quote_documents[term] >= 2:
            counts.setdefault(term, n)
            documents.setdefault(term, quote_documents[term])
    value = c_values(counts)
    return sorted(((t, counts[t], documents[t], value[t]) for t in counts), key=lambda row: (-row[3], row[0]))
