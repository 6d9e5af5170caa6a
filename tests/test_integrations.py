"""spaCy: tokens that lose nothing, spans of terms, paragraphs and labels, pipelines that can be saved."""

import json
import subprocess
import sys
from collections import Counter

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy import displacy
from spacy.tokens import Doc, DocBin

import npp_nlp as npp
from npp_nlp.integrations import load_spacy
from npp_nlp.integrations.spacy_components import LabelMarker, TermMarker, edges_in, source_places
from npp_nlp.integrations.spacy_tokenizer import NAME, PolicyTokenizer
from npp_nlp.text import valid_unicode

TEXT = "全面推进改革\n\n　　去年粮食产量增长5.5%，县域治理单元扩大。\n　　今年要发展新质生产力和低空经济，扩大开放。\n"
OWN = npp.Lexicon.from_terms(["县域治理单元", "低空经济"], "own")
TOKENIZER = PolicyTokenizer(spacy.blank("zh").vocab)


@pytest.fixture(scope="module")
def nlp():
    return load_spacy(lexicon=OWN)


def spans(doc, key):
    return [(s.start_char, s.end_char, s.label_, s.kb_id_) for s in doc.spans[key]]


def content(doc):
    """Everything the components wrote."""
    return (
        [t.text_with_ws for t in doc],
        {key: spans(doc, key) for key in ("npp_terms", "npp_paragraphs", "npp_labels")},
        [(s._.npp_kind, s._.npp_text, s._.npp_label, s._.npp_scores) for s in doc.spans["npp_paragraphs"]],
        [(s._.npp_term, s._.npp_term_score) for s in doc.spans["npp_terms"]],
    )


@given(st.text(st.one_of(st.characters(), st.sampled_from(" \n\t　低空经济"))))
@example("")
@example("   ")
@example(" 低空经济  \n 低空经济 ")
@example("\ud800")
@example("👩‍👩‍👧 x\x00")
@settings(max_examples=200, deadline=None)
def test_tokens_join_to_the_text(text):
    doc = TOKENIZER(text)
    assert "".join(t.text_with_ws for t in doc) == doc.text == valid_unicode(text)
    assert len(doc.text) == len(text)
    assert [t.idx for t in doc] == [sum(len(t.text_with_ws) for t in doc[:i]) for i in range(len(doc))]


def test_only_the_plain_space_after_a_token_is_part_of_it():
    doc = TOKENIZER("发展 低空经济\t　改革")
    assert [t.text_with_ws for t in doc] == ["发展 ", "低空经济", "\t　", "改革"]
    assert [t.text_with_ws for t in TOKENIZER(" 改革")] == [" ", "改革"]


def test_terms_have_category_name_and_score(nlp):
    doc = nlp(TEXT)
    found = {s.text: (s.label_, s._.npp_term) for s in doc.spans["npp_terms"]}
    assert found["县域治理单元"] == ("own", "县域治理单元")
    assert found["粮食产量"] == ("discovered", "粮食产量")
    table = npp.key_terms(npp.Document.from_text(TEXT), segmenter=nlp.tokenizer.segmenter)
    n = Counter(s._.npp_term for s in doc.spans["npp_terms"])
    assert n == dict(zip(table["term"], table["n"], strict=True))
    scores = {s._.npp_term: s._.npp_term_score for s in doc.spans["npp_terms"]}
    assert scores == dict(zip(table["term"], table["score"], strict=True))


def test_paragraphs_and_labels_are_those_of_read_and_classify(nlp):
    doc, document = nlp(TEXT), npp.Document.from_text(TEXT)
    assert [(s.text, s.label_) for s in doc.spans["npp_paragraphs"]] == [
        (p.text, p.kind) for p in document.paragraphs
    ]
    table = npp.classify(document)
    assert [s.label_ for s in doc.spans["npp_labels"]] == table["label"].tolist()
    assert [s._.npp_score for s in doc.spans["npp_labels"]] == pytest.approx(table["score"].tolist())
    assert [s._.npp_label for s in doc.spans["npp_paragraphs"]] == [None, *table["label"]]
    assert all(sum(s._.npp_scores.values()) == pytest.approx(1) for s in doc.spans["npp_labels"])


def test_a_wrapped_paragraph_is_one_span_with_its_recovered_text(nlp):
    text = "各地区各部门要坚持稳中求进工作总基调，完整、准确、全面贯彻新发展理念，加快构建\n新发展格局，着力推动高质量发展。"
    doc = nlp(text)
    (span,) = doc.spans["npp_paragraphs"]
    assert span.text == text
    assert span._.npp_text == text.replace("\n", "")


def test_offsets_across_a_line_break():
    text = "各地区各部门要坚持稳中求进工作总基调，完整、准确、全面贯彻新发展理念，加快构\n建新发展格局，推动发展。"
    document = npp.Document.from_text(text)
    places = source_places(document)
    start = document.text.index("构建")
    assert edges_in(places, start, start + 2) == (text.index("构"), text.index("建") + 1)
    assert edges_in(places[:0], 0, 0) is None


def test_an_edge_inside_a_token_moves_outwards():
    vocab = spacy.blank("zh").vocab
    doc = TermMarker()(Doc(vocab, words=["大力", "发展低空", "经济吧"], spaces=[False] * 3))
    assert ("发展低空经济吧", "低空经济") in [(s.text, s._.npp_term) for s in doc.spans["npp_terms"]]


def test_labels_alone_find_the_paragraphs():
    doc = LabelMarker(min_score=1.0)(TOKENIZER("要深化改革。"))
    assert [s._.npp_label for s in doc.spans["npp_paragraphs"]] == [None]
    assert len(doc.spans["npp_labels"]) == 0
    assert doc.spans["npp_paragraphs"][0]._.npp_score < 1


@pytest.mark.parametrize("text", ["", " ", "　\n\n", "😀", "\ud800", "低", "\x00", "。"])
def test_odd_texts(nlp, text):
    doc = nlp(text)
    assert doc.text == valid_unicode(text)
    assert len(doc.spans["npp_paragraphs"]) == len(npp.Document.from_text(text).paragraphs)
    assert not doc.spans["npp_terms"]


def test_several_processes_give_the_same(nlp):
    texts = [TEXT, "", "低空经济", " ", TEXT[::-1]]
    expected = [content(doc) for doc in map(nlp, texts)]
    assert [content(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=2)] == expected


def test_save_and_load(nlp, tmp_path):
    folder = tmp_path / "政策 管道"
    nlp.to_disk(folder)
    assert not [p for p in folder.rglob("*") if p.suffix in (".pkl", ".pickle")]
    assert json.loads((folder / "npp_terms" / "lexicon.json").read_text("utf-8"))["name"] == "own"
    again = spacy.load(folder)
    assert content(again(TEXT)) == content(nlp(TEXT))
    assert again.config == nlp.config
    assert again.tokenizer.lexicon == OWN
    third = load_spacy().from_bytes(nlp.to_bytes())
    assert content(third(TEXT)) == content(nlp(TEXT))
    assert (
        load_spacy(lexicon=OWN).from_bytes(load_spacy().to_bytes()).tokenizer.lexicon == npp.Lexicon.default()
    )


def test_saved_pipeline_without_pickle(nlp, monkeypatch):
    import pickle

    def refuse(*args, **kwargs):
        raise AssertionError("pickle was used")

    for name in ("dumps", "loads", "dump", "load"):
        monkeypatch.setattr(pickle, name, refuse)
    assert load_spacy().from_bytes(nlp.to_bytes()).tokenizer.lexicon == OWN


def test_settings_in_the_config():
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": NAME, "terms": ["县域治理单元"]}}})
    nlp.add_pipe("npp_terms", config={"top": 1, "terms": ["县域治理单元"]})
    again = spacy.blank("zh").from_config(nlp.config)
    doc = again("扩大县域治理单元。")
    assert "县域治理单元" in [t.text for t in doc]
    assert spans(doc, "npp_terms") == [(2, 8, "user", "县域治理单元")]


def test_docs_kept_in_a_docbin(nlp):
    doc = nlp(TEXT)
    kept = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (again,) = DocBin(store_user_data=True).from_bytes(kept).get_docs(spacy.blank("zh").vocab)
    assert content(again) == content(doc)


def test_docs_put_together(nlp):
    parts = [nlp("低空经济。"), nlp(TEXT)]
    whole = Doc.from_docs(parts)
    for key in ("npp_terms", "npp_paragraphs", "npp_labels"):
        assert [s.text for s in whole.spans[key]] == [s.text for doc in parts for s in doc.spans[key]]
    assert [s._.npp_term_score for s in whole.spans["npp_terms"]] == [
        s._.npp_term_score for doc in parts for s in doc.spans["npp_terms"]
    ]


@pytest.mark.parametrize("key", ["npp_terms", "npp_paragraphs", "npp_labels"])
def test_displacy(nlp, key):
    doc = nlp(TEXT)
    html = displacy.render(doc, style="span", options={"spans_key": key}, jupyter=False)
    assert all(span.label_ in html for span in doc.spans[key])


def test_wrong_settings():
    with pytest.raises(ValueError, match="top=0"):
        TermMarker(top=0)
    with pytest.raises(ValueError, match="components must be among"):
        load_spacy(components=("ner",))
    with pytest.raises(TypeError, match="lexicon must be a Lexicon, not list"):
        load_spacy(lexicon=["低空经济"])


def test_the_package_alone_does_not_import_spacy():
    code = "import sys, npp_nlp.integrations; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
