"""HTML for notebooks: escaped, short, and no error on empty things."""

import npp_nlp as npp

HOSTILE = '<script>alert("x")</script>\'要深化改革。'


def test_hostile_text_is_escaped():
    corpus = npp.Corpus.from_texts([HOSTILE, "深化改革。"], ids=['<img src="x">', "b"])
    made = [
        corpus[0]._repr_html_(),
        corpus._repr_html_(),
        npp.explain(HOSTILE)._repr_html_(),
        npp.compare(corpus, "id", terms=["改革"])._repr_html_(),
    ]
    for html in made:
        assert "<script" not in html
        assert "<img" not in html
        assert "&lt;" in html


def test_at_most_forty_paragraphs_are_shown():
    document = npp.Document.from_text("要深化改革。\n" * 100)
    html = document._repr_html_()
    assert html.count("<p title=") == 40
    assert "还有 60 段" in html
    corpus = npp.Corpus.from_texts(["改革。"] * 43)
    assert corpus._repr_html_().count("<tr>") == 41
    assert "还有 3 篇" in corpus._repr_html_()


def test_long_paragraphs_are_cut():
    html = npp.Document.from_text("改" * 10_000)._repr_html_()
    assert html.count("改") == 299
    assert "…" in html


def test_empty():
    empty = npp.Corpus(())
    assert "Corpus(0 documents" in empty._repr_html_()
    assert "0 paragraphs" in npp.Document.from_text("")._repr_html_()
    assert "Corpus(0 documents" in npp.analyze(empty)._repr_html_()
    assert "other" in npp.explain("")._repr_html_()


def test_short_names():
    assert repr(npp.explain("要深化改革。" * 9)).endswith(" parts, 54 characters)")
    assert "改革" not in repr(npp.explain("要深化改革。"))
    assert repr(npp.analyze(npp.Corpus(()))).startswith("Analysis(Corpus(0 documents")
