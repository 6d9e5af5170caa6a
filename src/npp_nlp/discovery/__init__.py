"""New terms of a corpus, with the evidence for each.

Layer 5.
"""

from npp_nlp.discovery.proposing import discover_terms

__all__ = ["discover_terms"]
