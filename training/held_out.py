"""Reports kept out of all training and mining: figures are measured on them."""

YEARS = frozenset({1955, 1957, 1981, 1982, 1987, 1992, 1997, 2002, 2007, 2012, 2017, 2019, 2022, 2024})
CONGRESSES = frozenset({12, 14, 16, 18, 20})
