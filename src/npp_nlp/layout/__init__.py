"""The page as it lies: lines with their widths, gaps and indents, and the marks they begin with.

Layer 3, above reflow. `lines` cuts a text into lines, `marks` recognises numbering, bullets, footnotes, captions,
contents entries, bylines and web residue at their edges, `wrap` and `page` learn the habits of a text.
"""

from npp_nlp.layout.glued import parted
from npp_nlp.layout.lines import INNER_FINAL, MARKED_WIDTH, NO_START, Line, split, with_hints
from npp_nlp.layout.marks import SMALL, Mark, mark_of
from npp_nlp.layout.page import FIRST, FULL, LONG, UNFINISHED, Page, measure
from npp_nlp.layout.repeats import Repeats

__all__ = [
    "FIRST",
    "FULL",
    "INNER_FINAL",
    "LONG",
    "MARKED_WIDTH",
    "NO_START",
    "SMALL",
    "UNFINISHED",
    "Line",
    "Mark",
    "Page",
    "Repeats",
    "mark_of",
    "measure",
    "parted",
    "split",
    "with_hints",
]
