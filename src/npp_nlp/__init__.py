"""npp_nlp: Chinese policy documents to paragraphs, terms, labels and concept graphs.

Names are loaded when they are first used; importing the package does no work.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from npp_nlp.artefacts import ModelError
    from npp_nlp.batch import INPUT_SCHEMA, TAG_SCHEMA, Tagged, tag, tag_batch
    from npp_nlp.comparison import Comparison, compare, label_shift, migration, restrict, without
    from npp_nlp.cooccurrence import (
        CommunityStability,
        GraphConfidence,
        GraphDifference,
        align_communities,
        community_stability,
        concept_graph,
        ego_series,
        find_communities,
        graph_confidence,
        graph_difference,
        graph_evidence,
        yearly_graphs,
    )
    from npp_nlp.counting import count_terms, surface_forms
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
    from npp_nlp.reuse import (
        Diffusion,
        changes,
        diffusion,
        inline_changes,
        reuse_shares,
        reused_passages,
        reused_spans,
    )
    from npp_nlp.segmentation import (
        JiebaSegmenter,
        LinearSegmenter,
        PkusegSegmenter,
        SpacySegmenter,
        segment,
    )
    from npp_nlp.sensitivity import SegmenterComparison, compare_segmenters
    from npp_nlp.terms import key_terms
    from npp_nlp.vectorizer import PolicyVectorizer

__version__ = "0.1.0"

_HOME = {
    "Agreement": "reliability",
    "Analysis": "pipeline",
    "CommunityStability": "cooccurrence",
    "Comparison": "comparison",
    "Corpus": "document",
    "Diffusion": "reuse",
    "Document": "document",
    "Explanation": "labels",
    "GraphConfidence": "cooccurrence",
    "GraphDifference": "cooccurrence",
    "INPUT_SCHEMA": "batch",
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
    "TAG_SCHEMA": "batch",
    "Tagged": "batch",
    "TrainedClassifier": "learning",
    "agreement": "reliability",
    "align_communities": "cooccurrence",
    "analyze": "pipeline",
    "changes": "reuse",
    "classify": "labels",
    "commitments": "modality",
    "community_stability": "cooccurrence",
    "compare": "comparison",
    "compare_segmenters": "sensitivity",
    "concept_graph": "cooccurrence",
    "concordance": "evidence",
    "count_terms": "counting",
    "diffusion": "reuse",
    "discover_terms": "discovery",
    "ego_series": "cooccurrence",
    "evaluate_labels": "evaluate",
    "explain": "labels",
    "find_communities": "cooccurrence",
    "graph_confidence": "cooccurrence",
    "graph_difference": "cooccurrence",
    "graph_evidence": "cooccurrence",
    "inline_changes": "reuse",
    "key_terms": "terms",
    "label_shares": "labels",
    "label_shift": "comparison",
    "ledger": "pledges",
    "migration": "comparison",
    "quantities": "figures",
    "read": "reading",
    "restrict": "comparison",
    "reuse_shares": "reuse",
    "reused_passages": "reuse",
    "reused_spans": "reuse",
    "segment": "segmentation",
    "span_scores": "evaluate",
    "suggest": "labels",
    "surface_forms": "counting",
    "tag": "batch",
    "tag_batch": "batch",
    "train_classifier": "learning",
    "unsure": "labels",
    "without": "comparison",
    "yearly_graphs": "cooccurrence",
}

__all__ = [
    "INPUT_SCHEMA",
    "TAG_SCHEMA",
    "Agreement",
    "Analysis",
    "CommunityStability",
    "Comparison",
    "Corpus",
    "Diffusion",
    "Document",
    "Explanation",
    "GraphConfidence",
    "GraphDifference",
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
    "Tagged",
    "TrainedClassifier",
    "__version__",
    "agreement",
    "align_communities",
    "analyze",
    "changes",
    "classify",
    "commitments",
    "community_stability",
    "compare",
    "compare_segmenters",
    "concept_graph",
    "concordance",
    "count_terms",
    "diffusion",
    "discover_terms",
    "ego_series",
    "evaluate_labels",
    "explain",
    "find_communities",
    "graph_confidence",
    "graph_difference",
    "graph_evidence",
    "inline_changes",
    "key_terms",
    "label_shares",
    "label_shift",
    "ledger",
    "migration",
    "quantities",
    "read",
    "restrict",
    "reuse_shares",
    "reused_passages",
    "reused_spans",
    "segment",
    "span_scores",
    "suggest",
    "surface_forms",
    "tag",
    "tag_batch",
    "train_classifier",
    "unsure",
    "without",
    "yearly_graphs",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
