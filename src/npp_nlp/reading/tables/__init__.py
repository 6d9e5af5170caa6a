"""Tables as sources and results: table files to tables, rows to documents, documents to a table of paragraphs."""

from npp_nlp.reading.tables.rows import TABLES, paragraphs_table, read_table

__all__ = ["TABLES", "paragraphs_table", "read_table"]
