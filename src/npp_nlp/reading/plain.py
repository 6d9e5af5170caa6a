"""Plain text and Markdown: bytes to text."""

from npp_nlp.reading.decoding import decode


def read_plain(data: bytes) -> tuple[str, dict[str, str]]:
    """The text of a plain text or Markdown file, and its encoding. Raises `ValueError` with the reason."""
    text, encoding = decode(data)
    if not text.strip():
        raise ValueError("blank: no text in it")
    return text, {"encoding": encoding}
