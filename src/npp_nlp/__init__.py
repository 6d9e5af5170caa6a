"""npp_nlp: Chinese policy documents to paragraphs, terms, labels and concept graphs.

Names are loaded when they are first used; importing the package does no work.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from npp_nlp.artefacts import ModelError
    from npp_nlp.collation import changes, inline_changes
    from npp_nlp.cooccurrence import concept_graph
    from npp_nlp.counting import count_terms
    from npp_nlp.discovery import discover_terms
    from npp_nlp.document import Corpus, Document, Paragraph
    from npp_nlp.evaluate import LabelScores, evaluate_labels, span_scores
    from npp_nlp.evidence import concordance
    from npp_nlp.figures import quantities
    from npp_nlp.labels import (
        Explanation,
        ParagraphClassifier,
        classify,
        explain,
        label_shares,
        suggest,
        unsure,
    )
    from npp_nlp.learning import TrainedClassifier, train_classifier
    from npp_nlp.lexicon import Lexicon
    from npp_nlp.modality import commitments
    from npp_nlp.pipeline import Analysis, analyze
    from npp_nlp.pledges import ledger
    from npp_nlp.reading import ReadError, read
    from npp_nlp.reliability import Agreement, agreement
    from npp_nlp.reuse import reuse_shares, reused_passages, reused_spans
    from npp_nlp.segmentation import (
        JiebaSegmenter,
        LinearSegmenter,
        PkusegSegmenter,
        SpacySegmenter,
        segment,
    )
    from npp_nlp.sensitivity import SegmenterComparison, compare_segmenters
    from npp_nlp.terms import key_terms
    from npp_nlp.uptake import Diffusion, diffusion
    from npp_nlp.vectorizer import PolicyVectorizer

__version__ = "0.1.0"

_HOME = {
    "Agreement": "reliability",
    "Analysis": "pipeline",
    "Corpus": "document",
    "Diffusion": "uptake",
    "Document": "document",
    "Explanation": "labels",
    "JiebaSegmenter": "segmentation",
    "LabelScores": "evaluate",
    "Lexicon": "lexicon",
    "LinearSegmenter": "segmentation",
    "ModelError": "artefacts",
    "Paragraph": "document",
    "ParagraphClassifier": "labels",
    "PkusegSegmenter": "segmentation",
    "PolicyVectorizer": "vectorizer",
    "ReadError": "reading",
    "SegmenterComparison": "sensitivity",
    "SpacySegmenter": "segmentation",
    "TrainedClassifier": "learning",
    "agreement": "reliability",
    "analyze": "pipeline",
    "changes": "collation",
    "classify": "labels",
    "commitments": "modality",
    "compare_segmenters": "sensitivity",
    "concept_graph": "cooccurrence",
    "concordance": "evidence",
    "count_terms": "counting",
    "diffusion": "uptake",
    "discover_terms": "discovery",
    "evaluate_labels": "evaluate",
    "explain": "labels",
    "inline_changes": "collation",
    "key_terms": "terms",
    "label_shares": "labels",
    "ledger": "pledges",
    "quantities": "figures",
    "read": "reading",
    "reuse_shares": "reuse",
    "reused_passages": "reuse",
    "reused_spans": "reuse",
    "segment": "segmentation",
    "span_scores": "evaluate",
    "suggest": "labels",
    "train_classifier": "learning",
    "unsure": "labels",
}

__all__ = [
    "Agreement",
    "Analysis",
    "Corpus",
    "Diffusion",
    "Document",
    "Explanation",
    "JiebaSegmenter",
    "LabelScores",
    "Lexicon",
    "LinearSegmenter",
    "ModelError",
    "Paragraph",
    "ParagraphClassifier",
    "PkusegSegmenter",
    "PolicyVectorizer",
    "ReadError",
    "SegmenterComparison",
    "SpacySegmenter",
    "TrainedClassifier",
    "__version__",
    "agreement",
    "analyze",
    "changes",
    "classify",
    "commitments",
    "compare_segmenters",
    "concept_graph",
    "concordance",
    "count_terms",
    "diffusion",
    "discover_terms",
    "evaluate_labels",
    "explain",
    "inline_changes",
    "key_terms",
    "label_shares",
    "ledger",
    "quantities",
    "read",
    "reuse_shares",
    "reused_passages",
    "reused_spans",
    "segment",
    "span_scores",
    "suggest",
    "train_classifier",
    "unsure",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
