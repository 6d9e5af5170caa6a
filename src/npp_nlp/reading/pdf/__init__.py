"""PDF files with a text layer: signs to rows, columns and paragraphs, and what each line is on its page."""

from npp_nlp.reading.pdf.pages import read_pdf

__all__ = ["read_pdf"]
