"""What becomes of a task whose worker died: done again, with what it died on set apart or given up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from npp_nlp.batch.work import Item, Task

BARREN = 3
"""Workers in a row that may end before any input can be blamed."""


@dataclass
class Deaths:
    """How often a worker died on each input, and how many in a row without any to blame."""

    on: Counter[str] = field(default_factory=Counter)
    barren: int = 0

    def again(self, task: Task, at: tuple[int, int] | None, cause: str) -> Task:
        """The task to do instead: the inputs in work (`at`) alone, or as failed if a worker died on one alone before.

        Raises `RuntimeError` if several workers in a row ended without doing anything.
        """
        suspects = range(*at) if at else range(0)
        if not suspects:
            self.barren += 1
            if self.barren >= BARREN:
                raise RuntimeError(
                    f"{BARREN} worker processes in a row ended without doing anything: {cause}"
                )
        items = list(task.items)
        for place in suspects:
            items[place] = self._suspected(items[place], cause, alone=len(suspects) == 1)
        return replace(task, items=tuple(items))

    def _suspected(self, item: Item, cause: str, *, alone: bool) -> Item:
        self.on[item.path] += 1
        if alone and self.on[item.path] > 1:
            return replace(item, action="failed", reason=f"two worker processes ended on it, {cause}")
        return replace(item, action="alone") if item.action == "tag" else item
