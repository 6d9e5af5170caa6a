"""Trained models: arrays in one .npz beside a card in JSON; checked by hash before use, never pickled.

Layer 2. Models are packaged in the wheel as `npp_nlp/models`; in a checkout they lie in the top-level `models/`.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = 1

# what NumPy and zipfile raise for files that are no .npz: empty, a lone .npy, unknown compression, damaged streams
_NOT_ARRAYS = (
    ValueError, OSError, EOFError, KeyError, TypeError, AttributeError, NotImplementedError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


class ModelError(ValueError):
    """A model that is missing, damaged, tampered with or made for another version."""

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        super().__init__(f"{os.fspath(path)}: {reason}")
        self.path = os.fspath(path)
        self.reason = reason

    def __reduce__(self) -> tuple[type[ModelError], tuple[str, str]]:
        return ModelError, (self.path, self.reason)


@dataclass(frozen=True)
class Model:
    """Arrays and card of one trained model."""

    name: str
    arrays: Mapping[str, NDArray[Any]]
    card: Mapping[str, Any]

    @property
    def identity(self) -> str:
        """Name, version and the first 12 digits of the hash, for provenance."""
        return _identity(self.name, self.card)


def _identity(name: str, card: Mapping[str, Any]) -> str:
    return f"{name} {card['version']} sha256:{str(card['sha256'])[:12]}"


def packaged_identity(name: str) -> str:
    """The identity of a packaged model from its card alone; the arrays are neither loaded nor checked.

    >>> packaged_identity("labels") == load_model("labels").identity
    True
    """
    card = json.loads((models_folder() / name / "card.json").read_text(encoding="utf-8"))
    return _identity(name, card)


def models_folder() -> Path:
    """The folder of the packaged models, from a wheel or from a checkout.

    >>> models_folder().name
    'models'
    """
    here = Path(__file__).resolve().parent
    packaged = here / "models"
    return packaged if packaged.is_dir() else here.parents[1] / "models"


def save_model(folder: Path, arrays: Mapping[str, NDArray[Any]], card: Mapping[str, Any]) -> None:
    """Write `model.npz` and `card.json` into `folder`; the card must have `name` and `version`."""
    folder.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    plain: dict[str, Any] = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    np.savez(buffer, **plain)
    data = buffer.getvalue()
    shapes = {name: [str(a.dtype), list(a.shape)] for name, a in arrays.items()}
    full = {**card, "format": FORMAT, "sha256": hashlib.sha256(data).hexdigest(), "arrays": shapes}
    (folder / "model.npz").write_bytes(data)
    text = json.dumps(full, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    (folder / "card.json").write_text(text, encoding="utf-8", newline="\n")
    _load.cache_clear()


def load_model(folder: str | Path) -> Model:
    """Load a model from its folder, or a packaged one by its bare name.

    Raises `ModelError` naming the path and the reason: missing, hash mismatch, other format, wrong shapes.
    """
    path = Path(folder)
    if path.name == str(folder):
        path = models_folder() / path
    return _load(path.resolve())


@cache
def _load(path: Path) -> Model:
    card_path, array_path = path / "card.json", path / "model.npz"
    try:
        card = json.loads(card_path.read_text(encoding="utf-8"))
        data = array_path.read_bytes()
    except (OSError, ValueError) as error:
        raise ModelError(path, f"no readable model here ({error})") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ModelError(card_path, f"not a model card of format {FORMAT}")
    if "version" not in card:
        raise ModelError(card_path, "no version in it")
    if hashlib.sha256(data).hexdigest() != card.get("sha256"):
        raise ModelError(
            array_path, "sha256 differs from the card: the file is damaged or not the one described"
        )
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except _NOT_ARRAYS as error:
        raise ModelError(array_path, f"not readable as plain arrays ({error})") from error
    found = {name: [str(a.dtype), list(a.shape)] for name, a in arrays.items()}
    if found != card.get("arrays"):
        raise ModelError(array_path, "arrays differ in name, type or shape from the card")
    for array in arrays.values():
        array.setflags(write=False)
    return Model(path.name, arrays, card)
