"""How much of a document, or of a group of documents, each label takes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from npp_nlp.dataframes import as_frame, is_table
from npp_nlp.document import Document
from npp_nlp.labels.classifying import LABELS, Source, classify, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

UNSURE = "unsure"
_NOT_LABELS = {"doc_id", "paragraph", "sentence", "start", "end", "label", "score", "margin", "text"}


def label_shares(
    source: Source | pd.DataFrame, *, by: str = "doc_id", min_score: float = 0.0, count_unsure: bool = False
) -> pd.DataFrame:
    """Shares of the labels by number and by characters: table `group, label, n, n_characters, share, share_characters`.

    `source` is what `classify` takes, or its table (of paragraphs or of sentences, which are then what is counted).
    `by` is "doc_id" or the documents' metadata of that name ("year", "region", …); for a table one of its columns.
    Every label has a row in every group, in the order of the model's; groups are sorted, those without a value come
    last as missing. Paragraphs without a label, or with a score below `min_score`, are left out of the shares, or
    counted as a label "unsure" with `count_unsure`. A group without any sure paragraph has missing shares.

    Raises `ValueError` if `by` names no column of the table, or the table lacks label or text.

    >>> table = label_shares(["要深化改革。", "去年增长5%。"])
    >>> table.loc[table["n"] > 0, ["group", "label", "n_characters", "share"]].values.tolist()
    [['0', 'driver', 6, 1.0], ['1', 'achievement', 7, 1.0]]
    """
    import pandas as pd

    if not 0 <= min_score <= 1:
        raise ValueError(f"min_score must be between 0 and 1, not {min_score}")
    table, group = _grouped(source, by)
    label = table["label"].astype("object")
    sure = label.notna() & ((table["score"] >= min_score) if "score" in table else True)
    names = [*_names(table), *([UNSURE] if count_unsure else [])]
    counted = pd.DataFrame(
        {
            "group": group.to_numpy(),
            "label": label.where(sure, UNSURE).to_numpy(),
            "n": 1,
            "n_characters": table["text"].str.len().to_numpy(),
        }
    )
    counted = counted[counted["label"].isin(names)]
    sums = counted.groupby(["group", "label"], dropna=False)[["n", "n_characters"]].sum()
    groups = _sorted(group)
    full = pd.MultiIndex.from_product([groups, names], names=["group", "label"])
    out = full.to_frame(index=False).merge(sums.reset_index(), how="left", on=["group", "label"])
    out[["n", "n_characters"]] = out[["n", "n_characters"]].fillna(0).astype("int64")
    totals = out.groupby("group", dropna=False)[["n", "n_characters"]].transform("sum")
    for column, share in (("n", "share"), ("n_characters", "share_characters")):
        out[share] = out[column] / totals[column].where(totals[column] > 0)
    out["label"] = out["label"].astype("str")
    return out


def _grouped(source: Source | pd.DataFrame, by: str) -> tuple[pd.DataFrame, pd.Series]:
    """The table of labels and the group of each row."""
    if is_table(source):
        given = as_frame(source, "source")
        missing = [name for name in ("label", "text", by) if name not in given.columns]
        if missing:
            raise ValueError(
                f"table has no column {', '.join(missing)}: it has {', '.join(map(str, given.columns))}"
            )
        return given, given[by]
    items = listed(source)  # type: ignore[arg-type]
    table = classify(items)
    if by == "doc_id":
        return table, table["doc_id"]
    values = {item.id: item.value(by) for item in items if isinstance(item, Document)}
    return table, table["doc_id"].map(values)


def _names(table: pd.DataFrame) -> list[str]:
    """The labels in the order of the table's columns of probabilities, else of the labels found."""
    found = [str(name) for name in table["label"].dropna().unique()]
    if set(found) <= set(LABELS) and set(LABELS) <= set(table.columns):
        return list(LABELS)
    columns = [
        str(name) for name in table.columns if table[name].dtype.kind == "f" and name not in _NOT_LABELS
    ]
    return columns if set(found) <= set(columns) else sorted(found)


def _sorted(group: pd.Series) -> Sequence[object]:
    """The groups in order: numbers before texts, the missing one last."""
    found = list(group.dropna().unique())
    found.sort(
        key=lambda value: (isinstance(value, str), value if not isinstance(value, str) else 0, str(value))
    )
    return [*found, *([None] if group.isna().any() else [])]
