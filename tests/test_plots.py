"""Pictures with real Chinese glyphs, and a clear error where there is no font."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot

from npp_nlp import plots
from npp_nlp.cooccurrence.building import concept_graph

TERMS = pd.DataFrame({"doc_id": ["a"] * 2, "term": ["新质生产力", "$耐心资本$"], "score": [2.0, 1.0]})
LABELS = pd.DataFrame({"doc_id": ["a", "a", "b"], "label": ["driver", "other", "achievement"]})


@pytest.fixture(autouse=True, scope="module")
def headless():
    mpl.use("agg")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    pyplot.close("all")


@pytest.fixture
def no_tofu(caplog):
    """Fails if matplotlib missed a glyph (a warning, and warnings are errors; or a log line)."""
    yield
    assert "findfont" not in caplog.text


def ink(axes):
    """Share of dark pixels of a rendered figure."""
    canvas = axes.figure.canvas
    canvas.draw()
    return float((np.asarray(canvas.buffer_rgba())[..., :3].min(axis=2) < 128).mean())


@pytest.mark.usefixtures("no_tofu")
class TestDrawn:
    def test_graph(self):
        graph = concept_graph(["科技创新引领新质生产力。"] * 2, ["科技创新", "新质生产力"])
        axes = plots.draw_graph(graph)
        assert sorted(text.get_text() for text in axes.texts) == ["新质生产力", "科技创新"]
        assert ink(axes) > 0

    def test_empty_graph(self):
        assert plots.draw_graph(concept_graph("")).texts[0].get_text() == "没有共现的概念"

    def test_terms(self):
        axes = plots.draw_terms(TERMS)
        assert [label.get_text() for label in axes.get_yticklabels()] == ["新质生产力", "$耐心资本$"]
        assert [bar.get_width() for bar in axes.patches] == [2.0, 1.0]
        assert ink(axes) > 0.01

    def test_label_shares(self):
        axes = plots.draw_label_shares(LABELS)
        widths = [bar.get_width() for bar in axes.patches]
        assert widths == [
            0,
            1,
            0,
            0,
            0.5,
            0,
            0.5,
            0,
        ]  # achievement, challenge, driver, other; documents a and b
        assert [text.get_text() for text in axes.get_legend().get_texts()] == ["成就", "挑战", "动能", "其他"]
        assert ink(axes) > 0.01

    def test_draws_on_given_axes(self):
        from matplotlib.figure import Figure

        axes = Figure().subplots()
        assert plots.draw_terms(TERMS, ax=axes) is axes


def test_the_font_has_the_glyphs():
    assert plots.has_glyphs(plots.chinese_font().get_file(), "内卷式竞争因地制宜成就挑战动能其他")


def test_two_characters_look_different():
    """Tofu boxes would all look alike."""
    pictures = []
    for char in "质贡":
        axes = plots.draw_terms(pd.DataFrame({"term": [char], "score": [1.0]}))
        axes.figure.canvas.draw()
        pictures.append(np.asarray(axes.figure.canvas.buffer_rgba()).copy())
    assert (pictures[0] != pictures[1]).any()


def test_no_font_says_what_to_install(monkeypatch):
    monkeypatch.setattr(plots.base, "has_glyphs", lambda file, text: False)
    plots.chinese_font.cache_clear()
    try:
        with pytest.raises(
            RuntimeError, match=r"no font with Chinese glyphs found: pip install 'npp-nlp\[fonts\]'"
        ):
            plots.chinese_font()
    finally:
        plots.chinese_font.cache_clear()


def test_no_global_setting_changes():
    before = dict(mpl.rcParams)
    plots.draw_terms(TERMS)
    assert dict(mpl.rcParams) == before
