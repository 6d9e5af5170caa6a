"""Own labels: a table in, a model with scores and a card out; what is wrong with a table is told by row."""

import json

import numpy as np
import pandas as pd
import pytest

import npp_nlp as npp
from npp_nlp.cli import main
from npp_nlp.labels import ParagraphClassifier
from npp_nlp.learning import train_classifier
from npp_nlp.reading import ReadError

WORDS = {
    "民生": ["医疗保险", "养老服务", "义务教育", "住房保障", "就业培训", "托育服务"],
    "科技": ["人工智能", "量子信息", "芯片研发", "基础研究", "科学装置", "算力网络"],
    "农业": ["粮食生产", "高标准农田", "种业振兴", "农机补贴", "乡村道路", "耕地保护"],
}
ROWS = [
    (f"{lead}{word}，{tail}。", label, f"d{(i + k) % 4}")
    for label, words in WORDS.items()
    for i, word in enumerate(words)
    for k, (lead, tail) in enumerate(
        [("加强", "让群众满意"), ("推进", "取得新成效"), ("完善", "各地都要落实")]
    )
]


def frame(rows=ROWS):
    return pd.DataFrame(rows, columns=["text", "label", "doc"])


@pytest.fixture(scope="module")
def trained():
    return train_classifier(frame(), group="doc", folds=4)


def test_own_labels(trained):
    assert trained.classifier.classes_.tolist() == ["农业", "民生", "科技"]
    table = npp.classify(["推进人工智能和量子信息。", "建设高标准农田。"], model=trained.classifier)
    assert table.columns.tolist() == ["doc_id", "paragraph", "label", "score", "农业", "民生", "科技", "text"]
    assert table["label"].tolist() == ["科技", "农业"]


def test_scores_are_of_texts_left_out(trained):
    assert trained.predictions["row"].tolist() == list(range(54))
    right = (trained.predictions["predicted"] == trained.predictions["label"]).mean()
    assert trained.scores.accuracy == right
    assert trained.card["scores"]["accuracy"] == round(right, 4)
    assert trained.predictions[["农业", "民生", "科技"]].sum(axis=1).to_numpy() == pytest.approx(1)


def test_a_document_is_on_one_side():
    """Each document has a label word of its own: nothing can be learnt for a document left out."""
    rows = [
        (f"{word}{tail}", label, word)
        for label, word in zip("xyxy", "甲乙丙丁", strict=True)
        for tail in "子丑寅卯"
    ]
    table = frame(rows)
    template = ParagraphClassifier(min_df=1, families=["anywhere"])
    apart = train_classifier(table, group="doc", template=template, folds=2)
    together = train_classifier(table, template=template, folds=2)
    assert together.scores.accuracy == 1
    assert apart.scores.accuracy < 1
    assert apart.card["scores"]["cross_validation"] == "2-fold cross-validation by group, 4 groups"


def test_card(trained, tmp_path):
    trained.save(tmp_path / "model")
    card = json.loads((tmp_path / "model/card.json").read_text("utf-8"))
    assert card["data"]["labels"] == {"农业": 18, "民生": 18, "科技": 18}
    assert (card["data"]["texts"], card["data"]["groups"]) == (54, 4)
    assert card["settings"]["C"] == 10.0
    assert card["versions"]["npp_nlp"] == npp.__version__
    again = train_classifier(frame(), group="doc", folds=4).card
    assert again["data"]["sha256"] == card["data"]["sha256"]
    other = train_classifier(frame([*ROWS, ("修路架桥。", "农业", "d0")]), group="doc", folds=4).card
    assert other["data"]["sha256"] != card["data"]["sha256"]


def test_the_same_table_gives_the_same_bytes(trained, tmp_path):
    trained.save(tmp_path / "a")
    train_classifier(frame(), group="doc", folds=4).save(tmp_path / "b")
    assert (tmp_path / "a/model.npz").read_bytes() == (tmp_path / "b/model.npz").read_bytes()
    assert (tmp_path / "a/card.json").read_text("utf-8") == (tmp_path / "b/card.json").read_text("utf-8")


def test_two_labels_and_numbers_as_labels():
    table = frame().assign(label=lambda t: (t["label"] == "科技").astype(int))
    found = train_classifier(table)
    assert found.classifier.classes_.tolist() == ["0", "1"]
    assert npp.classify(["量子信息和人工智能"], model=found.classifier)["label"].tolist() == ["1"]


def test_explain_takes_own_labels(trained):
    found = npp.explain("加强高标准农田建设。", model=trained.classifier)
    assert found.label == "农业"
    assert "高标准农田" in "".join(found.parts.loc[found.parts["part"] == "cue", "text"])


def broken(**changes):
    table = frame().astype("object")
    for row, (column, value) in changes.items():
        table.loc[int(row[1:]), column] = value
    return table


@pytest.mark.parametrize(
    ("table", "options", "message"),
    [
        (frame(), {"text": "full_text"}, "no column 'full_text': the table has text, label, doc"),
        (frame(), {"group": "file"}, "no column 'file'"),
        (frame([]), {}, "the table has no rows"),
        (broken(r3=("text", " ")), {}, "column 'text', row 3: empty$"),
        (
            broken(r3=("label", np.nan), r7=("label", None)),
            {},
            r"column 'label', row 3: empty \(and 1 more\)",
        ),
        (broken(r3=("doc", pd.NA)), {"group": "doc"}, "column 'doc', row 3: empty"),
        (frame().assign(label="民生"), {}, "column 'label' has one label, '民生': at least two"),
        (broken(r5=("label", "交通")), {}, "column 'label', row 5: the label '交通' has a single text"),
        (
            broken(r5=("text", ROWS[50][0])),
            {},
            "rows 5 and 50 hold the same text with two labels, '民生' and '农业'",
        ),
        (
            frame().assign(label=frame()["label"].replace("科技", "score")),
            {},
            "names of other columns: score; rename",
        ),
        (
            frame().assign(doc=frame()["label"]),
            {"group": "doc"},
            "the label '农业' occurs in a single group, '农业'",
        ),
        (frame(), {"folds": 1}, "folds must be at least 2, not 1"),
    ],
)
def test_what_is_wrong_with_a_table(table, options, message):
    with pytest.raises(ValueError, match=message):
        train_classifier(table, **options)


def test_a_file_is_told_by_name_and_line(tmp_path):
    broken(r3=("label", None)).to_csv(tmp_path / "own.csv", index=False)
    with pytest.raises(ValueError, match=r"own\.csv: column 'label', row 3 \(line 5\): empty"):
        train_classifier(tmp_path / "own.csv")
    with pytest.raises(ReadError, match=r"none\.csv"):
        train_classifier(tmp_path / "none.csv")


def test_command_line(tmp_path, capsys):
    frame().to_csv(tmp_path / "own.csv", index=False, encoding="gb18030")
    model = str(tmp_path / "model")
    assert main(["train", str(tmp_path / "own.csv"), "--out", model, "--group", "doc", "--folds", "4"]) == 0
    assert "macro-F1" in capsys.readouterr().out
    (tmp_path / "a.txt").write_text("推进量子信息和人工智能研究，让群众满意。建设高标准农田。", "utf-8")
    out = tmp_path / "labels.csv"
    call = ["classify", str(tmp_path / "a.txt"), "--model", model, "--level", "sentence", "--out", str(out)]
    assert main(call) == 0
    assert pd.read_csv(out)["label"].tolist() == ["科技", "农业"]
    assert "文档 1 篇，2 行" in capsys.readouterr().out
    assert main(["classify", str(tmp_path / "a.txt"), "--out", str(tmp_path / "l.parquet")]) == 0
    assert pd.read_parquet(tmp_path / "l.parquet").columns.tolist()[4:8] == [
        "achievement",
        "challenge",
        "driver",
        "other",
    ]


def test_command_line_errors(tmp_path, capsys):
    broken(r3=("label", None)).to_csv(tmp_path / "own.csv", index=False)
    assert main(["train", str(tmp_path / "own.csv"), "--out", str(tmp_path / "m")]) == 2
    assert "column 'label', row 3 (line 5): empty" in capsys.readouterr().err
    assert not (tmp_path / "m").exists()
    (tmp_path / "a.txt").write_text("改革。", "utf-8")
    assert main(["classify", str(tmp_path / "a.txt"), "--out", str(tmp_path / "x.txt")]) == 2
    assert "must end in .csv or .parquet" in capsys.readouterr().err
    assert main(["classify", str(tmp_path / "none.txt"), "--out", str(tmp_path / "x.csv")]) == 1
    assert "not read" in capsys.readouterr().err
