"""Key terms: candidates, the measures of each, one score, and the ranking of a document, a group or a corpus.

Layer 5. `candidates` finds runs of words that have the form of a term (`wordforms`, `reference`), `termhood` measures them,
`model` turns the measures into a score, `ranking` chooses, `mentions` counts and makes the tables.
"""

from npp_nlp.terms.ranking import key_terms

__all__ = ["key_terms"]
