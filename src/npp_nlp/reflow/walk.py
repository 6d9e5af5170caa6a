"""The walk down the lines: which go on in the same paragraph, which stand between, which are page furniture."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from npp_nlp.document import Document, Hint
from npp_nlp.layout import Line, Page, Repeats, measure, parted, split, with_hints
from npp_nlp.reflow.blocks import Block
from npp_nlp.reflow.context import classify
from npp_nlp.reflow.furniture import furniture, keep, settle_marks
from npp_nlp.reflow.joining import Evidence, Seam, evidence, settled
from npp_nlp.reflow.pairs import balance
from npp_nlp.reflow.pieces import Piece as Piece
from npp_nlp.reflow.pieces import cut

if TYPE_CHECKING:
    import pandas as pd

Removed = tuple[int, int, str]

_ASIDES = frozenset({"note", "caption", "residue", "table"})
_FIRST_ATTACHMENT = re.compile(r"附[件表][:：]\s*1\s*[.．、]")


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
    lines = keep(lines, hints, removed)
    lines = with_hints(settle_marks(lines, text), hints)
    page = measure(lines)
    more = parted(lines, page)
    if len(more) > len(lines):
        lines, page = more, measure(more)
    away = furniture(lines)
    blocks = _Walk(lines, page, Repeats(text), away, log).run()
    if not blocks:
        blocks = [Block([line]) for line in lines]
    else:
        removed += [(lines[i].start, lines[i].end, reason) for i, reason in away.items()]
    classify(blocks)
    pieces, cuts = cut(text, blocks)
    return pieces, sorted(removed + cuts)


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
        self.unclosed = self.counted = self.length = 0
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
        self.unclosed = self.counted = self.length = 0

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
                unclosed=self._count_body(),
                interrupted=bool(self.asides) or self.page_ended,
                sequence=self._in_sequence(below),
                length=self.length,
                shape=page.habits.shapes[lower] if page.habits.shapes else None,
            )
        )

    def _count_body(self) -> int:
        """How many pairs the open paragraph has left open, and how long it is; each line is counted once."""
        for i in self.body[self.counted :]:
            opened, closed = balance(self.lines[i].text)
            self.unclosed = max(0, self.unclosed - closed) + opened
            self.length += len(self.lines[i].text)
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
