"""One self-contained HTML page of an analysis: no network, everything from documents escaped.

Layer 7. The text of the documents stands in the page once, as JSON; terms, cues and co-occurrences are offsets into it.
What the page shows of them is made by `resources/report.js`, the charts by Bokeh's own JavaScript, which the page holds
compressed.
"""

from npp_nlp.report.page import graph_png, html_page

__all__ = ["graph_png", "html_page"]
