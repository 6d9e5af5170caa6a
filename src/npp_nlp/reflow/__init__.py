"""Damaged lines to paragraphs: joins what a page broke, sets aside what a page put in between.

Layer 3, below layout. The text is cut and joined, never rewritten: every piece carries the spans of the source it
is made of, and what is in no piece is listed with the reason.
"""

from npp_nlp.reflow.walk import Decision, Piece, decisions, reflow, reflow_log

__all__ = ["Decision", "Piece", "decisions", "reflow", "reflow_log"]
