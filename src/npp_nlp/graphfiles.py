"""Graphs to the files of other programs: GEXF (Gephi), GraphML, Pajek, VOSviewer, UCINET.

Layer 7. The same graph gives the same bytes: nodes and edges are in alphabetical order, no time of writing goes in.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import networkx as nx

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = re.compile(r"^[=+\-@\t\r]")
_PLAIN = (str, int, float, bool)
_YEAR = 0.999  # how long a spell of one year lasts: spells include their ends and must not touch


def valid_xml(text: str) -> str:
    """The text with the characters that XML cannot hold as U+FFFD, one for one.

    >>> valid_xml("a" + chr(0) + "b") == "a" + chr(0xFFFD) + "b"
    True
    """
    return _NOT_XML.sub("\ufffd", text)


def plain_graph(graph: nx.Graph[str]) -> nx.Graph[str]:
    """A copy with what any format can hold: valid names, in alphabetical order, attributes that are text or numbers.

    What leads back to the corpus stays out. Of names that are alike once made valid, later ones get U+FFFD appended.

    >>> from npp_nlp.cooccurrence.building import concept_graph
    >>> sorted(plain_graph(concept_graph("")).graph)
    ['context', 'contexts', 'measure', 'min_count']
    """
    import networkx as nx

    names: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(graph):
        valid = valid_xml(str(name))
        while valid in taken:
            valid += "\ufffd"
        taken.add(valid)
        names[name] = valid
    clean: nx.Graph[str] = nx.Graph()
    clean.graph.update(_plain(graph.graph))
    for name, valid in names.items():
        clean.add_node(valid, **_plain(graph.nodes[name]))
    edges = sorted((min(edge), max(edge)) for edge in graph.edges())
    for a, b in edges:
        clean.add_edge(names[a], names[b], **_plain(graph.edges[a, b]))
    return clean


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    values = {key: value.item() if isinstance(value, np.generic) else value for key, value in data.items()}
    return {
        key: valid_xml(value) if isinstance(value, str) else value
        for key, value in values.items()
        if isinstance(value, _PLAIN)
    }


def save_gexf(graph: nx.Graph[str], path: Path) -> None:
    """Write a graph as GEXF 1.2 for Gephi, with all attributes (community among them) and the positions of the layout."""
    clean = plain_graph(graph)
    for _, data in clean.nodes(data=True):
        _place(data)
    _write_gexf(clean, path)


def save_gexf_series(graphs: Mapping[Any, nx.Graph[str]], path: Path) -> None:
    """Write the graphs of `yearly_graphs` as one dynamic GEXF, for the timeline of Gephi.

    A node or edge has a spell for each year whose graph holds it, from the year to the year plus 0.999. The attributes
    n, docfreq, strength and community of nodes, n, contexts and weight_then of edges change with the spells; the
    plain weight of an edge is its largest. Positions are those of the common layout. Raises `ValueError` if a group is no
    number.
    """
    import networkx as nx

    whole: nx.Graph[str] = nx.Graph(mode="dynamic")
    parts = {_year(group): plain_graph(graph) for group, graph in graphs.items()}
    whole.add_nodes_from(sorted({name for graph in parts.values() for name in graph}))
    whole.add_edges_from(sorted({(min(e), max(e)) for graph in parts.values() for e in graph.edges()}))
    for year in sorted(parts):
        graph = parts[year]
        for name in graph:
            data = graph.nodes[name]
            _place(data)
            whole.nodes[name].setdefault("viz", data.get("viz", {}))
            _add_spell(
                whole.nodes[name], year, {k: data.get(k) for k in ("n", "docfreq", "strength", "community")}
            )
        for a, b in graph.edges():
            data, into = graph.edges[a, b], whole.edges[a, b]
            into["weight"] = max(into.get("weight", 0.0), data["weight"])
            values = {"n": data.get("n"), "contexts": data.get("contexts"), "weight_then": data["weight"]}
            _add_spell(into, year, values)
    _write_gexf(whole, path)


def _year(group: Any) -> float:
    if isinstance(group, bool) or not isinstance(group, Real):
        raise ValueError(f"group {group!r} is no number: a time line needs years")
    return float(group)


def _add_spell(into: dict[str, Any], year: float, values: Mapping[str, Any]) -> None:
    into.setdefault("spells", []).append((year, year + _YEAR))
    for key, value in values.items():
        if value is not None:
            into.setdefault(key, []).append((value, year, year + _YEAR))


def _place(data: dict[str, Any]) -> None:
    """Turn x and y into the position that Gephi reads."""
    if "x" in data and "y" in data:
        data["viz"] = {"position": {"x": data.pop("x") * 1000, "y": data.pop("y") * 1000, "z": 0.0}}


def _write_gexf(graph: nx.Graph[str], path: Path) -> None:
    import networkx as nx

    buffer = io.BytesIO()
    nx.write_gexf(graph, buffer)
    text = re.sub(r' lastmodifieddate="[^"]*"', "", buffer.getvalue().decode("utf-8"))
    path.write_text(text, encoding="utf-8", newline="\n")


def save_graphml(graph: nx.Graph[str], path: Path) -> None:
    """Write a graph as GraphML, with all attributes, for igraph, Cytoscape, yEd and others."""
    import networkx as nx

    buffer = io.BytesIO()
    nx.write_graphml_xml(plain_graph(graph), buffer)
    path.write_bytes(buffer.getvalue())


def save_pajek(graph: nx.Graph[str], path: Path) -> None:
    """Write a graph as Pajek network, and its communities as partition beside it: the same name with `.clu`.

    UTF-8 with signature, as Pajek wants it (networkx: `encoding="utf-8-sig"`). Positions are from 0 to 1, communities count
    from 1. Names hold no quotes or backslashes there: these become ＂ and ＼.
    """
    clean = plain_graph(graph)
    number = {name: i for i, name in enumerate(clean, start=1)}
    lines = [f"*Vertices {len(clean)}"]
    for name, i in number.items():
        label = re.sub(r"\s", " ", name.replace('"', "＂").replace("\\", "＼"))
        data = clean.nodes[name]
        x, y = (0.5 + 0.5 * float(data.get(axis, 0.0)) for axis in ("x", "y"))
        lines.append(f'{i} "{label}" {x:.4f} {1 - y:.4f} 0.5')
    lines.append("*Edges")
    lines += [f"{number[a]} {number[b]} {d.get('weight', 1.0)!r}" for a, b, d in clean.edges(data=True)]
    _write_lines(lines, path, "utf-8-sig")
    groups = [str(int(clean.nodes[name].get("community", 0)) + 1) for name in clean]
    _write_lines([f"*Vertices {len(clean)}", *groups], path.with_suffix(".clu"), "utf-8-sig")


def _write_lines(lines: list[str], path: Path, encoding: str) -> None:
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding=encoding, newline="")


def save_vosviewer(graph: nx.Graph[str], path: Path) -> None:
    """Write a graph as JSON for VOSviewer (File, Open, from 1.6.17 on) and VOSviewer Online.

    Items have x, y, cluster (the community, counted from 1) and the weights Links, Total link strength, Occurrences and
    Documents; the strength of a link is the edge's weight.
    """
    clean = plain_graph(graph)
    number = {name: i for i, name in enumerate(clean, start=1)}
    items = []
    for name, i in number.items():
        data = clean.nodes[name]
        weights = {
            "Links": clean.degree(name),
            "Total link strength": data.get("strength", clean.degree(name, weight="weight")),
            "Occurrences": data.get("n", 0),
            "Documents": data.get("docfreq", 0),
        }
        place = {"x": data.get("x", 0.0), "y": data.get("y", 0.0), "cluster": data.get("community", 0) + 1}
        items.append({"id": i, "label": name, **place, "weights": weights})
    links = [
        {"source_id": number[a], "target_id": number[b], "strength": data.get("weight", 1.0)}
        for a, b, data in clean.edges(data=True)
    ]
    text = json.dumps({"network": {"items": items, "links": links}}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def save_ucinet(graph: nx.Graph[str], path: Path) -> None:
    """Write a graph as a square matrix of weights with names on both sides, as CSV (UTF-8 with signature), for UCINET.

    Terms that are no neighbours have 0. A name that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    import csv

    clean = plain_graph(graph)
    names = ["'" + name if _FORMULA.match(name) else name for name in clean]
    place = {name: i for i, name in enumerate(clean)}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["", *names])
        for name, shown in zip(clean, names, strict=True):
            row: list[Any] = [0] * len(names)
            for other, data in clean.adj[name].items():
                row[place[other]] = data.get("weight", 1.0)
            writer.writerow([shown, *row])
