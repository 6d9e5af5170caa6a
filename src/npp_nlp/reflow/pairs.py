"""Quotation marks, book marks and brackets that a line leaves open or closes."""

import re

_PAIRS = (
    ("“", "”"),
    ("‘", "’"),
    ("《", "》"),
    ("（", "）"),
    ("(", ")"),
    ("「", "」"),
    ("『", "』"),
    ("〔", "〕"),
    ("【", "】"),
)
_PAIR = re.compile("[“”‘’《》（）()「」『』〔〕【】]")


def balance(text: str) -> tuple[int, int]:
    """How many quotation marks, book marks and brackets a text leaves open, and how many it closes without opening.

    >>> balance("印发《关于加快"), balance("（一）改革”")
    ((1, 0), (0, 1))
    """
    if not _PAIR.search(text):
        return 0, 0
    left = right = 0
    for opener, closer in _PAIRS:
        more = text.count(opener) - text.count(closer)
        left += max(0, more)
        right += max(0, -more)
    return left, right


def closes_first(text: str) -> bool:
    """Whether a text closes a quotation mark, book mark or bracket before it opens one of that kind.

    >>> closes_first("高质量发展》的通知"), closes_first("《意见》")
    (True, False)
    """
    for opener, closer in _PAIRS:
        at = text.find(closer)
        if at >= 0 and not 0 <= text.find(opener) < at:
            return True
    return False
