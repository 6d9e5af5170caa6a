"""Run every notebook in a fresh kernel; a cell that fails, or outputs over 400 kB, fails the run."""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Execute notebooks/*.ipynb; with --write keep the outputs."""
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert paths, "no notebooks found"
    for path in paths:
        book = nbformat.read(path, as_version=4)
        NotebookClient(book, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
        size = len(nbformat.writes(book))
        assert size < 400_000, f"{path.name}: {size:,} bytes of notebook"
        if "--write" in sys.argv:
            for cell in book.cells:
                cell.metadata.pop("execution", None)
            nbformat.write(book, path)
        sys.stdout.write(
            f"{path.name}: {sum(c.cell_type == 'code' for c in book.cells)} cells, {size:,} bytes\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
