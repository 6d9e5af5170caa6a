"""The overview: sentences in both languages, each number with what it leads to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from npp_nlp.document import Corpus
from npp_nlp.labels import LABELS
from npp_nlp.report.words import LABEL_WORDS

MOST = 6
"""Terms named in a sentence."""
MOVES = 4
"""Rising, and falling, terms named."""


@dataclass(frozen=True)
class Link:
    """Words that lead to passages: `show` is what the page's script lists, as JSON."""

    text: str
    show: str = ""


Part = str | Link
Sentence = tuple[list[Part], list[Part]]


def sentences(
    corpus: Corpus, tables: Mapping[str, Any], names: Sequence[str], groups: Mapping[str, Any] | None
) -> list[Sentence]:
    """What the tables say in plain words, Chinese and English; `names` are the page's terms, `groups` its comparison."""
    number = {name: i for i, name in enumerate(names)}
    told = [_sizes(corpus), _leading(tables["terms"], number, len(corpus)), _functions(tables["labels"])]
    if len(tables["edges"]):
        told.append(_together(tables))
    if groups is not None:
        told += [_rose(groups, names), _key(groups, names), _left_out(corpus, groups)]
    if corpus.unread:
        many = len(corpus.unread)
        told.append(
            ([f"有 {many} 个文件未能读取，见文末。"], [f"{many} could not be read; see the end of the page."])
        )
    return [sentence for sentence in told if sentence is not None]


def _link(text: str, **show: Any) -> Link:
    return Link(text, json.dumps(show, ensure_ascii=True, separators=(",", ":")))


def _sizes(corpus: Corpus) -> Sentence:
    paragraphs = sum(len(document.paragraphs) for document in corpus)
    characters = sum(len(document.text) for document in corpus)
    years = sorted({document.year for document in corpus if document.year is not None})
    span = f"{years[0]}" if len(years) == 1 else f"{years[0]}–{years[-1]}" if years else ""
    zh_years = f"，年份 {span}" + (f"（{len(years)} 个年份）" if len(years) > 1 else "") if years else ""
    en_years = f", {span}" + (f" ({len(years)} years)" if len(years) > 1 else "") if years else ""
    docs = "document" if len(corpus) == 1 else "documents"
    zh = f"共 {len(corpus)} 篇文档{zh_years}，{paragraphs:,} 个段落，{characters:,} 个字符。"
    en = f"{len(corpus)} {docs}{en_years}, {paragraphs:,} paragraphs, {characters:,} characters."
    return [zh], [en]


def _listed(links: Sequence[Part], between: str) -> list[Part]:
    return [part for link in links for part in (between, link)][1:]


def _leading(terms: Any, number: Mapping[str, int], documents: int) -> Sentence | None:
    """The key terms that stand in the lists of most documents, then the highest scores."""
    if terms.empty:
        return None
    best = terms.groupby("term").agg(n=("n", "sum"), docs=("doc_id", "nunique"), score=("score", "max"))
    best = best[[name in number for name in best.index]].sort_index()
    best = best.sort_values(["docs", "score"], ascending=False, kind="stable").head(MOST)
    links = [_link(name, term=number[name]) for name in best.index]
    if not links:
        return None
    first = int(best["docs"].iloc[0])
    zh: list[Part] = [f"关键概念共 {terms['term'].nunique():,} 个，", "居前的是", *_listed(links, "、")]
    en: list[Part] = [
        f"Of {terms['term'].nunique():,} key terms the leading ones are ",
        *_listed(links, ", "),
    ]
    if documents > 1 and first > 1:
        zh.append(f"；其中“{best.index[0]}”列入 {first} 篇文档。")
        en.append(f"; “{best.index[0]}” is listed for {first} of the documents.")
        return zh, en
    return [*zh, "。"], [*en, "."]


def _functions(labels: Any) -> Sentence | None:
    if labels.empty:
        return None
    counts = labels["label"].value_counts()
    total = int(counts.sum())
    zh: list[Part] = [f"{total:,} 个正文段落中，"]
    en: list[Part] = [f"Of {total:,} paragraphs of running text "]
    for i, label in enumerate(LABELS):
        n = int(counts.get(label, 0))
        words = LABEL_WORDS[label]
        zh += ["，" if i else "", f"{words[0]} ", _link(f"{n / total:.0%}", label=i), f"（{n:,} 段）"]
        en += [", " if i else "", _link(f"{n / total:.0%}", label=i), f" are {words[1]} ({n:,})"]
    return [*zh, "。"], [*en, "."]


def _together(tables: Mapping[str, Any]) -> Sentence:
    """The pairs counted most often, by their place in the graph's list of nodes."""
    rank = {name: i for i, name in enumerate(tables["nodes"]["term"])}
    often = tables["edges"].sort_values(["n", "source", "target"], ascending=[False, True, True]).head(3)
    links = [
        _link(f"{a} — {b}", edge=sorted((rank[a], rank[b])))
        for a, b in zip(often["source"], often["target"], strict=True)
    ]
    n, m = len(tables["nodes"]), len(tables["edges"])
    zh: list[Part] = [f"概念图有 {n} 个概念、{m} 条关联，同现最多的是", *_listed(links, "；"), "。"]
    en: list[Part] = [
        f"The graph has {n} concepts and {m} links; most often together: ",
        *_listed(links, "; "),
    ]
    return zh, [*en, "."]


def _rose(groups: Mapping[str, Any], names: Sequence[str]) -> Sentence | None:
    """What rose and fell, or with few years what is new in the last one."""
    zh: list[Part] = []
    en: list[Part] = []
    for side, zh_word, en_word in (("rising", "上升", "Rising"), ("falling", "下降", "Falling")):
        rows = [(_link(names[row[0]], term=row[0]), groups["names"][row[5]]) for row in groups[side][:MOVES]]
        if rows:
            dated = [part for link, when in rows for part in ("、", link, f"（{_when(groups, when)}起）")][1:]
            zh += ["；" if zh else "", f"用量{zh_word}最多的是", *dated]
            dated = [part for link, when in rows for part in (", ", link, f" (from {when})")][1:]
            en += [" " if en else "", f"{en_word} most: ", *dated, "."]
    return ([*zh, "。"], en) if zh else _new(groups, names)


def _when(groups: Mapping[str, Any], name: Any) -> str:
    """The name of a group in a Chinese sentence."""
    return f"{name} 年" if groups["by"] == "year" else f"{name} "


def _new(groups: Mapping[str, Any], names: Sequence[str]) -> Sentence | None:
    if not groups["new"]:
        return None
    last = max(row[0] for row in groups["new"])
    links = [_link(names[term], term=term, group=last) for at, term, _ in groups["new"] if at == last][:MOST]
    when = groups["names"][last]
    zh: list[Part] = [f"{_when(groups, when)}新出现的是", *_listed(links, "、"), "。"]
    return zh, [f"New in {when}: ", *_listed(links, ", "), "."]


def _left_out(corpus: Corpus, groups: Mapping[str, Any]) -> Sentence | None:
    """How many documents with text are in no group."""
    many = sum(bool(d.paragraphs) for d in corpus) - sum(groups["documents"])
    if not many:
        return None
    zh_what = {"year": "年份", "region": "地区"}.get(groups["by"], f"“{groups['by']}”")
    zh = f"{many} 篇文档没有{zh_what}，不在比较之列。"
    return [zh], [f"Without {groups['by']}, and so left out of the comparison: {many} of the documents."]


def _key(groups: Mapping[str, Any], names: Sequence[str]) -> Sentence | None:
    """What sets the last of ordered groups apart."""
    last = len(groups["names"]) - 1
    rows = [row for row in groups["keyness"][last] if row[3] > 0][:MOST] if groups["ordered"] else []
    if not rows:
        return None
    links = [_link(names[row[0]], term=row[0], group=last) for row in rows]
    when = groups["names"][last]
    zh: list[Part] = [f"与其余各组相比，{_when(groups, when)}多用", *_listed(links, "、"), "。"]
    return zh, [f"Compared with the rest, {when} uses more ", *_listed(links, ", "), "."]
