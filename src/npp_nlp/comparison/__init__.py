"""Comparison of the groups of a corpus: years, regions, or any other value of the documents.

Layer 6. `compare` restricts the corpus, fixes the terms and gives a `Comparison`, whose tables are computed when they are
first asked for. What the tables mean, what small counts do to them and when not to use them: `docs/comparison.md`.
"""

from npp_nlp.comparison.comparing import compare
from npp_nlp.comparison.movement import label_shift, migration
from npp_nlp.comparison.restriction import restrict, without
from npp_nlp.comparison.result import Comparison, ComparisonSettings

__all__ = ["Comparison", "ComparisonSettings", "compare", "label_shift", "migration", "restrict", "without"]
