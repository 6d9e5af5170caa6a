"""Counts of known terms on the raw text, and how the text writes them.

Layer 5.
"""

from npp_nlp.counting.known import count_terms
from npp_nlp.counting.surfaces import surface_forms

__all__ = ["count_terms", "surface_forms"]
