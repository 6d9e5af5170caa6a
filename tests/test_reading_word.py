"""Word files: what is printed, in what role; numbers; revisions; and files that are broken or made to do harm."""

import io
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp.reading import containers, document_from_text
from npp_nlp.reading.containers import open_package, parse_xml
from npp_nlp.reading.word import read_word
from npp_nlp.reading.word.numbering import FORMATS, chinese
from npp_nlp.reading.word.text import symbol

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
NAMES = (
    f'xmlns:w="{MAIN}" xmlns:r="{OFFICE}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="2"><w:name w:val="章标题"/><w:basedOn w:val="1"/></w:style>
<w:style w:type="paragraph" w:styleId="3"><w:name w:val="节"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="S"><w:name w:val="Subtitle"/></w:style>
<w:style w:type="paragraph" w:styleId="C"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="X"><w:name w:val="loop"/><w:basedOn w:val="X"/></w:style>
<w:style w:type="paragraph" w:styleId="N"><w:name w:val="numbered"/>
  <w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
"""


def part(root, inner):
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {NAMES}>{inner}</w:{root}>'


def package(body, method=zipfile.ZIP_DEFLATED, **parts):
    """A Word file of the given XML; parts are named as in word/: numbering='…'."""
    kinds = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes", "endnotes": "endnotes"}
    kinds |= {"header1": "header", "footer1": "footer"}
    roots = {"header1": "hdr", "footer1": "ftr"}
    parts = {"styles": STYLES, **parts}
    links = "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/{kinds[name]}" Target="{name}.xml"/>'
        for i, name in enumerate(parts)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{links}<Relationship Id="x" Type="{OFFICE}/image" '
            'Target="http://127.0.0.1:9/a.png" TargetMode="External"/></Relationships>',
        )
        archive.writestr("word/document.xml", part("document", f"<w:body>{body}</w:body>"))
        for name, inner in parts.items():
            archive.writestr(f"word/{name}.xml", part(roots.get(name, name), inner))
    return out.getvalue()


def p(inner, style="", properties=""):
    chosen = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = inner if inner.startswith("<") else run(inner)
    return f"<w:p><w:pPr>{chosen}{properties}</w:pPr>{inner}</w:p>"


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def lines(body, **parts):
    """Text, role and level of every line that is read."""
    found = read_word(package(body, **parts))
    roles = {hint.start: (hint.role, hint.level) for hint in found.hints}
    position, rows = 0, []
    for line in found.text.splitlines(keepends=True):
        start = position + len(line) - len(line.lstrip())
        if line.strip():
            rows.append((line.strip(), *roles.get(start, ("", 0))))
        position += len(line)
    return rows


def texts(body, **parts):
    return [row[0] for row in lines(body, **parts)]


def document(data):
    found = read_word(data)
    return document_from_text(found.text, "a", found.facts, found.hints)


def test_roles_come_from_styles_outline_levels_and_names():
    body = (
        p("政府工作报告", "T") + p("——在会议上", "S") + p("第一章", "1") + p("第二章", "2") + p("第一节", "3")
        + p("小节", properties='<w:outlineLvl w:val="2"/>') + p("正文。")
        + p("正文二。", properties='<w:outlineLvl w:val="9"/>')
        + p("图1 示意", "C") + p("绕圈。", "X") + p("无此样式。", "absent")
    )  # fmt: skip
    assert lines(body) == [
        ("政府工作报告", "title", 0), ("——在会议上", "", 0), ("第一章", "heading", 1), ("第二章", "heading", 1),
        ("第一节", "heading", 2), ("小节", "heading", 3), ("正文。", "", 0), ("正文二。", "", 0),
        ("图1 示意", "caption", 0), ("绕圈。", "", 0), ("无此样式。", "", 0),
    ]  # fmt: skip


def test_what_is_printed_of_a_run():
    assert texts(
        p("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>丙</w:t></w:r>")
    ) == ["甲\t乙-丙"]
    assert texts(p("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:cr/><w:t>丙</w:t></w:r>")) == ["甲", "乙", "丙"]
    assert texts(
        p('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:lastRenderedPageBreak/><w:t>完成</w:t></w:r>')
    ) == ["✓完成"]
    assert texts(p("<w:r><w:t>\n  甲 \n</w:t></w:r>")) == ["甲"]
    assert texts(
        p(
            "<w:r><w:ruby><w:rt><w:r><w:t>jia</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>甲</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        )
    ) == ["甲"]
    assert texts(p("<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>")) == ["x+1"]
    assert texts(
        p(f'<w:hyperlink r:id="x">{run("链接")}</w:hyperlink><w:smartTag>{run("标签")}</w:smartTag>')
    ) == ["链接标签"]


def test_line_breaks_leave_the_paragraph_open():
    found = read_word(package(p("<w:r><w:t>上行</w:t><w:br/><w:t>下行。</w:t></w:r>") + p("次段。")))
    assert found.text == "上行\n下行。\n次段。\n"
    assert [(hint.start, hint.whole) for hint in found.hints] == [(3, True), (7, True)]


def test_a_heading_on_several_lines_is_one():
    broken = "<w:r><w:t>一、深化改革，</w:t><w:br/><w:t>扩大开放</w:t></w:r>"
    assert lines(p(broken, "1")) == [("一、深化改革，扩大开放", "heading", 1)]
    assert texts(p(broken)) == ["一、深化改革，", "扩大开放"]


def test_pages():
    body = (
        p('<w:r><w:t>甲。</w:t><w:br w:type="page"/></w:r>') + p("乙。", properties="<w:pageBreakBefore/>")
        + p("丙。", properties="<w:sectPr/>")
        + p("丁。", properties='<w:sectPr><w:type w:val="continuous"/></w:sectPr>') + p("戊。")
    )  # fmt: skip
    assert read_word(package(body)).text == "甲。\n\f\f乙。\n丙。\n\f丁。\n戊。\n"


def test_revisions_are_read_as_accepted():
    body = p(f"{run('保留')}<w:ins>{run('新增')}</w:ins><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
             f"<w:moveFrom>{run('移走')}</w:moveFrom><w:moveTo>{run('移来')}</w:moveTo>")  # fmt: skip
    assert texts(body) == ["保留新增移来"]
    merged = p("前半", properties="<w:rPr><w:del/></w:rPr>") + p("后半。")
    assert texts(merged) == ["前半后半。"]
    assert texts(p("末段", properties="<w:rPr><w:del/></w:rPr>")) == ["末段"]
    gone = numbered("前半").replace("</w:pPr>", "<w:rPr><w:del/></w:rPr></w:pPr>")
    assert texts(gone + numbered("后半"), numbering=NUMBERING) == ["一、前半后半"]


def test_fields_give_their_result():
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    begin, separate, end = (field.format(kind) for kind in ("begin", "separate", "end"))
    assert texts(
        p(
            f"{run('第')}{begin}<w:r><w:instrText> PAGE </w:instrText></w:r>{run('隐')}{separate}"
            f"{run('3')}{end}{run('页。')}"
        )
    ) == ["第3页。"]
    assert texts(p(f"{begin}<w:r><w:instrText> EQ \\o\\ac(○,12) </w:instrText></w:r>{end}{run('项')}")) == [
        "⑫项"
    ]
    assert texts(p(f"{run('前')}{begin}{run('断')}") + p("后。")) == ["前", "后。"]
    assert texts(p(f'<w:fldSimple w:instr="SEQ 图">{run("1")}</w:fldSimple>')) == ["1"]
    contents = p(
        f"{begin}<w:r><w:instrText>TOC</w:instrText></w:r>{separate}<w:r><w:t>一、回顾</w:t><w:tab/><w:t>1</w:t></w:r>"
    )
    assert texts(contents + p(f"<w:r><w:t>二、任务</w:t><w:tab/><w:t>5</w:t></w:r>{end}")) == [
        "一、回顾\t1",
        "二、任务\t5",
    ]


def test_text_boxes_follow_their_paragraph_once():
    inside = f"<w:txbxContent>{p('框内。')}</w:txbxContent>"
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice><wps:txbx>{inside}</wps:txbx></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert texts(p(f"{run('前')}{box}{run('后。')}") + p("次。")) == ["前后。", "框内。", "次。"]
    fallback = f"<w:r><mc:AlternateContent><mc:Choice/><mc:Fallback>{run('退')}</mc:Fallback></mc:AlternateContent></w:r>"
    assert texts(p(fallback)) == ["退"]


def test_content_controls_and_hidden_text():
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    assert texts(control.format("", p("控件。"))) == ["控件。"]
    assert lines(p(run("文") + control.format("<w:showingPlcHdr/>", run("单击此处")))) == [
        ("文", "", 0), ("单击此处", "removed", 0)
    ]  # fmt: skip
    hidden = run("藏", "<w:vanish/>") + run("显", '<w:vanish w:val="0"/>')
    assert lines(p(hidden)) == [("显", "", 0), ("藏", "removed", 0)]


def test_notes_stand_behind_their_paragraph():
    reference = '<w:r><w:{}Reference w:id="{}"/></w:r>'
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{p("线")}</w:footnote>'
        f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>" + run(" 出自公报。"))}{p("又注。")}</w:footnote>'
        f'<w:footnote w:id="9">{p("无主。")}</w:footnote>'
    )
    ends = f'<w:endnote w:id="2">{p("尾注。")}</w:endnote>'
    body = p(run("增长5%") + reference.format("footnote", 2) + run("。")) + p(
        run("稳") + reference.format("endnote", 2)
    )
    assert lines(body, footnotes=notes, endnotes=ends) == [
        ("增长5%[1]。", "", 0), ("[1] 出自公报。", "footnote", 0), ("又注。", "footnote", 0),
        ("稳[2]", "", 0), ("[2] 尾注。", "footnote", 0), ("无主。", "removed", 0),
    ]  # fmt: skip
    own = p(run("文") + '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>')
    assert texts(own, footnotes=f'<w:footnote w:id="2">{p("* 注。")}</w:footnote>') == ["文*", "* 注。"]


def test_headers_and_footers_are_removed_lines():
    found = document(package(p("正文。"), header1=p("某省文件") + p("某省文件"), footer1=p("— 1 —")))
    assert [q.text for q in found.paragraphs] == ["正文。"]
    assert [(found.source[a:b], why) for a, b, why in found.removed] == [
        ("某省文件", "running head"), ("— 1 —", "running head")
    ]  # fmt: skip


def table(*rows):
    cells = ["".join(f"<w:tc>{''.join(map(p, cell.split('|')))}</w:tc>" for cell in row) for row in rows]
    return "<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def test_tables_are_rows_and_layout_tables_paragraphs():
    assert lines(table(["项目", "数值"], ["产值", "5|亿元"])) == [
        ("项目\t数值", "table", 0),
        ("产值\t5 亿元", "table", 0),
    ]
    assert lines(table(["第一段。|第二段。"])) == [("第一段。", "", 0), ("第二段。", "", 0)]
    long = (
        "坚持稳中求进工作总基调，完整准确全面贯彻新发展理念，加快构建新发展格局，着力推动高质量发展，全面深化改革开放。"
        * 2
    )
    assert lines(table([long, long])) == [(long, "", 0)] * 2
    gone = table(["甲", "乙"], ["丙", "丁"]).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>", 1)
    assert texts(gone) == ["丙\t丁"]


def level(ilvl, form, text, more=""):
    return f'<w:lvl w:ilvl="{ilvl}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def numbered(text, ilvl=0, num=1, style=""):
    return p(text, style, f'<w:numPr><w:ilvl w:val="{ilvl}"/><w:numId w:val="{num}"/></w:numPr>')


NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    + level(0, "chineseCountingThousand", "%1、") + level(1, "chineseCounting", "（%2）")
    + level(2, "decimal", "%3．", '<w:suff w:val="nothing"/>') + level(3, "decimal", "%1.%3.%4", "<w:isLgl/>")
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">' + level(0, "bullet", "\uf0b7") + level(1, "chosung", "%2")
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    '<w:num w:numId="4"><w:abstractNumId w:val="0"/></w:num>'
)  # fmt: skip


def test_automatic_numbers_are_counted_as_word_does():
    body = (
        numbered("回顾") + numbered("经济", 1) + numbered("工业", 2) + numbered("细目", 3) + numbered("农业", 2)
        + numbered("民生", 1) + numbered("任务") + numbered("投资", 1) + numbered("新", 0, 3) + numbered("续", 0, 4)
        + numbered("无", 0, 0) + p("随样式", "N") + numbered("", 0) + numbered("末")
    )  # fmt: skip
    assert texts(body, numbering=NUMBERING) == [
        "一、回顾", "（一）经济", "1．工业", "1.1.1 细目", "2．农业", "（二）民生", "二、任务", "（一）投资", "五、新",
        "六、续", "无", "七、随样式", "九、末",
    ]  # fmt: skip


def test_a_level_before_the_one_above_it_counts_that_as_begun():
    assert texts(numbered("小") + numbered("大"), numbering=NUMBERING.replace("%1、", "%1、")) == [
        "一、小",
        "二、大",
    ]
    assert texts(numbered("细", 3) + numbered("大"), numbering=NUMBERING) == ["1.1.1 细", "二、大"]


def test_letters_are_items_of_lists():
    lettered = f'<w:abstractNum w:abstractNumId="0">{level(0, "lowerLetter", "%1.")}</w:abstractNum>'
    numbering = lettered + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    assert lines(numbered("粮食") + numbered("蔬菜"), numbering=numbering) == [
        ("a. 粮食", "list", 0), ("b. 蔬菜", "list", 0)
    ]  # fmt: skip


def test_bullets_are_lists_and_unknown_numbers_are_said():
    found = read_word(package(numbered("要点", 0, 2) + numbered("谚文", 1, 2), numbering=NUMBERING))
    assert found.text == "要点\n谚文\n"
    assert [hint.role for hint in found.hints] == ["list", ""]
    assert found.facts["unnumbered"] == 1


@pytest.mark.parametrize(
    ("form", "count", "text"),
    [
        ("chineseCountingThousand", 10, "十"), ("chineseCountingThousand", 105, "一百零五"),
        ("chineseCountingThousand", 1010, "一千零一十"), ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 3, "丙"), ("ideographTraditional", 11, None), ("ideographZodiac", 12, "亥"),
        ("decimalEnclosedCircle", 20, "⑳"), ("decimalEnclosedCircle", 21, None), ("lowerRoman", 14, "xiv"),
        ("upperLetter", 28, "BB"), ("decimalZero", 7, "07"), ("decimalFullWidth", 12, "１２"),
        ("ideographDigital", 20, "二〇"), ("japaneseCounting", 21, "二十一"), ("japaneseCounting", 100, None),
        ("decimalEnclosedParen", 2, "⑵"), ("decimalEnclosedFullstop", 1, "⒈"), ("none", 5, ""),
    ],
)  # fmt: skip
def test_formats_of_numbers(form, count, text):
    assert FORMATS[form](count) == text


@given(st.integers(1, 9999))
def test_chinese_numerals_are_distinct_and_well_formed(count):
    text = chinese(count)
    assert "零零" not in text
    assert not text.endswith("零")
    values = {"千": 1000, "百": 100, "十": 10}
    total = digit = 0
    for char in text:
        if char in values:
            total, digit = total + (digit or 1) * values[char], 0
        else:
            digit = "零一二三四五六七八九".index(char)
    assert total + digit == count


def test_symbols():
    assert symbol("F0B7", "Symbol") == "•"
    assert symbol("F0E4", "Webdings") == "\uf0e4"
    assert (symbol("2460", "宋体"), symbol("D800", ""), symbol("zz", "")) == ("①", "", "")


def test_facts_are_those_of_the_file_and_not_of_the_text():
    made = docx.Document()
    made.core_properties.title, made.core_properties.author = "模板", "办公室"
    made.add_heading("2026年工作报告", 0)
    made.add_paragraph("各位代表：")
    made.add_heading("一、回顾", 1)
    made.add_paragraph("过去一年，我们坚持稳中求进，经济增长5.5%。")
    made.add_paragraph("要点", style="List Bullet")
    made.add_paragraph("第一", style="List Number")
    out = io.BytesIO()
    made.save(out)
    found = document(out.getvalue())
    assert [(q.kind, q.text) for q in found.paragraphs][:4] == [
        ("title", "2026年工作报告"), ("paragraph", "各位代表："), ("heading", "一、回顾"),
        ("paragraph", "过去一年，我们坚持稳中求进，经济增长5.5%。"),
    ]  # fmt: skip
    assert [q.text for q in found.paragraphs][4:] == ["要点", "1. 第一"]
    assert (found.title, found.metadata["file_title"], found.metadata["file_author"]) == (
        "2026年工作报告", "模板", "办公室"
    )  # fmt: skip


def test_typed_indents_are_kept_as_indents():
    assert read_word(package(p("　　各位代表：") + p("    甲"))).text == "　　各位代表：\n　　甲\n"


def test_strict_documents_and_utf_16_are_read():
    strict = package(p("严格。")).replace(b"", b"")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(strict)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode().replace(MAIN, "http://purl.oclc.org/ooxml/wordprocessingml/main")
            text = text.replace(
                "http://schemas.openxmlformats.org/officeDocument/2006/",
                "http://purl.oclc.org/ooxml/officeDocument/",
            )
            new.writestr(
                name,
                text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
                if "word/d" in name
                else text,
            )
    assert read_word(out.getvalue()).text == "严格。\n"


def zipped(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


DOCUMENT = {"word/document.xml": part("document", f"<w:body>{p('文。')}</w:body>")}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    + part("document", "<w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body>").split("?>")[1]
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a zip file"),
        (b"plain text", "not a zip file"),
        (package(p("文。"))[:-200], "damaged or cut off zip file"),
        (b"PK\x03\x04" + bytes(100), "damaged or cut off zip file"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted: save it without a password"),
        (OLE + "WordDocument".encode("utf-16-le"), r"of the old kind \(\.doc\): save it as \.docx"),
        (OLE, "old Office kind"),
        (b"{\\rtf1 x}", "RTF under another name"),
        (b"%PDF-1.7", r"PDF under another name: give it the suffix \.pdf"),
        (b"\xef\xbb\xbf <html>", "markup under another name"),
        (zipped(**{"a.txt": "x"}), r"incomplete: no part word/document\.xml"),
        (zipped(**{"xl/workbook.xml": "x"}), r"an Excel workbook: give it the suffix \.xlsx"),
        (zipped(**{"content.xml": "x", "mimetype": "x"}), "an OpenDocument file"),
        (zipped(**{"OFD.xml": "x"}), "an OFD file"),
        (zipped(**{**DOCUMENT, "Word/Document.xml": "x"}), "two files of the name Word/Document.xml"),
        (zipped(**{"word/document.xml": "<a"}), "damaged: word/document.xml is not well-formed XML"),
        (zipped(**{"word/document.xml": "<a/>"}), "no Word document: word/document.xml begins with a"),
        (zipped(**{"word/document.xml": LAUGHS}), "word/document.xml declares a document type, as entity bombs do"),
        (zipped(**{"word/document.xml": LAUGHS.encode("utf-16")}), "declares a document type"),
        (zipped(**{"word/document.xml": '<?xml version="1.0" encoding="EBCDIC-CP-US"?><a/>'}), "is in EBCDIC"),
        (zipped(**{**DOCUMENT, "word/media/a.bin": bytes(20_000_000)}), "more than 200 times as many"),
        (zipped(**{"word/document.xml": b" " * 5_000_000}), "word/document.xml unpacks to 5,000,000 bytes from"),
        (package(p("　")), "blank: no text in it"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_reason(data, reason):
    with pytest.raises(ValueError, match=reason):
        read_word(data)


def deep(depth):
    return package(p("<w:ins>" * depth + run("文。") + "</w:ins>" * depth))


def test_nesting_is_bounded():
    assert read_word(deep(100)).text == "文。\n"
    for depth in (130, 5_000):
        with pytest.raises(ValueError, match=r"nested more than 120 deep|not well-formed"):
            read_word(deep(depth))
    tables = p("文。")
    for _ in range(25):
        tables = f"<w:tbl><w:tr><w:tc>{tables}</w:tc></w:tr></w:tbl>"
    assert texts(tables) == ["文。"]


def test_markup_parts_and_names_are_bounded(monkeypatch):
    monkeypatch.setattr(containers, "MAX_MARKUP", 50)
    with pytest.raises(ValueError, match=r"has more than 50 tags and attributes"):
        parse_xml(b"<a>" + b"<b/>" * 60 + b"</a>", "x.xml")
    monkeypatch.setattr(containers, "MAX_PARTS", 3)
    with pytest.raises(ValueError, match="4 files in it, more than 3"):
        open_package(zipped(a="1", b="2", c="3", d="4"))
    monkeypatch.setattr(containers, "MAX_PARTS", 9)
    monkeypatch.setattr(containers, "MAX_UNPACKED", 1000)
    with pytest.raises(ValueError, match=r"unpacks to 9,000 bytes, more than 1,000"):
        open_package(zipped(a="1" * 9000))


def test_a_header_that_lies_about_sizes_does_not_help():
    data = bytearray(zipped(**{"word/document.xml": b"<a>" + b" " * 900_000 + b"</a>"}))
    size = (900_007).to_bytes(4, "little")
    at = data.rindex(size)
    data[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(ValueError, match=r"cannot be unpacked|not well-formed"):
        read_word(bytes(data))


def test_other_packing_methods_are_refused():
    with pytest.raises(ValueError, match="is packed by method 12; Office files are deflated or stored"):
        read_word(package(p("文。"), zipfile.ZIP_BZIP2))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 255))
def test_a_changed_byte_gives_text_or_a_reason(at, byte):
    data = bytearray(package(p("推进改革。") + numbered("回顾"), numbering=NUMBERING))
    data[at % len(data)] = byte
    try:
        assert isinstance(read_word(bytes(data)).text, str)
    except ValueError as error:
        assert str(error)  # noqa: PT017 (either outcome is right)
