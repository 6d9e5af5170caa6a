"""One self-contained HTML page of an analysis: no network, everything from documents escaped.

Layer 7.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from npp_nlp.document import Corpus, Document
from npp_nlp.labels import cue_spans
from npp_nlp.plots import LABEL_COLOURS, LABEL_NAMES, draw_graph

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

KIND_NAMES = {
    "title": "标题",
    "subtitle": "副标题",
    "heading": "小标题",
    "paragraph": "正文",
    "quote": "引文",
    "list_item": "列表",
    "caption": "图注",
    "footnote": "脚注",
    "byline": "署名",
    "toc": "目录",
    "residue": "页面残留",
}


def html_page(
    corpus: Corpus, tables: Mapping[str, pd.DataFrame], graph: nx.Graph[str], *, provenance: Mapping[str, Any]
) -> str:
    """The page as a string; `tables` holds `terms`, `labels`, `nodes` and `edges`.

    Raises `RuntimeError` if no font with Chinese glyphs is found for the picture of the graph.
    """
    from jinja2 import Environment, StrictUndefined

    source = files("npp_nlp.resources").joinpath("report.html").read_text(encoding="utf-8")
    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    html = page.from_string(source).render(
        documents=[_document_view(document, tables) for document in corpus],
        failures=corpus.unread,
        totals=_totals(corpus, tables),
        nodes=tables["nodes"].head(30).to_dict("records"),
        edges=tables["edges"].head(30).to_dict("records"),
        picture=base64.b64encode(graph_png(graph)).decode("ascii"),
        labels=[{"key": k, "name": LABEL_NAMES[k], "colour": LABEL_COLOURS[k]} for k in LABEL_NAMES],
        provenance=_flat(provenance),
    )
    return html.encode("utf-8", "replace").decode("utf-8")


def graph_png(graph: nx.Graph[str]) -> bytes:
    """The picture of a concept graph as PNG bytes, the same for the same graph."""
    from matplotlib.figure import Figure

    buffer = io.BytesIO()
    figure = Figure(figsize=(11, 8.5), layout="constrained")
    draw_graph(graph, ax=figure.subplots())
    figure.savefig(buffer, format="png", dpi=150, metadata={"Software": None})
    return buffer.getvalue()


def _totals(corpus: Corpus, tables: Mapping[str, pd.DataFrame]) -> list[tuple[str, str]]:
    shares = tables["labels"]["label"].value_counts(normalize=True)
    return [
        ("文档", f"{len(corpus)}"),
        ("字符", f"{sum(len(d.text) for d in corpus):,}"),
        ("段落", f"{sum(len(d.paragraphs) for d in corpus):,}"),
        ("概念", f"{tables['terms']['term'].nunique():,}"),
        *((LABEL_NAMES[key], f"{shares.get(key, 0):.0%}") for key in LABEL_NAMES),
        ("未能读取", f"{len(corpus.unread)}"),
    ]


def _document_view(document: Document, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """What the page shows of one document: its terms, the shares of its labels, its labelled paragraphs."""
    terms = tables["terms"].loc[tables["terms"]["doc_id"] == document.id]
    labels = tables["labels"].loc[tables["labels"]["doc_id"] == document.id]
    by_paragraph = dict(
        zip(labels["paragraph"], zip(labels["label"], labels["score"], strict=True), strict=True)
    )
    texts = [paragraph.text for paragraph in document.paragraphs]
    told = [by_paragraph.get(number, (None,))[0] for number in range(len(texts))]
    cues = cue_spans(texts, [label if label in LABEL_NAMES and label != "other" else None for label in told])
    paragraphs = []
    for number, paragraph in enumerate(document.paragraphs):
        label, score = by_paragraph.get(number, (None, None))
        name = LABEL_NAMES.get(str(label), "") if label is not None else ""
        shown = {
            "pieces": pieces(paragraph.text, cues[number]),
            "kind": KIND_NAMES[paragraph.kind],
            "key": label,
            "label": name,
        }
        paragraphs.append({**shown, "number": number, "score": "" if score is None else f"{score:.2f}"})
    share = labels["label"].value_counts(normalize=True)
    facts = [str(v) for v in (document.year, document.region, document.date) if v is not None]
    return {
        "id": document.id,
        "title": document.title or document.id,
        "facts": facts,
        "size": f"{len(document.text):,}",
        "terms": terms.to_dict("records"),
        "shares": [{"key": key, "percent": round(100 * float(share.get(key, 0)), 1)} for key in LABEL_NAMES],
        "paragraphs": paragraphs,
    }


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text cut at the ends of spans that do not overlap, and of each piece whether it is one of them.

    >>> pieces("今年要深化改革。", [(2, 3)])
    [('今年', False), ('要', True), ('深化改革。', False)]
    """
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    cut = [(text[a:b], number % 2 == 1) for number, (a, b) in enumerate(pairwise(edges))]
    return [(piece, inside) for piece, inside in cut if piece]


def _flat(value: Mapping[str, Any], prefix: str = "") -> Sequence[tuple[str, str]]:
    """Nested provenance as rows of name and value."""
    rows: list[tuple[str, str]] = []
    for key, item in value.items():
        name = f"{prefix}{key}"
        rows.extend(_flat(item, f"{name}.") if isinstance(item, Mapping) else [(name, str(item))])
    return rows
