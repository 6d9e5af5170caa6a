"""Imports go one way: a module imports only from layers above its own, and no import circle exists."""

import ast
from pathlib import Path

import npp_nlp

ROOT = Path(npp_nlp.__file__).parent
LAYERS = {
    1: {"document"},
    2: {"contingency", "dataframes", "text", "variants", "artefacts", "masking", "groups"},
    3: {"reading", "reflow", "layout", "lexicon", "matching", "resources"},
    4: {"segmentation"},
    5: {"terms", "counting", "discovery", "labels", "cooccurrence", "figures"},
    6: {
        "comparison",
        "evidence",
        "evaluate",
        "reliability",
        "learning",
        "sensitivity",
        "vectorizer",
        "modality",
        "pledges",
        "reuse",
    },
    7: {"display", "plots", "report", "export", "graphfiles"},
    8: {"pipeline", "batch", "integrations"},
    9: {"cli"},
}
# Constructors that open files, the log of joins, and HTML for notebooks hand the work on when they are called.
DEFERRED = {
    ("document", "reading"),
    ("document", "reflow"),
    ("document", "display"),
    ("comparison", "display"),
    ("labels", "display"),
}
# Stages of one layer that build on each other, one way.
SAME_LAYER = {
    ("display", "plots"),
    ("text", "variants"),
    ("lexicon", "matching"),
    ("reading", "reflow"),
    ("reading", "layout"),
    ("reflow", "layout"),
    ("discovery", "terms"),
    ("comparison", "evidence"),
    ("comparison", "reuse"),
    ("evaluate", "reliability"),
    ("learning", "evaluate"),
    ("report", "plots"),
    ("export", "graphfiles"),
}


def stage(module: str) -> str:
    return module.removeprefix("npp_nlp.").split(".")[0]


def imports(path: Path, *, top_level: bool) -> set[str]:
    """Stages of ours that a file imports: at import time, or anywhere."""
    tree = ast.parse(path.read_text("utf-8"))
    nodes = [] if top_level else list(ast.walk(tree))
    stack = list(tree.body)
    while top_level and stack:
        node = stack.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        nodes.append(node)
        stack += (
            [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt)]
            if isinstance(node, ast.If | ast.Try | ast.With)
            else []
        )
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name.startswith("npp_nlp")}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import with dots; write the full name"
            if node.module == "npp_nlp":
                found |= {f"npp_nlp.{a.name}" for a in node.names}
            elif (node.module or "").startswith("npp_nlp."):
                found.add(str(node.module))
    return {stage(name) for name in found}


def modules() -> dict[str, list[Path]]:
    stages: dict[str, list[Path]] = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).with_suffix("").parts[0]
        if name != "__init__":
            stages.setdefault(name, []).append(path)
    return stages


def test_every_module_has_a_layer():
    known = {name for names in LAYERS.values() for name in names}
    assert set(modules()) <= known


def test_imports_go_upward():
    layer = {name: number for number, names in LAYERS.items() for name in names}
    wrong = []
    for name, paths in modules().items():
        for path in paths:
            for other in imports(path, top_level=False) - {name, "npp_nlp", "__version__"}:
                allowed = layer[other] < layer[name] or (name, other) in SAME_LAYER | DEFERRED
                if not allowed:
                    wrong.append(f"{name} (layer {layer[name]}) imports {other} (layer {layer[other]})")
    assert wrong == []


def test_deferred_imports_stay_inside_functions():
    for name, other in DEFERRED:
        for path in modules()[name]:
            assert other not in imports(path, top_level=True)


def test_no_module_bears_the_name_of_a_public_function_or_a_library():
    libraries = {"jieba", "sklearn", "spacy", "pkuseg", "networkx", "pandas", "numpy", "matplotlib", "polars"}
    taken = set(npp_nlp.__all__) | {"compare", "tag"} | libraries
    assert set(modules()) & taken == set()


def test_a_wrong_import_would_be_seen(tmp_path):
    bad = tmp_path / "text.py"
    bad.write_text(
        "from npp_nlp.labels import classify\ndef f():\n    import npp_nlp.terms.ranking\n", "utf-8"
    )
    assert imports(bad, top_level=False) == {"labels", "terms"}
    assert imports(bad, top_level=True) == {"labels"}
