"""Modal words: their grade, where they reach, and what only looks like one."""

import pandas as pd
import pytest

from npp_nlp.document import Corpus, Document
from npp_nlp.modality import COLUMNS, SCALE, commitments


def cues(text):
    table = commitments(text, drivers=False)
    return list(zip(table["cue"], table["strength"], table["polarity"], strict=True))


@pytest.mark.parametrize(
    ("text", "cue", "strength", "polarity"),
    [
        ("必须加快改革。", "必须", 5, "duty"),
        ("一定要办好。", "一定要", 5, "duty"),
        ("严禁弄虚作假。", "严禁", 5, "prohibition"),
        ("各地不得摊派。", "不得", 5, "prohibition"),
        ("要加快改革。", "要", 4, "duty"),
        ("应当依法公开。", "应当", 4, "duty"),
        ("不要搞一刀切。", "不要", 4, "prohibition"),
        ("力争实现突破。", "力争", 3, "duty"),
        ("需要各地配合。", "需要", 3, "duty"),
        ("鼓励社会资本参与。", "鼓励", 2, "duty"),
        ("支持企业创新。", "支持", 2, "duty"),
        ("探索建立新机制。", "探索", 1, "duty"),
        ("研究制定管理办法。", "研究", 1, "duty"),
    ],
)
def test_grades(text, cue, strength, polarity):
    assert cues(text) == [(cue, strength, polarity)]


@pytest.mark.parametrize(
    "text",
    [
        "主要任务十分重要。",
        "这是纲要的要点。",
        "生产要素市场活跃。",
        "摘要如下。",
        "首要的是安全。",
        "适应新形势。",
        "保障能源供应。",
        "积极响应号召。",
        "推广应用新技术。",
        "完善应急管理。",
        "积极应对风险。",
        "将军来了。",
        "科学研究取得进展。",
        "得到各界支持。",
        "不必担心。",
        "发展可再生能源。",
        "居民人均可支配收入分别增长5%。",
        "研发可穿戴设备。",
        "按需培养人才。",
        "以满足人民美好生活需要为目的。",
        "",
        "。",
        "要",
    ],
)
def test_no_cues(text):
    assert cues(text) == []


def test_the_strongest_of_a_clause_counts_then_the_first():
    assert cues("要鼓励和支持企业发展，支持创新、鼓励创业。") == [("要", 4, "duty"), ("支持", 2, "duty")]


def test_offsets_are_those_of_the_cue():
    document = Document.from_text("前言。\n我们要发展，不得摊派。")
    table = commitments(document, drivers=False)
    assert [document.text[a:b] for a, b in zip(table["start"], table["end"], strict=True)] == ["要", "不得"]
    assert table["clause"].tolist() == ["我们要发展", "不得摊派"]
    assert table["paragraph"].tolist() == [1, 1]


def test_only_drivers_unless_told_otherwise():
    corpus = Corpus.from_texts(["要加快改革。\n必须看到问题。"])
    labels = pd.DataFrame({"doc_id": ["0", "0"], "paragraph": [0, 1], "label": ["driver", "challenge"]})
    assert commitments(corpus, labels=labels)["cue"].tolist() == ["要"]
    assert len(commitments(corpus, labels=labels, drivers=False)) == 2
    assert list(commitments("天气很好。").columns) == list(COLUMNS)


def test_the_scale_names_each_cue_once():
    listed = [cue for cues in SCALE.values() for cue in cues.split()]
    assert len(listed) == len(set(listed))
    assert sorted(SCALE) == [1, 2, 3, 4, 5]
