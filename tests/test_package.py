"""Importing does no work; the public names exist; models are found and checked."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

import npp_nlp as npp
from npp_nlp.artefacts import ModelError, load_model, models_folder, save_model

HEAVY = ["pandas", "sklearn", "scipy", "networkx", "spacy", "jieba", "matplotlib", "pyarrow", "numpy"]


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return done.stdout


def test_import_loads_nothing():
    code = f"import sys, npp_nlp; print([m for m in {HEAVY!r} if m in sys.modules], 'npp_nlp.lexicon' in sys.modules)"
    assert run(code) == "[] False\n"


def test_import_is_fast():
    code = "import time; t = time.perf_counter(); import npp_nlp; print(time.perf_counter() - t)"
    assert min(float(run(code)) for _ in range(3)) < 0.3


def test_import_and_use_leave_logging_and_jieba_alone():
    code = (
        "import logging, npp_nlp as npp; before = list(logging.root.handlers), logging.root.level;"
        "npp.segment('新质生产力'); npp.classify('深化改革。');"
        "import sys; print('jieba' in sys.modules, before == (list(logging.root.handlers), logging.root.level))"
    )
    assert run(code) == "False True\n"


@pytest.mark.parametrize("name", npp.__all__)
def test_public_names_exist(name):
    assert getattr(npp, name) is not None
    assert name in dir(npp)


def test_unknown_name():
    with pytest.raises(AttributeError, match="no attribute 'classfy'"):
        npp.classfy  # noqa: B018


def test_every_packaged_model_loads_and_has_a_card():
    folders = sorted(path.parent for path in models_folder().glob("*/card.json"))
    assert {folder.name for folder in folders} >= {"segmenter", "labels"}
    for folder in folders:
        card = load_model(folder).card
        assert {"name", "version", "data", "settings"} <= set(card), folder


@pytest.fixture
def model(tmp_path):
    save_model(tmp_path / "m", {"w": np.arange(4, dtype=np.int16)}, {"name": "m", "version": "1"})
    return tmp_path / "m"


def test_model_round_trip(model):
    loaded = load_model(model)
    assert loaded.arrays["w"].tolist() == [0, 1, 2, 3]
    assert loaded.identity.startswith("m 1 sha256:")


def test_tampered_model_is_refused(model):
    data = bytearray((model / "model.npz").read_bytes())
    data[-1] ^= 1
    (model / "model.npz").write_bytes(bytes(data))
    with pytest.raises(ModelError, match=r"model\.npz: sha256 differs"):
        load_model(model)


def test_pickled_arrays_are_refused(model, tmp_path):
    import hashlib

    np.savez(tmp_path / "evil.npz", w=np.array([{"a": 1}], dtype=object))
    shutil.copy(tmp_path / "evil.npz", model / "model.npz")
    card = json.loads((model / "card.json").read_text("utf-8"))
    card["sha256"] = hashlib.sha256((model / "model.npz").read_bytes()).hexdigest()
    (model / "card.json").write_text(json.dumps(card), "utf-8")
    with pytest.raises(ModelError, match="not readable as plain arrays"):
        load_model(model)


def test_foreign_card_is_refused(model):
    (model / "card.json").write_text('{"format": 99}', "utf-8")
    with pytest.raises(ModelError, match="not a model card of format 1"):
        load_model(model)


def test_missing_model(tmp_path):
    with pytest.raises(ModelError, match="no readable model here"):
        load_model(tmp_path / "none")
