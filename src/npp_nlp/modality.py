"""How binding a clause is: 必须, 要, 应, 鼓励, 探索, on a scale from 5 to 1.

Layer 6. Degree words have been graded for science plans before (郑新曼、董瑜, 现代情报 2023, no. 9); the grades here are
this module's own, by two questions: is the actor free not to do it, and is the thing itself settled?

    5  no freedom, no exception              必须 务必 务须 一律 一定要; 不得 不准 严禁 禁止 决不允许
    4  a task laid on somebody               要 应当 应该 须 确保; 不要 不能
    3  due, intended or striven for          应 需 需要 将 拟 力争 争取 努力; 不应 不宜
    2  welcome: help for those who will      鼓励 支持 引导 倡导 提倡
    1  open: to be tried out or looked into  探索 研究 可以 可 允许

应当 is above 应 as in statutes, where 应当 states a duty; in reports 应 gives advice. 将 states an intention.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from npp_nlp.document import BODY_KINDS, Corpus, Document, Source, as_corpus
from npp_nlp.labels import classify
from npp_nlp.segmentation import tokens_table
from npp_nlp.text import batches, fold, valid_unicode

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = {
    "doc_id": "str",
    "paragraph": "int64",
    "clause": "str",
    "cue": "str",
    "strength": "int64",
    "polarity": "str",
    "start": "int64",
    "end": "int64",
}
SCALE: dict[int, str] = {
    5: "必须 务必 务须 一律 一定要 必需 不得 不准 不许 严禁 禁止 严格禁止 决不允许 绝不允许 决不能 绝不能 严令禁止",
    4: "要 应当 应该 须 须要 确保 不要 不能 切忌",
    3: "应 需 需要 将 拟 力争 争取 努力 力求 不应 不宜 不应当 不应该",
    2: "鼓励 支持 引导 倡导 提倡 扶持 不鼓励 不支持 不提倡",
    1: "探索 研究 试行 可以 可 允许 试办",
}
"""Strength -> cues."""

_STRENGTH = {cue: strength for strength, cues in SCALE.items() for cue in cues.split()}
_PROHIBITING = {
    c for c in _STRENGTH if c[0] in "不决绝" or c in ("严禁", "禁止", "严格禁止", "严令禁止", "切忌")
}
_TAGS = {
    "要": ("v", "d"),
    "应": ("v", "d"),
    "需": ("v", "d"),
    "须": ("v", "d"),
    "将": ("d",),
    "可": ("v", "d"),
    "拟": ("v", "d"),
}
_VERBAL = ("v", "d", "ad", "vd", "nz", "l", "c", "i")
_NEGATIONS = ("不", "决不", "绝不", "不再", "无", "未", "没有", "并非", "不必")
_NO_CUE_BEHIND = {
    "要": ("所", "就", "快", "只", "正", "为", "想"),
    "应": ("相", "对", "所", "四", "三"),
    "可": ("尚", "也", "不", "均", "真正", "更加", "机器"),
    "需": ("所", "按", "急", "刚", "供", "内"),
    "需要": ("所", "生活", "发展", "的", "实际"),
}
_OWNED = ("的", "和", "与", "、", "得到", "给予", "予以", "提供", "加强", "加大", "开展", "科学", "加快")
_NOT_BEFORE = {
    "应": ("对", "急", "届", "试", "运"),
    "支持": ("力度", "政策", "率"),
    "引导": ("基金",),
    "可": (
        "再生",
        "持续",
        "支配",
        "穿戴",
        "追溯",
        "感",
        "及",
        "得",
        "识",
        "信",
        "靠",
        "控",
        "见",
        "读",
        "行",
        "比",
        "复制",
    ),
    "需要": ("的", "为", "相"),
}
_STOPS = frozenset("，,；;。：:！!？?…\n")
_FIRM = ("一定", "务必", "必须", "务须")


_GROUP = 400_000  # characters at a time: bounds the temporary tables


class _Word(NamedTuple):
    text: str
    tag: str
    start: int
    end: int


def commitments(source: Source, *, drivers: bool = True, labels: pd.DataFrame | None = None) -> pd.DataFrame:
    """How binding each clause is that says so: one row per clause with a modal word.

    Table `doc_id, paragraph, clause, cue, strength, polarity, start, end`, in reading order. `clause` is the text
    between commas or stops, `cue` the word that decides, `start` and `end` its offsets in `Document.text`, `strength`
    its place on `SCALE`, from 5 (必须) to 1 (探索); of several the strongest counts, then the first. `polarity` is
    "prohibition" for 不得, 严禁, 不要 and the like, else "duty". A release from a duty (不必, 不需要) is no row.

    With `drivers` only paragraphs labelled driver count, by the table `labels` if given, else by `classify`; without,
    all running text. A cue counts where the segmenter makes it a word of its own and its part of speech fits, so
    that 需要, 主要, 适应, 将军 and 科学研究 are none.

    >>> table = commitments("要加快改革，严禁弄虚作假，鼓励社会资本参与，主要供应需要适应市场。", drivers=False)
    >>> table[["cue", "strength", "polarity"]].values.tolist()
    [['要', 4, 'duty'], ['严禁', 5, 'prohibition'], ['鼓励', 2, 'duty'], ['需要', 3, 'duty']]
    """
    import pandas as pd

    corpus = as_corpus(source)
    wanted = _drivers(corpus, labels) if drivers else None
    rows: list[tuple[object, ...]] = []
    for group in batches((len(document.text) for document in corpus), _GROUP):
        rows.extend(_rows(corpus.documents[group], wanted))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    named = zip(COLUMNS.items(), columns, strict=True)
    return pd.DataFrame({name: pd.Series(list(column), dtype=kind) for (name, kind), column in named})


def _drivers(corpus: Corpus, labels: pd.DataFrame | None) -> set[tuple[str, int]]:
    """The paragraphs labelled driver."""
    table = classify(corpus) if labels is None else labels
    chosen = table[table["label"] == "driver"]
    return set(zip(chosen["doc_id"], chosen["paragraph"], strict=True))


def _rows(documents: Sequence[Document], wanted: set[tuple[str, int]] | None) -> Iterator[tuple[object, ...]]:
    known = {document.id: document for document in documents}
    for name, paragraph, words in _paragraphs(documents):
        document = known[name]
        if document.paragraphs[paragraph].kind not in BODY_KINDS:
            continue
        if wanted is not None and (name, paragraph) not in wanted:
            continue
        for clause in _clauses(words):
            found = _strongest(clause)
            if found:
                text = valid_unicode(document.text[clause[0].start : clause[-1].end])
                yield name, paragraph, text, *found


def _paragraphs(documents: Sequence[Document]) -> Iterator[tuple[str, int, list[_Word]]]:
    """The words of each paragraph, with the document's id and the paragraph's number."""
    table = tokens_table(Corpus(tuple(documents)))
    columns = [table[name].tolist() for name in ("doc_id", "paragraph", "token", "pos", "start", "end")]
    rows = zip(*columns, strict=True)
    for (name, paragraph), words in groupby(rows, key=lambda row: (row[0], row[1])):
        yield name, paragraph, [_Word(fold(token), tag, start, end) for *_, token, tag, start, end in words]


def _clauses(words: list[_Word]) -> Iterator[list[_Word]]:
    clause: list[_Word] = []
    for word in words:
        if word.text in _STOPS:
            if clause:
                yield clause
            clause = []
        else:
            clause.append(word)
    if clause:
        yield clause


def _strongest(clause: list[_Word]) -> tuple[str, int, str, int, int] | None:
    """The cue that decides: text, strength, polarity, offsets; None if there is none."""
    best = None
    for i in range(len(clause)):
        found = _cue_at(clause, i)
        if found and (best is None or found[1] > best[1]):
            best = found
    return best


def _cue_at(clause: list[_Word], i: int) -> tuple[str, int, str, int, int] | None:
    word = clause[i]
    if word.text not in _STRENGTH or not _modal(clause, i):
        return None
    before = clause[i - 1] if i else None
    cue, start = word.text, word.start
    if before and before.text in _FIRM and cue in ("要", "须", "应"):
        cue, start = before.text + cue, before.start
        return cue, 5, "duty", start, word.end
    if before and before.text in _NEGATIONS:
        negated = before.text + cue
        if negated not in _STRENGTH:
            return None
        cue, start = negated, before.start
    polarity = "prohibition" if cue in _PROHIBITING else "duty"
    return cue, _STRENGTH[cue], polarity, start, word.end


def _modal(clause: list[_Word], i: int) -> bool:
    """Whether a word that looks like a cue is one: its part of speech, and what stands beside it."""
    word, before = clause[i], clause[i - 1].text if i else ""
    after = clause[i + 1] if i + 1 < len(clause) else None
    if after is not None and after.text.startswith(_NOT_BEFORE.get(word.text, "\n")):
        return False
    if word.text in _TAGS:
        return (
            word.tag in _TAGS[word.text]
            and after is not None
            and before not in _NO_CUE_BEHIND.get(word.text, ())
        )
    if _STRENGTH[word.text] <= 2 and word.text not in ("可以", "允许"):
        # 鼓励 and 探索 govern something: not 政策支持, 科学研究, 得到支持
        return (
            word.tag in ("v", "vd")
            and after is not None
            and after.text not in ("的", "下")
            and before not in _OWNED
        )
    return word.tag in _VERBAL and after is not None and before not in _NO_CUE_BEHIND.get(word.text, ())
