"""What notebooks show of documents, corpora and results: short HTML, every piece of text escaped.

Layer 7. No model is loaded to show a document: paragraphs are coloured only where labels are at hand already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from npp_nlp.document import Corpus, Document
from npp_nlp.plots.base import LABEL_COLOURS, LABEL_NAMES

if TYPE_CHECKING:
    import pandas as pd

MOST = 40
"""Most paragraphs or rows that are shown."""

LONGEST = 300
"""Most characters of one paragraph or cell that are shown."""


def document_html(document: Document, *, labels: Mapping[int, str] | None = None) -> str:
    """The head of a document and its first paragraphs; `labels` by number of the paragraph give the colours."""
    known = labels or {}
    rows = []
    for number, paragraph in enumerate(document.paragraphs[:MOST]):
        label = known.get(number, "")
        colour = LABEL_COLOURS.get(label, "#dddddd")
        hint = escape(LABEL_NAMES.get(label, paragraph.kind), quote=True)
        text = shown(paragraph.text)
        text = f"<b>{text}</b>" if paragraph.kind in ("title", "subtitle", "heading") else text
        rows.append(
            f'<p title="{hint}" style="margin:2px 0;padding-left:6px;border-left:4px solid {colour}">{text}</p>'
        )
    head = f"<p><b>{shown(document.title or document.id)}</b> {escape(repr(document))}</p>"
    return f"<div>{head}{''.join(rows)}{_more(len(document.paragraphs), '段')}</div>"


def corpus_html(corpus: Corpus) -> str:
    """A row for each of the first documents: id, title, year, region, paragraphs, characters."""
    names = ("id", "title", "year", "region", "paragraphs", "characters")
    rows = [
        (d.id, d.title, d.year, d.region, len(d.paragraphs), f"{len(d.text):,}")
        for d in corpus.documents[:MOST]
    ]
    return f"<div><p>{escape(repr(corpus))}</p>{_table(names, rows)}{_more(len(corpus), '篇')}</div>"


def comparison_html(text: str, groups: Sequence[Any]) -> str:
    """The settings of a comparison and its groups; nothing is counted that the groups do not need."""
    more = f" … （共 {len(groups)} 组）" if len(groups) > MOST else ""
    return (
        f"<div><p>{escape(text)}</p><p>{', '.join(shown(group) for group in groups[:MOST])}{more}</p></div>"
    )


def explanation_html(text: str, summary: str, parts: pd.DataFrame) -> str:
    """The paragraph, its label, and the parts of the score; green speaks for the label, orange against it."""
    rows = []
    part = parts.head(MOST)
    for name, words, weight in zip(part["part"], part["text"], part["weight"].tolist(), strict=True):
        colour = LABEL_COLOURS["achievement" if weight >= 0 else "challenge"]
        cell = f'<td style="color:{colour}">{weight:+.2f}</td>'
        rows.append(f"<tr>{cell}<td>{shown(name)}</td><td>{shown(words)}</td></tr>")
    body = f"<table>{''.join(rows)}</table>{_more(len(parts), '行')}"
    return f"<div><p>{shown(text)}</p><p><b>{escape(summary)}</b></p>{body}</div>"


def shown(value: Any) -> str:
    """A value as escaped text, shortened with … if it is long.

    >>> shown('<b>"改革"</b>')
    '&lt;b&gt;&quot;改革&quot;&lt;/b&gt;'
    """
    text = "" if value is None else str(value)
    return escape(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…", quote=True)


def _table(names: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{shown(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _more(size: int, unit: str) -> str:
    return f"<p>… 还有 {size - MOST} {unit}</p>" if size > MOST else ""
