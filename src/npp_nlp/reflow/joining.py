"""Whether two neighbouring lines belong to one paragraph: the evidence, weighed in one place.

Positive weights speak for joining, negative ones for a break; the sum decides. The weights are set by hand in
round numbers: 4 to 5 settles a case by itself, 1 to 2 tips a balance.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from npp_nlp.layout import FIRST, FULL, LONG, MARKED_WIDTH, NO_START, UNFINISHED, Line, Page, Repeats
from npp_nlp.layout.habits import Shape
from npp_nlp.layout.marks import is_title_of_document
from npp_nlp.reflow.pairs import closes_first

_CLAUSES = re.compile("[，。；！？]")
_INNER_END = re.compile("[。；！？]")
_PREDICATE = re.compile("[是在了将被把]")

_OPENS = re.compile(
    "各位|同志|过去|[一五]年来|今[年后]|当前|目前|为了?|从|在|本|《|针对|到[二2]|[1一]九|“[一二十]|关于|新时[代期]|这[里五]|除"
)
_CONTINUES = re.compile(
    "其|这[个些种是]|他们|同时|此外|另外|因此|但|对此|一些|鼓励|支持|实施|完[成善]|新增|落实|规范|严格|依法"
)

_STRONG = frozenset({"一、", "（一）", "chapter", "section", "clause"})

HEADINGS = frozenset({"styled", "bold", "name"})
"""Marks that only headings have."""

Evidence = tuple[float, str]

MOST_BY_WORDS = 4.5
ATTRIBUTION_WIDTH = 14


class Seam(NamedTuple):
    """Two neighbouring lines and what is known about the place where they meet.

    `wrap` is the wrap width here, 0 if there is none; `room` and `below` say how much narrower the two lines are,
    `begins` that `upper` is the first line of its paragraph, `unclosed` how many pairs that paragraph left open,
    `interrupted` that notes or captions stand between, `sequence` that the mark of `lower` continues a numbering,
    `length` how many characters the paragraph has so far, `shape` what the sentence that `lower` begins is like.
    """

    upper: Line
    lower: Line
    wrap: float = 0.0
    room: float = 0.0
    below: float = 0.0
    begins: bool = True
    unclosed: int = 0
    interrupted: bool = False
    sequence: bool = False
    length: int = 0
    shape: Shape | None = None


def looks_like_heading(line: Line) -> bool:
    """Whether an unmarked line could stand alone as a heading: short, and it neither ends nor pauses."""
    return line.width <= 32 and line.ending in ("open", "closed") and not line.mark


def settled(upper: Line, lower: Line, wrap: float) -> bool:
    """Whether a break is certain without weighing: a sentence ends, and nothing in the layout speaks against."""
    return upper.ending == "final" and not wrap and lower.text[0] not in NO_START


def evidence(seam: Seam, page: Page, repeats: Repeats) -> list[Evidence]:
    """Reasons for (positive) and against (negative) joining the two lines of a seam, with their weights."""
    if settled(seam.upper, seam.lower, seam.wrap):
        return [(-4.0, "a sentence ends")]
    measured = _wrapped(seam, page) if seam.wrap else _unwrapped(seam, page)
    found = [*_edges(seam, page), *measured, *_spacing(seam, page), *_begins_anew(seam, page)]
    # The words of the text are asked only where the layout leaves the matter open.
    phrase = seam.upper.mark and seam.begins and not page.broken
    askable = seam.upper.ending in ("open", "closed") and not (seam.wrap or seam.lower.mark or phrase)
    if askable and -MOST_BY_WORDS < sum(weight for weight, _ in found) <= 0:
        weight = repeats.across(seam.upper.text, seam.lower.text)
        found.append((weight, "the characters at the seam occur together elsewhere"))
    return found


def _edges(seam: Seam, page: Page) -> Iterator[Evidence]:
    """What the last and first characters say."""
    ending = seam.upper.ending
    if seam.lower.text[0] in NO_START:
        yield 5.0, "begins with punctuation that begins no paragraph"
    if _goes_on_in_latin(seam):
        yield 6.0, "a Latin sentence goes on"
    if ending == "final":
        yield -4.0, "a sentence ends"
    elif ending == "pause":
        yield 4.0, "stops at a comma"
    elif ending == "cut":
        yield 3.0, "stops where no phrase ends"
    elif ending in ("semicolon", "dash"):
        yield (-2.0 if ending == "dash" or page.items else -0.5), f"ends with a {ending}"
    elif ending == "colon":
        yield -3.5, "ends with a colon"
    if seam.unclosed and ending != "final":
        yield 0.5, "a quotation, title or bracket is open"
    if seam.unclosed and closes_first(seam.lower.text):
        yield (1.5 if ending == "final" else 3.0), "the next line closes what is open"


def _goes_on_in_latin(seam: Seam) -> bool:
    last, first = seam.upper.text[-1], seam.lower.text[0]
    return first.isascii() and first.islower() and last.isascii() and (last.isalpha() or last in ",;-")


def _wrapped(seam: Seam, page: Page) -> Iterator[Evidence]:
    """What the widths of the lines say where lines are wrapped."""
    ending = seam.upper.ending
    full = seam.room <= (0.0 if page.exact else FULL)
    first = not full and seam.begins and page.indented and seam.room <= FIRST
    if ending == "final":
        if full or first:
            yield 4.0 + page.chance, "the line is full, the sentence ends there by chance"
            yield from _below(seam, page)
        else:
            yield -1.0, "the line is not full"
    elif full or first:
        if full:
            yield (4.0 if ending == "open" else 5.0), "the line is full"
        else:
            yield 2.0, "a first line, full but for its indent"
            if _opens_like_first(seam) and not _INNER_END.search(seam.upper.text):
                heading = seam.upper.mark or not _CLAUSES.search(seam.upper.text)
                yield (-2.5 if heading else -1.5), "the next line is a first line too"
        if _bears_heading_number(seam, page) and not _remainder(seam):
            yield -4.5, "its number is one of headings"
    else:
        yield {"pause": -1.0, "cut": -2.0}.get(ending, -3.5), "the line is not full"


def _bears_heading_number(seam: Seam, page: Page) -> bool:
    """Whether the upper line is one phrase with a number of the kind that headings have here."""
    mark = seam.upper.mark
    return (
        seam.begins
        and mark is not None
        and mark.style in page.alone
        and not _INNER_END.search(seam.upper.text)
    )


def _remainder(seam: Seam) -> bool:
    """Whether the lower line can be the rest of a heading: short, and no sentence ends."""
    return seam.below > FIRST and seam.lower.ending in ("open", "closed")


def _opens_like_first(seam: Seam) -> bool:
    """Whether the lower line is two characters short of full and goes on, as first lines are that lost their indent."""
    short = FULL < seam.below <= FIRST or (
        FULL < seam.wrap - seam.lower.width <= FIRST and seam.below <= FULL
    )
    return short and seam.lower.ending in UNFINISHED


def _below(seam: Seam, page: Page) -> Iterator[Evidence]:
    """What the lower line says where a sentence ends on a full line."""
    lower = seam.lower
    if _remainder(seam) and not lower.mark:
        yield -3.0, "a heading may follow"
    elif page.indented and lower.ending in UNFINISHED:
        if _opens_like_first(seam):
            yield -2.5, "the next line is two characters short, as first lines are"
        elif seam.wrap - lower.width <= FULL:
            yield 2.5, "the next line is full, as first lines are not"
    if page.openings.get(lower.text[:4], 0):
        yield -1.5, "other paragraphs open with these words"
    elif _OPENS.match(lower.text):
        yield -1.25, "paragraphs often open with these words"
    elif _CONTINUES.match(lower.text):
        yield 1.0, "paragraphs seldom open with these words"
    if seam.shape:
        yield (
            -page.habits.bits(seam.length, seam.shape) / (3 if page.indented else 1),
            "such sentences open or continue paragraphs here, at such lengths",
        )


def _unwrapped(seam: Seam, page: Page) -> Iterator[Evidence]:
    """What the length of the upper line says where a line is a paragraph or the part of one on a page."""
    upper = seam.upper
    category = upper.mark.category if upper.mark else ""
    if upper.ending not in ("open", "closed"):
        return
    if seam.begins and is_title_of_document(upper.text):
        yield -5.0, "the title of a document"
    if category == "dash" and upper.width <= ATTRIBUTION_WIDTH:
        yield -5.0, "an attribution"
    if _numbered_heading(seam, page):
        yield (-5.0 if upper.width < LONG else -2.5), "a number, and no sentence ends"
    elif upper.width >= LONG or not seam.begins:
        yield 2.5, "long, and no sentence ends"
    elif _INNER_END.search(upper.text):
        yield 2.0, "a sentence ended, the next breaks off"
    elif _CLAUSES.search(upper.text):
        yield (0.5 if upper.width >= 14 and page.broken else -2.0), "has clauses, and no sentence ends"
    else:
        yield from _short(seam, page)


def _numbered_heading(seam: Seam, page: Page) -> bool:
    """Whether the upper line is one numbered phrase, and its numbering does not begin paragraphs here."""
    mark = seam.upper.mark
    if not seam.begins or mark is None or mark.category != "number" or mark.style in page.running:
        return False
    return seam.upper.width <= MARKED_WIDTH and not _INNER_END.search(seam.upper.text)


def _short(seam: Seam, page: Page) -> Iterator[Evidence]:
    """What speaks for and against a heading where the upper line is short and without clauses."""
    upper = seam.upper
    yield (-0.5 if upper.width >= 24 and page.broken else -2.5), "short, as headings are"
    if upper.mark:
        yield -2.0, "it bears a mark"
    elif page.numbered and upper.width >= 10 and seam.begins:
        yield 1.5, "not numbered, as headings are here"
    if page.printed and seam.begins and abs((upper.width + 2) % page.printed - 0.5) <= 1.5:
        yield 1.5, "fills a printed line"
    if upper.width >= 15 and _PREDICATE.search(upper.text):
        yield 0.5, "reads like a clause"


def _spacing(seam: Seam, page: Page) -> Iterator[Evidence]:
    """What blank lines, indents and page ends between the lines say."""
    upper, lower = seam.upper, seam.lower
    if seam.upper.whole and page.whole:
        yield -page.whole, "the file ends a paragraph here"
    if page.indent:
        if lower.indent >= 0.6 * page.indent:
            yield (-6.0 if seam.wrap else -3.0), "the next line is indented"
        elif upper.ending != "final" or seam.wrap:
            yield (2.5 if seam.wrap else 1.0), "the next line is not indented"
    if seam.wrap:
        if lower.gap > page.gap and not (seam.interrupted or lower.page_break):
            yield (-6.0 if page.spaced else -3.5), "more space than between lines"
        elif page.spaced and lower.gap <= page.gap and not lower.page_break:
            yield 4.0, "no more space than between lines"
    elif (
        page.spaced
        and lower.gap == 0
        and not (lower.mark or lower.page_break or seam.interrupted)
        and upper.ending != "final"
    ):
        one = len(lower.text) == 1
        yield (5.0 if upper.width >= 14 or one else 3.0), "no blank line between"
    if (lower.page_break or seam.interrupted) and upper.ending != "final":
        # No heading stands at the foot of a page, so what is unfinished there goes on.
        yield (2.5 if upper.ending in UNFINISHED else 1.0), "a page ends between"


def _begins_anew(seam: Seam, page: Page) -> Iterator[Evidence]:
    """What the beginnings of the lines say."""
    above = seam.upper.mark.category if seam.upper.mark else ""
    if above in HEADINGS:
        yield -9.0, "a marked heading"
    elif above == "contents":
        yield -9.0, "an entry of a table of contents"
    mark = seam.lower.mark
    if mark:
        if mark.category == "name":
            yield 9.0, "the name of the chapter whose number stands above"
        elif mark.category in HEADINGS:
            yield -9.0, "a marked heading follows"
        elif mark.category == "number":
            yield _number_follows(seam, page), "a number follows"
        else:
            yield -3.5, f"a {mark.category} follows"
    elif not seam.wrap and looks_like_heading(seam.lower):
        yield -2.0, "a heading may follow"


def _number_follows(seam: Seam, page: Page) -> float:
    """How much a number at the beginning of the lower line speaks for a new paragraph."""
    mark = seam.lower.mark
    within = mark is not None and mark.style in page.inline
    if within and seam.wrap and seam.room <= FULL:
        return 0.0
    if (
        seam.wrap
        and seam.upper.ending in UNFINISHED
        and seam.room <= FULL
        and mark
        and mark.style not in page.alone
    ):
        return -1.5
    if seam.sequence:
        return -4.5
    return -3.0 if mark is not None and mark.style in _STRONG else -1.5
