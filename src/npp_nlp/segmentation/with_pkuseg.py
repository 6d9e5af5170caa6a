"""pkuseg (the maintained fork spacy-pkuseg) as a segmenter, with a packaged model or one of the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from npp_nlp.artefacts import Model, ModelError, load_model
from npp_nlp.segmentation.base import Backend, Joined, starts_from_words

if TYPE_CHECKING:
    from npp_nlp.lexicon import Lexicon

KIND = "npp-pkuseg-1"
_FILES = ("features.msgpack", "weights.npz")


class PkusegSegmenter(Backend):
    """The words of a pkuseg model with a lexicon laid over them.

    `model=None` is the packaged model; else a folder with features.msgpack and weights.npz, as spacy_pkuseg's
    trainer writes them, or with the model.npz and card.json of training/train_pkuseg.py. Nothing is downloaded, and
    the word list that the wheel of spacy-pkuseg brings as a pickle is not used. Raises `ValueError` if the folder
    is not such a model, `ModelError` if the model is damaged.

    >>> from npp_nlp.lexicon import Lexicon
    >>> PkusegSegmenter(lexicon=Lexicon(())).segment("扩大国内需求")
    ['扩大', '国内', '需求']
    """

    name = "pkuseg"

    def __init__(self, model: str | Path | None = None, *, lexicon: Lexicon | None = None) -> None:
        if model is None:
            self._pkuseg, self._model = _packaged(load_model("pkuseg"))
        else:
            folder = Path(model).resolve()
            self._pkuseg, self._model = (
                _packaged(load_model(folder)) if _ours(folder) else _own(model, folder)
            )
        super().__init__(lexicon=lexicon)

    @property
    def backend_identity(self) -> str:
        """The model's name (and hash, if it has a card) and the version of spacy-pkuseg."""
        from importlib.metadata import version

        return f"spacy-pkuseg {version('spacy-pkuseg')} model {self._model}"

    def word_starts(self, joined: Joined) -> NDArray[np.bool_]:
        """Where pkuseg starts its words; the blanks it drops are put back."""
        return starts_from_words(joined, map(self._pkuseg.cut, joined.valid))


def _ours(folder: Path) -> bool:
    return (folder / "card.json").is_file() and (folder / "model.npz").is_file()


def _own(model: str | Path, folder: Path) -> tuple[Any, str]:
    """A segmenter from a folder in spacy_pkuseg's format, and the folder's name."""
    missing = [name for name in _FILES if not (folder / name).is_file()]
    if missing:
        raise ValueError(f"model={str(model)!r}: no {' and no '.join(missing)} in this folder")
    from spacy_pkuseg.feature_extractor import FeatureExtractor
    from spacy_pkuseg.model import Model as Weights

    return _assembled(FeatureExtractor.load(str(folder)), Weights.load(str(folder))), folder.name


def _packaged(model: Model) -> tuple[Any, str]:
    """A segmenter from arrays: names of features and of words, one row of weights per feature, the transitions."""
    if model.card.get("kind") != KIND:
        raise ModelError(model.name, f"kind {model.card.get('kind')!r}: a pkuseg model's kind is {KIND!r}")
    from spacy_pkuseg.feature_extractor import FeatureExtractor
    from spacy_pkuseg.model import Model as Weights

    names, words = (
        model.arrays[part].tobytes().decode("utf-8").split("\n") for part in ("features", "words")
    )
    tags = list(model.card["tags"])
    features = FeatureExtractor()
    features.feature_to_idx = dict(zip(names, range(len(names)), strict=True))
    features.tag_to_idx = {tag: number for number, tag in enumerate(tags)}
    features.unigram = set(words)
    weights = Weights(0, len(tags))
    weights.n_feature = len(names)
    scaled = model.arrays["weights"].astype(np.float64) * float(model.card["scale"])
    weights.w = np.concatenate([scaled.ravel(), model.arrays["transitions"].ravel()])
    weights.n_transition_feature = len(weights.w)
    return _assembled(features, weights), model.identity


def _assembled(features: Any, weights: Any) -> Any:
    """spacy_pkuseg's segmenter around these parts; its constructor would look for files and settings of its own."""
    import spacy_pkuseg

    made = spacy_pkuseg.pkuseg.__new__(spacy_pkuseg.pkuseg)
    made.postag = False
    made.preprocesser = spacy_pkuseg.Preprocesser(None)
    made.postprocesser = spacy_pkuseg.Postprocesser(None, None)
    made.feature_extractor, made.model = features, weights
    made.idx_to_tag = {number: tag for tag, number in features.tag_to_idx.items()}
    made.n_feature, made.n_tag = len(features.feature_to_idx), len(features.tag_to_idx)
    return made
