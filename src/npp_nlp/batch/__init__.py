"""Tagging many files: one kernel from Arrow batch to Arrow batch, and engines that run it.

Layer 8. `schema` and `kernel` are what every engine shares; `inputs` finds and reads files; `work` makes one part file of
some inputs; `local` runs such work in processes, `on_ray` and `on_spark` on clusters (`remote` is what these two share,
`deaths` what all do when a worker dies); `planning` says what has to be done, `parts`, `outputs` and `database` how it is
kept; `running` puts them in order, `watching` repeats them; `tables` tags data that is in another system already.
"""

from npp_nlp.batch.kernel import tag_batch
from npp_nlp.batch.on_ray import tag_ray
from npp_nlp.batch.on_spark import SPARK_SCHEMA, tag_spark
from npp_nlp.batch.running import Tagged, tag
from npp_nlp.batch.schema import INPUT_SCHEMA, TAG_SCHEMA
from npp_nlp.batch.tables import tag_batches, tag_table

__all__ = [
    "INPUT_SCHEMA",
    "SPARK_SCHEMA",
    "TAG_SCHEMA",
    "Tagged",
    "tag",
    "tag_batch",
    "tag_batches",
    "tag_ray",
    "tag_spark",
    "tag_table",
]
