"""The result of a comparison: tables, graphs and passages, each computed when it is first asked for."""

from __future__ import annotations

import hashlib
import platform
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

import npp_nlp
from npp_nlp import artefacts
from npp_nlp.comparison.dispersion import dispersion_table
from npp_nlp.comparison.emergence import emergence_table, turnover_table
from npp_nlp.comparison.frequencies import Frequencies, count_groups
from npp_nlp.comparison.intervals import share_intervals
from npp_nlp.comparison.keyness import Baseline, keyness_table
from npp_nlp.comparison.trends import trends_table
from npp_nlp.cooccurrence.building import MOST_TERMS, concept_graph
from npp_nlp.counting.known import apart, find_terms
from npp_nlp.document import Corpus, Document
from npp_nlp.evidence import Sort, arranged, check_options, passages
from npp_nlp.groups import plain_value
from npp_nlp.labels import LABELS, classify
from npp_nlp.lexicon import Lexicon
from npp_nlp.masking import shown_text

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

ENOUGH_DOCUMENTS = 5
"""Fewest documents in every group for the intervals of label shares to be drawn over documents."""


@dataclass(frozen=True)
class ComparisonSettings:
    """What a comparison was told to do."""

    by: str
    baseline: Baseline
    within: str | None
    reuse: str
    nested: bool


@dataclass(frozen=True, eq=False)
class Comparison:
    """Groups of a corpus side by side; made by `compare`, every part computed when it is first asked for.

    `corpus` is the whole corpus, `compared` what is left of it by `within` and `reuse`, `lexicon` the terms.
    """

    corpus: Corpus
    compared: Corpus
    lexicon: Lexicon
    settings: ComparisonSettings
    without_reuse: Corpus = field(repr=False)
    known_labels: pd.DataFrame | None = field(default=None, repr=False)

    @cached_property
    def counts(self) -> Frequencies:
        """The counts behind every table."""
        return count_groups(self.compared, self.lexicon, self.settings.by, nested=self.settings.nested)

    @property
    def groups(self) -> tuple[Any, ...]:
        """The values of `by` in order, numbers before texts; groups without text are left out."""
        return self.counts.groups

    @cached_property
    def terms(self) -> pd.DataFrame:
        """Keyness of every term in every group: see `npp_nlp.comparison.keyness.keyness_table`."""
        return keyness_table(self.counts, baseline=self.settings.baseline)

    @cached_property
    def trends(self) -> pd.DataFrame:
        """Table `term, group, n, per_10k, docfreq, low, high`: exact Poisson 95 % limits (Garwood 1936)."""
        return trends_table(self.counts)

    @cached_property
    def emergence(self) -> pd.DataFrame:
        """When terms come and whether they rise: see `emergence.emergence_table`; groups must be numbers."""
        return emergence_table(self.counts)

    @cached_property
    def turnover(self) -> pd.DataFrame:
        """Table `term, group, change, n` of new and vanished terms, three occurrences at least; groups must be numbers."""
        return turnover_table(self.counts)

    @cached_property
    def dispersion(self) -> pd.DataFrame:
        """Table `term, n, range, dp, dp_norm`: how evenly terms are spread over the documents."""
        return dispersion_table(self.counts)

    @cached_property
    def similarity(self) -> pd.DataFrame:
        """Square table of the groups: cosine of the vectors of `per_10k` of all terms compared; 1 on the diagonal."""
        import pandas as pd

        rates = self.counts.rates
        norms = np.sqrt((rates**2).sum(axis=0))
        with np.errstate(invalid="ignore"):
            cosine = np.clip(rates.T @ rates / np.outer(norms, norms), 0.0, 1.0)
        np.fill_diagonal(cosine, np.where(norms > 0, 1.0, np.nan))
        return pd.DataFrame(cosine, index=list(self.groups), columns=list(self.groups))

    @cached_property
    def labels(self) -> pd.DataFrame:
        """Shares of the labels in each group, with bootstrap limits: the columns of `intervals` and `unit`.

        What is drawn (`unit`) are documents if every group has at least five, else paragraphs; 1,000 draws, seed 0.
        `reuse` holds here, `within` does not: inside one label all shares are 1.
        """
        import pandas as pd

        columns = ["group", "doc_id", "label", "n_characters"]
        table = pd.DataFrame(self._labelled_pieces(), columns=columns)
        enough = self.counts.documents.min(initial=ENOUGH_DOCUMENTS) >= ENOUGH_DOCUMENTS
        unit: Literal["document", "paragraph"] = "document" if enough else "paragraph"
        shares = share_intervals(table, LABELS, unit=unit)
        shares["unit"] = pd.Series([unit] * len(shares), dtype="str")
        return shares

    def _labelled_pieces(self) -> Iterator[tuple[Any, str, str, int]]:
        """Group, document, label and characters of each labelled paragraph, or what is left of it, group by group."""
        table = self._every_label
        names = zip(table["doc_id"], table["paragraph"].tolist(), table["label"], strict=True)
        label = {(name, number): value for name, number, value in names}
        for group, documents in self.without_reuse.split(self._group_of).items():
            if group is None:
                continue
            for document in documents:
                whole = [p.start for p in self._whole[document.id].paragraphs]
                sizes: dict[int, int] = {}
                for piece in document.paragraphs:
                    number = bisect_right(whole, piece.start) - 1
                    sizes[number] = sizes.get(number, 0) + len(piece.text)
                yield group, document.id, "", 0  # no label: the group has rows whatever it holds
                for number, size in sizes.items():
                    if (document.id, number) in label:
                        yield group, document.id, label[document.id, number], size

    @cached_property
    def _every_label(self) -> pd.DataFrame:
        return classify(self.corpus) if self.known_labels is None else self.known_labels

    @cached_property
    def _whole(self) -> dict[str, Document]:
        return {document.id: document for document in self.corpus}

    def _group_of(self, document: Document) -> Any:
        return plain_value(document.value(self.settings.by))

    @cached_property
    def graphs(self) -> Mapping[Any, nx.Graph[str]]:
        """Group -> `concept_graph` of its paragraphs, each made when it is asked for.

        The nodes come from the same list in every group: the 200 terms most frequent in the whole comparison.
        """
        total = self.counts.n.sum(axis=1)
        best = sorted(range(len(total)), key=lambda i: (-total[i], self.counts.terms[i]))[:MOST_TERMS]
        wanted = {self.counts.terms[i] for i in best}
        entries = tuple(entry for entry in self.lexicon.entries if entry.term in wanted)
        return Graphs(self, Lexicon(entries, name="most frequent"))

    @cached_property
    def left_out(self) -> pd.DataFrame:
        """Table `doc_id, reason` of the documents that are in no group, or of which nothing is compared."""
        import pandas as pd

        rows = []
        for whole, part in zip(self.corpus, self.compared, strict=True):
            if self._group_of(whole) is None:
                rows.append((whole.id, f"no value of {self.settings.by!r}"))
            elif not part.paragraphs:
                rows.append((whole.id, self._why_empty(whole)))
        return pd.DataFrame(rows, columns=["doc_id", "reason"], dtype="str")

    def _why_empty(self, whole: Document) -> str:
        if not whole.paragraphs:
            return "no text"
        within = self.settings.within
        return "all of it is reused" if within is None else f"no paragraph {within!r} is left"

    def evidence(
        self, term: str, *, group: Any = None, width: int = 30, sort: Sort = "position", **value: Any
    ) -> pd.DataFrame:
        """The passages behind the counts of a term, in all groups or in one: the columns of `concordance`.

        The group is named as `group=2024` or by the comparison's own `by`, `year=2024`. There are as many rows as
        `n` in the tables says. Only what is compared is shown; offsets and paragraph numbers are those of the whole
        document.
        Raises `ValueError` if the term is not compared or the group does not exist, `TypeError` for other names.
        """
        check_options(width, sort)
        name = self.lexicon.canonical(term)
        if name is None:
            raise ValueError(f"{term!r} is not among the terms compared: concordance() finds any term")
        wanted = self._wanted(group, value)
        chosen = [d for d in self.compared if d.paragraphs and self._group_of(d) in wanted]
        part = Corpus(tuple(chosen))
        found = find_terms([shown_text(document) for document in part], self.lexicon)
        entry = next(i for i, known in enumerate(self.lexicon.entries) if known.term == name)
        rows = np.flatnonzero((found.entry == entry) & (apart(found) if self.settings.nested else found.won))
        places = (column[rows].tolist() for column in (found.text, found.start, found.end))
        frame = passages(part, zip(*places, strict=True), by=self.settings.by, width=width)
        starts = {d.id: [p.start for p in self._whole[d.id].paragraphs] for d in part}
        spots = zip(frame["doc_id"], frame["start"], strict=True)
        frame["paragraph"] = np.array([bisect_right(starts[n], s) - 1 for n, s in spots], dtype=np.int64)
        labels = self.known_labels
        if labels is None:
            held = set(frame["doc_id"])
            labels = classify(Corpus(tuple(d for d in self.corpus if d.id in held)))
        return arranged(frame, labels, sort)

    def _wanted(self, group: Any, value: dict[str, Any]) -> list[Any]:
        by = self.settings.by
        other = sorted(set(value) - {by})
        if other or (value and group is not None):
            raise TypeError(f"name one group, as group=… or {by}=…, not {', '.join(other) or 'both'}")
        one = value.get(by, group)
        if one is not None and one not in self.groups:
            raise ValueError(f"there is no group {one!r}; the groups are {', '.join(map(str, self.groups))}")
        return list(self.groups) if one is None else [one]

    @cached_property
    def provenance(self) -> Mapping[str, Any]:
        """Versions, settings, models, lexicon and inputs (sha256) behind every number."""
        libraries = ("numpy", "pandas", "scipy", "networkx", "pyarrow")
        models = ("segmenter", "pos", "reference", "termhood", "labels")
        return {
            "versions": {
                "npp_nlp": npp_nlp.__version__,
                "python": platform.python_version(),
                **{name: version(name) for name in libraries},
            },
            "settings": dict(self.settings.__dict__),
            "models": {name: artefacts.load_model(name).identity for name in models},
            "lexicon": self.lexicon.identity,
            "inputs": {document.id: _sha256(document) for document in self.corpus},
            "left_out": dict(self.left_out.itertuples(index=False)),
            "failures": dict(self.corpus.unread),
        }

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name; without emergence and turnover if the groups have no order."""
        names = ["terms", "trends", "dispersion", "labels", "left_out"]
        names += ["emergence", "turnover"] if self.counts.ordered else []
        square = self.similarity.rename(columns=str).rename_axis("group").reset_index()
        return {name: getattr(self, name) for name in names} | {"similarity": square}

    def __repr__(self) -> str:
        s = self.settings
        within = f", within={s.within!r}" if s.within else ""
        return (
            f"Comparison(by={s.by!r}, {len(self.groups)} groups, {len(self.counts.terms):,} terms, "
            f"baseline={s.baseline!r}{within}, reuse={s.reuse!r})"
        )

    def _repr_html_(self) -> str:
        from npp_nlp.display import comparison_html

        return comparison_html(repr(self), self.groups)


class Graphs(Mapping[Any, "nx.Graph[str]"]):
    """The graphs of a comparison by group, each made when it is first asked for."""

    def __init__(self, comparison: Comparison, lexicon: Lexicon) -> None:
        self._comparison, self._lexicon = comparison, lexicon
        self._made: dict[Any, nx.Graph[str]] = {}

    def __getitem__(self, group: Any) -> nx.Graph[str]:
        if group not in self._comparison.groups:
            raise KeyError(group)
        if group not in self._made:
            parts = self._comparison.compared.split(self._comparison._group_of)
            self._made[group] = concept_graph(parts[group], self._lexicon)
        return self._made[group]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._comparison.groups)

    def __len__(self) -> int:
        return len(self._comparison.groups)


def _sha256(document: Document) -> str:
    digest = document.metadata.get("sha256")
    source = document.source or document.text
    return str(digest or hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest())
