"""Paragraph labels against TF-IDF + logistic regression, on the same splits, in one run; and speed.

    python benchmarks/labels.py [--short] [--errors 50] [--floor 0.83] [--floor-gain 0.0] [--floor-speed 0]

With the labelled paragraphs of ../shared/data (or NPP_DATA): cross-validated macro-F1, all paragraphs of a document
on one side. `peer`: character n-grams (1 to 3), TF-IDF, logistic regression. `same data`: this project's features
from the same paragraphs. `packaged recipe`: with the extra labels, as the packaged model is trained. Without the
data: speed, and the packaged model's agreement with sentences written for this file.
"""

import argparse
import importlib
import os
import sys
import time
from pathlib import Path
from types import ModuleType

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline

from npp_nlp.labels import LABELS, classify

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("NPP_DATA", ROOT.parent / "shared" / "data"))

SENTENCES = {
    "achievement": [
        "过去一年，全市地区生产总值突破万亿元，同比增长6.1%，城镇新增就业18.6万人。",
        "五年来，我们累计改造老旧小区320个，惠及居民15万户，群众满意度不断提高。",
        "全面完成县级公立医院改革，医保覆盖率稳定在97%以上。",
        "科技创新取得新突破，高新技术企业数量翻了一番，居全国第三位。",
    ],
    "challenge": [
        "我们也清醒看到，产业结构仍不合理，部分企业经营困难，财政收支矛盾突出。",
        "农村公共服务还有不少短板，养老、托育供给不足，与群众期盼还有较大差距。",
        "外部环境更趋复杂严峻，有效需求不足，房地产市场仍在调整，风险隐患不容忽视。",
    ],
    "driver": [
        "今年要大力提振消费，实施以旧换新，培育文旅、康养等新的增长点。",
        "深化国有企业改革，完善现代企业制度，推动国有资本向重点行业集中。",
        "到2030年，数字经济核心产业增加值占比达到15%左右，力争建成国家级数据枢纽。",
        "必须坚持教育优先发展，加快建设高质量教育体系。",
    ],
    "other": [
        "现在，我代表市人民政府向大会作报告，请予审议，并请列席人员提出意见。",
        "本办法由市财政局负责解释，自发布之日起施行，有效期五年。",
        "本规划所称专精特新企业，是指经省级主管部门认定的中小企业。",
    ],
}


def main() -> int:
    """Measure, print, and fail below the floors."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--short", action="store_true", help="one repeat, no comparison on the same data")
    parser.add_argument("--floor", type=float, default=0.0, help="least macro-F1 of the packaged recipe")
    parser.add_argument("--floor-gain", type=float, default=-1.0, help="least macro-F1 above the peer")
    parser.add_argument("--floor-speed", type=float, default=0.0, help="least Mchar/s")
    parser.add_argument("--errors", type=int, default=0, help="print so many mistakes, drawn at random")
    chosen = parser.parse_args()
    agreement, texts = agree()
    print(f"sentences of this file labelled as written: {agreement:.2f}")
    failed = [] if agreement >= 0.9 else ["agreement with the sentences of this file below 0.90"]
    known = (DATA / "train.jsonl").is_file()
    if known:
        recipe, peer, texts = quality(short=chosen.short, errors=chosen.errors)
        if recipe < chosen.floor:
            failed.append(f"macro-F1 {recipe:.4f} below the floor {chosen.floor}")
        if recipe - peer < chosen.floor_gain:
            failed.append(f"gain {recipe - peer:.4f} below the floor {chosen.floor_gain}")
    else:
        print(f"no labelled paragraphs ({DATA} is absent; set NPP_DATA): quality is not measured")
        texts = texts * 500
    pace = speed(texts)
    if pace < chosen.floor_speed:
        failed.append(f"speed {pace:.2f} Mchar/s below the floor {chosen.floor_speed}")
    for line in failed:
        print(f"FAILED: {line}")
    return 1 if failed else 0


def agree() -> tuple[float, list[str]]:
    """Share of SENTENCES that the packaged model labels as they were written, and the sentences."""
    pairs = [(label, text) for label, texts in SENTENCES.items() for text in texts]
    texts = [text for _, text in pairs]
    found = classify(texts)["label"]
    for (label, text), got in zip(pairs, found, strict=True):
        if label != got:
            print(f"  {label} labelled {got}: {text}")
    return float(np.mean([label == got for (label, _), got in zip(pairs, found, strict=True)])), texts


def training() -> ModuleType:
    """The training script, whose data and splits are used here."""
    sys.path.insert(0, str(ROOT / "training"))
    return importlib.import_module("train_labels")


def quality(*, short: bool, errors: int = 0) -> tuple[float, float, list[str]]:
    """Macro-F1 of the packaged recipe and of the peer, and the texts of all reports."""
    recipe = training()
    labelled, reports = recipe.examples(DATA), recipe.reports(DATA)
    extra = recipe.extra_examples(reports)
    nothing = extra.some(np.zeros(0, int))
    repeats = range(1 if short else 3)
    runs = {
        "peer": [peer_labels(recipe, labelled, r) for r in repeats],
        "packaged recipe": [recipe.names(recipe.out_of_fold(labelled, extra, r)) for r in repeats],
    }
    if not short:
        runs["same data"] = [recipe.names(recipe.out_of_fold(labelled, nothing, r)) for r in repeats]
    print(f"{len(labelled.text)} paragraphs, {recipe.FOLDS} folds by document, {len(repeats)} repeat(s)")
    print(f"{'':16} macro-F1  {'  '.join(f'{label:>11}' for label in LABELS)}  labelled twice")
    means = {}
    for name, predicted in runs.items():
        means[name] = float(np.mean([recipe.macro(labelled.label, p) for p in predicted]))
        each = np.mean([f1_score(labelled.label, p, labels=LABELS, average=None) for p in predicted], axis=0)
        twice = np.mean([recipe.macro(labelled.label[labelled.gold], p[labelled.gold]) for p in predicted])
        print(f"{name:16} {means[name]:8.4f}  {'  '.join(f'{v:11.3f}' for v in each)}  {twice:14.4f}")
    print_errors(labelled, runs["packaged recipe"][0], errors)
    lines = [line.strip() for text in reports.values() for line in text.split("\n") if line.strip()]
    return means["packaged recipe"], means["peer"], lines


def print_errors(labelled: object, predicted: np.ndarray, count: int) -> None:
    """Some mistakes of the first repeat: document, given label, found label, how the paragraph begins."""
    text, label, source, sure = (getattr(labelled, name) for name in ("text", "label", "source", "sure"))
    wrong = np.flatnonzero(predicted != label)
    if count:
        print(f"{len(wrong)} mistakes, {np.mean(~sure[wrong]):.2f} of them on paragraphs marked unsure")
    for i in sorted(np.random.default_rng(0).permutation(wrong)[:count].tolist()):
        mark = "" if sure[i] else " (unsure)"
        print(f"{source[i]} {label[i]} -> {predicted[i]}{mark}: {text[i][:100]}")


def peer_labels(recipe: ModuleType, labelled: object, repeat: int) -> np.ndarray:
    """What TF-IDF + logistic regression says of each paragraph, trained on the other documents."""
    text, label = labelled.text, labelled.label  # type: ignore[attr-defined]
    found = np.empty(len(text), dtype=label.dtype)
    for train, test in recipe.folds(labelled, repeat):
        model = make_pipeline(
            TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True),
            LogisticRegression(C=10, class_weight="balanced", max_iter=500),
        )
        found[test] = model.fit([text[i] for i in train], label[train]).predict([text[i] for i in test])
    return found


def speed(texts: list[str], *, seconds: float = 2.0) -> float:
    """Million characters a second of one core's time, tables included."""
    classify(texts[:10])
    size, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        classify(texts)
        size += sum(map(len, texts))
    pace = size / (time.process_time() - start) / 1e6
    print(f"speed: {pace:.2f} Mchar/s, {len(texts)} texts a call")
    return pace


if __name__ == "__main__":
    sys.exit(main())
