"""Word files: styles, printed numbers, tables and notes of a package, in the order of reading."""

from npp_nlp.reading.word.package import read_word

__all__ = ["read_word"]
