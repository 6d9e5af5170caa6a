"""Files, tables and strings to documents; what cannot be read is a value with its path and reason.

Layer 3. `files` finds and reads files: its `READERS` is the one table from suffix to reader. A reader (`plain`, `html`,
`word`, `pdf`) takes the bytes of a file and gives its text, what it says about the lines and other facts, as
an `Extraction`; `build` makes a document of it. `tables` reads tables of texts and gives the table of paragraphs.
"""

from npp_nlp.reading.build import document_from_text, to_simplified
from npp_nlp.reading.files import MAX_BYTES, READERS, Manner, ReadError, read, read_files, read_table_file
from npp_nlp.reading.tables import paragraphs_table, read_table

__all__ = [
    "MAX_BYTES",
    "READERS",
    "Manner",
    "ReadError",
    "document_from_text",
    "paragraphs_table",
    "read",
    "read_files",
    "read_table",
    "read_table_file",
    "to_simplified",
]
