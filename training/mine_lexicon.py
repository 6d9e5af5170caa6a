"""Make the packaged policy lexicon from public reports and the recorded review.

    python training/mine_lexicon.py candidates     rank terms, write candidates.tsv for reading
    python training/mine_lexicon.py build          write src/npp_nlp/resources/lexicon.tsv

Data: the four collections of `../shared/data` (or NPP_DATA) without the held-out years and congresses. The 1954 report
is left out too, being printed in traditional characters. Candidates are those of `npp_nlp.discover_terms` with
an empty lexicon. The review (`lexicon_review.tsv`: term, decision, category, variants, salience) decides; what is not in it
is not in the lexicon. The salience (0 to 3: how surely an indexer lists the term where it stands) was judged by a language
model from the term alone.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import held_out
import numpy as np
import pandas as pd

from npp_nlp.discovery.proposing import discover_terms
from npp_nlp.document import Corpus
from npp_nlp.lexicon import Entry, Lexicon
from npp_nlp.matching import TermMatcher, quoteless
from npp_nlp.text import codepoints, fold

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("NPP_DATA", HERE.parents[1] / "shared" / "data"))
TARGET = HERE.parent / "src" / "npp_nlp" / "resources" / "lexicon.tsv"
REVIEW = HERE / "lexicon_review.tsv"

CATEGORIES = {
    *("agriculture", "culture", "diplomacy", "economy", "environment", "finance", "governance", "industry"),
    *("institution", "law", "programme", "region", "security", "slogan", "society", "technology", "trade"),
}

TRADITIONAL = {"national-1954"}
CONGRESS_YEAR = {13: 1987, 15: 1997, 17: 2007, 19: 2017}
COLLECTIONS = {
    "national": "national_reports",
    "congress": "congress_reports",
    "provincial": "provincial_reports_2026",
    "policy": "policy_documents",
}


@dataclass(frozen=True)
class Report:
    """One allowed document."""

    collection: str
    year: int
    text: str


def allowed_reports(folder: Path) -> list[Report]:
    """The documents of the four collections that may be mined."""
    reports = []
    for collection, name in COLLECTIONS.items():
        for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["id"] in TRADITIONAL:
                continue
            if collection == "congress":
                if int(row["congress"]) in held_out.CONGRESSES:
                    continue
                year = CONGRESS_YEAR[int(row["congress"])]
            else:
                year = int(str(row.get("year") or row["date"])[:4])
                if collection == "national" and year in held_out.YEARS:
                    continue
            reports.append(Report(collection, year, row["text"]))
    return reports


def read_review() -> dict[str, tuple[str, str, tuple[str, ...], int]]:
    """Term -> decision, category, variants, salience."""
    review = {}
    for line in REVIEW.read_text(encoding="utf-8").splitlines()[1:]:
        term, decision, category, variants, salience = line.split("\t")
        if decision not in ("accept", "reject") or (decision == "accept") != (category in CATEGORIES):
            raise ValueError(f"{REVIEW.name}: {line!r}")
        review[term] = (decision, category, tuple(v for v in variants.split("|") if v), int(salience or 0))
    return review


def written_forms(
    forms: list[tuple[str, int]], reports: list[Report], size: int
) -> list[list[tuple[int, str]]]:
    """For each term, (report, form as written) of every occurrence, quotes inside it included.

    The text is searched without its quotes; a form then takes back the quotes that it has in the text, and an
    opening quote just before it if only the closing one is inside (the reverse likewise).
    """
    matcher = TermMatcher([form for form, _ in forms], [number for _, number in forms])
    found: list[list[tuple[int, str]]] = [[] for _ in range(size)]
    for number, report in enumerate(reports):
        folded = fold(report.text)
        kept = np.array([i for i, char in enumerate(folded) if char != '"'], dtype=np.int64)
        points = codepoints(folded)[kept]
        for start, end, owner in zip(*matcher.all_matches(points), strict=True):
            a, b = int(kept[start]), int(kept[end - 1]) + 1
            if folded.count('"', a, b) % 2:
                opens = next(c for c in report.text[a:b] if fold(c) == '"') in "“「『‘"
                a, b = (a, b + 1) if opens else (a - 1, b)
            found[owner].append((number, report.text[a:b]))
    return found


def normal_form(form: str) -> str:
    """A form with full-width letters and the common quotes made plain, for counting written forms."""
    plain = re.sub(r"[！-～]", lambda m: chr(ord(m[0]) - 0xFEE0), form)
    plain = plain.translate(str.maketrans("「」『』〝〞", "“”“”“”"))
    return re.sub(r'"([^"]*)"', r"“\1”", plain)


def balanced(form: str) -> bool:
    """Whether quotes stand in pairs, none of them around the whole."""
    stripped = re.sub(r"“[^“”]+”", "", form)
    whole = form.startswith("“") and form.endswith("”") and form.count("“") == 1
    return "“" not in stripped and "”" not in stripped and not whole and not re.search(r"[\s\"‘’']", form)


def build(reports: list[Report]) -> Lexicon:
    """The entries of all accepted terms that occur in the reports."""
    accepted = [
        (term, *rest) for term, (decision, *rest) in sorted(read_review().items()) if decision == "accept"
    ]
    forms = [(fold(f).replace('"', ""), n) for n, (t, _, vs, _) in enumerate(accepted) for f in (t, *vs)]
    occurrences = written_forms(forms, reports, len(accepted))
    entries = []
    for (term, category, variants, salience), where in zip(accepted, occurrences, strict=True):
        if not where:
            raise ValueError(f"{REVIEW.name}: {term!r} is accepted but occurs in no allowed document")
        written = Counter(f for f in (normal_form(form) for _, form in where) if balanced(f))
        own = {f: n for f, n in written.items() if fold(f).replace('"', "") == fold(term).replace('"', "")}
        best = max(own, key=lambda f: (own[f], f)) if own else term
        others = {f for f, n in own.items() if n >= 2 and "“" in f and fold(f) != fold(best)} | set(variants)
        documents = {number for number, _ in where}
        source = "+".join(
            name for name in COLLECTIONS if any(reports[n].collection == name for n in documents)
        )
        weight = round(1 + math.log10(len(documents)), 2)
        # Dates of the policy documents are not reliable: only reports date a term.
        first = min((reports[n].year for n in documents if reports[n].collection != "policy"), default=None)
        forms_left = tuple(sorted(others - {best}))
        entries.append(Entry(best, forms_left, str(category), weight, source, first, salience))
    return Lexicon(tuple(entries), name="policy")


def candidates(reports: list[Report]) -> pd.DataFrame:
    """The table of discovered terms with a column `review`: accept, reject or open."""
    # Dates of the policy documents are not reliable: only reports date a term.
    years = [None if report.collection == "policy" else report.year for report in reports]
    corpus = Corpus.from_texts([report.text for report in reports], years=years)
    table = discover_terms(corpus, lexicon=Lexicon(()))
    review = read_review()
    decision = dict(zip(quoteless(list(review)), (row[0] for row in review.values()), strict=True))
    return table.assign(review=[decision.get(key, "open") for key in quoteless(table["term"].tolist())])


def main() -> None:
    """Run one of the two steps."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=["candidates", "build"])
    parser.add_argument(
        "--out", type=Path, default=HERE / "candidates.tsv", help="where candidates are written"
    )
    options = parser.parse_args()
    reports = allowed_reports(DATA)
    print(f"{len(reports)} documents, {sum(len(r.text) for r in reports):,} characters")
    if options.step == "candidates":
        table = candidates(reports)
        table.to_csv(options.out, sep="\t", index=False, lineterminator="\n")
        print(f"{len(table)} candidates, review {table['review'].value_counts().to_dict()}: {options.out}")
        return
    lexicon = build(reports)
    lexicon.to_file(TARGET)
    print(f"{len(lexicon)} entries, {lexicon.identity}: {TARGET}")


if __name__ == "__main__":
    main()
