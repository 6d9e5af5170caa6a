"""Restricted corpora: fewer passages, the same places; every stage sees the kept pieces only."""

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import npp_nlp as npp
from npp_nlp import Corpus, Document
from npp_nlp.comparison.restriction import labelled_spans, restrict, without
from npp_nlp.masking import shown_characters, shown_text

TEXT = "扩大内需，深化改革。\n发展新质生产力。\n整治“内卷式”竞争。"


def spans(*rows):
    return pd.DataFrame(list(rows), columns=["doc_id", "start", "end"])


def pieces(corpus):
    return [[(p.text, p.start, p.end) for p in document.paragraphs] for document in corpus]


def test_pieces_keep_their_place():
    kept = restrict(TEXT, spans(("text", 5, 15)))
    assert pieces(kept) == [[("深化改革。", 5, 10), ("发展新质", 11, 15)]]
    assert kept[0].text == TEXT
    for p in kept[0].paragraphs:
        assert "".join(kept[0].source[a:b] for a, b in p.source_spans) == p.text


def test_source_spans_are_cut_where_lines_were_joined():
    document = Document.from_text("推动高质量发展，扩大内需，\n\n发展新质生产力。")
    assert len(document.paragraphs) == 1
    kept = restrict(document, spans(("text", 10, 16)))[0].paragraphs[0]
    assert kept.text == document.text[10:16]
    assert "".join(document.source[a:b] for a, b in kept.source_spans) == kept.text


def test_order_overlap_and_touching():
    kept = restrict(
        TEXT, spans(("text", 5, 9), ("text", 0, 2), ("text", 2, 4), ("text", 7, 10), ("text", 3, 3))
    )
    assert pieces(kept) == [[("扩大内需", 0, 4), ("深化改革。", 5, 10)]]


def test_nothing_kept_and_everything_kept():
    corpus = Corpus.from_texts([TEXT, "", "扩大内需。"])
    assert pieces(restrict(corpus, spans())) == [[], [], []]
    assert without(corpus, spans()).documents == corpus.documents
    whole = spans(*((d.id, 0, len(d.text)) for d in corpus))
    assert restrict(corpus, whole).documents == corpus.documents
    assert pieces(without(corpus, whole)) == [[], [], []]


def test_pieces_of_blanks_go():
    document = Document.from_text("扩大 内需。")
    assert pieces(restrict(document, spans(("text", 2, 3)))) == [[]]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (spans(("text", 0, 99)), "span 0 to 99 is not inside 'text' of 30 characters"),
        (spans(("text", -1, 2)), "span -1 to 2 is not inside"),
        (spans(("text", 3, 2)), "span 3 to 2 is not inside"),
        (spans(("other", 0, 1)), "not in the corpus: other"),
        (pd.DataFrame({"doc_id": ["text"], "start": [0]}), "spans has no column end"),
    ],
)
def test_wrong_spans(table, message):
    with pytest.raises(ValueError, match=message):
        restrict(TEXT, table)


@given(st.lists(st.text("甲乙 \n", max_size=12), min_size=1, max_size=3), st.data())
@settings(max_examples=150, deadline=None)
def test_against_marking_every_character(texts, data):
    corpus = Corpus.from_texts(texts)
    rows = []
    for document in corpus:
        edges = data.draw(st.lists(st.integers(0, len(document.text)), max_size=6))
        rows += [(document.id, *sorted(pair)) for pair in zip(edges[::2], edges[1::2], strict=False)]
    table = spans(*rows)
    for function, inside in ((restrict, True), (without, False)):
        for document, part in zip(corpus, function(corpus, table), strict=True):
            marked = [False] * len(document.text)
            for name, start, end in rows:
                if name == document.id:
                    marked[start:end] = [True] * (end - start)
            wanted = set()
            for p in document.paragraphs:
                wanted |= {
                    i for i in range(p.start, p.end) if marked[i] is inside and document.text[i].strip()
                }
            got = {i for p in part.paragraphs for i in range(p.start, p.end) if document.text[i].strip()}
            assert got == wanted
            for p in part.paragraphs:
                assert document.text[p.start : p.end] == p.text
            shown = shown_text(part)
            assert len(shown) == len(document.text)
            assert {i for i, c in enumerate(shown) if c.strip()} == wanted


def test_shown_characters_of_ordinary_documents_are_all():
    document = Document.from_text(TEXT)
    assert shown_text(document) is document.text
    assert shown_characters(document) == len(document.text) == 30
    assert shown_characters(replace(document, paragraphs=document.paragraphs[1:])) == 19
    assert shown_characters(replace(document, paragraphs=())) == 0


def test_a_gap_of_two_is_seen_though_the_lengths_agree():
    document = Document.from_text("甲乙丙丁戊己。")
    whole = document.paragraphs[0]
    parts = [replace(whole, text=document.text[a:b], start=a, end=b) for a, b in ((0, 2), (2, 4), (6, 7))]
    assert shown_text(replace(document, paragraphs=tuple(parts))) == "甲乙丙丁\n\n。"
    parts = [replace(whole, text=document.text[a:b], start=a, end=b) for a, b in ((0, 2), (3, 7))]
    assert shown_text(replace(document, paragraphs=tuple(parts))) == "甲乙\n丁戊己。"


# every stage reads the paragraphs


@pytest.fixture
def half():
    corpus = Corpus.from_texts(
        ["发展新质生产力。\n扩大内需，扩大内需。\n发展数字经济，发展数字经济。"], years=[2024]
    )
    return restrict(corpus, spans(("0", 9, 19)))


def test_count_terms(half):
    table = npp.count_terms(half, ["新质生产力", "内需", "经济"], tokens=True)
    assert table[["term", "n"]].values.tolist() == [["内需", 2]]
    assert table["per_10k"].tolist() == [2 * 10_000 / 10]
    assert npp.count_terms(half, ["内需", "经济"], by="year", tokens=False)["n"].tolist() == [2, 0]


def test_key_terms_with_offsets_in_the_whole_text(half):
    table = npp.key_terms(half)
    assert set(table["term"]) <= {"扩大内需", "内需"}
    assert len(table)
    for row in table.itertuples():
        assert half[0].text[row.first_start :].startswith(row.term)
        assert row.n == 2


def test_graph_labels_and_concordance(half):
    graph = npp.concept_graph(half, ["新质生产力", "内需", "扩大"], measure="count", min_count=1)
    assert sorted(graph) == ["内需", "扩大"]
    assert npp.classify(half)["text"].tolist() == ["扩大内需，扩大内需。"]
    assert npp.concordance(half, "新质生产力").empty
    assert npp.concordance(half, "内需")["start"].tolist() == [11, 16]


def test_a_term_that_the_edge_of_a_piece_cuts_is_none():
    kept = restrict("加快发展新质生产力，扩大内需。", spans(("text", 0, 6)))
    assert "新质生产力" not in set(npp.key_terms(kept)["term"])
    assert npp.count_terms(kept, ["新质生产力"], tokens=False).empty


def test_occurrences_outside_do_not_count():
    text = "发展数字经济，壮大数字经济。\n培育数字经济。"
    kept = restrict(text, spans(("text", 15, 22)))
    table = npp.key_terms(kept).set_index("term")
    assert table.loc["数字经济", ["n", "first_start"]].tolist() == [1, 17]


def test_discovery_counts_only_what_is_kept():
    text = "发展灵境经济。培育灵境经济，壮大灵境经济。灵境经济很好。"
    corpus = Corpus.from_texts([text + "\n" + text] * 3)
    half = restrict(corpus, spans(*((d.id, 0, len(text)) for d in corpus)))
    both, one = (npp.discover_terms(c).set_index("term")["n"] for c in (corpus, half))
    assert (both["灵境经济"], one["灵境经济"]) == (24, 12)


def test_discovery_sees_only_what_is_kept():
    text = "发展灵境经济。培育灵境经济，壮大灵境经济。灵境经济很好。"
    corpus = Corpus.from_texts([text + "\n" + text.replace("灵境", "银发")] * 3)
    first = npp.restrict(corpus, spans(*((d.id, 0, len(text)) for d in corpus)))
    found = "".join(npp.discover_terms(first)["term"])
    assert "银发" not in found


# spans


def test_spans_of_a_label():
    labels = pd.DataFrame(
        {"doc_id": ["text"] * 3, "paragraph": [0, 1, 2], "label": ["driver", "other", "driver"]}
    )
    assert labelled_spans(labels, TEXT, "driver").values.tolist() == [["text", 0, 10], ["text", 20, 30]]
    with pytest.raises(
        ValueError, match="no paragraph has the label 'challenge'; the labels found are driver, other"
    ):
        labelled_spans(labels, TEXT, "challenge")


def test_spans_of_sentences_are_their_own():
    table = npp.classify(Document.from_text("全年粮食增产2%。今年要深化改革。"), level="sentence")
    assert labelled_spans(table, "", "driver").values.tolist() == [["text", 9, 17]]
