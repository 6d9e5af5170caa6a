"""The walk down the lines: which go on in the same paragraph, which stand between, which are page furniture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from npp_nlp.document import Document, Hint
from npp_nlp.layout import Line, Mark, Page, Repeats, measure, parted, split, with_hints
from npp_nlp.reflow.blocks import Block
from npp_nlp.reflow.context import classify
from npp_nlp.reflow.joining import Evidence, Seam, balance, evidence, looks_like_heading, settled
from npp_nlp.reflow.pieces import Piece as Piece
from npp_nlp.reflow.pieces import cut

if TYPE_CHECKING:
    import pandas as pd

Removed = tuple[int, int, str]

_ASIDES = frozenset({"note", "caption", "residue", "table"})
_NO_TEXT = {"control": "web page control", "rule": "rule or image"}
_CRUMBS = frozenset("＞>»›")
_FIRST_ATTACHMENT = re.compile(r"附[件表][:：]\s*1\s*[.．、]")
_DIGITS = re.compile(r"\d+")
_REFERENCE_MARKS = re.compile(r"\^\s?[①-⑳]|[一-鿿”》][①-⑳][，。、；”]|[。”][①-⑳]")


class Decision(NamedTuple):
    """One seam between two lines: where it is in the source, the weights found, whether the lines were joined."""

    end: int
    start: int
    joined: bool
    reasons: tuple[Evidence, ...]


def reflow(text: str, hints: Sequence[Hint] = ()) -> tuple[list[Piece], list[Removed]]:
    r"""Recover the paragraphs of a text whose lines were broken, interrupted or cluttered.

    `hints` is what the file says about its lines. Gives the pieces in reading order and what was left out as
    (start, end, reason).

    >>> pieces, removed = reflow("推动高质量发展，必须因地制\n\n— 12 —\n\n宜发展新质生产力。")
    >>> pieces[0].text, removed
    ('推动高质量发展，必须因地制宜发展新质生产力。', [(15, 21, 'page number')])
    """
    return _reflow(text, hints, None)


def decisions(text: str, hints: Sequence[Hint] = ()) -> list[Decision]:
    """Every seam that was decided while `reflow` read the text, with the reasons."""
    log: list[Decision] = []
    _reflow(text, hints, log)
    return log


def reflow_log(document: Document) -> pd.DataFrame:
    r"""Why lines of a document were joined or kept apart.

    Columns: start (offset in `Document.source` of the lower line), upper and lower (the ends of the lines),
    joined, score (sum of the weights; above 0 means joined), reasons.

    >>> log = reflow_log(Document.from_text("推动高质量发展，\n\n发展新质生产力。"))
    >>> log["joined"].tolist()
    [True]
    """
    import pandas as pd

    source = document.source
    rows = [
        (
            d.start,
            source[max(0, d.end - 12) : d.end],
            source[d.start : d.start + 12],
            d.joined,
            sum(weight for weight, _ in d.reasons),
            "; ".join(f"{reason} ({weight:+g})" for weight, reason in d.reasons),
        )
        for d in decisions(source, document.hints)
    ]
    return pd.DataFrame(rows, columns=["start", "upper", "lower", "joined", "score", "reasons"])


def _reflow(
    text: str, hints: Sequence[Hint], log: list[Decision] | None
) -> tuple[list[Piece], list[Removed]]:
    lines, removed = split(text)
    lines = _keep(lines, hints, removed)
    lines = with_hints(_settle_marks(lines, text), hints)
    page = measure(lines)
    more = parted(lines, page)
    if len(more) > len(lines):
        lines, page = more, measure(more)
    furniture = _furniture(lines)
    blocks = _Walk(lines, page, Repeats(text), furniture, log).run()
    if not blocks:
        blocks = [Block([line]) for line in lines]
    else:
        removed += [(lines[i].start, lines[i].end, reason) for i, reason in furniture.items()]
    classify(blocks)
    pieces, cuts = cut(text, blocks)
    return pieces, sorted(removed + cuts)


def _keep(lines: list[Line], hints: Sequence[Hint], removed: list[Removed]) -> list[Line]:
    """The lines that the file counts as text; a page that begins with one that goes begins with the next."""
    away = {hint.start: hint.reason for hint in hints if hint.role == "removed"}
    if not away:
        return lines
    kept: list[Line] = []
    feed = False
    for line in lines:
        feed = feed or line.page_break
        if line.start in away:
            removed.append((line.start, line.end, away[line.start]))
        else:
            kept.append(line._replace(page_break=feed))
            feed = False
    return kept


def _settle_marks(lines: list[Line], text: str) -> list[Line]:
    """Correct marks that only their neighbours can tell: contents entries, circled numbers, page numbers."""
    circled = any(line.mark and line.mark.style == "①" for line in lines)
    notes = circled and bool(_REFERENCE_MARKS.search(text))
    settled_lines = list(lines)
    last = len(lines) - 1
    for i, line in enumerate(lines):
        mark = line.mark
        if mark is None:
            if i and looks_like_heading(line) and _is_bare_chapter(lines[i - 1]):
                settled_lines[i] = line._replace(mark=Mark("name"))
            elif line.width <= 20 and any(lines[j].text in _CRUMBS for j in (i - 1, i + 1) if 0 <= j <= last):
                settled_lines[i] = line._replace(mark=Mark("residue"))
            continue
        if mark.category == "contents":
            beside = [lines[j].mark for j in (i - 1, i + 1) if 0 <= j <= last]
            if not any(m and m.category == "contents" for m in beside):
                settled_lines[i] = line._replace(mark=None)
        elif mark.style == "①" and notes:
            settled_lines[i] = line._replace(mark=mark._replace(category="note"))
    return settled_lines


def _is_bare_chapter(line: Line) -> bool:
    """Whether a line is 第一章 or 第一节 and nothing else: its name stands below."""
    mark = line.mark
    return mark is not None and mark.style in ("chapter", "section") and mark.body == len(line.text)


def _furniture(lines: list[Line]) -> dict[int, str]:
    """Lines that belong to the page and not to the text: page numbers, running heads, buttons of a web page."""
    found = {}
    bare = [i for i, line in enumerate(lines) if line.mark and line.mark.category == "page"]
    numbers = {i: lines[i].mark.ordinal[0] for i in bare if lines[i].mark and lines[i].mark.ordinal}  # type: ignore[union-attr]
    ordered = list(numbers.items())
    for at, (i, number) in enumerate(ordered):
        near = [n for _, n in ordered[max(0, at - 1) : at] + ordered[at + 1 : at + 2]]
        counts_up = any(abs(n - number) in (1, 2) for n in near)
        mark = lines[i].mark
        between = 0 < i < len(lines) - 1 and lines[i - 1].ending in ("open", "pause", "cut")
        if counts_up or between or (mark and mark.style == "decorated"):
            found[i] = "page number"
    for i, line in enumerate(lines):
        if line.mark and line.mark.category in _NO_TEXT:
            found[i] = _NO_TEXT[line.mark.category]
    for i in _running_heads(lines):
        found[i] = "running head"
    return found


def _running_heads(lines: list[Line]) -> Iterable[int]:
    """Short lines that return at least three times, numbers aside, beside page numbers or in mid-sentence."""
    places: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        plain = not line.mark or line.mark.category == "contents"
        if plain and line.width <= 30 and line.ending in ("open", "closed"):
            places.setdefault(_DIGITS.sub("0", line.text), []).append(i)
    most = len(lines) / 4
    for where in places.values():
        if 3 <= len(where) <= most and 2 * sum(_cuts_in(lines, i) for i in where) >= len(where):
            yield from where


def _cuts_in(lines: list[Line], i: int) -> bool:
    """Whether a line stands beside a page number or after a line that breaks off."""
    beside = [lines[j] for j in (i - 1, i + 1) if 0 <= j < len(lines)]
    if any(line.mark and line.mark.category == "page" for line in beside):
        return True
    return i > 0 and lines[i - 1].ending in ("open", "pause", "cut") and lines[i - 1].width > 12


class _Walk:
    """One pass over the lines; holds the open paragraph and the asides that stand behind it."""

    def __init__(
        self,
        lines: list[Line],
        page: Page,
        repeats: Repeats,
        furniture: dict[int, str],
        log: list[Decision] | None,
    ) -> None:
        self.lines, self.page, self.repeats = lines, page, repeats
        self.furniture, self.log = furniture, log
        self.blocks: list[Block] = []
        self.body: list[int] = []
        self.unclosed = self.counted = 0
        self.asides: list[list[int]] = []
        self.page_ended = False
        self.numbering: dict[str, tuple[int, ...]] = {}

    def run(self) -> list[Block]:
        for i, line in enumerate(self.lines):
            if i in self.furniture:
                self.page_ended = True
                continue
            if line.mark and line.mark.category in _ASIDES:
                self.asides.append([i])
                continue
            if self.asides and self._aside_goes_on(i):
                self.asides[-1].append(i)
                continue
            if self.body and self._joined(self.body[-1], i):
                self.body.append(i)
            else:
                self._close()
                self.body = [i]
            self._remember(line)
        self._close()
        return self.blocks

    def _close(self) -> None:
        for part in [self.body, *self.asides]:
            if part:
                self.blocks.append(Block([self.lines[i] for i in part]))
        self.body, self.asides, self.page_ended = [], [], False
        self.unclosed = self.counted = 0

    def _remember(self, line: Line) -> None:
        self.page_ended = False
        if _FIRST_ATTACHMENT.match(line.text):
            self.numbering["1."] = (1,)
        if line.mark and line.mark.category == "number":
            self.numbering[line.mark.style] = line.mark.ordinal

    def _in_sequence(self, line: Line) -> bool:
        mark = line.mark
        if not mark or mark.category != "number" or not mark.ordinal:
            return False
        before = self.numbering.get(mark.style)
        return mark.ordinal[-1] == 1 or (before is not None and mark.ordinal[-1] == before[-1] + 1)

    def _joined(self, upper: int, lower: int) -> bool:
        above, below, page = self.lines[upper], self.lines[lower], self.page
        wrap = page.wrap[upper] if page.wrap[lower] else 0.0
        if self.log is None and settled(above, below, wrap):
            return False
        return self._decide(
            Seam(
                above,
                below,
                wrap,
                page.room[upper],
                page.room[lower],
                begins=len(self.body) == 1,
                unclosed=self._open_in_body(),
                interrupted=bool(self.asides) or self.page_ended,
                sequence=self._in_sequence(below),
            )
        )

    def _open_in_body(self) -> int:
        """How many pairs the open paragraph has left open; each line is counted once."""
        for i in self.body[self.counted :]:
            opened, closed = balance(self.lines[i].text)
            self.unclosed = max(0, self.unclosed - closed) + opened
        self.counted = len(self.body)
        return self.unclosed

    def _aside_goes_on(self, lower: int) -> bool:
        """Whether a line belongs to the note or caption right above it and not to the open paragraph."""
        last, page = self.asides[-1][-1], self.page
        line = self.lines[last]
        if line.mark and line.mark.category in ("residue", "table"):
            return False
        wrap = page.wrap[last] if page.wrap[lower] else 0.0
        unclosed = balance(line.text)[0]
        if not wrap and line.ending not in ("pause", "cut") and not unclosed:
            return False
        return self._decide(
            Seam(
                line,
                self.lines[lower],
                wrap,
                page.room[last],
                page.room[lower],
                begins=False,
                unclosed=unclosed,
            )
        )

    def _decide(self, seam: Seam) -> bool:
        reasons = tuple(evidence(seam, self.page, self.repeats))
        joined = sum(weight for weight, _ in reasons) > 0
        if self.log is not None:
            self.log.append(Decision(seam.upper.end, seam.lower.start, joined, reasons))
        return joined
