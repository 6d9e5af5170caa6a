"""What a paragraph does: reports achievements, states challenges, says what is to drive development, or none of these.

The labels follow a written guideline: achievement 成就, challenge 挑战, driver 动能, other 其他. A paragraph is judged
by its own words; inside a document its headings and neighbours are heard too. Own labels can be trained.

>>> classify(["去年粮食产量增长5.5%，新增就业1200万人。", "要加快建设现代化产业体系。"])["label"].tolist()
['achievement', 'driver']
"""

from npp_nlp.labels.classifier import ParagraphClassifier
from npp_nlp.labels.classifying import COLUMNS, KINDS, LABELS, Label, classify
from npp_nlp.labels.explaining import Explanation, cue_spans, explain
from npp_nlp.labels.selection import suggest, unsure
from npp_nlp.labels.shares import label_shares

__all__ = [
    "COLUMNS",
    "KINDS",
    "LABELS",
    "Explanation",
    "Label",
    "ParagraphClassifier",
    "classify",
    "cue_spans",
    "explain",
    "label_shares",
    "suggest",
    "unsure",
]
