"""Text reuse: what stands in earlier documents, what changed between two, what goes from the centre to the regions.

Layer 6. `passages` cuts texts, `shingles` finds candidates, `alignment` compares two passages, `matches` joins both;
`finding` (reuse), `collation` (changes) and `uptake` (diffusion) are the results.
"""

from npp_nlp.reuse.collation import STATUS_NAMES, changes, inline_changes
from npp_nlp.reuse.finding import reuse_shares, reused_passages, reused_spans
from npp_nlp.reuse.passages import Unit
from npp_nlp.reuse.uptake import Diffusion, diffusion

__all__ = [
    "STATUS_NAMES",
    "Diffusion",
    "Unit",
    "changes",
    "diffusion",
    "inline_changes",
    "reuse_shares",
    "reused_passages",
    "reused_spans",
]
