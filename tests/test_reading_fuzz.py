"""Any text at all becomes paragraphs that lead back to it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from npp_nlp import Document

MARKS = "\f\n。，；：一二第章节条 0123456789—·-（）()《》“”abcX\t\u3000①1.、●…%"


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=MARKS, max_size=120))
def test_layout_marks_in_any_order(text):
    document = Document.from_text(text)
    assert all(document.text[p.start : p.end] == p.text for p in document.paragraphs)
    pieces = [document.source[a:b] for p in document.paragraphs for a, b in p.source_spans]
    assert "".join(pieces) == "".join(p.text for p in document.paragraphs)
