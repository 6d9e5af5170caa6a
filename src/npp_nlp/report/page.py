"""The page put together: data, template, styles, script and the policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from npp_nlp.document import Corpus
from npp_nlp.labels import LABELS
from npp_nlp.plots import COLOURS, LABEL_COLOURS, draw_graph
from npp_nlp.plots.base import Language
from npp_nlp.report.figures import charts, library
from npp_nlp.report.grouped import compared, groups_data, members
from npp_nlp.report.mentions import Known, find_known, page_lexicon
from npp_nlp.report.network import graph_data
from npp_nlp.report.overview import sentences
from npp_nlp.report.texts import KINDS, documents_data, page_text
from npp_nlp.report.words import KIND_WORDS, LABEL_WORDS, METHOD, NOTES, WORDS
from npp_nlp.text import valid_unicode

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

GROUP_WORDS = {"year": "year", "region": "region", "id": "document"}
"""Metadata that the page has a word for."""


def html_page(
    corpus: Corpus,
    tables: Mapping[str, pd.DataFrame],
    graph: nx.Graph[str],
    *,
    provenance: Mapping[str, Any],
    by: str | None = None,
    language: Language = "zh",
) -> str:
    """The page as a string; `tables` holds `terms`, `labels`, `nodes` and `edges`, `graph` is by `concept_graph`.

    `by` is the metadata that makes the groups: by default the year, or where years are unknown the documents themselves, up
    to 60. `language` is that of the interface when the page is opened; the reader can switch.
    Raises `ValueError` for another language, or if `by` is named but makes no two groups.
    """
    if language not in ("zh", "en"):
        raise ValueError(f"language must be 'zh' or 'en', not {language!r}")
    data = page_data(corpus, tables, graph, by=by)
    groups = data["groups"]
    told = sentences(corpus, tables, data["terms"], groups)
    drawn = charts(graph=data["graph"] is not None, groups=groups is not None, ordered=_ordered(groups))
    packed, hashed = library() if drawn else ("", "")
    script = _resource("report.js") + _resource("report_charts.js")
    ours = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    allowed = [f"'sha256-{one}'" for one in (ours, hashed) if one]
    html = _template().render(
        language=language,
        only=_shown(corpus[0].title or "") if len(corpus) == 1 else "",
        words=WORDS | {f"note_{key}": note for key, note in NOTES.items()},
        method=METHOD,
        styles=_resource("report.css"),
        script=script,
        policy=f"default-src 'none'; script-src {' '.join(allowed)}; "
        "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
        data=_json({**data, "language": language}),
        charts=_json(drawn),
        library=packed,
        overview=told,
        failures=[(_shown(path), _shown(reason)) for path, reason in corpus.unread],
        provenance=[(_shown(name), _shown(value)) for name, value in _flat(_noted(provenance, data))],
        has=_sections(corpus, tables, data),
        trends_title=_trends_title(groups),
        group_word=None if groups is None else GROUP_WORDS.get(groups["by"], "group"),
    )
    return valid_unicode(html)


def page_data(
    corpus: Corpus, tables: Mapping[str, pd.DataFrame], graph: nx.Graph[str], *, by: str | None = None
) -> dict[str, Any]:
    """What the page's script works on, as plain lists and numbers."""
    text = page_text(corpus)
    lexicon = page_lexicon(tables)
    known = find_known(corpus, lexicon, text)
    chosen = compared(corpus, lexicon, tables["labels"], by)
    number = {
        name: i for name in set(tables["terms"]["term"]) if (i := _entry(known, lexicon, name)) is not None
    }
    terms: dict[str, list[list[int]]] = {}
    columns = (tables["terms"]["doc_id"], tables["terms"]["term"], tables["terms"]["n"].tolist())
    for name, term, n in zip(*columns, strict=True):
        if term in number:
            terms.setdefault(name, []).append([number[term], n])
    return {
        "words": {key: list(pair) for key, pair in WORDS.items()},
        "labels": [{"key": k, "colour": LABEL_COLOURS[k], "words": list(LABEL_WORDS[k])} for k in LABELS],
        "kinds": [list(KIND_WORDS[kind]) for kind in KINDS],
        "colours": list(COLOURS),
        "documents": documents_data(corpus, tables, members(corpus, chosen), terms),
        **known.data,
        "graph": graph_data(graph, text),
        "groups": None if chosen is None else groups_data(corpus, chosen, known.number),
    }


def _entry(known: Known, lexicon: Any, name: str) -> int | None:
    """The number of a listed term, by its canonical form; None for one that no lexicon can hold."""
    canonical = lexicon.canonical(name)
    return None if canonical is None else known.number.get(canonical)


def _sections(corpus: Corpus, tables: Mapping[str, pd.DataFrame], data: Mapping[str, Any]) -> dict[str, bool]:
    """Which sections have something to show; those not named always have."""
    groups = data["groups"]
    return {
        "graph": data["graph"] is not None,
        "trends": groups is not None and bool(groups["chosen"]),
        "shares": bool(len(tables["labels"])),
        "keyness": groups is not None and any(groups["keyness"]),
        "emergence": _ordered(groups) and bool(groups["rising"] or groups["falling"] or groups["new"]),
        "search": any(document.paragraphs for document in corpus),
        "documents": bool(len(corpus)),
        "failures": bool(corpus.unread),
    }


def _ordered(groups: Mapping[str, Any] | None) -> bool:
    return groups is not None and bool(groups["ordered"])


def _trends_title(groups: Mapping[str, Any] | None) -> str:
    if _ordered(groups):
        return "trends"
    return "trends_id" if groups is not None and groups["by"] == "id" else "trends_plain"


def graph_png(graph: nx.Graph[str]) -> bytes:
    """The picture of a concept graph as PNG bytes, the same for the same graph.

    Raises `RuntimeError` if no font with Chinese glyphs is found.
    """
    from matplotlib.figure import Figure

    buffer = io.BytesIO()
    figure = Figure(figsize=(11, 8.5), layout="constrained")
    draw_graph(graph, ax=figure.subplots())
    figure.savefig(buffer, format="png", dpi=150, metadata={"Software": None})
    return buffer.getvalue()


def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return page.from_string(_resource("report.html"))


def _resource(name: str) -> str:
    return files("npp_nlp.resources").joinpath(name).read_text(encoding="utf-8")


def _json(data: Any) -> str:
    r"""JSON that is safe between script tags: no markup can begin or end in it.

    >>> _json(["</script>&"])
    '["\\u003c/script\\u003e\\u0026"]'
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _shown(text: str) -> str:
    return text.replace("\x00", "\ufffd")


def _noted(provenance: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The provenance and what the page itself adds to it."""
    groups = data["groups"]
    added = {"by": "" if groups is None else groups["by"], "terms": len(data["terms"])}
    return {**provenance, "page": added}


def _flat(value: Mapping[str, Any], prefix: str = "") -> Sequence[tuple[str, str]]:
    """Nested provenance as rows of name and value."""
    rows: list[tuple[str, str]] = []
    for key, item in value.items():
        name = f"{prefix}{key}"
        rows.extend(_flat(item, f"{name}.") if isinstance(item, Mapping) else [(name, str(item))])
    return rows
