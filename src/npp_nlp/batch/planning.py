"""Which parts have to be written: new inputs in new parts, changed ones in place, everything else as it is."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import npp_nlp
from npp_nlp import artefacts
from npp_nlp.batch.inputs import Input, content_hash
from npp_nlp.batch.parts import TEMPORARY, list_parts, part_path, read_footer
from npp_nlp.batch.work import Item, Task
from npp_nlp.lexicon import Lexicon

MODELS = ("segmenter", "reference", "termhood", "labels")
PART_BYTES = (200_000, 4_000_000)
PART_INPUTS = (32, 500)
SHARE = 16
"""A part holds a sixteenth of the bytes, or of the number, of the inputs, within these bounds: what a killed run loses."""


class Known(NamedTuple):
    """What a finished part says of an input."""

    part: int
    size: int
    sha256: str | None
    again: bool


class Plan(NamedTuple):
    """Parts to write anew, by number, with the inputs to tag again; new inputs, in groups; how many inputs are done."""

    redo: dict[int, set[str]]
    new: list[list[Input]]
    skipped: int


def settings_of(top: int) -> dict[str, Any]:
    """What every part records and a resumed run, and every worker, must share: version, models, lexicon, settings."""
    return {
        "npp_nlp": npp_nlp.__version__,
        "models": {name: artefacts.packaged_identity(name) for name in MODELS},
        "lexicon": Lexicon.default().identity,
        "settings": {"top": top},
    }


def known_inputs(folder: Path, settings: Mapping[str, Any]) -> dict[str, Known]:
    """The inputs of the finished parts; raises `ValueError` if they were made with other settings or models."""
    known: dict[str, Known] = {}
    for number, path in list_parts(folder):
        entries, provenance = read_footer(path)
        differing = sorted(k for k in {*settings, *provenance} if settings.get(k) != provenance.get(k))
        if differing:
            raise ValueError(
                f"{path} was made with other {', '.join(differing)}: overwrite, or choose another output"
            )
        known |= {e.path: Known(number, e.size, e.sha256, e.again) for e in entries}
    return known


def plan(inputs: Sequence[Input], known: Mapping[str, Known]) -> Plan:
    """Sort the inputs into those to do again in their part, new ones, and those whose content is as it was."""
    redo: dict[int, set[str]] = {}
    new: list[Input] = []
    for found in inputs:
        old = known.get(found.path)
        if old is None:
            new.append(found)
        elif old.again or old.size != found.size or content_hash(found.path) != old.sha256:
            redo.setdefault(old.part, set()).add(found.path)
    skipped = len(inputs) - len(new) - sum(map(len, redo.values()))
    most_bytes = _within(sum(found.size for found in inputs), PART_BYTES)
    return Plan(redo, list(cut(new, most_bytes, _within(len(inputs), PART_INPUTS))), skipped)


def _within(total: int, bounds: tuple[int, int]) -> int:
    return min(max(total // SHARE, bounds[0]), bounds[1])


def tasks(folder: Path, wanted: Plan, taken: Iterable[int], settings: Mapping[str, Any]) -> Iterator[Task]:
    """The tasks of a plan: changed parts first, then new ones under the numbers that are free.

    The same inputs are cut into the same parts, also when a run is taken up again.
    """
    for number, changed in sorted(wanted.redo.items()):
        old = part_path(folder, number)
        items = tuple(
            Item(e.path, e.name, _size(e.path, e.size), "tag" if e.path in changed else "copy")
            for e in read_footer(old)[0]
        )
        yield Task(number, _temporary(folder), items, str(old), settings)
    used = set(taken)
    free = (number for number in count() if number not in used)
    for group, number in zip(wanted.new, free, strict=False):
        items = tuple(Item(found.path, found.name, found.size) for found in group)
        yield Task(number, _temporary(folder), items, None, settings)


def _size(path: str, before: int) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return before


def _temporary(folder: Path) -> str:
    return str(folder / f"{TEMPORARY}{secrets.token_hex(8)}")


def cut(inputs: Iterable[Input], most_bytes: int, most: int) -> Iterator[list[Input]]:
    """Consecutive inputs until they have so many bytes or are so many.

    >>> groups = cut([Input("a", "a", 300), Input("b", "b", 300), Input("c", "c", 1)], 500, 10)
    >>> [[found.name for found in group] for group in groups]
    [['a', 'b'], ['c']]
    """
    group: list[Input] = []
    size = 0
    for found in inputs:
        group.append(found)
        size += found.size
        if size >= most_bytes or len(group) >= most:
            yield group
            group, size = [], 0
    if group:
        yield group
