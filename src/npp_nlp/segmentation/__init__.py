"""Chinese word segmentation: lossless, with the policy lexicon laid over the words of any backend."""

from npp_nlp.segmentation.base import Conflict, Granularity, Segmenter
from npp_nlp.segmentation.default import default_segmenter, segment, tokens_table
from npp_nlp.segmentation.linear import LinearSegmenter
from npp_nlp.segmentation.pos import parts_of_speech, to_ud
from npp_nlp.segmentation.tokens import Tokens
from npp_nlp.segmentation.with_jieba import JiebaSegmenter
from npp_nlp.segmentation.with_pkuseg import PkusegSegmenter
from npp_nlp.segmentation.with_spacy import SpacySegmenter

__all__ = [
    "Conflict",
    "Granularity",
    "JiebaSegmenter",
    "LinearSegmenter",
    "PkusegSegmenter",
    "Segmenter",
    "SpacySegmenter",
    "Tokens",
    "default_segmenter",
    "parts_of_speech",
    "segment",
    "to_ud",
    "tokens_table",
]
