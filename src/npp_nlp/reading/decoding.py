"""Bytes to text: UTF-8, UTF-16 and UTF-32 with a byte order mark, strict GB18030; nothing is ever replaced."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_GB_UNIT = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]|[\x81-\xfe][\x40-\xfe]")
_ASCII = bytes(range(128))
_CONTROLS = bytes([*range(9), *range(14, 27), *range(28, 32)])
_SAMPLE = 1 << 16


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """The text of a file and the encoding it was in.

    UTF-8 first (with or without a byte order mark), then UTF-16 and UTF-32 by their mark, then GB18030, always
    strictly; if the user or the file declares an encoding, that one alone (GBK and GB2312 are read as GB18030, which
    contains them). Raises `ValueError` with the reason if none fits or the bytes are not text, `LookupError` if
    no encoding has the declared name.

    >>> decode("新质生产力".encode("gb18030"))
    ('新质生产力', 'gb18030')
    """
    if declared is not None:
        return _as_declared(data, declared)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise ValueError(
                    f"begins with the mark of {encoding} but is not valid: {_where(error)}"
                ) from error
    _refuse_binary(data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        broken = error
    if _is_mostly_utf8(data):
        raise ValueError(f"UTF-8, but damaged: {_where(broken)}") from broken
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise ValueError(f"neither UTF-8 ({_where(broken)}) nor GB18030 ({_where(error)})") from error
    if not _is_plausible_gb(data):
        raise ValueError("neither UTF-8 nor plausible GB18030 (perhaps Big5 or Shift-JIS): save it as UTF-8")
    return text, "gb18030"


def _as_declared(data: bytes, declared: str) -> tuple[str, str]:
    name = codecs.lookup(declared).name
    encoding = {"gb2312": "gb18030", "gbk": "gb18030", "utf-8": "utf-8-sig"}.get(name, name)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ValueError(f"declared as {declared}, but not valid: {_where(error)}") from error
    if "\0" in text:
        raise ValueError(f"not text: a zero character at {text.index(chr(0)):,} when read as {declared}")
    return text, encoding


def _where(error: UnicodeDecodeError) -> str:
    return f"byte 0x{error.object[error.start]:02x} at {error.start:,}"


def _refuse_binary(data: bytes) -> None:
    if b"\0" in data:
        raise ValueError(f"not text: a zero byte at {data.index(0):,} and no byte order mark")
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    if controls > 0.05 * len(sample):
        raise ValueError(f"not text: {controls / len(sample):.0%} control characters")


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether nearly all bytes above ASCII lie in well-formed UTF-8 sequences: chance does not do that."""
    high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    if high < 6:
        return False
    inside = sum(len(found) for found in _UTF8_SEQUENCE.findall(data))
    return inside >= 0.9 * high


def _is_plausible_gb(data: bytes) -> bool:
    """Whether the two-byte units are mostly the usual characters: level 1 of GB 2312 and its punctuation.

    Another encoding decoded as GB18030 gives characters from everywhere.
    """
    units = _GB_UNIT.findall(data[:_SAMPLE])
    if not units:
        return False
    usual = sum(
        1 for u in units if len(u) == 2 and u[1] >= 0xA1 and (0xA1 <= u[0] <= 0xA3 or 0xB0 <= u[0] <= 0xD7)
    )
    return usual >= 0.5 * len(units)
