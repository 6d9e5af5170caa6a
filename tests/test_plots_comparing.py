"""Pictures of comparisons: every glyph of every text exists, empty tables give a notice, settings stay."""

import io

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

import npp_nlp as npp
from npp_nlp import plots

TERMS = ["扩大内需", "新质生产力", "深化改革"]
CORPUS = npp.Corpus.from_texts(
    ["要扩大内需，扩大投资。", "要深化改革。", "发展新质生产力，扩大内需。", "培育新质生产力。"],
    years=[2021, 2022, 2023, 2024],
)


def drawings():
    result = npp.compare(CORPUS, terms=TERMS)
    return {
        "terms": (plots.draw_terms, npp.key_terms(CORPUS), ()),
        "labels": (plots.draw_label_shares, npp.classify(CORPUS), ()),
        "trends": (plots.draw_trends, result.trends, ()),
        "keyness": (plots.draw_keyness, result.terms, (2024,)),
        "shares": (plots.draw_shares, result.labels, ()),
        "emergence": (plots.draw_emergence, result.emergence, ()),
        "similarity": (plots.draw_similarity, result.similarity, ()),
        "dispersion": (plots.draw_dispersion, npp.concordance(CORPUS, "扩大内需"), ()),
        "migration": (plots.draw_migration, npp.migration(CORPUS, TERMS), ("新质生产力",)),
    }


NAMES = [
    "terms",
    "labels",
    "trends",
    "keyness",
    "shares",
    "emergence",
    "similarity",
    "dispersion",
    "migration",
]


def missing(figure):
    """Characters of all texts that their own font does not have."""
    figure.savefig(io.BytesIO(), format="png")
    found = set()
    for text in (text for text in figure.findobj(Text) if text.get_visible()):
        known = FT2Font(findfont(text.get_fontproperties())).get_charmap()
        found |= {char for char in text.get_text() if not char.isspace() and ord(char) not in known}
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_glyph_exists_and_files_are_written(name, language):
    before = dict(mpl.rcParams)
    draw, table, more = drawings()[name]
    axes = Figure(layout="constrained").subplots()
    assert draw(table, *more, ax=axes, language=language) is axes
    assert missing(axes.figure) == set()
    for kind in ("svg", "pdf"):
        buffer = io.BytesIO()
        axes.figure.savefig(buffer, format=kind)
        assert buffer.tell() > 1000
    assert dict(mpl.rcParams) == before


def test_a_font_without_the_glyphs_is_seen():
    figure = Figure()
    figure.text(0.5, 0.5, "质", fontfamily="DejaVu Sans")
    with pytest.warns(UserWarning, match="missing from"):
        assert missing(figure) == {"质"}


@pytest.mark.parametrize("name", NAMES)
def test_empty_tables_say_so(name):
    draw, table, more = drawings()[name]
    axes = draw(table.iloc[:0], *more, ax=Figure().subplots())
    assert [text.get_text() for text in axes.texts] == ["没有数据"]


def test_bars_and_marks_stand_where_the_table_says():
    shares = pd.DataFrame({"group": [1, 1], "label": ["driver", "other"], "share": [0.25, 0.75]})
    axes = plots.draw_shares(shares, ax=Figure().subplots())
    assert [bar.get_width() for bar in axes.patches] == [0, 0, 0.25, 0.75]
    keys = pd.DataFrame({"group": 1, "term": ["a", "b", "c"], "g2": [-2.0, 3.0, 5.0]})
    axes = plots.draw_keyness(keys, 1, ax=Figure().subplots(), most=1)
    assert [bar.get_width() for bar in axes.patches] == [5, -2]


def test_unknown_language():
    with pytest.raises(ValueError, match="language must be 'zh' or 'en', not 'fr'"):
        plots.draw_shares(drawings()["shares"][1], ax=Figure().subplots(), language="fr")
