"""Tables and graphs to matplotlib axes: one function per table, with a font that has the Chinese glyphs.

Layer 7. Nothing is computed here, and no global setting of matplotlib is changed. Without `ax` a new figure is
made, as pyplot does; the axes come back, for titles and `ax.figure.savefig`.
"""

from npp_nlp.plots.base import (
    COLOURS,
    LABEL_COLOURS,
    LABEL_NAMES,
    chinese_font,
    draw_graph,
    draw_label_shares,
    draw_terms,
    has_glyphs,
)
from npp_nlp.plots.comparing import (
    draw_dispersion,
    draw_emergence,
    draw_keyness,
    draw_migration,
    draw_shares,
    draw_similarity,
    draw_trends,
)

__all__ = [
    "COLOURS",
    "LABEL_COLOURS",
    "LABEL_NAMES",
    "chinese_font",
    "draw_dispersion",
    "draw_emergence",
    "draw_graph",
    "draw_keyness",
    "draw_label_shares",
    "draw_migration",
    "draw_shares",
    "draw_similarity",
    "draw_terms",
    "draw_trends",
    "has_glyphs",
]
