"""pkuseg (the maintained fork spacy-pkuseg) as a segmenter, with a model folder of the user's own."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from npp_nlp.segmentation.base import Backend, Joined, starts_from_words

if TYPE_CHECKING:
    from npp_nlp.lexicon import Lexicon

_FILES = ("features.msgpack", "weights.npz")
# spacy_pkuseg hands the model's folder to its loaders through a module-wide setting.
_LOADING = threading.Lock()


class PkusegSegmenter(Backend):
    """The words of a pkuseg model with a lexicon laid over them.

    `model` is a folder with features.msgpack and weights.npz; nothing is downloaded, and the word list that the
    wheel brings as a pickle is not used. Raises `ValueError` if the folder is not such a model.
    """

    name = "pkuseg"

    def __init__(self, model: str | Path | None = None, *, lexicon: Lexicon | None = None) -> None:
        self.model = _checked(model)
        super().__init__(lexicon=lexicon)
        import spacy_pkuseg

        with _LOADING:
            self._pkuseg = spacy_pkuseg.pkuseg(str(self.model), user_dict=None)

    @property
    def backend_identity(self) -> str:
        """The model folder's name and the version of spacy-pkuseg."""
        from importlib.metadata import version

        return f"spacy-pkuseg {version('spacy-pkuseg')} model {self.model.name}"

    def word_starts(self, joined: Joined) -> NDArray[np.bool_]:
        """Where pkuseg starts its words; the blanks it drops are put back."""
        return starts_from_words(joined, map(self._pkuseg.cut, joined.texts))


def _checked(model: str | Path | None) -> Path:
    if model is None:
        raise ValueError(
            f"model=None: PkusegSegmenter needs a folder with {' and '.join(_FILES)}; the spacy-pkuseg wheel "
            "brings no model and npp_nlp downloads nothing"
        )
    folder = Path(model)
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise ValueError(f"model={str(model)!r}: no {' and no '.join(missing)} in this folder")
    return folder.resolve()
