"""PDF: lines, columns, running heads, notes, headings, and files that cannot be read."""

import io
import threading
from functools import cache
from pathlib import Path

import pytest

from npp_nlp.reading import document_from_text
from npp_nlp.reading.pdf import read_pdf
from npp_nlp.reading.pdf.pages import joined

pytest.importorskip("pypdfium2")
reportlab = pytest.importorskip("reportlab", reason="PDF files are made with reportlab, of the test extra")

FONT = "NotoSansSC"  # in the file: what a machine without the font puts in its place is not what is tested
LINE = "坚持稳中求进工作总基调，完整准确全面贯彻新发展理念，加快构建新发展格局，着力推动高质量发展"
SIZE, LEFT, TOP, STEP = 12, 72, 700, 18
WIDTH = 20  # signs in a line


@cache
def embed_font():
    from importlib.util import find_spec

    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    found = find_spec("zhplot")
    if found is None or found.origin is None:
        pytest.skip("no Chinese font to embed: pip install 'npp-nlp[fonts]'")
    pdfmetrics.registerFont(TTFont(FONT, Path(found.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"))


def draw(pages, *, size=(595, 842), **options):
    """A PDF whose pages are lists of (x, y, text), (x, y, text, type size) or (x, y, text, type size, spacing)."""
    from reportlab.pdfgen.canvas import Canvas

    embed_font()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, **options)
    for page in pages:
        for x, y, text, *more in page:
            canvas.setFont(FONT, more[0] if more else SIZE)
            canvas.drawString(x, y, text, charSpace=more[1] if len(more) > 1 else 0)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def typeset(paragraphs, *, left=LEFT, top=TOP, indent=2, width=WIDTH, size=SIZE, step=STEP):
    """Lines of a column: each paragraph with its first line indented; gives them and the height below."""
    lines, y = [], top
    for paragraph in paragraphs:
        room, rest, inset = width - indent, paragraph, indent
        while rest:
            lines.append((left + inset * size, y, rest[:room], size))
            rest, room, inset = rest[room:], width, 0
            y -= step
    return lines, y


def read(data):
    found = read_pdf(data)
    return document_from_text(found.text, "a", found.facts, found.hints)


def texts(document, kind=None):
    return [p.text for p in document.paragraphs if kind in (None, p.kind)]


PARAGRAPHS = [
    "一年来，全省上下深入学习贯彻党的二十大精神，经济运行总体平稳。全年地区生产总值增长百分之五点五左右。",
    "二是扎实推进乡村全面振兴，粮食总产量再创新高，农村居民收入增长快于城镇居民，脱贫成果持续巩固。",
    "三是改革开放不断深化，营商环境持续改善，进出口总额保持增长。",
]


def test_paragraphs_by_indent():
    lines, _ = typeset(PARAGRAPHS)
    assert texts(read(draw([lines]))) == PARAGRAPHS


def test_a_sentence_that_ends_on_a_full_line_does_not_end_its_paragraph():
    first = "改革开放持续深化推进，成效不断显现。" + LINE + "。"
    assert first[17] == "。"  # the last of the 18 signs of a first line
    lines, _ = typeset([first, PARAGRAPHS[0]])
    assert texts(read(draw([lines]))) == [first, PARAGRAPHS[0]]


def test_paragraphs_by_space():
    lines, top = [], TOP
    for paragraph in PARAGRAPHS:
        more, top = typeset([paragraph], indent=0, top=top)
        lines += more
        top -= SIZE
    assert texts(read(draw([lines]))) == PARAGRAPHS


def test_a_paragraph_over_two_pages_and_what_stands_between():
    lines, _ = typeset(PARAGRAPHS)
    pages = [
        [(LEFT, 790, "政府工作报告", 9), *lines[:2], (290, 40, "— 1 —", 9)],
        [
            (LEFT, 790, "政府工作报告", 9),
            *((x, y + 2 * STEP, t, s) for x, y, t, s in lines[2:]),
            (290, 40, "— 2 —", 9),
        ],
    ]
    document = read(draw(pages))
    assert texts(document) == PARAGRAPHS
    gone = sorted((document.source[a:b], reason) for a, b, reason in document.removed)
    assert gone == [
        *[("— 1 —", "page number"), ("— 2 —", "page number")],
        *[("政府工作报告", "running head")] * 2,
    ]


def test_numbers_inside_the_text_are_no_page_numbers():
    lines, y = typeset(PARAGRAPHS[:2])
    more, _ = typeset(PARAGRAPHS[2:], top=y - STEP)
    document = read(draw([[*lines, (LEFT, y, "2025"), *more]]))
    assert "2025" in document.text


def test_two_columns_below_a_title():
    left, _ = typeset([LINE + "。"] * 4, width=17, top=640)
    right, _ = typeset(PARAGRAPHS, left=LEFT + 240, width=17, top=640)
    title = "关于进一步促进民营经济高质量发展的若干措施"
    document = read(draw([[(120, 690, title, 18), *right, *left]]))
    assert texts(document) == [title, *[LINE + "。"] * 4, *PARAGRAPHS]
    assert document.paragraphs[0].kind == "title"


def test_a_table_is_not_taken_for_columns():
    rows = [("地区", "产值", "增长"), ("南京", "100", "5.5"), ("苏州", "200", "6.1"), ("无锡", "300", "4.9")]
    lines, y = typeset(PARAGRAPHS[:1])
    cells = [(LEFT + 120 * j, y - STEP * (i + 1), c) for i, row in enumerate(rows) for j, c in enumerate(row)]
    more, _ = typeset(PARAGRAPHS[1:], top=y - 6 * STEP)
    found = read_pdf(draw([[*lines, *cells, *more]]))
    assert "南京\t100\t5.5\n苏州\t200\t6.1" in found.text
    assert sum(hint.role == "table" for hint in found.hints) == 4
    document = document_from_text(found.text, "a", found.facts, found.hints)
    assert [p for p in texts(document) if len(p) > 20] == PARAGRAPHS


def test_notes_are_small_and_at_the_foot():
    lines, _ = typeset(PARAGRAPHS)
    notes = [(LEFT, 120, "① 国家统计局：《统计公报》，2025年2月。", 9), (LEFT, 106, "② 同上，第12页。", 9)]
    document = read(draw([[*lines, *notes, (290, 40, "1", 9)]]))
    assert texts(document, "footnote") == ["① 国家统计局：《统计公报》，2025年2月。", "② 同上，第12页。"]
    assert texts(document, "paragraph") == PARAGRAPHS


def test_a_note_in_two_lines():
    lines, _ = typeset(PARAGRAPHS)
    notes = [(LEFT, 120, "1国家统计局：《统计公报》，2025年2月，第", 9), (LEFT, 106, "30页。", 9)]
    document = read(draw([[*lines, *notes, (LEFT, 92, "2同上。", 9)]]))
    assert texts(document, "footnote") == ["1国家统计局：《统计公报》，2025年2月，第30页。", "2同上。"]


def test_what_a_browser_prints_around_a_page():
    lines, _ = typeset(PARAGRAPHS)
    head = [(24, 820, "2026/1/27 16:46", 8), (250, 820, "政府工作报告", 8)]
    foot = [(24, 17, "https://www.example.gov.cn/report.html", 8), (560, 17, "1/1", 8)]
    assert texts(read(draw([[*head, *lines, *foot]]))) == PARAGRAPHS


def test_quotations_set_in_from_both_sides():
    top, y = typeset(PARAGRAPHS[:1])
    quote, y = typeset([LINE + "。"], left=LEFT + 36, width=WIDTH - 6, indent=0, top=y - STEP)
    rest, _ = typeset(PARAGRAPHS[1:], top=y - STEP)
    assert texts(read(draw([[*top, *quote, *rest]]))) == [PARAGRAPHS[0], LINE + "。", *PARAGRAPHS[1:]]


def test_items_whose_lines_hang():
    items = ["（1）" + PARAGRAPHS[0], "（2）" + PARAGRAPHS[1]]
    lines, y = [], TOP
    for item in items:
        lines.append((LEFT, y, item[:20]))
        rest, y = typeset([item[20:]], left=LEFT + 30, width=17, indent=0, top=y - STEP)
        lines += rest
    assert texts(read(draw([lines]))) == items


def test_a_raised_number_stays_in_its_line():
    data = draw([[(LEFT, TOP, "深化改革"), (LEFT + 48, TOP + 5, "[1]", 7), (LEFT + 60, TOP, "，扩大开放。")]])
    assert read_pdf(data).text.strip() == "深化改革[1]，扩大开放。"


def test_pieces_are_read_from_left_to_right():
    data = draw([[(LEFT + 48, TOP, "扩大开放。"), (LEFT, TOP, "深化改革")]])
    assert read_pdf(data).text.strip() == "深化改革扩大开放。"


@pytest.mark.parametrize("spacing", [0, 4, 11])
def test_spaced_out_signs_get_no_blanks(spacing):
    assert read_pdf(draw([[(LEFT, TOP, "政府工作报告", 20, spacing)]])).text.strip() == "政府工作报告"


def test_latin_words_keep_their_blanks():
    text = "推广 artificial intelligence 和GDP核算"
    assert read_pdf(draw([[(LEFT, TOP, text)]])).text.strip() == text


def test_latin_words_parted_by_a_line():
    assert joined(["The State", "Council"]) == "The State Council"
    assert joined(["发展", "GDP"]) == "发展GDP"
    assert joined(["high-", "tech"]) == "high-tech"


def test_larger_type_is_title_and_headings():
    lines, y = typeset(PARAGRAPHS[:2])
    more, _ = typeset(PARAGRAPHS[2:], top=y - 2 * STEP)
    data = draw([[(220, 760, "政府工作报告", 24), *lines, (LEFT, y - STEP, "二、下一步安排", 16), *more]])
    document = read(data)
    assert [(p.kind, p.level) for p in document.paragraphs if p.kind != "paragraph"] == [
        ("title", 0),
        ("heading", 1),
    ]
    assert texts(document, "paragraph") == PARAGRAPHS


def test_facts():
    lines, _ = typeset(PARAGRAPHS)
    found = read_pdf(draw([lines, lines]))
    assert found.facts["pages"] == 2
    assert "file_title" in found.facts  # reportlab writes one
    assert "title" not in found.facts
    assert "pages_without_text" not in found.facts


def picture():
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    return ImageReader(Image.new("RGB", (8, 8), "grey"))


def scanned(pages):
    """A PDF whose pages show a picture (None) or a line of text."""
    from reportlab.pdfgen.canvas import Canvas

    embed_font()
    out = io.BytesIO()
    canvas = Canvas(out)
    for page in pages:
        if page is None:
            canvas.drawImage(picture(), 50, 50, 400, 600)
        else:
            canvas.setFont(FONT, 12)
            canvas.drawString(LEFT, TOP, page)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_a_scanned_file_says_so():
    with pytest.raises(ValueError, match=r"^no text layer \(scanned\?\): recognise its text \(OCR\)"):
        read_pdf(scanned([None, None]))


def test_scanned_pages_among_others_are_listed():
    found = read_pdf(scanned([LINE, None, LINE]))
    assert found.facts["pages_without_text"] == [2]


def test_a_blank_file_says_so():
    with pytest.raises(ValueError, match="no text on its 1 page"):
        read_pdf(draw([[]]))


def test_an_encrypted_file_needs_a_password():
    from reportlab.lib.pdfencrypt import StandardEncryption

    data = draw([[(LEFT, TOP, LINE)]], encrypt=StandardEncryption("secret"))
    with pytest.raises(ValueError, match="encrypted: a password is needed"):
        read_pdf(data)


def test_a_file_that_only_forbids_changes_is_read():
    from reportlab.lib.pdfencrypt import StandardEncryption

    data = draw([[(LEFT, TOP, LINE)]], encrypt=StandardEncryption("", "secret", canModify=0))
    assert LINE in read_pdf(data).text


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: data[: len(data) // 2], "not a readable PDF: truncated"),
        (lambda data: b"", "not a readable PDF: it does not begin with %PDF"),
        (lambda data: b"<html>" * 300, "not a readable PDF: it does not begin with %PDF"),
        (lambda data: b"%PDF-1.4\n" + b"x" * 500 + b"\n%%EOF", "not a readable PDF: "),
    ],
)
def test_broken_files(damage, reason):
    with pytest.raises(ValueError, match=reason):
        read_pdf(damage(draw([[(LEFT, TOP, LINE)]])))


def test_rotated_pages_are_turned_back():
    from reportlab.pdfgen.canvas import Canvas

    embed_font()
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.translate(500, 100)
    canvas.rotate(90)
    canvas.setFont(FONT, SIZE)
    for x, y, text, *_ in typeset(PARAGRAPHS, left=0, top=400)[0]:
        canvas.drawString(x, y, text)
    canvas.save()
    assert texts(read(out.getvalue())) == PARAGRAPHS


def test_radicals_become_ideographs():
    from npp_nlp.reading.pdf.signs import _ideographs

    table = _ideographs()
    assert "".join(chr(table[ord(c)]) for c in "⼯作⻓⾼⻅") == "工作长高见"


def test_same_input_same_output_from_several_threads():
    data = draw([typeset(PARAGRAPHS)[0]] * 3)
    results = []
    threads = [threading.Thread(target=lambda: results.append(read_pdf(data))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({found.text for found in results}) == 1
    assert len(results) == 4
