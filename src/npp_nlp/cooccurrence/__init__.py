"""Concepts that occur together: counts, measures with tests, the graph, its communities, and graphs through the years.

Layer 5. `occurrences` finds terms, `pairs` counts them, `measures` weighs pairs, `building` makes the graph, `describing`
(`centrality`, `communities`) says what is in it; `resampling` how sure it is; `yearly` and `differences` compare graphs;
`edges` leads back to the passages.
"""

from npp_nlp.cooccurrence.building import Context, Measure, concept_graph
from npp_nlp.cooccurrence.communities import CommunityStability, community_stability, find_communities
from npp_nlp.cooccurrence.describing import edges_table, nodes_table
from npp_nlp.cooccurrence.differences import GraphDifference, align_communities, graph_difference
from npp_nlp.cooccurrence.edges import graph_evidence
from npp_nlp.cooccurrence.resampling import GraphConfidence, graph_confidence
from npp_nlp.cooccurrence.yearly import ego_series, yearly_graphs

__all__ = [
    "CommunityStability",
    "Context",
    "GraphConfidence",
    "GraphDifference",
    "Measure",
    "align_communities",
    "community_stability",
    "concept_graph",
    "edges_table",
    "ego_series",
    "find_communities",
    "graph_confidence",
    "graph_difference",
    "graph_evidence",
    "nodes_table",
    "yearly_graphs",
]
