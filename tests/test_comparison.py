"""compare: tables, groups, restriction, evidence; what cannot be compared."""

import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import npp_nlp as npp
from npp_nlp import Corpus, Document, Lexicon
from npp_nlp.cli import main

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
COLUMNS = {
    "terms": [
        "term", "group", "n_target", "n_reference", "per_10k_target", "per_10k_reference", "log_odds", "g2", "z", "p",
        "p_adjusted", "log_ratio", "pct_diff",
    ],
    "trends": ["term", "group", "n", "per_10k", "docfreq", "low", "high"],
    "emergence": [
        "term", "n", "first_group", "last_group", "peak_group", "tau", "p", "p_adjusted", "change_group",
        "per_10k_before", "per_10k_after",
    ],
    "turnover": ["term", "group", "change", "n"],
    "dispersion": ["term", "n", "range", "dp", "dp_norm"],
    "labels": [
        "group", "label", "n", "n_characters", "share", "low", "high", "share_characters", "low_characters",
        "high_characters", "unit",
    ],
    "left_out": ["doc_id", "reason"],
}  # fmt: skip

ONE = "去年粮食产量增长2%，外贸规模稳步扩大。\n当前内需不足，就业压力很大，困难不少。\n要扩大内需，深化改革。"
TWO = "去年新质生产力发展很快，粮食产量增长3%。\n当前有效需求不足，就业压力很大，困难不少。\n要发展新质生产力，深化改革。"
TERMS = ["内需", "新质生产力", "生产力", "就业", "改革", "粮食"]


@pytest.fixture(scope="module")
def corpus():
    return Corpus.from_texts(
        [ONE, TWO, "扩大内需。", "深化改革。"], ids=["a", "b", "c", "d"], years=[2023, 2024, 2023, None]
    )


@pytest.fixture(scope="module")
def result(corpus):
    return npp.compare(corpus, terms=TERMS)


@pytest.mark.parametrize("name", COLUMNS)
def test_columns(result, name):
    assert list(getattr(result, name).columns) == COLUMNS[name]


def test_groups_and_what_is_left_out(result):
    assert result.groups == (2023, 2024)
    assert result.left_out.values.tolist() == [["d", "no value of 'year'"]]
    assert repr(result) == "Comparison(by='year', 2 groups, 6 terms, baseline='rest', reuse='include')"


def test_counts_are_those_of_a_search(result, corpus):
    for row in result.trends.itertuples():
        texts = [d.text for d in corpus if d.year == row.group]
        assert row.n == sum(text.count(row.term) for text in texts)
        assert row.docfreq == sum(row.term in text for text in texts)
        assert row.per_10k == pytest.approx(row.n * 10_000 / sum(map(len, texts)))


def test_every_count_has_its_passages(result, corpus):
    texts = {d.id: d for d in corpus}
    for row in result.trends.itertuples():
        passages = result.evidence(row.term, year=row.group)
        assert len(passages) == row.n
        for passage in passages.itertuples():
            assert texts[passage.doc_id].text[passage.start : passage.end] == passage.term == row.term
            p = texts[passage.doc_id].paragraphs[passage.paragraph]
            assert p.start <= passage.start < passage.end <= p.end
    assert len(result.evidence("内需")) == 3
    assert result.evidence("内需", group=2024).empty


def test_evidence_without_nested_occurrences(corpus):
    alone = npp.compare(corpus, terms=TERMS, nested=False)
    trends = alone.trends
    assert "生产力" not in set(trends["term"])
    assert alone.evidence("生产力").empty
    assert len(alone.evidence("新质生产力", year=2024)) == 2


def test_evidence_of_other_things(result):
    with pytest.raises(ValueError, match="'双碳' is not among the terms compared"):
        result.evidence("双碳")
    with pytest.raises(ValueError, match="there is no group 2030; the groups are 2023, 2024"):
        result.evidence("内需", year=2030)
    with pytest.raises(TypeError, match="not region"):
        result.evidence("内需", region="北京")
    with pytest.raises(TypeError, match="not both"):
        result.evidence("内需", year=2023, group=2023)


def test_new_and_unordered(result):
    emergence = result.emergence.set_index("term")
    assert emergence.loc["新质生产力", "first_group"] == 2024
    assert emergence.loc["内需", "last_group"] == 2023
    assert result.turnover.values.tolist() == [["内需", 2024, "vanished", 3]]


def test_similarity(result):
    table = result.similarity
    assert table.index.tolist() == table.columns.tolist() == [2023, 2024]
    rates = result.trends.pivot(index="term", columns="group", values="per_10k")
    a, b = rates[2023], rates[2024]
    assert table.loc[2023, 2024] == pytest.approx((a @ b) / np.sqrt((a @ a) * (b @ b)))
    assert np.diag(table).tolist() == [1, 1]


def test_dispersion(result):
    row = result.dispersion.set_index("term").loc["就业"]
    assert (row["n"], row["range"]) == (2, 2)


def test_labels(result, corpus):
    table = result.labels
    shares = npp.label_shares(corpus.where(year=[2023, 2024]), by="year")
    merged = table.merge(shares, on=["group", "label"], suffixes=("", "_known"))
    assert len(merged) == len(table) == 8
    assert merged["n"].tolist() == merged["n_known"].tolist()
    assert merged["share_characters"].tolist() == pytest.approx(merged["share_characters_known"].tolist())
    assert (table["low"] <= table["share"]).all()
    assert (table["share"] <= table["high"]).all()
    assert set(table["unit"]) == {"paragraph"}


def test_labels_by_document_where_there_are_enough():
    many = Corpus.from_texts([ONE, TWO] * 5, years=[2023, 2024] * 5)
    assert set(npp.compare(many, terms=TERMS).labels["unit"]) == {"document"}


def test_graphs(result):
    assert list(result.graphs) == [2023, 2024]
    assert isinstance(result.graphs[2024], nx.Graph)
    assert result.graphs[2024] is result.graphs[2024]
    with pytest.raises(KeyError):
        result.graphs[1999]


# restriction


def test_within_a_label(corpus):
    labels = npp.classify(corpus)
    challenge = labels[labels["label"] == "challenge"]
    assert challenge[["doc_id", "paragraph"]].values.tolist() == [["a", 1], ["b", 1]]
    result = npp.compare(corpus, terms=TERMS, within="challenge")
    assert result.trends[["term", "group", "n"]].values.tolist() == [
        ["内需", 2023, 1], ["内需", 2024, 0], ["就业", 2023, 1], ["就业", 2024, 1],
    ]  # fmt: skip
    passages = result.evidence("就业")
    assert passages[["doc_id", "paragraph", "label"]].values.tolist() == [
        ["a", 1, "challenge"],
        ["b", 1, "challenge"],
    ]
    assert passages["start"].tolist() == [ONE.index("就业"), TWO.index("就业")]
    assert result.left_out["reason"].tolist() == ["no paragraph 'challenge' is left", "no value of 'year'"]
    assert result.labels["n"].sum() > 2  # within does not hold for the shares of labels


def test_without_reuse():
    said, new = "当前内需不足，就业压力很大，困难不少。", "毕业生就业渠道已经拓宽。"
    assert said in ONE
    # TWO says nearly the same once more, in other words
    twice = Corpus.from_texts([ONE, "\n".join([TWO, said, new])], ids=["a", "b"], years=[2023, 2024])
    included = npp.compare(twice, terms=TERMS)
    excluded = npp.compare(twice, terms=TERMS, reuse="exclude")
    n = [r.trends.set_index(["term", "group"]).loc[("就业", 2024), "n"] for r in (included, excluded)]
    assert n == [3, 1]
    assert len(excluded.evidence("就业", year=2024)) == 1
    spans = pd.DataFrame({"doc_id": ["b"], "start": [0], "end": [len(TWO)]})
    given = npp.compare(twice, terms=TERMS, reuse=spans)
    places = [len(TWO) + 1 + said.index("就业"), len(TWO) + len(said) + 2 + new.index("就业")]
    assert given.evidence("就业", year=2024)["start"].tolist() == places
    assert given.evidence("就业", year=2024)["paragraph"].tolist() == [3, 4]


def test_a_restricted_corpus_can_be_compared(corpus):
    kept = npp.restrict(corpus, pd.DataFrame({"doc_id": ["a", "b"], "start": [0, 0], "end": [20, 20]}))
    result = npp.compare(kept, terms=TERMS)
    assert result.counts.characters.tolist() == [20, 20]


# terms


def test_words_outside_the_lexicon_are_seen():
    texts = ["扩大内需。" * 3, "“灵境经济”蓬勃发展，发展“灵境经济”，壮大“灵境经济”。"]
    result = npp.compare(Corpus.from_texts(texts, years=[2023, 2024]))
    assert "灵境经济" not in Lexicon.default()
    found = result.emergence.set_index("term")
    assert found.loc["灵境经济", "first_group"] == 2024
    assert found.loc["扩大内需", "last_group"] == 2023


def test_key_terms_that_no_lexicon_can_hold_are_left_out():
    texts = ["“产【%放放新\t】」质”，“产【%放放新\t】」质”。扩大内需。", "深化改革，扩大内需。"]
    result = npp.compare(Corpus.from_texts(texts, years=[2023, 2024]))
    assert "扩大内需" in set(result.trends["term"])


def test_variants_and_widths_count_for_their_term():
    corpus = Corpus.from_texts(
        ["整治「内卷式」競爭，發展ＡＩ。", "整治“内卷式”竞争，内卷式竞争，发展ai。"], years=[2023, 2024]
    )
    result = npp.compare(corpus, terms=["“内卷式”竞争", "AI"])
    assert result.trends["n"].tolist() == [1, 1, 1, 2]
    assert result.evidence("内卷式竞争")["group"].tolist() == [2023, 2024, 2024]


def test_terms_that_never_occur(corpus):
    result = npp.compare(corpus, terms=["元宇宙"])
    for name, columns in COLUMNS.items():
        assert list(getattr(result, name).columns) == columns
    assert len(result.terms) == len(result.trends) == len(result.emergence) == len(result.dispersion) == 0
    assert result.similarity.isna().all().all()
    assert result.evidence("元宇宙").empty


def test_a_lexicon(corpus):
    assert npp.compare(corpus, terms=Lexicon.from_terms(TERMS)).terms.equals(
        npp.compare(corpus, terms=TERMS).terms
    )


# what cannot be compared


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"baseline": "first"}, ValueError, "baseline must be one of rest, previous, not 'first'"),
        (
            {"within": "problem"},
            ValueError,
            "within must be one of achievement, challenge, driver, other, not 'problem'",
        ),
        (
            {"reuse": "drop"},
            ValueError,
            "reuse must be one of include, exclude or a table of spans, not 'drop'",
        ),
        ({"terms": "内需"}, TypeError, "a list of terms or"),
        ({"by": "yaer"}, ValueError, "by='yaer': no document has a value of it"),
        ({"by": "title"}, ValueError, "no document has a value of it"),
    ],
)
def test_wrong_options(corpus, options, error, message):
    with pytest.raises(error, match=message):
        npp.compare(corpus, **{"terms": TERMS, **options})


@pytest.mark.parametrize("texts", [["扩大内需。"], ["扩大内需。", ""], ["", ""]])
def test_fewer_than_two_groups_with_text(texts):
    corpus = Corpus.from_texts(texts, years=range(2023, 2023 + len(texts)))
    with pytest.raises(ValueError, match="at least two groups with text are needed, found"):
        npp.compare(corpus, terms=["内需"])


def test_an_empty_corpus():
    with pytest.raises(ValueError, match="found none"):
        npp.compare(Corpus(()))


def test_regions():
    documents = [
        Document.from_text(text, id=name, region=name) for name, text in (("北京", ONE), ("上海", TWO))
    ]
    result = npp.compare(documents, "region", terms=TERMS)
    assert result.groups == ("上海", "北京")
    assert "emergence" not in result.tables()
    assert len(result.evidence("就业", region="北京")) == 1
    with pytest.raises(ValueError, match="numbers such as years"):
        _ = result.emergence


def test_fractions_as_groups():
    documents = [
        Document.from_text("内需", id=str(v), metadata={"quarter": v}) for v in (2024.25, 2024.5, 2024.75)
    ]
    table = npp.compare(documents, "quarter", terms=["内需"]).emergence
    assert table["first_group"].tolist() == [2024.25]
    assert str(table["change_group"].dtype) == "float64"


# saving


def test_the_command(tmp_path, capsys):
    frame = pd.DataFrame(
        {"id": ["a", "b", "c"], "year": [2023, 2024, None], "text": [ONE, TWO, "扩大内需。"]}
    )
    frame.to_json(tmp_path / "in.jsonl", orient="records", lines=True, force_ascii=False)
    (tmp_path / "terms.txt").write_text("\n".join(TERMS), "utf-8")
    out = tmp_path / "out"
    call = ["compare", str(tmp_path / "in.jsonl"), "--out", str(out), "--terms", str(tmp_path / "terms.txt")]
    assert main([*call, "--baseline", "previous"]) == 0
    said = capsys.readouterr()
    assert "2 组：2023、2024" in said.out
    assert "left out" in said.err
    assert "no value of 'year'" in said.err
    for name, columns in COLUMNS.items():
        table = pd.read_parquet(out / f"{name}.parquet")
        assert list(table.columns) == columns
        assert len(pd.read_csv(out / f"{name}.csv", encoding="utf-8-sig")) == len(table)
    assert list(pd.read_parquet(out / "similarity.parquet").columns) == ["group", "2023", "2024"]
    assert '"baseline": "previous"' in (out / "provenance.json").read_text("utf-8")
    assert set(pd.read_parquet(out / "terms.parquet")["group"]) == {2024}


def test_the_concordance_command(tmp_path, capsys):
    (tmp_path / "a.txt").write_text(ONE, "utf-8")
    assert main(["concordance", str(tmp_path), "内需", "--width", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("当前【内需】不足")
    assert main(["concordance", str(tmp_path), "内需", "--out", str(tmp_path / "x.csv")]) == 0
    assert len(pd.read_csv(tmp_path / "x.csv")) == len(lines) == 2
    assert main(["concordance", str(tmp_path), "内需", "--out", str(tmp_path / "x.json")]) == 2


def test_hash_seeds_change_nothing(tmp_path):
    code = (
        "import npp_nlp as npp, hashlib, sys\n"
        "c = npp.Corpus.from_files('seeds/*.txt')\n"
        "r = npp.compare(c, 'id')\n"
        "t = r.terms.to_csv() + r.trends.to_csv() + r.labels.to_csv() + r.similarity.to_csv() + r.lexicon.identity\n"
        "t += r.dispersion.to_csv() + str(sorted(r.graphs[r.groups[1]].edges(data=True)))\n"
        "print(hashlib.sha256(t.encode()).hexdigest())\n"
    )
    seen = set()
    for seed in ("0", "7"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=True
        )
        seen.add(run.stdout)
    assert len(seen) == 1


# real reports


@pytest.mark.skipif(
    not (DATA / "national_reports.jsonl").is_file(), reason="the folder of shared data is absent"
)
def test_national_reports():
    corpus = Corpus.from_table(DATA / "national_reports.jsonl", id="id", year="year", region="region")
    result = npp.compare(corpus.where(year=range(2012, 2026)))
    found = result.emergence.set_index("term")
    assert found.loc["高质量发展", "first_group"] == 2018
    assert found.loc["新质生产力", ["first_group", "n"]].tolist() == [2024, 3]
    texts = {d.year: d.text for d in corpus}
    for row in result.trends[result.trends["term"].isin(["高质量发展", "就业", "乡村振兴"])].itertuples():
        assert row.n == texts[row.group].count(row.term)


def test_every_word_is_compared_on_request():
    texts = ["农业和企业。" * 5 + "干部。", "企业干部，企业的干部。" * 3]
    result = npp.compare(Corpus.from_texts(texts, years=[2023, 2024]), terms="words")
    counts = result.trends.set_index(["term", "group"])["n"]
    assert counts.to_dict() == {
        ("企业", 2023): 5, ("企业", 2024): 6, ("农业", 2023): 5, ("农业", 2024): 0,
        ("干部", 2023): 1, ("干部", 2024): 6,
    }  # fmt: skip
    with pytest.raises(TypeError, match="a list of terms or \"words\", not the string '农业'"):
        npp.compare(Corpus.from_texts(texts, years=[2023, 2024]), terms="农业")
