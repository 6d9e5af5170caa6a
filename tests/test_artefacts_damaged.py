"""Every packaged model, damaged in each way, is refused with one line that names the file."""

import hashlib
import io
import json
import shutil

import numpy as np
import pytest

from npp_nlp import ModelError, classify
from npp_nlp.artefacts import load_model, models_folder

NAMES = sorted(path.name for path in models_folder().iterdir() if path.is_dir())


def npy(array, **options):
    data = io.BytesIO()
    np.save(data, array, **options)
    return data.getvalue()


def pickled():
    data = io.BytesIO()
    np.savez(data, weights=np.array([{"a": 1}], dtype=object))
    return data.getvalue()


FOREIGN = {
    "empty": b"",
    "no archive": b"abc",
    "one array": npy(np.zeros(3)),
    "objects in an archive": pickled(),
    "objects": npy(np.array([{}], dtype=object), allow_pickle=True),
    "half an archive": pickled()[:200],
}


@pytest.fixture(params=NAMES)
def folder(request, tmp_path):
    copy = tmp_path / request.param
    shutil.copytree(models_folder() / request.param, copy)
    return copy


def change_card(folder, **changes):
    card = json.loads((folder / "card.json").read_text(encoding="utf-8")) | changes
    kept = {key: value for key, value in card.items() if value is not None}
    (folder / "card.json").write_text(json.dumps(kept), encoding="utf-8")
    return card


def refused(folder, file, reason):
    with pytest.raises(ModelError, match=reason) as caught:
        load_model(folder)
    assert caught.value.path == str((folder / file).resolve())
    assert len(str(caught.value).splitlines()) == 1


def test_a_flipped_bit_and_a_cut_file(folder):
    whole = (folder / "model.npz").read_bytes()
    middle = len(whole) // 2
    (folder / "model.npz").write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    refused(folder, "model.npz", "sha256 differs")
    (folder / "model.npz").write_bytes(whole[:middle])
    refused(folder, "model.npz", "sha256 differs")


def test_a_card_that_does_not_describe_the_arrays(folder):
    arrays = json.loads((folder / "card.json").read_text(encoding="utf-8"))["arrays"]
    name = sorted(arrays)[0]
    change_card(folder, arrays=arrays | {name: [arrays[name][0], [1, 2, 3]]})
    refused(folder, "model.npz", "arrays differ")
    change_card(folder, arrays={**arrays, "more": ["int64", [1]]})
    refused(folder, "model.npz", "arrays differ")
    change_card(folder, format=99)
    refused(folder, "card.json", "not a model card of format 1")
    change_card(folder, format=1, version=None)
    refused(folder, "card.json", "no version")


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_that_agrees_with_its_card_but_holds_no_plain_arrays(tmp_path, kind):
    shutil.copytree(models_folder() / "labels", tmp_path / "labels")
    (tmp_path / "labels" / "model.npz").write_bytes(FOREIGN[kind])
    change_card(tmp_path / "labels", sha256=hashlib.sha256(FOREIGN[kind]).hexdigest())
    refused(tmp_path / "labels", "model.npz", "not readable as plain arrays")


@pytest.mark.parametrize("name", [name for name in NAMES if name != "labels"])
def test_a_model_of_another_kind_is_no_classifier(name):
    with pytest.raises(ModelError) as caught:
        classify("发展新质生产力。", model=models_folder() / name)
    assert str(models_folder() / name) in str(caught.value)
