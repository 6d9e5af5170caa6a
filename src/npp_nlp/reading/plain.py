"""Plain text and Markdown."""

from npp_nlp.reading.decoding import decode
from npp_nlp.reading.extraction import Extraction


def read_plain(data: bytes, encoding: str | None = None) -> Extraction:
    """The text of a plain text or Markdown file, and its encoding. Raises `ValueError` with the reason."""
    text, encoding = decode(data, encoding)
    if not text.strip():
        raise ValueError("blank: no text in it")
    return Extraction(text, facts={"encoding": encoding})
