"""A worked comparison, as a page: when 创新, 高质量发展 and 新质生产力 enter the reports, what recedes, what provinces say.

    python benchmarks/worked_example.py [--out docs/worked_example.md]

Reads the national reports from 1978 and the provincial reports of 2026 of ../shared/data (or NPP_DATA). Every figure and
every quotation of the page is put there by this script; `tests/test_worked_example.py` runs it again and compares.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

import npp_nlp as npp

ROOT = Path(__file__).resolve().parents[1]
ENTERING = ["创新", "高质量发展", "新质生产力"]
RIVALS = {
    "创新": ["技术改造", "技术进步", "技术革新", "自主创新", "科技创新"],
    "高质量发展": ["经济效益", "持续快速健康发展", "又好又快", "科学发展", "发展方式"],
    "新质生产力": ["社会生产力", "高新技术", "战略性新兴产业", "新动能", "未来产业"],
}
"""Terms that might have said the same before or beside it; chosen beforehand, not by the figures."""
FALSE = "开创新"
"""Where 创新 is only seen: 开创 + 新局面."""
PERIODS = {1978: "1978–87", 1988: "1988–97", 1998: "1998–2007", 2008: "2008–17", 2018: "2018–25"}
PROVINCIAL = ["新质生产力", "高质量发展", "创新", "人工智能", "低空经济"]


def data(name: str) -> npp.Corpus:
    """One of the shared files as a corpus."""
    folder = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
    return npp.Corpus.from_table(folder / name, id="id", year="year", region="region")


def quote(result: npp.Comparison, term: str, group: object, *, at: int = 0, width: int = 12) -> str:
    """One passage: the words around the term, with document and offsets; `at` -1 is the last of the group."""
    row = result.evidence(term, group=group, width=width).iloc[at]
    left, right = row["left"].replace("\n", " "), row["right"].replace("\n", " ")
    return f"“{left}**{row['term']}**{right}” ({row['doc_id']}, {row['start']}–{row['end']}, {row['label']})"


def rate(value: float) -> str:
    """A rate per 10,000 characters."""
    return f"{value:.2f}"


def markdown(frame: pd.DataFrame) -> list[str]:
    """A table as Markdown."""
    head = [
        "| " + " | ".join(map(str, frame.columns)) + " |",
        "|" + "|".join(" --- " for _ in frame.columns) + "|",
    ]
    return [*head, *("| " + " | ".join(map(str, row)) + " |" for row in frame.itertuples(index=False)), ""]


def entering(result: npp.Comparison) -> list[str]:
    """First report, change, rates and passages of the three terms."""
    lines = ["## When they enter", ""]
    found, trends = result.emergence.set_index("term"), result.trends
    for term in ENTERING:
        row = found.loc[term]
        series = trends[trends["term"] == term].set_index("group")
        before = series.index[series.index < row["first_group"]]
        first, most, change = (int(row[name]) for name in ("first_group", "peak_group", "change_group"))
        peak = series.loc[most]
        lines += [
            f"**{term}**: {int(row['n'])} occurrences. First in {first} "
            f"(none in the {len(before)} reports before), most often in {most}: {int(peak['n'])} times, "
            f"{rate(peak['per_10k'])} per 10,000 characters (95 % {rate(peak['low'])} to {rate(peak['high'])}). The rate "
            f"changes with the report of {change}: from {rate(row['per_10k_before'])} to {rate(row['per_10k_after'])}. "
            f"Kendall's tau with time is {row['tau']:.2f} (adjusted p {row['p_adjusted']:.2g}).",
            "",
            f"- first: {quote(result, term, first)}",
            *([f"- at the change: {quote(result, term, change)}"] if change != first else []),
            f"- at the peak: {quote(result, term, most, at=-1)}",
            "",
        ]
    table = trends[trends["term"].isin(ENTERING)].pivot(index="group", columns="term", values="n")[ENTERING]
    table = table[table.sum(axis=1) > 0].rename_axis("report").reset_index()
    columns = [str(column) for column in table.columns]
    lines += ["Occurrences, in the reports that have any of the three:", ""]
    return lines + markdown(pd.DataFrame(table.astype(int).to_numpy(), columns=columns))


def receding(result: npp.Comparison) -> list[str]:
    """Terms whose rate falls within two reports of the change."""
    lines = [
        "## What recedes at the same time",
        "",
        "Terms whose one change of rate lies within two reports of that of the new term and goes down, the largest falls "
        "first. This is coincidence in time: that one word took the place of the other must be read in the passages.",
        "",
    ]
    found, groups = result.emergence.set_index("term"), list(result.groups)
    for term in ENTERING:
        place = groups.index(found.loc[term, "change_group"])
        near = found["change_group"].isin(groups[max(place - 2, 0) : place + 3])
        falling = found[near & (found["per_10k_after"] < found["per_10k_before"])].copy()
        falling["fall"] = falling["per_10k_before"] - falling["per_10k_after"]
        falling = falling.sort_values(["fall", "n"], ascending=False).head(6)
        if not len(falling):
            lines += [f"**{term}** ({groups[place]}): none.", ""]
            continue
        parts = [
            f"{name} ({rate(row['per_10k_before'])} → {rate(row['per_10k_after'])}, {int(row['change_group'])}, "
            f"last in {int(row['last_group'])})"
            for name, row in falling.iterrows()
        ]
        lines += [f"**{term}** ({groups[place]}): " + "; ".join(parts) + ".", ""]
        name = falling.index[0]
        lines += [f"- the last {name}: {quote(result, name, falling.iloc[0]['last_group'], at=-1)}", ""]
    return lines


def rivals(corpus: npp.Corpus, lexicon: npp.Lexicon) -> list[str]:
    """Chosen terms by period."""
    documents = [
        replace(d, metadata={**d.metadata, "period": max(p for p in PERIODS if p <= (d.year or 0))})
        for d in corpus
    ]
    result = npp.compare(documents, "period", terms=lexicon, baseline="previous")
    wanted = [term for name, others in RIVALS.items() for term in (name, *others)]
    trends = result.trends[result.trends["term"].isin(wanted)]
    table = trends.pivot(index="term", columns="group", values="per_10k").reindex(list(dict.fromkeys(wanted)))
    lines = [
        "## Beside which words they stand",
        "",
        "Per 10,000 characters of each period; occurrences inside longer terms count. The terms beside the three were "
        "chosen beforehand as candidates, not by their figures.",
        "",
    ]
    shown = pd.DataFrame({"term": table.index})
    for period, name in PERIODS.items():
        shown[name] = [rate(value) for value in table[period]]
    lines += markdown(shown)
    last = result.terms[(result.terms["group"] == 2018) & result.terms["term"].isin(wanted)]
    strong = last[last["p_adjusted"] < 0.001].sort_values("log_ratio")
    parts = [
        f"{row.term} {row.log_ratio:+.1f} ({row.n_reference} → {row.n_target}, G2 {abs(row.g2):.0f})"
        for row in strong.itertuples()
    ]
    lines += ["2018–25 against 2008–17, log ratio where adjusted p < 0.001: " + "; ".join(parts) + ".", ""]
    return lines


def functions(corpus: npp.Corpus, result: npp.Comparison) -> list[str]:
    """In which kind of paragraph the terms stand."""
    labels = npp.classify(corpus)
    shift = npp.label_shift(corpus, ENTERING, min_count=5, labels=labels).set_index("term")
    lines = ["## In what kind of paragraph", ""]
    for term in [term for term in ENTERING if term in shift.index]:
        row = shift.loc[term]
        lines += [
            f"**{term}**: {row['n_early']} labelled paragraphs before {row['group']}, {row['n_late']} from then on; the "
            f"Jensen–Shannon distance of their labels is {row['distance']:.2f} (p {row['p']:.2g}); the share that rose most "
            f"is {row['toward']}, by {row['rise']:.0%}.",
            "",
        ]
    shares = result.labels[result.labels["label"] == "challenge"]
    most = shares.sort_values("share_characters", ascending=False, kind="stable").iloc[0]
    last = shares[shares["group"] == result.groups[-1]].iloc[0]
    for row in (most, last):
        lines.append(
            f"- challenges take {row['share_characters']:.1%} of the characters of {row['group']} "
            f"(paragraphs: {row['n']}; 95 % {row['low_characters']:.1%} to {row['high_characters']:.1%}, bootstrap over "
            "paragraphs)"
        )
    return [*lines, ""]


def with_terms(lexicon: npp.Lexicon, terms: Iterable[str]) -> npp.Lexicon:
    """The lexicon and those of the terms that it lacks."""
    return lexicon + npp.Lexicon.from_terms([term for term in dict.fromkeys(terms) if term not in lexicon])


def variants(lexicon: npp.Lexicon, terms: Iterable[str]) -> list[str]:
    """A line on the terms that have variants in the lexicon, if any has."""
    known = {entry.term: entry.variants for entry in lexicon.entries}
    parts = [f"{term} ({'、'.join(known[term])})" for term in dict.fromkeys(terms) if known.get(term)]
    return ["Variants count for their term: " + "; ".join(parts) + ".", ""] if parts else []


def provinces() -> list[str]:
    """Rates of five terms, and what is particular to each province."""
    corpus = data("provincial_reports_2026.jsonl")
    lexicon = with_terms(npp.compare(corpus, "region").lexicon, PROVINCIAL)
    result = npp.compare(corpus, "region", terms=lexicon)
    trends = result.trends[result.trends["term"].isin(PROVINCIAL)]
    n = trends.pivot(index="group", columns="term", values="n")[PROVINCIAL]
    one = trends[trends["term"] == "新质生产力"].set_index("group")
    order = one.sort_values(["per_10k", "n"], ascending=False, kind="stable").index
    shown = pd.DataFrame({"province": order})
    for term in PROVINCIAL:
        shown[term] = n.loc[order, term].to_numpy()
    limits = [
        f"{rate(one.loc[g, 'per_10k'])} ({rate(one.loc[g, 'low'])}–{rate(one.loc[g, 'high'])})" for g in order
    ]
    shown["新质生产力 per 10,000 (95 %)"] = limits
    first, last = order[0], one.loc[order][one.loc[order, "n"] > 0].index[-1]
    lines = [
        "## What the provinces say in 2026",
        "",
        f"{len(result.groups)} reports, one each; occurrences, in the order of 新质生产力 per 10,000 characters. Limits "
        "that overlap widely mean that the order says little.",
        "",
        *markdown(shown),
        f"- {first}: {quote(result, '新质生产力', first)}",
        f"- {last}: {quote(result, '新质生产力', last)}",
        "",
        "Most particular to each against the others (at least five occurrences, adjusted p < 0.001, largest G2 first):",
        "",
    ]
    named = []
    for group in result.groups:
        terms = result.terms[(result.terms["group"] == group) & (result.terms["g2"] > 0)]
        terms = terms[(terms["n_target"] >= 5) & (terms["p_adjusted"] < 0.001)].head(3)
        parts = [f"{row.term} ({row.n_target} : {row.n_reference})" for row in terms.itertuples()]
        named += terms["term"].tolist()
        passage = f"; {quote(result, terms.iloc[0]['term'], group)}" if len(terms) else ""
        lines.append(f"- **{group}**: " + ("、".join(parts) if parts else "none") + passage)
    return [*lines, "", *variants(lexicon, [*PROVINCIAL, *named])]


def page() -> str:
    """The whole page."""
    everything = data("national_reports.jsonl")
    whole = everything.where(year=range(1978, 2026))
    seen = npp.concordance(whole, FALSE, width=4)
    corpus = npp.without(whole, seen)
    wanted = [*ENTERING, *(term for others in RIVALS.values() for term in others)]
    lexicon = with_terms(npp.compare(corpus).lexicon, wanted)
    result = npp.compare(corpus, terms=lexicon)
    missing = sorted(set(range(1978, 2026)) - {document.year for document in corpus})
    size = int(result.counts.characters.sum())
    lines = [
        "# A worked comparison: three words in the reports, 1978 to 2026",
        "",
        f"{len(corpus)} reports of the central government, {corpus[0].year} to {corpus[-1].year}, {size:,} characters; "
        f"{len(result.counts.terms):,} terms that occur. Missing here: {', '.join(map(str, missing))}; “first” is the "
        "first of those at hand. Terms: the packaged lexicon, the key terms of each report and the terms named on this "
        "page. Counts include occurrences inside longer terms. A quotation names document, offsets in `Document.text`, "
        "and the label of its paragraph, which a classifier gave. Methods and their limits: "
        "[comparison.md](comparison.md).",
        "",
        f"A look at the concordance first, `concordance(corpus, '创新', sort='left')`: {len(seen)} of the places are none, "
        f"but 开创 + 新局面, the earliest in {seen['group'].min()}. They are cut out with `without(corpus, "
        f"concordance(corpus, '{FALSE}'))`, and the counts below are without them.",
        "",
        "This page is written by `python benchmarks/worked_example.py --out docs/worked_example.md`; no figure is typed "
        "by hand.",
        "",
        *entering(result),
        *receding(result),
        *rivals(corpus, lexicon),
        *functions(corpus, result),
        *variants(lexicon, wanted),
        *provinces(),
    ]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write the page to a file, or print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    text = page()
    if options.out:
        options.out.write_text(text, encoding="utf-8", newline="\n")
    else:
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
