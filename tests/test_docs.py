"""Docstrings, README and docs run as tests."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import npp_nlp

ROOT = Path(__file__).resolve().parents[1]
MODULES = sorted(m.name for m in pkgutil.walk_packages(npp_nlp.__path__, "npp_nlp."))
PAGES = [
    p
    for p in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    if "```python" in p.read_text("utf-8")
]
OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name):
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} has no docstring"
    assert doctest.testmod(module, optionflags=OPTIONS).failed == 0


@pytest.mark.parametrize("name", [n for n in npp_nlp.__all__ if not n.startswith("_")])
def test_public_names_are_documented(name):
    assert len((getattr(npp_nlp, name).__doc__ or "").strip()) > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_pages(page, monkeypatch):
    """Blocks of one page share their names and run in order from the repository's root."""
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.S)):
        if ">>>" in block:
            example = doctest.DocTestParser().get_doctest(
                block, names, f"{page.name}[{number}]", str(page), 0
            )
            assert doctest.DocTestRunner(optionflags=OPTIONS).run(example, clear_globs=False).failed == 0
            names = example.globs
        else:
            exec(compile(block, f"{page.name}[{number}]", "exec"), names)  # noqa: S102


def test_readme_has_examples():
    assert ROOT / "README.md" in PAGES
