"""Damage of the kinds that PDF extraction, newspaper pages and recognition leave, done to clean paragraphs.

Every function takes clean paragraphs and gives a damaged text; what is random comes from `seed`.
"""

import random

NO_START = set("，。、；：！？）】》”’%,.;:!?)")
NO_END = set("（【《“‘(")
NOTES = (
    "《人民日报》，2024年3月6日",
    "《经济参考》2023年第4期，第12页",
    "国家统计局：《统计公报》，2024年2月",
)


def by_count(paragraphs, width):
    """Lines of exactly `width` characters, as a program cuts them."""
    return [[p[i : i + width] for i in range(0, len(p), width)] for p in paragraphs]


def typeset(paragraphs, width, *, indent=2):
    """Lines of `width` full-width characters as a typesetter sets them: no comma begins a line, first lines indented.

    The indent takes its room but leaves no blanks, as in text taken from a PDF.
    """
    result = []
    for paragraph in paragraphs:
        lines, line, room = [], "", width - indent
        for char in paragraph:
            size = 0.5 if char.isascii() else 1
            if room < size and char not in NO_START:
                lines.append(line)
                line, room = "", width
            line += char
            room -= size
            if room < -0.5 and char in NO_START and len(line) > 2:
                # A second mark does not hang in the margin: the word before it moves down.
                lines.append(line[:-2])
                line = line[-2:]
                room = width - sum(0.5 if c.isascii() else 1 for c in line)
        result.append([*lines, line] if line else lines)
    return result


def join(wrapped, *, gap=0, between=None):
    """One text from wrapped paragraphs: `gap` blank lines between lines, `between` between paragraphs."""
    inner = "\n" * (gap + 1)
    outer = inner if between is None else "\n" * (between + 1)
    return outer.join(inner.join(lines) for lines in wrapped)


def paged(paragraphs, *, width=21, height=18, furniture="none", rejoin=True, gap=1, seed=0):
    """Paragraphs set on pages of `height` lines; each page end cuts through the paragraph that lies there.

    `furniture` is what stands between the pages: none, number, head (a running head and a number) or notes.
    `rejoin` puts the lines of a paragraph on one page back together, as many converters do.
    """
    random_ = random.Random(seed)  # noqa: S311 (no secret)
    pages, page, room = [], [], height
    for lines in typeset(paragraphs, width):
        left = list(lines)
        while left:
            taken, left = left[:room], left[room:]
            page.append(taken)
            room -= len(taken)
            if not room:
                pages.append(page)
                page, room = [], height
    pages.append(page)
    glue = "\n" * (gap + 1)
    parts = []
    for number, content in enumerate(pages, 1):
        if furniture == "head":
            parts.append("政策研究报告")
        parts += ["".join(lines) if rejoin else glue.join(lines) for lines in content]
        if furniture == "notes":
            parts += [f"^{mark} {random_.choice(NOTES)}" for mark in "①②"[: random_.randint(0, 2)]]
        if furniture in ("number", "head"):
            parts.append(
                random_.choice((f"— {number} —", f"{number}")) if furniture == "number" else f"{number}"
            )
    return glue.join(parts)


def kinds(paragraphs, *, seed=0):
    """Every kind of damage done to the same paragraphs: name -> damaged text."""
    damaged = {}
    for width in (15, 20, 38):
        damaged[f"cut every {width} characters"] = join(by_count(paragraphs, width))
        damaged[f"cut every {width} characters, blank lines"] = join(by_count(paragraphs, width), gap=1)
    for width in (16, 26, 40):
        damaged[f"typeset {width}"] = join(typeset(paragraphs, width))
        damaged[f"typeset {width}, blank lines"] = join(typeset(paragraphs, width), gap=1)
    damaged["typeset 30, blank line between paragraphs"] = join(typeset(paragraphs, 30), between=1)
    damaged["typeset 30, indents kept"] = join(
        [["\u3000\u3000" + lines[0], *lines[1:]] for lines in typeset(paragraphs, 30) if lines]
    )
    for furniture in ("none", "number", "head", "notes"):
        damaged[f"pages, between them {furniture}"] = paged(paragraphs, furniture=furniture, seed=seed)
        damaged[f"pages of lines, between them {furniture}"] = paged(
            paragraphs, width=28, height=24, furniture=furniture, rejoin=False, gap=0, seed=seed
        )
    return damaged
