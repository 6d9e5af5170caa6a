"""Web pages: the tree, its units of text, where the article is, what the page states about it."""

from npp_nlp.reading.html.page import read_html

__all__ = ["read_html"]
