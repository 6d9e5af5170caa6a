"""Train models/termhood: the score of key terms.

    python training/train_termhood.py [--out models/termhood]

Data: `benchmarks/data/terms_gold.tsv` (sections of public reports of ../shared/data or NPP_DATA, each with the terms an
indexer would list; the lists were written by a language model from reading alone) and `benchmarks/data/abstracts.tsv`.
Every text is used twice, with the packaged lexicon and with none, so that the score also holds where the lexicon knows
little. Pairs of characters that begin and end terms are counted in the packaged lexicon. Prints cross-validated recall.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import PolynomialFeatures

from npp_nlp import Corpus, Lexicon, LinearSegmenter
from npp_nlp.artefacts import Model, load_model, save_model
from npp_nlp.candidates import find_runs, read_words
from npp_nlp.termhood import SHORT, describe, features, packaged_reference, types_of
from npp_nlp.termmodel import QUOTES, TermModel, pair_keys
from npp_nlp.terms import with_nested

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import terms as benchmark  # noqa: E402

C = 0.01
ABSTRACT_WEIGHT = 1.5
FOLDS = 5
_BARE = str.maketrans("", "", QUOTES)
Texts = list[tuple[str, set[str]]]


def edges(lexicon: Lexicon) -> dict[str, np.ndarray]:
    """How often pairs of characters begin and end the terms of a lexicon."""
    names = [entry.term.translate(_BARE) for entry in lexicon.entries]
    names = [name for name in names if len(name) > SHORT]
    begins, ends = Counter(name[:2] for name in names), Counter(name[-2:] for name in names)
    pairs = sorted(begins.keys() | ends.keys())
    first, second = (np.array([ord(pair[i]) for pair in pairs], dtype=np.uint32) for i in (0, 1))
    return {
        "pairs": pair_keys(first, second),
        "begins": np.array([begins[pair] for pair in pairs], dtype=np.uint16),
        "ends": np.array([ends[pair] for pair in pairs], dtype=np.uint16),
    }


def empty_model(arrays: dict[str, np.ndarray]) -> TermModel:
    """A model that counts edges and scores nothing."""
    nothing = {name: np.zeros(0) for name in ("low", "high", "mean", "scale", "linear")}
    more = {"quadratic": np.zeros((0, 0)), "bias": np.zeros(1)}
    return TermModel(Model("termhood", {**arrays, **nothing, **more}, {"measures": []}))


def measured(texts: Texts, lexicon: Lexicon, model: TermModel) -> pd.DataFrame:
    """All candidates of the texts with their measures and whether they are listed."""
    corpus = Corpus.from_texts([text for text, _ in texts])
    segmenter, reference = LinearSegmenter(lexicon=lexicon), packaged_reference()
    words = read_words(corpus.documents, segmenter)
    forms, known = describe(words, reference)
    types = with_nested(types_of(words, find_runs(words, forms)), words, lexicon)
    table = pd.DataFrame(features(words, types, known, reference=reference, lexicon=lexicon, model=model))
    names = [words.text[a:b] for a, b in zip(types.start.tolist(), types.end.tolist(), strict=True)]
    keys = [benchmark.key(name) for name in names]
    listed = [key in texts[number][1] for key, number in zip(keys, types.document.tolist(), strict=True)]
    return table.assign(document=types.document, listed=listed)


def rows(sections: Texts, abstracts: Texts, model: TermModel) -> pd.DataFrame:
    """The candidates of all texts under both lexicons; `kind` 0 are sections, 1 abstracts."""
    parts = []
    for lexicon in (Lexicon.default(), Lexicon(())):
        for kind, texts in enumerate((sections, abstracts)):
            parts.append(measured(texts, lexicon, model).assign(kind=kind, lexical=bool(lexicon.entries)))
    return pd.concat(parts, ignore_index=True)


def fit(table: pd.DataFrame, names: list[str]) -> dict[str, np.ndarray]:
    """Mean and scale of the measures, and the weights of the measures and of their products."""
    values = table[names].to_numpy()
    low, high = np.quantile(values, [0.001, 0.999], axis=0)
    values = np.clip(values, low, high)
    mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-9
    z = (values - mean) / scale
    products = PolynomialFeatures(2, include_bias=False)
    terms = products.fit_transform(z)
    # occurrences must not count against a term: no products among the measures of them
    repeated = [names.index(name) for name in ("frequency", "spread")]
    kept = (products.powers_[:, repeated].sum(axis=1) < 2).astype(float)
    terms *= kept
    spread = terms.std(axis=0) + 1e-9
    weight = np.where(table["kind"] == 1, ABSTRACT_WEIGHT, 1.0)
    model = LogisticRegression(C=C, max_iter=2000).fit(terms / spread, table["listed"], sample_weight=weight)
    found = model.coef_[0] / spread * kept
    size = len(names)
    quadratic = np.zeros((size, size))
    for power, coefficient in zip(products.powers_[size:], found[size:], strict=True):
        at = np.flatnonzero(power)
        quadratic[at[-1], at[0]] = coefficient
    return {
        "low": low,
        "high": high,
        "mean": mean,
        "scale": scale,
        "linear": found[:size],
        "quadratic": quadratic,
        "bias": model.intercept_,
    }


def scored(
    table: pd.DataFrame, weights: dict[str, np.ndarray], arrays: dict[str, np.ndarray], names: list[str]
) -> np.ndarray:
    """The scores of a model with these weights."""
    model = TermModel(Model("termhood", {**arrays, **weights}, {"measures": names}))
    return model.score({name: table[name].to_numpy() for name in names})


def report(table: pd.DataFrame, sizes: dict[tuple[int, int], int]) -> None:
    """Recall of the listed terms in the top 60 of sections and the top 5 of abstracts, by lexicon."""
    for (lexical, kind), part in table.groupby(["lexical", "kind"]):
        depth = 60 if kind == 0 else 5
        best = part.sort_values("score", ascending=False, kind="stable").groupby("document").head(depth)
        hits = best.groupby("document")["listed"].sum()
        shares = [
            hits[d] / min(60, sizes[kind, d]) if kind == 0 else 2 * hits[d] / (5 + sizes[kind, d])
            for d in hits.index
        ]
        what = "recall@60 of sections" if kind == 0 else "F1@5 of abstracts"
        print(f"{'with' if lexical else 'without'} lexicon, {what}, cross-validated: {np.mean(shares):.3f}")


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "termhood")
    chosen = parser.parse_args()
    sections, abstracts = benchmark.read_sections(), benchmark.read_abstracts()
    if not sections:
        raise SystemExit(f"no reports in {benchmark.DATA}; NPP_DATA names another folder")
    arrays = edges(Lexicon.default())
    table = rows(sections, abstracts, empty_model(arrays))
    names = [name for name in table.columns if name not in ("document", "listed", "kind", "lexical")]
    sizes = {
        (kind, i): len(gold)
        for kind, texts in enumerate((sections, abstracts))
        for i, (_, gold) in enumerate(texts)
    }
    table["score"] = 0.0
    for fold in range(FOLDS):
        out = (table["document"] % FOLDS == fold).to_numpy()
        table.loc[out, "score"] = scored(table[out], fit(table[~out], names), arrays, names)
    report(table, sizes)
    weights = {name: np.round(array, 6) for name, array in fit(table, names).items()}
    card = {
        "name": "termhood",
        "version": 1,
        "about": "Quadratic logistic regression over the measures of npp_nlp.termhood; counts of pairs of characters "
        "at the edges of lexicon terms.",
        "measures": names,
        "data": [
            {
                "name": "benchmarks/data/terms_gold.tsv",
                "documents": len(sections),
                "listed_by": "a language model, from reading",
            },
            {"name": "benchmarks/data/abstracts.tsv", "documents": len(abstracts)},
            {"name": "the packaged lexicon", "sha256": Lexicon.default().identity},
        ],
        "settings": {"C": C, "abstract_weight": ABSTRACT_WEIGHT, "folds": FOLDS},
    }
    save_model(chosen.out, {**weights, **arrays}, card)
    load_model(chosen.out)


if __name__ == "__main__":
    main()
