"""The policy lexicon: terms with variants and categories, found in text whatever the quotes and widths.

Layer 3. `resources/SOURCES.md` says where the packaged `resources/lexicon.tsv` comes from and what its categories mean.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.dataframes import as_frame, as_values, is_table
from npp_nlp.matching import Ints, Spans, TermMatcher, fold_all, leftmost_longest, quoteless, unquoted
from npp_nlp.text import codepoints

COLUMNS = ("term", "variants", "category", "weight", "source", "first_year", "salience")
SALIENCE = 2

_SEPARATOR = "\x00"
_FORM = re.compile(r"(?=.*[^\s“”„‟〝〞＂「」『』﹁﹂﹃﹄‘’‚‛＇\"'])[^\x00-\x1f\x7f]+")
_JIEBA = re.compile(r"(?P<term>\S.*?)(?: +(?P<freq>\d+(?:\.\d+)?))?(?: +(?P<tag>[A-Za-z]+\d*))?$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One term: canonical form, other written forms, category, weight, source, year of first use if known, salience.

    `salience` says how surely an indexer would list the term where it stands: 0 hardly ever, 1 where it is a main topic,
    2 where something is said of it, 3 always.
    """

    term: str
    variants: tuple[str, ...] = ()
    category: str = "user"
    weight: float = 1.0
    source: str = ""
    first_year: int | None = None
    salience: int = SALIENCE


@dataclass(frozen=True)
class Matches:
    """Matches in several texts, in parallel: number of the text, start and end in it, number of the entry."""

    text: Ints
    start: Ints
    end: Ints
    entry: Ints

    def __len__(self) -> int:
        return len(self.text)


@dataclass(frozen=True)
class Lexicon:
    """An unchangeable set of entries, sorted by term, no two the same but for quotes, width or case.

    `+` adds another lexicon, whose entries replace equal ones; `-` removes terms. Raises `ValueError` if two
    entries have the same canonical form, or if a form is empty or holds a control character.

    >>> lexicon = Lexicon.from_terms(["“内卷式”竞争", "人工智能＋"])
    >>> "内卷式竞争" in lexicon, lexicon.canonical("「内卷式」竞争"), "人工智能+" in lexicon
    (True, '“内卷式”竞争', True)
    """

    entries: tuple[Entry, ...]
    name: str = "lexicon"

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.entries, key=lambda entry: entry.term))
        object.__setattr__(self, "entries", ordered)
        first: dict[str, int] = {}
        for number, key in enumerate(quoteless([_checked(entry).term for entry in ordered])):
            if (other := first.setdefault(key, number)) != number:
                same = f"{ordered[other].term!r} and {ordered[number].term!r}"
                raise ValueError(f"terms {same} differ only in quotes, width or case")

    @classmethod
    @cache
    def default(cls) -> Lexicon:
        """Return the packaged policy lexicon.

        >>> Lexicon.default().canonical("双碳")
        '碳达峰碳中和'
        """
        return cls(_parse(_packaged("lexicon.tsv"), "lexicon.tsv"), name="policy")

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Lexicon:
        """Read a lexicon: this project's TSV with its header line, or jieba's user dictionary "term freq tag".

        In a user dictionary the frequency is the weight (default 1) and the tag the category (default "user").
        Raises `ValueError` with file and line where a line cannot be read.
        """
        return cls(_parse(_decode(Path(path)), str(path)), name=Path(path).stem)

    @classmethod
    def from_terms(cls, terms: Iterable[str] | Any, category: str = "user") -> Lexicon:
        """Make a lexicon of plain terms or a DataFrame with `term` and any of `COLUMNS`; the first of equal ones stays."""
        if is_table(terms):
            entries = _rows(as_frame(terms, "terms"), category)
        else:
            entries = [Entry(term, (), category, source=category) for term in _strings(terms, "terms")]
        first = dict(zip(reversed(quoteless([e.term for e in entries])), reversed(entries), strict=True))
        return cls(tuple(first.values()), category)

    def __add__(self, other: Lexicon) -> Lexicon:
        if not isinstance(other, Lexicon):
            return NotImplemented
        entries = (*self.entries, *other.entries)
        merged = dict(zip(quoteless([entry.term for entry in entries]), entries, strict=True))
        return Lexicon(tuple(merged.values()), name=f"{self.name}+{other.name}")

    def __sub__(self, other: Lexicon | Iterable[str]) -> Lexicon:
        """Remove the entries that bear the given names, variants included; unknown names are no error."""
        gone = {self.canonical(term) for term in _strings(other, "the terms to remove")}
        kept = tuple(entry for entry in self.entries if entry.term not in gone)
        return self if len(kept) == len(self) else Lexicon(kept, name=f"{self.name}-{len(self) - len(kept)}")

    def only(self, *categories: str) -> Lexicon:
        """Keep the entries of the given categories; raises `ValueError` if one of them does not occur."""
        known = sorted({entry.category for entry in self.entries})
        if unknown := [category for category in categories if category not in known]:
            raise ValueError(f"category {unknown[0]!r} is not in this lexicon; it has {', '.join(known)}")
        kept = tuple(entry for entry in self.entries if entry.category in categories)
        return Lexicon(kept, f"{self.name}[{','.join(categories)}]")

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[str]:
        return (entry.term for entry in self.entries)

    def __contains__(self, surface: object) -> bool:
        return isinstance(surface, str) and self.canonical(surface) is not None

    def __repr__(self) -> str:
        return f"Lexicon({self.identity!r}, {len(self):,} entries)"

    def canonical(self, surface: str) -> str | None:
        """Return the canonical form of any written form, None if it is not in the lexicon."""
        index = None if _SEPARATOR in surface else self._surfaces.get(unquoted(fold_all([surface])[0]))
        return None if index is None else self.entries[index].term

    @cached_property
    def identity(self) -> str:
        """Name and the first 12 digits of the content's hash, for provenance."""
        digest = hashlib.sha256("".join(map(_line, self.entries)).encode("utf-8", "surrogatepass"))
        return f"{self.name} sha256:{digest.hexdigest()[:12]}"

    def to_file(self, path: str | os.PathLike[str]) -> None:
        """Write the lexicon as TSV, readable by `from_file`; raises `ValueError` if a variant holds |."""
        if damaged := [form for entry in self.entries for form in entry.variants if "|" in form]:
            raise ValueError(f"variant {damaged[0]!r} holds '|', which separates variants in the file")
        text = "\t".join(COLUMNS) + "\n" + "".join(map(_line, self.entries))
        Path(path).write_text(text, encoding="utf-8", newline="\n")

    def match(self, points: NDArray[np.uint32]) -> Spans:
        """Find the winning matches in code points: starts, ends, entry numbers; leftmost, then longest.

        They do not overlap and are sorted by start; `entries[number]` is the entry. Quotes inside a term belong
        to it, quotes around a whole term do not. The points may be folded or not.

        >>> from npp_nlp.text import codepoints, fold
        >>> lexicon = Lexicon.from_terms(["人工智能+", "人工智能"])
        >>> [column.tolist() for column in lexicon.match(codepoints(fold("“人工智能＋”、人工智能")))]
        [[1, 8], [6, 12], [1, 0]]
        """
        starts, ends, entries = self.match_all(points)
        won = leftmost_longest(starts, ends)
        return starts[won], ends[won], entries[won]

    def match_all(self, points: NDArray[np.uint32]) -> Spans:
        """Find every match, overlapping and nested ones too, sorted by (start, -end)."""
        return self._matcher.all_matches(points)

    def find(self, texts: Sequence[str]) -> Matches:
        """Find the winning matches in each of many texts, in the order of the texts.

        >>> found = Lexicon.from_terms(["乡村振兴"]).find(["全面推进乡村振兴", "", "乡村振兴"])
        >>> found.text.tolist(), found.start.tolist(), found.end.tolist()
        ([0, 2], [4, 0], [8, 4])
        """
        listed = _strings(texts, "texts")
        starts, ends, entries = self.match(codepoints(_SEPARATOR.join(listed)))
        lengths = np.array([len(text) + 1 for text in listed], dtype=np.int64)
        offsets = np.cumsum(lengths) - lengths
        text = np.searchsorted(offsets, starts, side="right") - 1
        return Matches(text, starts - offsets[text], ends - offsets[text], entries)

    @cached_property
    def _surfaces(self) -> dict[str, int]:
        """Folded written form -> entry. Own names go before variants, written forms before made ones."""
        heavy_first = sorted(range(len(self.entries)), key=lambda i: -self.entries[i].weight)
        own = [(self.entries[i].term, i) for i in heavy_first]
        other = [(form, i) for i in heavy_first for form in self.entries[i].variants]
        folded = fold_all([form for form, _ in own + other])
        owner: dict[str, int] = {}
        for forms in ([unquoted(form) for form in folded], quoteless(folded)):
            for form, (_, index) in zip(forms, own + other, strict=True):
                owner.setdefault(form, index)
        return owner

    @cached_property
    def _matcher(self) -> TermMatcher:
        return TermMatcher(list(self._surfaces), list(self._surfaces.values()))


def as_lexicon(terms: Iterable[str] | Lexicon | None) -> Lexicon:
    """A lexicon as it is, a list of terms as a lexicon, None as the packaged one.

    >>> as_lexicon(["双碳"]).entries[0].term
    '双碳'
    """
    if terms is None:
        return Lexicon.default()
    return terms if isinstance(terms, Lexicon) else Lexicon.from_terms(terms)


def _strings(values: Iterable[str], name: str) -> list[str]:
    if isinstance(values, str):
        raise TypeError(f"{name} is the single string {values!r}; a list of strings is wanted: [{values!r}]")
    return list(as_values(values))


def _line(entry: Entry) -> str:
    year = "" if entry.first_year is None else str(entry.first_year)
    weight = repr(float(entry.weight)).removesuffix(".0")
    fields = (
        entry.term,
        "|".join(entry.variants),
        entry.category,
        weight,
        entry.source,
        year,
        str(entry.salience),
    )
    return "\t".join(fields) + "\n"


def _rows(table: Any, category: str) -> list[Entry]:
    if COLUMNS[0] not in table.columns:
        raise ValueError(f"the table has no column 'term'; it has {', '.join(map(str, table.columns))}")
    filler = dict.fromkeys(COLUMNS, "") | {"category": category, "weight": "1", "source": category}
    filler |= {"salience": str(SALIENCE)}
    cells = table.reindex(columns=list(COLUMNS)).astype("object").fillna(filler).astype("str")
    return [_read_own("\t".join(row)) for row in cells.to_numpy().tolist()]


def _decode(file: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return file.read_bytes().decode(encoding)
    raise ValueError(f"{file}: neither UTF-8 nor GB18030")


def _parse(text: str, path: str) -> tuple[Entry, ...]:
    lines = [line.rstrip("\r") for line in text.split("\n")]
    header = tuple(lines[0].split("\t"))
    own = header[0] == COLUMNS[0]
    if own and header not in (COLUMNS, COLUMNS[:-1]):
        raise ValueError(f"{path}:1: header must be {' '.join(COLUMNS)}, separated by tabs, not {lines[0]!r}")
    entries: dict[int, Entry] = {}
    for number, line in enumerate(lines[own:], start=1 + own):
        try:
            if line.strip():
                entries[number] = _read_own(line) if own else _read_jieba(line)
        except ValueError as error:
            raise ValueError(f"{path}:{number}: {error}") from None
    first: dict[str, int] = {}
    for key, number in zip(quoteless([entry.term for entry in entries.values()]), list(entries), strict=True):
        if first.setdefault(key, number) != number:
            if own:
                raise ValueError(f"{path}:{number}: {entries[number].term!r} is in line {first[key]} already")
            del entries[number]
    return tuple(entries.values())


def _read_own(line: str) -> Entry:
    fields = line.split("\t")
    if len(fields) not in (len(COLUMNS) - 1, len(COLUMNS)):
        raise ValueError(f"{len(fields)} fields where {len(COLUMNS)} belong: {line!r}")
    term, variants, category, weight, source, year, salience = [*fields, str(SALIENCE)][: len(COLUMNS)]
    forms = tuple(filter(None, variants.split("|")))
    first = int(float(year)) if year else None
    return _checked(Entry(term, forms, category, float(weight), source, first, int(float(salience))))


def _read_jieba(line: str) -> Entry:
    found = _JIEBA.match(line.strip())
    if found is None or "\t" in line:
        raise ValueError(f"not 'term', 'term freq' or 'term freq tag', and no header line above: {line!r}")
    fields = (found["term"], (), found["tag"] or "user", float(found["freq"] or 1), "user dictionary")
    return _checked(Entry(*fields))


def _checked(entry: Entry) -> Entry:
    for form in (entry.term, *entry.variants):
        if not _FORM.fullmatch(form):
            raise ValueError(f"form {form!r} of {entry.term!r} is empty or holds a control character")
    if not 0 <= entry.weight < float("inf"):
        raise ValueError(f"weight {entry.weight!r} of {entry.term!r} is not a number from 0 up")
    if entry.salience not in range(4):
        raise ValueError(f"salience {entry.salience!r} of {entry.term!r} is not 0, 1, 2 or 3")
    return entry


def _packaged(name: str) -> str:
    return (resources.files("npp_nlp") / "resources" / name).read_text(encoding="utf-8")


@cache
def stop_words() -> frozenset[str]:
    """Return the function words and report boilerplate that are no terms by themselves.

    >>> "的" in stop_words(), "加快" in stop_words(), "新质生产力" in stop_words()
    (True, True, False)
    """
    return frozenset(re.sub("(?m)^#.*", "", _packaged("stopwords.txt")).split())
