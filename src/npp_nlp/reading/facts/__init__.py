"""What a text states about itself: title, year, date, region, issuer, document number."""

from npp_nlp.reading.facts.stated import REGIONS, facts, parse_date

__all__ = ["REGIONS", "facts", "parse_date"]
