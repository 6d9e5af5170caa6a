"""What of a document counts: the text of its paragraphs, everything else blanked out, so that offsets stay.

Layer 2. A restricted document (`npp_nlp.restrict`) has the whole text but fewer paragraphs; stages that read running
text read `shown_text`, which is `Document.text` itself for ordinary documents.
"""

from __future__ import annotations

from npp_nlp.document import Document


def shown_text(document: Document) -> str:
    r"""The text with everything between the paragraphs as line breaks; offsets are those of `Document.text`.

    >>> from dataclasses import replace
    >>> whole = Document.from_text("扩大内需。\n深化改革。")
    >>> shown_text(whole) is whole.text, shown_text(replace(whole, paragraphs=whole.paragraphs[1:]))
    (True, '\n\n\n\n\n\n深化改革。')
    """
    if _tiled(document):
        return document.text
    parts, place = [], 0
    for paragraph in document.paragraphs:
        parts += ["\n" * (paragraph.start - place), document.text[paragraph.start : paragraph.end]]
        place = paragraph.end
    return "".join([*parts, "\n" * (len(document.text) - place)])


def _tiled(document: Document) -> bool:
    """Whether nothing but single line breaks lies between the paragraphs."""
    place = -1
    for paragraph in document.paragraphs:
        if paragraph.start != place + 1 or (paragraph.start and document.text[place] != "\n"):
            return False
        place = paragraph.end
    return place == len(document.text)


def shown_characters(document: Document) -> int:
    """Characters of the paragraphs set one to a line, the breaks between them included: the unit of exposure.

    For ordinary documents this is the length of `Document.text`.

    >>> shown_characters(Document.from_text("扩大内需。"))
    5
    """
    return sum(len(p.text) for p in document.paragraphs) + max(len(document.paragraphs) - 1, 0)
