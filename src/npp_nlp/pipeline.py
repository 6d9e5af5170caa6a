"""The order of the stages, written once: `analyze` runs them as they are asked for.

Layer 8.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import npp_nlp
from npp_nlp import artefacts, cooccurrence, export, labels, report, terms
from npp_nlp.cooccurrence.building import Context, Measure
from npp_nlp.document import Corpus, Document, Source, as_corpus
from npp_nlp.lexicon import Lexicon
from npp_nlp.reading import paragraphs_table

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from npp_nlp.plots.base import Language

LIBRARIES = ("numpy", "pandas", "pyarrow", "networkx", "matplotlib", "bokeh")
MODELS = ("segmenter", "pos", "reference", "termhood", "labels")


@dataclass(frozen=True)
class Settings:
    """What an analysis was told to do: terms per document, and how the graph counts and weighs."""

    top: int = 20
    context: Context = "paragraph"
    measure: Measure = "npmi"
    min_count: int = 2
    concepts: int = 80


class Analysis:
    """Everything about a corpus; each part is computed when it is first asked for."""

    def __init__(self, corpus: Corpus, settings: Settings) -> None:
        self.corpus = corpus
        self.settings = settings

    def _repr_html_(self) -> str:
        from npp_nlp.display import corpus_html

        return corpus_html(self.corpus)

    @cached_property
    def paragraphs(self) -> pd.DataFrame:
        """Table `doc_id, paragraph, kind, article, start, end, text`."""
        return paragraphs_table(self.corpus)

    @cached_property
    def _ranked(self) -> pd.DataFrame:
        """Terms deep enough for both the table and the concepts of the graph."""
        return terms.key_terms(self.corpus, top=max(self.settings.top, self.settings.concepts))

    @cached_property
    def terms(self) -> pd.DataFrame:
        """Table `doc_id, term, score, n, docfreq, first_start, source`: the top terms of each document."""
        return self._ranked.groupby("doc_id", sort=False).head(self.settings.top).reset_index(drop=True)

    @cached_property
    def labels(self) -> pd.DataFrame:
        """Table `doc_id, paragraph, label, score, achievement, challenge, driver, other, text`."""
        return labels.classify(self.corpus)

    @cached_property
    def concepts(self) -> list[str]:
        """The nodes the graph may have: terms with the most mentions, weighted by the chance that it is a key term."""
        ranked = self._ranked
        weight = ranked["n"] / (1 + np.exp(-ranked["score"]))
        total = weight.groupby(ranked["term"]).sum().rename("weight").reset_index()
        best = total.sort_values(["weight", "term"], ascending=[False, True]).head(self.settings.concepts)
        return sorted(best["term"])

    @cached_property
    def graph(self) -> nx.Graph[str]:
        """The graph of the concepts that occur together."""
        s = self.settings
        lexicon = Lexicon.default()
        chosen = set(self.concepts)
        known = tuple(entry for entry in lexicon.entries if entry.term in chosen)
        found = Lexicon.from_terms(sorted(chosen - {entry.term for entry in known}))
        wanted = Lexicon(known, name="concepts") + found
        return cooccurrence.concept_graph(
            self.corpus, wanted, context=s.context, measure=s.measure, min_count=s.min_count
        )

    @cached_property
    def nodes(self) -> pd.DataFrame:
        """Table `term, n, docfreq, degree, strength, betweenness, community`."""
        return cooccurrence.nodes_table(self.graph)

    @cached_property
    def edges(self) -> pd.DataFrame:
        """Table `source, target, n, weight, measure`."""
        return cooccurrence.edges_table(self.graph)

    @cached_property
    def provenance(self) -> Mapping[str, Any]:
        """Versions, settings, models, lexicon and inputs (sha256) behind every number of this analysis."""
        return {
            "versions": {
                "npp_nlp": npp_nlp.__version__,
                "python": platform.python_version(),
                **{name: version(name) for name in LIBRARIES},
            },
            "settings": asdict(self.settings),
            "models": {name: artefacts.load_model(name).identity for name in MODELS},
            "lexicon": Lexicon.default().identity,
            "inputs": {document.id: _input_of(document) for document in self.corpus},
            "failures": dict(self.corpus.unread),
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        names = ("paragraphs", "terms", "labels", "nodes", "edges")
        return {name: getattr(self, name) for name in names} | {"failures": self.corpus.failures}

    def to_html(self, *, by: str | None = None, language: Language = "zh") -> str:
        """The analysis as one self-contained HTML page, interactive and without any network request.

        `by` is the metadata that makes the groups ("year", "region"): by default the year, or where there are no years each
        document. `language` is that of the interface, "zh" or "en"; the reader can switch.
        Raises `ValueError` for another language, or if `by` is named but makes no two groups.
        """
        tables = self.tables()
        return report.html_page(
            self.corpus, tables, self.graph, provenance=self.provenance, by=by, language=language
        )

    def save(self, folder: str | Path) -> list[Path]:
        """Write tables (Parquet and CSV), graph (GEXF and PNG), page and provenance; returns the paths.

        Raises `NotADirectoryError` if `folder` is a file.
        """
        out = Path(folder)
        written = export.save_tables(self.tables(), out, provenance=self.provenance)
        export.save_gexf(self.graph, out / "graph.gexf")
        (out / "graph.png").write_bytes(report.graph_png(self.graph))
        (out / "report.html").write_text(self.to_html(), encoding="utf-8", newline="\n")
        return [*written, *(out / n for n in ("graph.gexf", "graph.png", "report.html"))]

    def summary(self) -> str:
        """Ten lines for a terminal: sizes, labels, leading terms, strongest links."""
        return "\n".join(_summary_lines(self))

    def __repr__(self) -> str:
        return f"Analysis({self.corpus!r})"


def analyze(
    source: Source | Path,
    *,
    top: int = 20,
    context: Context = "paragraph",
    measure: Measure = "npmi",
    min_count: int = 2,
    concepts: int = 80,
) -> Analysis:
    """Paragraphs, terms, labels and concept graph of a text, documents, a corpus, or a path.

    A `Path`, or a one-line string that names an existing file or folder, is read; any other string is text.
    `top` is the number of terms listed for each document, `concepts` the number of terms the graph may hold;
    the other options are those of `concept_graph`.

    >>> a = analyze("因地制宜发展新质生产力。要加快科技创新。")
    >>> list(a.labels["label"])
    ['driver']
    """
    if top < 1 or concepts < 1:
        raise ValueError(f"top and concepts must be at least 1, not {top} and {concepts}")
    if isinstance(source, Path) or (isinstance(source, str) and _names_a_path(source)):
        corpus = Corpus.from_files(source)
    else:
        corpus = as_corpus(source)
    return Analysis(corpus, Settings(top, context, measure, min_count, concepts))


def _names_a_path(text: str) -> bool:
    """Whether a string is the name of an existing file or folder rather than a text."""
    return 0 < len(text) < 1000 and text.isprintable() and bool(text.strip()) and Path(text).exists()


def _input_of(document: Document) -> dict[str, str]:
    digest = document.metadata.get("sha256")
    if digest is None:
        digest = hashlib.sha256(document.source.encode("utf-8", "surrogatepass")).hexdigest()
    return {"sha256": str(digest), "path": str(document.metadata.get("path", ""))}


def _summary_lines(analysis: Analysis) -> list[str]:
    from npp_nlp.plots import LABEL_NAMES

    corpus, labelled = analysis.corpus, analysis.labels
    size = sum(len(d.text) for d in corpus)
    counts = labelled["label"].value_counts()
    total = max(int(counts.sum()), 1)
    lines = [
        f"文档 {len(corpus)} 篇，{size:,} 字符，{len(analysis.paragraphs):,} 个段落，"
        f"未能读取 {len(corpus.unread)} 个文件",
        "段落功能  " + "，".join(f"{LABEL_NAMES[k]} {counts.get(k, 0) / total:.0%}" for k in LABEL_NAMES),
    ]
    for document in corpus[:5]:
        best = analysis.terms.loc[analysis.terms["doc_id"] == document.id, "term"].head(6)
        lines.append(f"{document.title or document.id}：{'、'.join(best)}")
    often = analysis.edges.sort_values(["n", "source", "target"], ascending=[False, True, True]).head(3)
    links = [f"{row.source} — {row.target} {row.n} 次" for row in often.itertuples()]
    communities = analysis.nodes["community"].nunique()
    size_of_graph = f"{len(analysis.nodes)} 个概念，{len(analysis.edges)} 条关联，{communities} 个社区"
    lines.append(f"概念图 {size_of_graph}")
    lines.append("最常同现  " + "；".join(links))
    lines.append("核心概念  " + "、".join(analysis.nodes["term"].head(8)))
    return lines
