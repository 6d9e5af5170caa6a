"""Results as a DuckDB database."""

import json

import pyarrow as pa
import pytest

import npp_nlp as npp
from batches import folder_of, rows
from npp_nlp.batch import database, outputs

duckdb = pytest.importorskip("duckdb", reason="needs the extra duckdb")


def opened(path):
    return duckdb.connect(str(path), read_only=True)


def tables(path):
    with opened(path) as connection:
        names = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
        return {name: connection.table(name).fetchall() for name in names}


def test_database_holds_what_parquet_holds_in_its_order(tmp_path):
    folder = folder_of(tmp_path, 70)
    (folder / "empty.txt").write_bytes(b"")
    npp.tag(folder, out=tmp_path / "out", workers=1)
    done = npp.tag(folder, out=tmp_path / "out[1].duckdb", workers=2)
    with opened(done.out) as connection:
        paragraphs = connection.table("paragraphs").to_arrow_table()
    assert paragraphs.cast(npp.TAG_SCHEMA).to_pylist() == rows(tmp_path / "out")
    found = tables(done.out)
    assert set(found) == {"paragraphs", "terms", "failures", "provenance"}
    assert tuple(found["failures"]) == done.unread
    provenance = json.loads((tmp_path / "out[1].duckdb.provenance.json").read_text("utf-8"))
    assert {name: json.loads(value) for name, value in found["provenance"]} == provenance
    assert found["terms"] == [
        (row["doc_id"], row["paragraph"], *(term[k] for k in ("term", "n", "start", "score", "source")))
        for row in rows(tmp_path / "out")
        for term in row["terms"]
    ]


def test_database_is_made_anew_when_inputs_change(tmp_path):
    folder = folder_of(tmp_path, 3)
    out = tmp_path / "out.duckdb"
    npp.tag(folder, out=out, workers=1)
    with pytest.raises(FileExistsError, match="exists; resume it"):
        npp.tag(folder, out=out)
    (folder / "000.txt").write_text("短。\n", encoding="utf-8")
    npp.tag([folder, out], out=out, workers=1, resume=True)
    npp.tag(folder, out=tmp_path / "fresh.duckdb", workers=1)
    assert tables(out) == tables(tmp_path / "fresh.duckdb")
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith("out")} == {
        "out.duckdb",
        "out.duckdb.failures.csv",
        "out.duckdb.parts",
        "out.duckdb.provenance.json",
    }


def test_a_database_that_cannot_be_finished_leaves_the_old_one(tmp_path, monkeypatch):
    folder = folder_of(tmp_path, 1)
    out = tmp_path / "out.duckdb"
    npp.tag(folder, out=out, workers=1)
    before = out.read_bytes()
    monkeypatch.setattr(database, "TERMS", "CREATE VIEW terms AS SELECT nothing FROM nowhere")
    with pytest.raises(OSError, match="the database could not be written: Catalog Error"):
        npp.tag(folder, out=out, workers=1, resume=True)
    assert out.read_bytes() == before
    assert not list(tmp_path.glob(".unfinished*"))


def test_a_run_without_paragraphs_has_empty_tables(tmp_path):
    folder = folder_of(tmp_path, 1)
    (folder / "000.txt").write_bytes(b"")
    npp.tag(folder, out=tmp_path / "x", workers=1)
    target = outputs.target_of(tmp_path / "x.db", "duckdb")
    database.write_database(target.out, [], [], {})
    assert tables(target.out) == {"paragraphs": [], "terms": [], "failures": [], "provenance": []}
    with opened(target.out) as connection:
        schema = connection.table("paragraphs").to_arrow_table().schema
    assert pa.schema([(field.name, field.type) for field in schema]).equals(npp.TAG_SCHEMA)
