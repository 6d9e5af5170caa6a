"""Terms that a document itself explains: the heads of its glossary (名词解释), and 本办法所称X，是指….

Layer 5. What the authors explain to their readers is a term of theirs, whatever its form and however rare.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from npp_nlp.document import Document
from npp_nlp.terms.spans import Ints

Span = tuple[int, int]

_TITLE = re.compile(
    r"\W*(附件?\d*\W*)?(《[^》]+》\W*)?(对|文中|报告中|内容|有关|部分|相关|主要|重要|专业|名词|术语|用语|词语|词汇|指标|概念|缩略语|和|与|的|、)*"
    r"(解释|注释|释义|注解|简释|用语说明|名词说明|术语说明|词语说明|指标说明)\W*"
)
_MARK = r"(?>\s*(?:[（(［\[]?\d{1,3}[）)］\].．、]|[①-⑳]|[（(]?[一二三四五六七八九十]{1,3}[）)、])?\s*)"
_PART = r"(?:“[^“”\n]{1,20}”|[^“”，。；：:！？（）()\s是指—]|是(?!指))"
_HEAD = rf"(?P<head>{_PART}(?:{_PART}| (?=[^\s])){{0,20}}?)"
_ITEM = re.compile(rf"{_MARK}{_HEAD}\s*(?:[：:]|——|[，,]?\s*(?:是指|指的是|指))")
_NAMED = re.compile(rf"所称的?{_HEAD}[，,]?\s*(?:是指|指的是|指)")
_LIST_OF_QUOTES = re.compile(r"(?:“[^“”]+”){2,}")
_LONGEST = 24


def defined_spans(document: Document) -> list[Span]:
    r"""Where the document explains a term: offsets of the term in `Document.text`, in order.

    >>> text = "本办法所称公共数据，是指机关在履职时取得的数据。"
    >>> report = Document.from_text(text + "\n名词解释\n1.“双百行动”：百校联百县。\n2.GEP核算：生态产品的价值。")
    >>> [report.text[a:b] for a, b in defined_spans(report)]
    ['公共数据', '“双百行动”', 'GEP核算']
    """
    found: list[Span] = []
    glossary = False
    for paragraph in document.paragraphs:
        text = paragraph.text
        if len(text) <= _LONGEST and _TITLE.fullmatch(text):
            glossary = True
            continue
        matches = list(_NAMED.finditer(text)) if "所称" in text else []
        if glossary and (item := _ITEM.match(text)):
            matches = [item]
        elif paragraph.kind in ("title", "heading"):
            glossary = False
        for match in matches:
            found += [
                (paragraph.start + a, paragraph.start + b) for a, b in _parts(text, *match.span("head"))
            ]
    return found


def explained(documents: Sequence[Document], offsets: Ints) -> tuple[Ints, Ints, Ints]:
    """Starts, ends and document numbers of the defined spans, in the text into which `offsets` lay the documents."""
    rows = [
        (start + offset, end + offset, number)
        for number, (document, offset) in enumerate(zip(documents, offsets.tolist(), strict=True))
        for start, end in defined_spans(document)
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _parts(text: str, start: int, end: int) -> Iterator[Span]:
    """The head itself, or each quotation if it is a row of them (“两重”“两新”)."""
    if not 2 <= end - start <= _LONGEST:
        return
    if _LIST_OF_QUOTES.fullmatch(text, start, end):
        yield from (match.span() for match in re.finditer("“[^“”]+”", text[:end]) if match.start() >= start)
    else:
        yield start, end
