"""The page: what stands in it, that documents cannot become markup, and that its numbers are those of the tables."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from base64 import b64decode, b64encode
from gzip import decompress
from html.parser import HTMLParser
from importlib.resources import files
from itertools import accumulate
from pathlib import Path

import pytest

import npp_nlp as npp
from npp_nlp.cli import main
from npp_nlp.report.mentions import page_lexicon
from npp_nlp.report.page import page_data
from npp_nlp.report.words import LABEL_WORDS, NOTES, WORDS

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
DATA = Path(os.environ.get("NPP_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
HOSTILE = "</script><img src=x onerror=alert(1)>{{ 7*7 }}{% raw %}"
HOSTILE += "\u202e要扩大内需\ud800。<!--\x00推进改革𠀀\u2028&amp;数字经济。"
TEXTS = [
    "过去一年扩大内需取得成效，增长5%。\n\n要继续扩大内需，发展数字经济。",
    "扩大内需成效明显。\n\n要发展数字经济，做强生产力，𠀀发展新质生产力。",
    "要发展新质生产力，发展数字经济。\n\n新质生产力加快发展，数字经济增长10%。",
]


class Tags(HTMLParser):
    """The tags of a page with their attributes, and the text of each script by its id."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.scripts, self.script = [], {}, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.script = dict(attrs).get("id", "") if tag == "script" else None

    def handle_endtag(self, tag):
        self.script = None

    def handle_data(self, data):
        if self.script is not None:
            self.scripts[self.script] = self.scripts.get(self.script, "") + data


@pytest.fixture(scope="module")
def corpus():
    return npp.Corpus.from_texts(TEXTS, ids=["a", "b", "c"], years=[2021, 2022, 2024])


@pytest.fixture(scope="module")
def analysis(corpus):
    return npp.analyze(corpus, min_count=1)


@pytest.fixture(scope="module")
def page(analysis):
    return analysis.to_html()


@pytest.fixture(scope="module")
def held(page):
    return json.loads(Tags(page).scripts["data"])


def places(pack, number, name):
    """Starts and ends of a term, unpacked as the page's script does it."""
    odd = dict(zip(pack["lengths"][number][::2], pack["lengths"][number][1::2], strict=True))
    starts = accumulate(pack["mentions"][number])
    return [(start, start + odd.get(i, len(name))) for i, start in enumerate(starts)]


def spans(held):
    """The text of the page in UTF-16, and for each paragraph its document, number, start and end there."""
    rows, at = [], 0
    for number, document in enumerate(held["documents"]):
        for i, text in enumerate(document["paragraphs"]):
            size = len(text.encode("utf-16-le")) // 2
            rows.append((number, i, at, at + size))
            at += size + 1
    whole = "\n".join(text for document in held["documents"] for text in document["paragraphs"])
    return whole.encode("utf-16-le"), rows


def test_the_page_is_one_file_that_asks_for_nothing(page):
    tags = Tags(page)
    policy = next(a["content"] for _, a in tags.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    assert [a for tag, a in tags.tags if "src" in a or tag in ("link", "img", "iframe", "object")] == []
    assert [a["href"] for _, a in tags.tags if not a.get("href", "#").startswith("#")] == []
    own = tags.scripts[""]
    packed = decompress(b64decode(tags.scripts["library"]))
    for code in (own.encode("utf-8"), packed):
        assert f"'sha256-{b64encode(hashlib.sha256(code).digest()).decode()}'" in policy
    assert (
        re.search(r"\b(eval|Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|fetch)\b", own)
        is None
    )


def test_the_script_is_valid():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    for name in ("report.js", "report_charts.js"):
        path = files("npp_nlp.resources").joinpath(name)
        assert subprocess.run([node, "--check", str(path)], check=False).returncode == 0


def test_the_text_stands_in_the_page_once(page, corpus):
    body = re.sub(r'<script type="application/octet-stream".*?</script>', "", page)
    for document in corpus:
        for paragraph in document.paragraphs:
            assert body.count(paragraph.text) == 1


@pytest.mark.parametrize("years", [None, [2020, 2021]])
def test_documents_cannot_become_markup(years):
    corpus = npp.Corpus.from_texts(
        [HOSTILE, HOSTILE + "再来一次。"], ids=["<b>one</b>", "\u202e'\"&\x00"], years=years
    )
    corpus = npp.Corpus(corpus.documents, (("<i>.pdf", "<script>alert(2)</script>\x00"),))
    analysis = npp.analyze(corpus, min_count=1)
    page = analysis.to_html()
    page.encode("utf-8")
    assert "\x00" not in page
    tags = Tags(page)
    allowed = {
        "script",
        "style",
        "meta",
        "section",
        "a",
        "span",
        "p",
        "input",
        "select",
        "label",
        "datalist",
        "table",
        "button",
    }
    allowed |= {
        "html",
        "head",
        "title",
        "body",
        "header",
        "h1",
        "h2",
        "nav",
        "ul",
        "li",
        "main",
        "div",
        "noscript",
        "details",
    }
    assert {tag for tag, _ in tags.tags} <= allowed | {
        "summary",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "dialog",
    }
    assert [name for _, a in tags.tags for name in a if name.startswith("on")] == []
    for name in ("data", "charts"):
        assert re.search("[<>&\u2028\u2029]", tags.scripts.get(name, "")) is None
    held = json.loads(tags.scripts["data"])
    want = [[p.text.replace("\ud800", "\ufffd") for p in document.paragraphs] for document in corpus]
    assert [document["paragraphs"] for document in held["documents"]] == want
    assert held["documents"][0]["id"] == "<b>one</b>"


def test_offsets_lead_to_the_terms(held):
    text, rows = spans(held)
    for pack, names in ((held, held["terms"]), (held["graph"], [n["term"] for n in held["graph"]["nodes"]])):
        for number, name in enumerate(names):
            for start, end in places(pack, number, name):
                assert text[2 * start : 2 * end].decode("utf-16-le") == name
                assert any(a <= start and end <= b for _, _, a, b in rows)


def test_counts_are_those_of_the_concordance_and_the_terms_table(held, corpus, analysis):
    _, rows = spans(held)
    for number, name in enumerate(held["terms"]):
        found = npp.concordance(corpus, name, labels=analysis.labels)
        where = [next(r[:2] for r in rows if r[2] <= a < r[3]) for a, _ in places(held, number, name)]
        ids = [corpus[document].id for document, _ in where]
        assert (ids, [i for _, i in where]) == (found["doc_id"].tolist(), found["paragraph"].tolist())
    listed = {(d["id"], held["terms"][term], n) for d in held["documents"] for term, n in d["terms"]}
    assert listed == set(analysis.terms[["doc_id", "term", "n"]].itertuples(index=False, name=None))


def test_graph_is_that_of_the_tables(held, analysis):
    graph = held["graph"]
    nodes = [(n["term"], n["n"], n["docfreq"], n["degree"], n["community"]) for n in graph["nodes"]]
    wanted = analysis.nodes[["term", "n", "docfreq", "degree", "community"]]
    assert nodes == list(wanted.itertuples(index=False, name=None))
    assert [len(pack) for pack in graph["mentions"]] == analysis.nodes["n"].tolist()
    names = [n["term"] for n in graph["nodes"]]
    edges = {(*sorted((names[a], names[b])), n) for a, b, n, _, _ in graph["edges"]}
    assert edges == set(analysis.edges[["source", "target", "n"]].itertuples(index=False, name=None))


def test_groups_are_those_of_the_comparison(held, corpus, analysis):
    result = npp.compare(corpus, terms=page_lexicon(analysis.tables()))
    groups = held["groups"]
    assert (groups["names"], groups["ordered"]) == ([2021, 2022, 2024], True)
    assert groups["characters"] == result.counts.characters.tolist()
    shares = [
        [n, pytest.approx(share, abs=1e-4)] for n, share in result.labels[["n", "share"]].to_numpy().tolist()
    ]
    assert [row[:2] for group in groups["shares"] for row in group] == shares
    table = result.terms[result.terms["g2"].abs() >= 3.841].sort_values(
        ["g2", "term"], ascending=[False, True]
    )
    for number, year in enumerate(groups["names"]):
        rows = [(held["terms"][row[0]], *row[1:3]) for row in groups["keyness"][number]]
        wanted = table.loc[table["group"] == year, ["term", "n_target", "n_reference"]]
        assert rows == list(wanted.itertuples(index=False, name=None))


def test_emergence_is_that_of_the_comparison():
    years = list(range(2010, 2020))
    texts = ["要扩大内需。" * 6 if year < 2015 else "要发展新质生产力。" * 5 for year in years]
    corpus = npp.Corpus.from_texts(texts, years=years)
    analysis = npp.analyze(corpus)
    data = page_data(corpus, analysis.tables(), analysis.graph)
    groups, names = data["groups"], data["terms"]
    rose = {names[row[0]]: (row[1], *(groups["names"][g] for g in row[2:6])) for row in groups["rising"]}
    assert rose["新质生产力"] == (25, 2015, 2019, 2015, 2015)
    fell = {names[row[0]]: (row[1], *(groups["names"][g] for g in row[2:6])) for row in groups["falling"]}
    assert fell["扩大内需"] == (30, 2010, 2014, 2010, 2015)
    assert {(groups["names"][g], n) for g, term, n in groups["new"] if names[term] == "新质生产力"} == {
        (2015, 5)
    }
    assert "2015 年起" in re.sub(r"<[^>]*>", "", analysis.to_html())


def test_overview_says_the_numbers_in_both_languages(page, analysis):
    plain = re.sub(r"<[^>]*>", "", page)
    share = analysis.labels["label"].eq("driver").mean()
    assert "共 3 篇文档，年份 2021–2024（3 个年份），6 个段落" in plain
    assert "3 documents, 2021–2024 (3 years), 6 paragraphs" in plain
    assert f"动能 {share:.0%}" in plain
    assert f"{share:.0%} are drivers" in plain


def test_documents_without_a_year_are_told():
    corpus = npp.Corpus.from_texts([*TEXTS, "要扩大开放。", ""], years=[2021, 2022, 2024, None, None])
    plain = re.sub(r"<[^>]*>", "", npp.analyze(corpus).to_html())
    assert "1 篇文档没有年份，不在比较之列。" in plain
    assert "Without year, and so left out of the comparison: 1 of the documents." in plain


def test_empty_sections_do_not_appear():
    def sections(source, **options):
        return re.findall(r'<section id="(\w+)"', npp.analyze(source).to_html(**options))

    assert sections("要扩大内需。") == ["overview", "shares", "search", "documents", "method"]
    assert sections(npp.Corpus((), (("a.pdf", "no text"),))) == ["overview", "failures", "method"]
    assert sections(npp.Corpus.from_texts([""])) == ["overview", "documents", "method"]
    assert "trends" in sections(npp.Corpus.from_texts(["要扩大内需。", "发展数字经济。"]))
    assert "emergence" not in sections(npp.Corpus.from_texts(["要扩大内需。", "发展数字经济。"]))


def test_groups_by_other_metadata(corpus):
    documents = [
        npp.Document.from_text(text, id=str(i), region=r)
        for i, (text, r) in enumerate(zip(TEXTS, "京沪京", strict=True))
    ]
    analysis = npp.analyze(documents)
    held = json.loads(Tags(analysis.to_html(by="region")).scripts["data"])
    assert held["groups"]["names"] == ["京", "沪"]
    assert [d["group"] for d in held["documents"]] == [0, 1, 0]
    assert (held["groups"]["ordered"], held["groups"]["rising"]) == (False, [])
    by_document = json.loads(Tags(analysis.to_html()).scripts["data"])
    assert (by_document["groups"]["by"], by_document["groups"]["names"]) == ("id", ["0", "1", "2"])
    with pytest.raises(ValueError, match="by='issuer'"):
        analysis.to_html(by="issuer")
    with pytest.raises(ValueError, match="language must be 'zh' or 'en', not 'de'"):
        analysis.to_html(language="de")


def test_the_same_bytes_again(page, analysis):
    assert analysis.to_html() == page
    assert analysis.to_html(language="en") != page
    assert npp.analyze(analysis.corpus, min_count=1).to_html() == page


def test_the_page_is_small(page, analysis):
    library = len(Tags(page).scripts["library"])
    assert library < 500_000
    seeds = npp.Corpus.from_files(SEEDS / "*.txt")
    text = sum(len(document.text.encode("utf-8")) for document in seeds)
    assert len(npp.analyze(seeds).to_html().encode("utf-8")) < library + 2 * text


def test_command_line_takes_language_and_groups(tmp_path):
    for name, text in zip("ab", TEXTS, strict=False):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    out = tmp_path / "page.html"
    assert main(["report", str(tmp_path / "*.txt"), "--out", str(out), "--language", "en"]) == 0
    assert '<html lang="en">' in out.read_text("utf-8")
    assert main(["report", str(tmp_path / "*.txt"), "--out", str(out), "--by", "year"]) == 2


def test_every_word_is_in_both_languages():
    for words in (WORDS, NOTES, LABEL_WORDS):
        for zh, en in words.values():
            assert zh
            assert en
            assert sorted(re.findall(r"\{\w+\}", zh)) == sorted(re.findall(r"\{\w+\}", en))
    script = "".join(
        files("npp_nlp.resources").joinpath(n).read_text("utf-8") for n in ("report.js", "report_charts.js")
    )
    assert set(re.findall(r'\bword\("(\w+)"', script)) <= set(WORDS)


def test_national_reports_stay_under_eight_megabytes():
    table = DATA / "national_reports.jsonl"
    if not table.is_file():
        pytest.skip(f"{table} is not there")
    corpus = npp.Corpus.from_table(table, id="id", year="year", region="region")
    page = npp.analyze(corpus).to_html()
    text = sum(len(document.text.encode("utf-8")) for document in corpus)
    assert len(page.encode("utf-8")) < min(8_000_000, 500_000 + 1.4 * text)
