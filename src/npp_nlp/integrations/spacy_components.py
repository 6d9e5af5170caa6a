"""Terms, paragraphs and labels as spaCy components: `npp_terms`, `npp_paragraphs`, `npp_labels`.

Each writes span groups of the same name into `doc.spans`. Offsets are those of `doc.text`. An edge inside a token is
moved outwards to the token's edge; our tokenizer puts the terms it knows into tokens of their own.
Importing the module registers the factories and the extension attributes of `Span`:
`npp_term`, `npp_term_score` of terms;
`npp_kind`, `npp_text`, `npp_level`, `npp_label`, `npp_score`, `npp_scores` of paragraphs.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Span

from npp_nlp.document import Document
from npp_nlp.integrations.saving import WithLexicon
from npp_nlp.labels import classify
from npp_nlp.terms.mentions import term_places
from npp_nlp.terms.ranking import rank

if TYPE_CHECKING:
    from spacy.tokens import Doc

_PARAGRAPH = {"npp_kind": "", "npp_text": "", "npp_level": 0, "npp_label": None, "npp_score": None}


def _term(span: Any) -> str:
    return str(span.kb_id_)


for _name, _default in {**_PARAGRAPH, "npp_scores": None, "npp_term_score": None}.items():
    Span.set_extension(_name, default=_default, force=True)
Span.set_extension("npp_term", getter=_term, force=True)


class TermMarker(WithLexicon):
    """Every place of the `top` key terms in `doc.spans["npp_terms"]`.

    The label is the category in the lexicon, or "discovered"; the knowledge-base id and `span._.npp_term` are the
    canonical form, `span._.npp_term_score` is the termhood of `npp_nlp.key_terms`. Occurrences inside longer terms are
    marked too, so that the spans of a term are as many as its `n` there. spaCy keeps attributes by place: of two terms
    that a coarser tokenizer moves to the same tokens, both have the better score.
    """

    def __init__(self, *, top: int = 20, terms: Iterable[str] | None = None) -> None:
        super().__init__(terms)
        if top < 1:
            raise ValueError(f"top={top}: must be at least 1")
        self.top = top

    def __call__(self, doc: Doc) -> Doc:
        """Mark the terms of a document."""
        document = as_document(doc.text)
        ranked = rank((document,), 0, self.top, self.segmenter)
        places = source_places(document)
        names = {entry.term: entry.category for entry in self.lexicon.entries}
        spans = []
        best: dict[tuple[int, int], float] = {}
        found = (column.tolist() for column in term_places(document.text, ranked))
        for start, end, number in zip(*found, strict=True):
            item = ranked[number]
            if (edges := edges_in(places, start, end)) is None:
                continue
            label = names.get(item.term) if item.source == "lexicon" else None
            span = _span(doc, edges, label=label or item.source, kb_id=item.term)
            key = (span.start, span.end)
            span._.npp_term_score = best[key] = max(float(item.score), best.get(key, -np.inf))
            spans.append(span)
        doc.spans["npp_terms"] = spans
        return doc


def as_document(text: str) -> Document:
    """The document of a `Doc`'s text; the components that follow one another share it."""
    return _document(text)


@lru_cache(maxsize=2)
def _document(text: str) -> Document:
    return Document.from_text(text)


def source_places(document: Document) -> NDArray[np.int64]:
    """Offset in `Document.source` of each character of `Document.text`, -1 between paragraphs."""
    places = np.full(len(document.text), -1, dtype=np.int64)
    for paragraph in document.paragraphs:
        pieces = [np.arange(start, end, dtype=np.int64) for start, end in paragraph.source_spans]
        if pieces:
            places[paragraph.start : paragraph.end] = np.concatenate(pieces)
    return places


def edges_in(places: NDArray[np.int64], start: int, end: int) -> tuple[int, int] | None:
    """A stretch of `Document.text` as one of the source, or None if it is not within paragraphs."""
    inside = places[start:end]
    inside = inside[inside >= 0]
    return (int(inside.min()), int(inside.max()) + 1) if len(inside) else None


def _span(doc: Doc, edges: tuple[int, int], **names: str) -> Any:
    return doc.char_span(*edges, alignment_mode="expand", **names)


def mark_paragraphs(doc: Doc) -> Doc:
    """Put the recovered paragraphs into `doc.spans["npp_paragraphs"]`, labelled by their kind.

    `span._.npp_text` is the paragraph with its broken lines joined, `span._.npp_level` the depth of a heading.
    """
    document = as_document(doc.text)
    places = source_places(document)
    spans = []
    for paragraph in document.paragraphs:
        edges = edges_in(places, paragraph.start, paragraph.end)
        if edges is None:
            continue
        span = _span(doc, edges, label=paragraph.kind)
        span._.npp_kind, span._.npp_text, span._.npp_level = paragraph.kind, paragraph.text, paragraph.level
        spans.append(span)
    doc.spans["npp_paragraphs"] = spans
    return doc


class LabelMarker:
    """The labels of `npp_nlp.classify` on the paragraphs, and in `doc.spans["npp_labels"]`.

    `span._.npp_label`, `span._.npp_score` and `span._.npp_scores` (probability of each label) are set in both groups;
    paragraphs are found first if `npp_paragraphs` did not run. Below `min_score` there is no label and no span.
    `model` is a packaged model or a folder of `npp train`; the folder is not copied into a saved pipeline.
    """

    def __init__(self, *, min_score: float = 0.0, model: str | None = None) -> None:
        self.min_score = min_score
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        """Label the paragraphs of a document."""
        if "npp_paragraphs" not in doc.spans:
            mark_paragraphs(doc)
        document = as_document(doc.text)
        table = classify(document, min_score=self.min_score, model=self.model)
        names = [c for c in table.columns if c not in ("doc_id", "paragraph", "label", "score", "text")]
        places = source_places(document)
        spans = []
        for row in table.to_dict("records"):
            paragraph = document.paragraphs[row["paragraph"]]
            edges = edges_in(places, paragraph.start, paragraph.end)
            if edges is None:
                continue
            label = row["label"] if isinstance(row["label"], str) else None
            span = _span(doc, edges, label=label or "")
            span._.npp_label, span._.npp_score = label, float(row["score"])
            span._.npp_scores = {str(name): float(row[name]) for name in names}
            if label is not None:
                spans.append(span)
        doc.spans["npp_labels"] = spans
        return doc


@Language.factory("npp_terms", default_config={"top": 20, "terms": None})  # type: ignore[untyped-decorator]
def npp_terms(nlp: Language, name: str, top: int, terms: list[str] | None) -> TermMarker:
    """The component `npp_terms`; `terms` are added to the packaged lexicon."""
    return TermMarker(top=top, terms=terms)


@Language.factory("npp_paragraphs")  # type: ignore[untyped-decorator]
def npp_paragraphs(nlp: Language, name: str) -> Any:
    """The component `npp_paragraphs`."""
    return mark_paragraphs


@Language.factory("npp_labels", default_config={"min_score": 0.0, "model": None})  # type: ignore[untyped-decorator]
def npp_labels(nlp: Language, name: str, min_score: float, model: str | None) -> LabelMarker:
    """The component `npp_labels`."""
    return LabelMarker(min_score=min_score, model=model)
