"""A lexicon kept inside a saved spaCy pipeline: JSON in a file, MessagePack in bytes, never a pickle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import srsly

from npp_nlp.lexicon import Entry, Lexicon
from npp_nlp.segmentation import LinearSegmenter


class WithLexicon:
    """Base of what has a lexicon in a pipeline: the packaged one with `terms` added, or the one that is set.

    `to_disk`, `from_disk`, `to_bytes` and `from_bytes` are what spaCy calls; they keep the lexicon unless it is the
    packaged one.
    """

    def __init__(self, terms: Iterable[str] | None = None) -> None:
        own = list(terms or ())
        self.lexicon = Lexicon.default() + Lexicon.from_terms(own) if own else Lexicon.default()

    @property
    def lexicon(self) -> Lexicon:
        """The terms that are tokens."""
        return self._lexicon

    @lexicon.setter
    def lexicon(self, lexicon: Lexicon) -> None:
        if not isinstance(lexicon, Lexicon):
            raise TypeError(f"lexicon must be a Lexicon, not {type(lexicon).__name__}")
        self._lexicon = lexicon
        self.segmenter = LinearSegmenter(lexicon=lexicon)

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The lexicon as bytes."""
        return bytes(srsly.msgpack_dumps(self._plain()))

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> WithLexicon:
        """Take over the lexicon of `to_bytes`."""
        return self._take(srsly.msgpack_loads(data))

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the lexicon as `lexicon.json` in the folder `path`."""
        Path(path).mkdir(parents=True, exist_ok=True)
        srsly.write_json(Path(path) / "lexicon.json", self._plain())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> WithLexicon:
        """Take over the lexicon in the folder `path`."""
        return self._take(srsly.read_json(Path(path) / "lexicon.json"))

    def _plain(self) -> dict[str, Any]:
        if self._lexicon == Lexicon.default():
            return {}
        entries = [{**asdict(entry), "variants": list(entry.variants)} for entry in self._lexicon.entries]
        return {"name": self._lexicon.name, "entries": entries}

    def _take(self, plain: dict[str, Any]) -> WithLexicon:
        if plain:
            entries = (Entry(**{**row, "variants": tuple(row["variants"])}) for row in plain["entries"])
            self.lexicon = Lexicon(tuple(entries), name=plain["name"])
        else:
            self.lexicon = Lexicon.default()
        return self
