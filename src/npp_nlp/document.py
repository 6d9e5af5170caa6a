"""Document, Paragraph and Corpus: frozen records that every later stage reads and none changes.

Layer 1: imports nothing of ours at import time. The constructors that open files (`Document.from_text`,
`Corpus.from_files`, `Corpus.from_table`) hand the work to `npp_nlp.reading` when they are called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal[
    "title",
    "subtitle",
    "heading",
    "paragraph",
    "quote",
    "list_item",
    "caption",
    "footnote",
    "byline",
    "toc",
    "residue",
]

Role = Literal["", "title", "heading", "byline", "list", "footnote", "caption", "table", "removed"]

BODY_KINDS: frozenset[str] = frozenset({"paragraph", "quote", "list_item"})
"""Kinds that carry running text: what is classified and counted unless a function says otherwise."""


class Hint(NamedTuple):
    """What a file itself says about one line of its text, as styles in Word or tags in HTML do.

    `start` is the offset in `Document.source` of the first character of the line that is not blank, `role` what the
    file says the line is, `level` the depth of a heading; `whole` says that a paragraph ends with this line in the
    file, `reason` why a line of role "removed" is no part of the text.
    """

    start: int
    role: Role = ""
    level: int = 0
    whole: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a document.

    `start` and `end` are character offsets into `Document.text`; `source_spans` are the offsets of its pieces in
    `Document.source`, so that joining the pieces gives `text` back. `article` counts the articles on one page,
    0 is the main one. `level` is the depth of a heading (1 is the top; 0: no heading).
    """

    text: str
    kind: Kind
    article: int
    start: int
    end: int
    source_spans: tuple[tuple[int, int], ...] = ()
    level: int = 0


@dataclass(frozen=True)
class Document:
    """One text with its paragraphs and what is known about it.

    `text` is the recovered text, one paragraph a line; `source` is the text as it was decoded from the file.
    `removed` lists the pieces of `source` that are in no paragraph, as (start, end, reason); `hints` is what the
    file said about its lines.
    `metadata` holds whatever else is known (path, encoding, sha256, columns of the user's table).
    """

    id: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    title: str | None = None
    year: int | None = None
    date: str | None = None
    region: str | None = None
    source: str = field(default="", repr=False)
    removed: tuple[tuple[int, int, str], ...] = field(default=(), repr=False)
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)
    hints: tuple[Hint, ...] = field(default=(), repr=False)

    @classmethod
    def from_text(
        cls,
        text: str,
        *,
        id: str = "text",  # noqa: A002 (the column's name)
        title: str | None = None,
        year: int | None = None,
        region: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> Document:
        r"""Make a document from a string; broken lines are rejoined just as for a file.

        >>> doc = Document.from_text("发展新质生产力。\n扩大内需。", id="a", year=2025)
        >>> [p.text for p in doc.paragraphs]
        ['发展新质生产力。', '扩大内需。']
        """
        from npp_nlp.reading import document_from_text

        known = {"title": title, "year": year, "region": region, **(metadata or {})}
        return document_from_text(text, id, known)

    def reflow_log(self) -> pd.DataFrame:
        r"""Why lines of `source` were joined or kept apart.

        Columns: start (offset in `source` of the lower line), upper and lower (the ends of the lines), joined, score
        (sum of the weights; above 0 means joined), reasons.

        >>> log = Document.from_text("推动高质量发展，\n\n发展新质生产力。").reflow_log()
        >>> log["joined"].tolist()
        [True]
        """
        from npp_nlp.reflow import reflow_log

        return reflow_log(self)

    def value(self, name: str) -> Any:
        """The metadata called `name`: a field such as `year`, or an entry of `metadata`; None if unknown."""
        if name in ("id", "title", "year", "date", "region"):
            return getattr(self, name)
        return self.metadata.get(name)

    def __repr__(self) -> str:
        year = f", year={self.year}" if self.year is not None else ""
        return (
            f"Document({self.id!r}{year}, {len(self.paragraphs)} paragraphs, {len(self.text):,} characters)"
        )

    def _repr_html_(self) -> str:
        from npp_nlp.display import document_html

        return document_html(self)


@dataclass(frozen=True)
class Corpus(Sequence[Document]):
    """Documents in a fixed order, and the files that could not be read.

    >>> corpus = Corpus.from_texts(["推进改革。", "扩大开放。"], years=[2024, 2025])
    >>> len(corpus), corpus[1].year, [d.id for d in corpus.where(year=2024)]
    (2, 2025, ['0'])
    >>> {year: len(part) for year, part in corpus.split("year").items()}
    {2024: 1, 2025: 1}
    """

    documents: tuple[Document, ...]
    unread: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for document in self.documents:
            if document.id in seen:
                raise ValueError(f"document id {document.id!r} occurs twice: ids must be unique in a corpus")
            seen.add(document.id)

    @classmethod
    def from_files(
        cls,
        *paths: str | Path | Iterable[str | Path],
        encoding: str | None = None,
        simplified: bool = False,
        max_bytes: int = 50_000_000,
        progress: bool | None = None,
    ) -> Corpus:
        """Read files, folders and glob patterns, sorted by path; what cannot be read is in `.failures`.

        `encoding`, `simplified` and `max_bytes` (per file) are those of `npp_nlp.read`. `progress` shows a bar; by
        default it shows on a terminal only. Raises `ValueError` if a pattern or folder matches nothing.
        """
        from npp_nlp.reading import Manner, read_files

        flat: list[str | Path] = []
        for item in paths:
            flat.extend([item] if isinstance(item, str | Path) else item)
        documents, unread = read_files(flat, Manner(encoding, simplified, max_bytes), progress=progress)
        return cls(tuple(documents), tuple(unread))

    @classmethod
    def from_table(
        cls,
        frame: pd.DataFrame | str | Path,
        *,
        text: str = "text",
        id: str | None = None,  # noqa: A002 (the column's name)
        year: str | None = None,
        region: str | None = None,
    ) -> Corpus:
        """Make a corpus from a table or a table file; the arguments name its columns, the others become metadata.

        A table is one of pandas, polars or Arrow (`npp_nlp.dataframes`).
        Files may be CSV, TSV, Excel (.xlsx), JSON, JSON Lines or Parquet. Rows without text go to `.failures`.
        Raises `ValueError` if a named column is missing, `ReadError` if the file cannot be read.
        """
        from npp_nlp.reading import read_table, read_table_file

        if isinstance(frame, str | Path):
            frame = read_table_file(frame, text)
        documents, unread = read_table(frame, text, {"id": id, "year": year, "region": region})
        return cls(tuple(documents), tuple(unread))

    @classmethod
    def from_texts(
        cls,
        texts: Iterable[str],
        *,
        ids: Iterable[str] | None = None,
        years: Iterable[int | None] | None = None,
    ) -> Corpus:
        """Make a corpus from strings; ids default to "0", "1" and so on."""
        listed = list(texts)
        names = [str(i) for i in range(len(listed))] if ids is None else list(ids)
        when = [None] * len(listed) if years is None else list(years)
        if not len(listed) == len(names) == len(when):
            raise ValueError(
                f"{len(listed)} texts, {len(names)} ids and {len(when)} years: numbers must match"
            )
        rows = zip(listed, names, when, strict=True)
        return cls(tuple(Document.from_text(text, id=name, year=year) for text, name, year in rows))

    @property
    def failures(self) -> pd.DataFrame:
        """Table `path, reason` of what could not be read."""
        import pandas as pd

        return pd.DataFrame(list(self.unread), columns=["path", "reason"], dtype="str")

    def where(self, keep: Callable[[Document], bool] | None = None, **metadata: Any) -> Corpus:
        """The documents for which `keep` is true and whose metadata equal the given values.

        A list, tuple, set or range means any of its values: `corpus.where(year=range(2015, 2025))`.
        """

        def matches(document: Document) -> bool:
            for name, wanted in metadata.items():
                value = document.value(name)
                many = isinstance(wanted, list | tuple | set | frozenset | range)
                if (value not in wanted) if many else (value != wanted):
                    return False
            return keep is None or keep(document)

        return Corpus(tuple(d for d in self.documents if matches(d)), self.unread)

    def split(self, by: str | Callable[[Document], Any]) -> dict[Any, Corpus]:
        """One corpus for each value of the metadata called `by`, or of a function of the document.

        In the order of the values, numbers before texts; documents for which the value is not known come last,
        under None.
        """
        value = by if callable(by) else lambda document: document.value(by)
        groups: dict[Any, list[Document]] = {}
        for document in self.documents:
            groups.setdefault(value(document), []).append(document)

        def order(key: Any) -> tuple[int, Any]:
            number = isinstance(key, int | float)
            return (0, key) if number else (2, "") if key is None else (1, str(key))

        return {key: Corpus(tuple(groups[key])) for key in sorted(groups, key=order)}

    @overload
    def __getitem__(self, index: int) -> Document: ...
    @overload
    def __getitem__(self, index: slice) -> Corpus: ...
    def __getitem__(self, index: int | slice) -> Document | Corpus:
        if isinstance(index, slice):
            return Corpus(self.documents[index], self.unread)
        return self.documents[index]

    def __len__(self) -> int:
        return len(self.documents)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    def __repr__(self) -> str:
        size = sum(len(d.text) for d in self.documents)
        failed = f", {len(self.unread)} failures" if self.unread else ""
        return f"Corpus({len(self.documents)} documents, {size:,} characters{failed})"

    def _repr_html_(self) -> str:
        from npp_nlp.display import corpus_html

        return corpus_html(self)


Source = str | Document | Corpus | Iterable[str] | Iterable[Document]


def as_corpus(source: Source) -> Corpus:
    """A corpus of whatever the caller has: a text, a document, several of either, or a corpus (returned as it is).

    >>> as_corpus("深化改革。")[0].id
    'text'
    """
    if isinstance(source, Corpus):
        return source
    if isinstance(source, Document):
        return Corpus((source,))
    if isinstance(source, str):
        return Corpus((Document.from_text(source),))
    items = list(source)
    if all(isinstance(item, Document) for item in items):
        return Corpus(tuple(item for item in items if isinstance(item, Document)))
    if all(isinstance(item, str) for item in items):
        return Corpus.from_texts([item for item in items if isinstance(item, str)])
    kinds = ", ".join(sorted({type(item).__name__ for item in items}))
    raise TypeError(
        f"source must be text, Document, Corpus or a list of texts or of Documents, not a list of {kinds}"
    )
