"""Office packages (.docx, .xlsx) opened safely: zip files whose size, names and XML are checked before use.

Everything is bounded by what a file says of itself and by what is really unpacked: parts that are never needed
(pictures, macros) are never unpacked, no reference to the outside is followed.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml import etree

MAX_PARTS = 10_000
"""Files in one package; a report with a picture on every page has some hundreds."""
MAX_UNPACKED = 200_000_000
"""Bytes all files of a package may claim to unpack to, or four times the package where that is more."""
MAX_RATIO = 200
"""How far a large file in a package may shrink: XML shrinks to a tenth or twentieth, a bomb to a thousandth."""
RATIO_FROM = 1_000_000
"""Files that unpack to less than this many bytes may shrink as they like."""
MAX_XML = 60_000_000
"""Bytes of one XML part that is read as a whole: ten times a report of 500 pages."""
MAX_MARKUP = 4_000_000
"""Tags and attributes of such a part: as many take about 450 MB in memory, a long report has 200,000."""
MAX_DEPTH = 120
"""Elements inside one another; a table in a text box in a table needs about 40."""

_CHUNK = 1 << 16
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DECLARED = re.compile(rb"^<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
# Strict documents name the same elements by other addresses.
_STRICT = re.compile(
    rb"([\"'])http://purl\.oclc\.org/ooxml/(wordprocessingml/main|officeDocument/[A-Za-z]+)\1"
)
_STRICT_FAMILY = {b"wordprocessingml/main": b"wordprocessingml/2006/main"}

_AS_DOCX = "save it as .docx with Word, WPS or LibreOffice (soffice --headless --convert-to docx FILE)"
_SIGNATURES = (
    (b"{\\rtf", f"RTF under another name: {_AS_DOCX}"),
    (b"%PDF", "PDF under another name: give it the suffix .pdf"),
    (b"<", "markup under another name, not a package: save it as .docx or give it the suffix .html"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted: save it without a password"),
    ("WordDocument", f"a Word file of the old kind (.doc): {_AS_DOCX}"),
    ("Workbook", "an Excel file of the old kind (.xls): save it as .xlsx"),
)
_OTHERS = (
    ("xl/workbook.xml", "an Excel workbook: give it the suffix .xlsx"),
    ("word/document.xml", "a Word document: give it the suffix .docx"),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb): save it as .xlsx"),
    ("ppt/presentation.xml", "a presentation: save its text as .docx or .txt"),
    ("ofd.xml", "an OFD file: save it as .docx or .pdf"),
    ("content.xml", "an OpenDocument file: save it as .docx or .xlsx"),
    ("meta-inf/container.xml", "an e-book (.epub): save its text as .docx or .txt"),
)


class Relation(NamedTuple):
    """A reference from one part to another: its id, the last word of its type, and the name of the part."""

    id: str
    kind: str
    target: str


class Package:
    """The parts of an Office file by name, whatever the case of the name; nothing is unpacked before it is asked for."""

    def __init__(self, archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> None:
        self._archive = archive
        self._names = names

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def names(self) -> list[str]:
        """The names of all parts, sorted."""
        return sorted(info.filename for info in self._names.values())

    def data(self, name: str, most: int = MAX_XML) -> bytes:
        """The bytes of a part. Raises `ValueError` if it is missing, damaged or larger than `most`."""
        info = self._names.get(name.lower())
        if info is None:
            raise ValueError(f"incomplete: no part {name}")
        if info.file_size > most:
            raise ValueError(f"{name} unpacks to {info.file_size:,} bytes, more than {most:,}")
        found = bytearray()
        try:
            with self._archive.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    found += chunk
                    if len(found) > most:
                        raise ValueError(f"{name} unpacks to more than {most:,} bytes")
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise ValueError(f"damaged: {name} cannot be unpacked ({error})") from error
        return bytes(found)

    def xml(self, name: str) -> etree._Element:
        """The root of an XML part. Raises `ValueError` if it is missing, damaged, too large or declares entities."""
        return parse_xml(self.data(name), name)

    def relations(self, name: str) -> list[Relation]:
        """What a part refers to inside the package; references to the outside are left out."""
        folder, base = posixpath.split(name)
        file = posixpath.join(folder, "_rels", f"{base}.rels")
        if file not in self:
            return []
        found = []
        for node in self.xml(file).iter("{*}Relationship"):
            target = node.get("Target", "")
            if node.get("TargetMode") == "External" or not target:
                continue
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = node.get("Type", "").rsplit("/", 1)[-1]
            found.append(Relation(node.get("Id", ""), kind, posixpath.normpath(path)))
        return found


def open_package(data: bytes) -> Package:
    """Open an Office file that lies in memory.

    Raises `ValueError` with the reason if it is another kind of file, encrypted, cut off, or if it would unpack to
    more than `MAX_UNPACKED` bytes, shrinks more than `MAX_RATIO` times, or has two parts of one name.
    """
    _refuse_disguised(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, OSError) as error:
        cut = data.startswith(b"PK\x03\x04")
        raise ValueError(f"{'a damaged or cut off' if cut else 'not a'} zip file: {error}") from error
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_PARTS:
        raise ValueError(f"{len(entries):,} files in it, more than {MAX_PARTS:,}")
    names: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        _refuse_entry(entry)
        name = entry.filename.lstrip("/").lower()
        if name in names:
            raise ValueError(f"two files of the name {entry.filename} in it")
        names[name] = entry
    unpacked = sum(entry.file_size for entry in entries)
    most = max(MAX_UNPACKED, 4 * len(data))
    if unpacked > most:
        raise ValueError(f"unpacks to {unpacked:,} bytes, more than {most:,}")
    return Package(archive, names)


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if entry.flag_bits & 1:
        raise ValueError(f"encrypted: {name} is protected by a password")
    if entry.compress_type not in _METHODS:
        raise ValueError(
            f"{name} is packed by method {entry.compress_type}; Office files are deflated or stored"
        )
    text = name.lower().endswith((".xml", ".rels"))
    floor = RATIO_FROM if text else 10 * RATIO_FROM  # an empty picture shrinks well
    if entry.file_size > max(floor, MAX_RATIO * entry.compress_size):
        raise ValueError(
            f"{name} unpacks to {entry.file_size:,} bytes from {entry.compress_size:,}, "
            f"more than {MAX_RATIO} times as many"
        )


def _refuse_disguised(data: bytes) -> None:
    """Raise the reason if the bytes begin as another well-known kind of file does."""
    if data.startswith(_OLE):
        for stream, reason in _OLE_STREAMS:
            if stream.encode("utf-16-le") in data:
                raise ValueError(reason)
        raise ValueError("a file of the old Office kind (OLE): save it as .docx or .xlsx")
    head = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    for signature, reason in _SIGNATURES:
        if head.startswith(signature):
            raise ValueError(reason)


def main_part(package: Package, roots: tuple[str, ...]) -> str:
    """The name of the part that holds the document, one of `roots` unless the package names another."""
    for relation in package.relations(""):
        if relation.kind == "officeDocument" and relation.target in package:
            if relation.target.lower().split("/")[0] == roots[0].split("/")[0] or not _other(package, roots):
                return relation.target
            break
    for root in roots:
        if root in package:
            return root
    raise ValueError(_other(package, roots) or f"incomplete: no part {roots[0]}")


def _other(package: Package, roots: tuple[str, ...]) -> str:
    return next((reason for name, reason in _OTHERS if name in package and name not in roots), "")


_PROPERTIES = {"title": "file_title", "creator": "file_author", "created": "file_created"}


def core_properties(package: Package) -> dict[str, str]:
    """Title, author and date of creation as the file has them, which are often those of a template."""
    name = next((r.target for r in package.relations("") if r.kind == "core-properties"), None)
    if name is None or name not in package:
        return {}
    found = {}
    for node in package.xml(name).iterchildren():
        key = _PROPERTIES.get(str(node.tag).rsplit("}", 1)[-1])
        text = (node.text or "").strip()
        if key and text:
            found[key] = text[:500]
    return found


def parse_xml(data: bytes, name: str) -> etree._Element:
    r"""The root of an XML part, with the names of Strict documents changed to the usual ones.

    Raises `ValueError` if the part is no valid UTF-8 or UTF-16, declares a document type (entities), is nested more
    than `MAX_DEPTH` deep, has more than `MAX_MARKUP` tags and attributes, or is not well-formed.

    >>> parse_xml(b"<a><b>\xe6\x96\x87</b></a>", "a.xml")[0].text
    '文'
    """
    from lxml import etree

    data = as_utf8(data, name)
    if data.count(b"<") + data.count(b"=") > MAX_MARKUP:
        raise ValueError(f"{name} has more than {MAX_MARKUP:,} tags and attributes")
    if b"purl.oclc.org" in data:
        data = _STRICT.sub(_usual, data)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"damaged: {name} is not well-formed XML ({error.msg})") from error
    if root.xpath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")"):
        raise ValueError(f"{name} is nested more than {MAX_DEPTH} deep")
    return root


def _usual(found: re.Match[bytes]) -> bytes:
    quote, rest = found.group(1), found.group(2)
    usual = _STRICT_FAMILY.get(rest) or rest.replace(b"officeDocument/", b"officeDocument/2006/")
    return quote + b"http://schemas.openxmlformats.org/" + usual + quote


def as_utf8(data: bytes, name: str) -> bytes:
    """An XML part in UTF-8 without a mark; raises `ValueError` for other encodings and for document types."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:2] in (b"<\0", b"\0<"):
        encoding = "utf-16" if data[0] in b"\xff\xfe" else "utf-16-le" if data[0] == 0x3C else "utf-16-be"
        try:
            data = data.decode(encoding).encode("utf-8")
        except UnicodeError as error:
            raise ValueError(f"damaged: {name} is no valid UTF-16") from error
    else:
        data = data.removeprefix(b"\xef\xbb\xbf")
        declared = _DECLARED.match(data)
        if declared and declared.group(1).lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
            raise ValueError(
                f"{name} is in {declared.group(1).decode()}; Office files are in UTF-8 or UTF-16"
            )
    if _DOCTYPE.search(data):
        raise ValueError(f"{name} declares a document type, as entity bombs do; no Office file does")
    return data
