"""The page in a browser, opened as a file with the network off: what it shows, and that every number leads to passages."""

import json
import shutil
import time

import pytest

import npp_nlp as npp
from npp_nlp.cooccurrence import graph_evidence

webdriver = pytest.importorskip(
    "selenium.webdriver", reason="selenium is not installed (the test extra has it)"
)
CHROME = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    CHROME is None or DRIVER is None, reason="no chromium and chromedriver: apt-get install chromium-driver"
)

HOSTILE = "</script><img src=x onerror=document.title='owned'>{{ 7*7 }}要推进改革\u202e开放。\x00扩大内需𠀀，发展数字经济。"
YEARS = {
    2021: "过去一年扩大内需取得成效，增长5%。\n要继续扩大内需，发展数字经济。\n房地产市场困难较多。",
    2022: "扩大内需成效明显，数字经济增长8%。\n要发展数字经济，深化改革。\n中小企业困难突出，压力较大。",
    2023: "去年数字经济增长10%。\n要发展新质生产力，发展数字经济，扩大开放。\n“内卷式”竞争问题突出。",
    2024: "新质生产力加快发展，取得新成效。\n要因地制宜发展新质生产力，做强生产力。\n新质生产力和数字经济要一起发展。",
}


@pytest.fixture(scope="module")
def corpus():
    ids = [f"r{year}" for year in YEARS] + ["evil"]
    texts = [text.replace("\n", "\n\n") for text in YEARS.values()]
    return npp.Corpus.from_texts([*texts, HOSTILE], ids=ids, years=[*YEARS, None])


@pytest.fixture(scope="module")
def analysis(corpus):
    return npp.analyze(corpus, min_count=1)


@pytest.fixture(scope="module")
def browser():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROME
    for flag in ("headless=new", "no-sandbox", "disable-gpu", "disable-background-networking"):
        options.add_argument(f"--{flag}")
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


def wait(browser, condition):
    until = time.monotonic() + 20
    while not browser.execute_script(f"return {condition}"):
        assert time.monotonic() < until, condition
        time.sleep(0.05)


@pytest.fixture(scope="module")
def address(analysis, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(analysis.to_html(), encoding="utf-8", newline="\n")
    return path.as_uri()


@pytest.fixture
def page(browser, address):
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.get("about:blank")
    browser.get_log("performance")
    browser.get_log("browser")
    browser.get(address)
    wait(browser, "document.documentElement.dataset.charts === 'ready'")
    return browser


def ask(page, script, *values):
    return page.execute_script(script, *values)


def search(page, query):
    ask(page, "byId('query').value = arguments[0]; byId('query').dispatchEvent(new Event('input'))", query)
    return ask(
        page,
        "const n = document.querySelector('#search-hits [data-count]'); return n && Number(n.dataset.count)",
    )


def dialog(page):
    wait(page, "byId('passages').open")
    count = int(ask(page, "return document.querySelector('#passages-body [data-count]').dataset.count"))
    marks = ask(page, "return [...document.querySelectorAll('#passages-body mark')].map(n => n.textContent)")
    return ask(page, "return byId('passages-title').textContent"), count, marks


def test_no_error_and_no_request(page, address):
    assert [entry for entry in page.get_log("browser") if entry["level"] not in ("INFO", "DEBUG")] == []
    messages = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    asked = {m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"}
    assert {url for url in asked if not url.startswith("data:")} == {address}


def test_nothing_of_a_document_becomes_markup(page, corpus):
    assert ask(page, "return document.querySelectorAll('img').length") == 0
    assert ask(page, "return document.title") == "政策文本分析"
    number = len(corpus) - 1
    ask(page, f"byId('open{number}').open = true")
    wait(page, f"byId('text{number}').firstChild !== null")
    shown = ask(page, f"return [...byId('text{number}').children].map(n => n.textContent)")
    texts = [p.text for p in corpus[number].paragraphs]
    assert [text in line for text, line in zip(texts, shown, strict=True)] == [True] * len(texts)


def test_search_counts_what_concordance_counts(page, corpus):
    for term in (
        "新质生产力",
        "生产力",
        "数字经济",
        "扩大内需",
        "“内卷式”竞争",
        "内卷式竞争",
        "「内卷式」竞争",
    ):
        assert search(page, term) == len(npp.concordance(corpus, term)) > 0


def test_search_for_other_words_is_literal_and_filters(page):
    whole = "\n".join(YEARS.values()) + HOSTILE
    for words in ("发展", "要", "</script>", "𠀀，"):
        assert search(page, words) == whole.count(words) > 0
    ask(page, "byId('in-group').value = '3'")
    assert search(page, "发展") == YEARS[2024].count("发展")
    marks = ask(page, "return [...document.querySelectorAll('#search-hits mark')].map(n => n.textContent)")
    assert marks == ["发展"] * YEARS[2024].count("发展")
    assert search(page, "没有这个词") == 0


def test_a_count_of_a_node_and_of_an_edge_lead_to_their_passages(page, analysis):
    for i, node in enumerate(analysis.nodes.itertuples()):
        ask(page, f"document.querySelector('[data-show=\\'{{\"node\":{i}}}\\']').click()")
        title, count, marks = dialog(page)
        assert (title, count) == (node.term, node.n)
        assert set(marks) == {node.term}
    rank = {term: i for i, term in enumerate(analysis.nodes["term"])}
    for edge in analysis.edges.itertuples():
        show = sorted((rank[edge.source], rank[edge.target]))
        ask(page, "showPassages({edge: arguments[0]})", show)
        title, count, marks = dialog(page)
        evidence = graph_evidence(analysis.graph, edge.source, edge.target)
        assert count == len(evidence.drop_duplicates(["doc_id", "paragraph"]))
        assert ask(page, "return edgeHits(...arguments[0]).reduce((n, h) => n + h.n, 0)", show) == edge.n
        assert set(marks) == {edge.source, edge.target}


def test_a_click_on_a_dot_of_the_graph_opens_its_passages(page, analysis):
    ask(page, "byId('chart-graph').scrollIntoView({block: 'center'})")
    time.sleep(0.3)
    box = ask(
        page, "const r = byId('chart-graph').getBoundingClientRect(); return [r.x, r.y, r.width, r.height]"
    )
    span = ask(page, "return graphSpan()")
    node = ask(page, "return data.graph.nodes[0]")
    x = box[0] + 6 + (box[2] - 12) * (node["x"] - span[0]) / (span[1] - span[0])
    y = (
        box[1]
        + 6
        + (ask(page, "return model('graph', 'graph').height") - 12)
        * (span[3] - node["y"])
        / (span[3] - span[2])
    )
    for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
        event = {
            "type": kind,
            "x": x,
            "y": y,
            "button": "left" if kind != "mouseMoved" else "none",
            "clickCount": 1,
        }
        page.execute_cdp_cmd("Input.dispatchMouseEvent", event)
    assert dialog(page)[0] == node["term"] == analysis.nodes["term"][0]


def test_keyness_follows_the_year_and_its_counts_lead_to_the_year(page, analysis, corpus):
    terms = npp.Lexicon.from_terms(sorted({*analysis.terms["term"], *analysis.nodes["term"]}))
    table = npp.compare(corpus, terms=terms + npp.Lexicon.default()).terms
    seen = []
    for number, year in enumerate(YEARS):
        ask(
            page,
            f"byId('keyness-group').value = {number}; byId('keyness-group').dispatchEvent(new Event('change'))",
        )
        rows = ask(page, "return groups.keyness[arguments[0]]", number)
        names = ask(
            page, "return [...document.querySelectorAll('#keyness-rows .bars > a')].map(n => n.textContent)"
        )
        wanted = table[(table["group"] == year) & (table["g2"].abs() >= 3.841)].sort_values(
            "g2", ascending=False
        )
        assert sorted(names) == sorted(wanted["term"])
        assert [row[3] for row in rows] == pytest.approx(wanted["g2"], abs=0.006)
        seen.append(names)
        for row in rows:
            ask(page, "showPassages({term: arguments[0], group: arguments[1]})", row[0], number)
            assert dialog(page)[1] == row[1]
            ask(page, "showPassages({term: arguments[0], except: arguments[1]})", row[0], number)
            assert dialog(page)[1] == row[2]
    assert len({tuple(names) for names in seen}) > 1


def test_a_share_leads_to_its_paragraphs(page, analysis):
    counts = analysis.labels["label"].value_counts()
    for number, label in enumerate(("achievement", "challenge", "driver", "other")):
        ask(page, "showPassages({label: arguments[0]})", number)
        assert dialog(page)[1] == counts.get(label, 0)
        cells = ask(page, "return groups.shares.map(g => g[arguments[0]][0])", number)
        labelled = analysis.labels[analysis.labels["label"] == label]["doc_id"]
        assert cells == [(labelled == f"r{year}").sum() for year in YEARS]


def test_trends_are_those_of_the_comparison(page, corpus):
    trends = npp.compare(corpus, terms=["数字经济", "新质生产力"]).trends
    for term in ("数字经济", "新质生产力"):
        ask(page, f"byId('trend-add').value = '{term}'; byId('trend-add').dispatchEvent(new Event('change'))")
        rows = trends[trends["term"] == term]
        assert ask(page, "return groupCounts(termOf(arguments[0]))", term) == rows["n"].tolist()
        limits = ask(page, "return groupCounts(termOf(arguments[0])).map((n, g) => "
                           "groups.intervals[n].map(x => x * 10000 / groups.characters[g]))", term)  # fmt: skip
        assert [low for low, _ in limits] == pytest.approx(rows["low"], rel=1e-4)
        assert [high for _, high in limits] == pytest.approx(rows["high"], rel=1e-4)
    assert ask(page, "return model('trends', 'points').data.x.length") % len(YEARS) == 0


def test_a_passage_leads_to_its_paragraph(page):
    ask(page, "showPassages({term: termOf('新质生产力')})")
    wait(page, "byId('passages').open")
    ask(page, "document.querySelector('#passages-body .hits a').click()")
    assert ask(page, "return byId('passages').open") is False
    assert "新质生产力" in ask(page, "return document.querySelector('.p.there').textContent")
    assert ask(page, "return document.activeElement.className").startswith("p")


def test_the_language_is_in_the_address(page, address):
    assert ask(page, "return document.documentElement.lang") == "zh-CN"
    ask(page, "byId('language').click()")
    wait(page, "document.documentElement.lang === 'en'")
    assert page.current_url == f"{address}#lang=en"
    visible = ask(
        page, "return [...document.querySelectorAll('h2')].filter(n => n.offsetParent).map(n => n.innerText)"
    )
    assert "Documents" in visible
    assert all(text.isascii() for text in visible)
    page.get("about:blank")
    page.get(f"{address}#lang=en&at=documents")
    wait(page, "document.documentElement.dataset.charts === 'ready'")
    assert ask(page, "return document.title") == "Policy text analysis"


def test_a_phone_needs_no_sideways_scrolling(page, address):
    size = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page.get("about:blank")
    page.get(address)
    wait(page, "document.documentElement.dataset.charts === 'ready'")
    search(page, "发展")
    for number in range(len(YEARS) + 1):
        ask(page, f"byId('open{number}').open = true")
    assert ask(page, "return document.documentElement.scrollWidth") <= 360
    ask(page, "showPassages({edge: [0, 1]})")
    assert ask(page, "return byId('passages').scrollWidth <= byId('passages').clientWidth")


def test_the_keyboard_reaches_passages(page):
    ask(page, "document.querySelector('.lead a.n').focus()")
    for kind in ("keyDown", "keyUp"):
        event = {"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}
        page.execute_cdp_cmd("Input.dispatchKeyEvent", event)
    assert dialog(page)[1] > 0
    for kind in ("keyDown", "keyUp"):
        event = {"type": kind, "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 27}
        page.execute_cdp_cmd("Input.dispatchKeyEvent", event)
    wait(page, "!byId('passages').open")
