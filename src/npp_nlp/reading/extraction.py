"""What a reader takes out of a file: its text line by line, what the file says about the lines, and other facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from npp_nlp.document import Hint, Role


@dataclass(frozen=True)
class Extraction:
    """The whole text of a file in reading order, hints about its lines, and facts such as encoding or title."""

    text: str
    hints: tuple[Hint, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


Reader = Callable[[bytes, str | None], Extraction]
"""Takes the bytes of a file and the encoding that the user declares; raises `ValueError` with the reason."""


class LineWriter:
    r"""Writes a text line by line and notes what the file says about each.

    >>> writer = LineWriter()
    >>> writer.line("关于深化改革的意见", role="title", whole=True)
    >>> writer.line("各地要……", whole=True, indent=2)
    >>> writer.text
    '关于深化改革的意见\n\u3000\u3000各地要……\n'
    >>> [(hint.start, hint.role) for hint in writer.hints]
    [(0, 'title'), (12, '')]
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._hints: list[Hint] = []

    def line(
        self,
        text: str,
        *,
        role: Role = "",
        level: int = 0,
        whole: bool = False,
        reason: str = "",
        indent: int = 0,
    ) -> None:
        """Write one line, indented by so many full-width blanks; line breaks inside it become blanks."""
        body = " ".join(text.splitlines()).strip()
        if not body:
            self.blank()
            return
        if role or whole:
            self._hints.append(Hint(self._length + indent, role, level, whole, reason))
        self._write("\u3000" * indent + body + "\n")

    def blank(self, lines: int = 1) -> None:
        """Write blank lines."""
        self._write("\n" * lines)

    def page(self) -> None:
        """Begin a new page."""
        self._write("\f")

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self._parts)

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What was said about the lines."""
        return tuple(self._hints)
