"""Tagging many files: one kernel from Arrow batch to Arrow batch, and engines that run it.

Layer 8. `schema` and `kernel` are what every engine shares; `inputs` finds and reads files; `work` makes one part file of
some inputs; `local` runs such work in processes; `planning` says what has to be done, `parts` and `outputs` how it is kept;
`running` puts them in order, `watching` repeats them.
"""

from npp_nlp.batch.kernel import tag_batch
from npp_nlp.batch.running import Tagged, tag
from npp_nlp.batch.schema import INPUT_SCHEMA, TAG_SCHEMA

__all__ = ["INPUT_SCHEMA", "TAG_SCHEMA", "Tagged", "tag", "tag_batch"]
