"""Train models/termhood: the score of key terms.

    python training/train_termhood.py [--out models/termhood] [--downloads DIR]

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
from sklearn.ensemble import HistGradientBoostingClassifier

from npp_nlp import Corpus, Lexicon, LinearSegmenter
from npp_nlp.artefacts import Model, load_model, save_model
from npp_nlp.terms.candidates import find_runs, read_words
from npp_nlp.terms.model import QUOTES, TermModel, pair_keys
from npp_nlp.terms.ranking import with_nested
from npp_nlp.terms.reference import packaged_reference
from npp_nlp.terms.termhood import SHORT, features, types_of
from npp_nlp.terms.wordforms import describe

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import terms as benchmark  # noqa: E402
from pair_tables import pair_tables  # noqa: E402

TREES = {
    "max_depth": 2, "max_iter": 800, "learning_rate": 0.1, "max_bins": 32, "min_samples_leaf": 40, "l2_regularization": 5.0
}  # fmt: skip
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
    nothing = {name: np.zeros(0) for name in ("cuts", "cut_counts", "table_measures", "tables")}
    return TermModel(Model("termhood", {**arrays, **nothing, "bias": np.zeros(1)}, {"measures": []}))


def measured(texts: Texts, lexicon: Lexicon, model: TermModel) -> pd.DataFrame:
    """All candidates of the texts with their measures and whether they are listed."""
    corpus = Corpus.from_texts([text for text, _ in texts])
    segmenter, reference = LinearSegmenter(lexicon=lexicon), packaged_reference()
    words = read_words(corpus.documents, segmenter)
    forms, known = describe(words, reference)
    types = with_nested(types_of(words, find_runs(words, forms), known), words, lexicon)
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
    """Boosted trees of depth two, as the tables of `TermModel`."""
    weight = np.where(table["kind"] == 1, ABSTRACT_WEIGHT, 1.0)
    trees = HistGradientBoostingClassifier(**TREES, early_stopping=False, random_state=0)
    trees.fit(table[names].to_numpy(), table["listed"], sample_weight=weight)
    return pair_tables(trees, len(names))


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
    parser.add_argument("--downloads", type=Path, default=Path("downloads"), help="folder for the newspaper")
    chosen = parser.parse_args()
    sections = benchmark.read_sections(chosen.downloads)
    abstracts = benchmark.read_abstracts()
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
    weights = fit(table, names)
    weights["tables"] = weights["tables"].astype(np.float32)
    card = {
        "name": "termhood",
        "version": 1,
        "about": "Tables over pairs of the measures of npp_nlp.terms.termhood, from boosted trees of depth two; "
        "counts of pairs of characters at the edges of lexicon terms.",
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
        "settings": {**TREES, "abstract_weight": ABSTRACT_WEIGHT, "folds": FOLDS},
    }
    save_model(chosen.out, {**weights, **arrays}, card)
    load_model(chosen.out)


if __name__ == "__main__":
    main()
