import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.artefacts import ModelError, load_model, models_folder, save_model
from npp_nlp.lexicon import Lexicon
from npp_nlp.segmentation import PkusegSegmenter, Segmenter

EMPTY = Lexicon(())
any_text = st.text(
    alphabet=st.one_of(
        st.characters(codec=None, exclude_categories=()),
        st.sampled_from("发展新质生产力，。 　\n5G+*-.“”人工智能江泽民年月日"),
    ),
    max_size=40,
)


@pytest.fixture(scope="module")
def plain():
    return PkusegSegmenter(lexicon=EMPTY)


def test_the_packaged_model_works_out_of_the_box(plain):
    assert isinstance(plain, Segmenter)
    assert plain.segment("我们扩大国内需求，发展经济。") == [
        "我们",
        "扩大",
        "国内",
        "需求",
        "，",
        "发展",
        "经济",
        "。",
    ]
    assert plain.segment("全国 人民\n团结") == ["全国", " ", "人民", "\n", "团结"]


def test_it_says_which_model_it_uses(plain):
    assert plain.name == "pkuseg"
    assert load_model("pkuseg").identity in plain.backend_identity
    assert plain.backend_identity.startswith("spacy-pkuseg ")


@given(any_text)
@settings(max_examples=60, deadline=None)
def test_no_character_is_lost(plain, text):
    words = plain.segment(text)
    assert "".join(words) == text
    assert all(words)


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "　", "\x00", "\ud800", "😀", "\r\n", "𠀀𠀁", "a*b", "\u2028 x"]
)
def test_odd_texts_come_back(plain, text):
    assert "".join(plain.segment(text)) == text


def test_a_batch_gives_what_single_texts_give(plain):
    texts = ["发展经济", "", "扩大 国内需求"]
    tokens = plain.segment_batch(texts)
    assert [tokens.words(i) for i in range(3)] == [plain.segment(text) for text in texts]


def test_the_lexicon_wins():
    policy = PkusegSegmenter(lexicon=Lexicon.from_terms(["新质生产力", "因地制宜"]))
    assert policy.segment("因地制宜发展新质生产力") == ["因地制宜", "发展", "新质生产力"]
    words = policy.segment("发展新质生产力", granularity="word")
    assert len(words) > 2
    assert "".join(words) == "发展新质生产力"


def test_nothing_is_fetched_or_unpickled():
    code = """
import sys
def refuse(event, args):
    if event in ("pickle.find_class", "socket.connect", "socket.getaddrinfo") or (
        event == "open" and str(args[0]).endswith(".pkl")
    ):
        raise AssertionError(f"{event} {args}")
sys.addaudithook(refuse)
from npp_nlp.lexicon import Lexicon
from npp_nlp.segmentation import PkusegSegmenter
print(len(PkusegSegmenter(lexicon=Lexicon(())).segment("发展经济")))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "2"), done.stderr


def test_a_folder_of_our_own_format(plain, tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(models_folder() / "pkuseg", folder)
    mine = PkusegSegmenter(folder, lexicon=EMPTY)
    assert mine.segment("扩大国内需求") == plain.segment("扩大国内需求")
    assert "model mine " in mine.backend_identity


def test_a_folder_that_spacy_pkuseg_wrote(plain, tmp_path):
    plain._pkuseg.feature_extractor.save(str(tmp_path))
    plain._pkuseg.model.save(str(tmp_path))
    own = PkusegSegmenter(tmp_path, lexicon=EMPTY)
    text = "会议强调，要扩大国内需求，深化改革开放。"
    assert own.segment(text) == plain.segment(text)
    assert own.backend_identity.endswith(f"model {tmp_path.name}")


def test_a_wrong_folder_is_named(tmp_path):
    with pytest.raises(
        ValueError, match=r"model='.*': no features\.msgpack and no weights\.npz in this folder"
    ):
        PkusegSegmenter(str(tmp_path), lexicon=EMPTY)
    (tmp_path / "features.msgpack").write_bytes(b"")
    with pytest.raises(ValueError, match=r"model='.*': no weights\.npz in this folder"):
        PkusegSegmenter(str(tmp_path), lexicon=EMPTY)


def test_a_damaged_or_foreign_model_is_refused(tmp_path):
    folder = tmp_path / "pkuseg"
    shutil.copytree(models_folder() / "pkuseg", folder)
    data = bytearray((folder / "model.npz").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "model.npz").write_bytes(data)
    with pytest.raises(ModelError, match="sha256 differs from the card"):
        PkusegSegmenter(folder, lexicon=EMPTY)
    save_model(tmp_path / "other", {"a": np.zeros(1)}, {"name": "other", "version": "1", "kind": "x"})
    with pytest.raises(ModelError, match="kind 'x': a pkuseg model's kind is 'npp-pkuseg-1'"):
        PkusegSegmenter(tmp_path / "other", lexicon=EMPTY)


def test_the_packaged_arrays_are_small_and_fit_one_another():
    model = load_model("pkuseg")
    names = model.arrays["features"].tobytes().decode("utf-8").split("\n")
    assert names[0] == "$$"
    assert len(names) == len(set(names)) == len(model.arrays["weights"])
    assert model.arrays["transitions"].shape == (len(model.card["tags"]) ** 2,)
    assert np.isfinite(model.arrays["transitions"]).all()
    assert (models_folder() / "pkuseg" / "model.npz").stat().st_size < 15e6
