"""The signs of a PDF page as arrays: what each is, where it stands, how large it is.

PDFium is asked one question per sign and kind of answer; everything after that is arithmetic on arrays.
"""

import ctypes
from collections import deque
from functools import cache
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Programs that write PDF mix up radicals and the ideographs of the same shape (Unicode, EquivalentUnifiedIdeograph).
_RADICALS = (
    "⺂⺃⺅⺉⺍⺎⺏⺐⺒⺓⺔⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺯⺰⺱⺲⺳⺴⺶⺹⺺⺻⺼⺾⺿⻀⻁⻂⻃"
    "⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳⼀⼁⼂⼃⼄⼅⼆"
    "⼇⼈⼉⼊⼋⼌⼍⼎⼏⼐⼑⼒⼓⼔⼕⼖⼗⼘⼙⼚⼛⼜⼝⼞⼟⼠⼡⼢⼣⼤⼥⼦⼧⼨⼩⼪⼫⼬⼭⼮⼯⼰⼱⼲⼳⼴⼵⼶⼷⼸"
    "⼹⼺⼻⼼⼽⼾⼿⽀⽁⽂⽃⽄⽅⽆⽇⽈⽉⽊⽋⽌⽍⽎⽏⽐⽑⽒⽓⽔⽕⽖⽗⽘⽙⽚⽛⽜⽝⽞⽟⽠⽡⽢⽣⽤⽥⽦⽧⽨⽩⽪"
    "⽫⽬⽭⽮⽯⽰⽱⽲⽳⽴⽵⽶⽷⽸⽹⽺⽻⽼⽽⽾⽿⾀⾁⾂⾃⾄⾅⾆⾇⾈⾉⾊⾋⾌⾍⾎⾏⾐⾑⾒⾓⾔⾕⾖⾗⾘⾙⾚⾛⾜"
    "⾝⾞⾟⾠⾡⾢⾣⾤⾥⾦⾧⾨⾩⾪⾫⾬⾭⾮⾯⾰⾱⾲⾳⾴⾵⾶⾷⾸⾹⾺⾻⾼⾽⾾⾿⿀⿁⿂⿃⿄⿅⿆⿇⿈⿉⿊⿋⿌⿍⿎"
    "⿏⿐⿑⿒⿓⿔⿕"
)
_IDEOGRAPHS = (
    "乛乚亻刂尐兀尣尢巳幺彑忄心扌攵旡日月歺母民氵氺灬爫爬丬牛犭王目示礻糹纟罓罒㓁冗羊耂肀聿肉艹艺艻虎衤覀"
    "西见角讠贝车辶辷辸邑钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟一丨丶丿乙亅二"
    "亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓"
    "彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮"
    "皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足"
    "身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓"
    "鼠鼻齊齒龍龜龠"
)

MAX_SIGNS = 400_000
"""A page with more signs than this is no page of text."""

_LINE_END_HYPHEN = 0x02  # what PDFium gives for a hyphen at the end of a line
_HAN = 0x2E80
_SOFT = 0xAD


class Signs(NamedTuple):
    """The visible signs of a page in the order of the file.

    `x` and `y` are the origin on the base line, `end` where the next sign would stand without spacing, `size` the
    size of the type, all in points; `blank` says that the file has a blank before a sign (1) or PDFium assumes one (2).
    """

    point: NDArray[np.uint32]
    x: Floats
    y: Floats
    end: Floats
    size: Floats
    blank: NDArray[np.int8]

    def take(self, which: NDArray[Any]) -> "Signs":
        """The signs that a mask or an order of indices picks."""
        return Signs(
            self.point[which],
            self.x[which],
            self.y[which],
            self.end[which],
            self.size[which],
            self.blank[which],
        )


@cache
def _calls() -> tuple[Any, ...]:
    """PDFium's questions about one sign, taking plain addresses: several times as fast as structures."""
    import pypdfium2.raw as raw

    def call(function: Any, result: Any, *more: Any) -> Any:
        address = ctypes.cast(function, ctypes.c_void_p).value or 0
        return ctypes.CFUNCTYPE(result, ctypes.c_void_p, ctypes.c_int, *more)(address)

    pointer = ctypes.c_void_p
    return (
        call(raw.FPDFText_GetUnicode, ctypes.c_uint),
        call(raw.FPDFText_GetLooseCharBox, ctypes.c_int, pointer),
        call(raw.FPDFText_GetCharOrigin, ctypes.c_int, pointer, pointer),
        call(raw.FPDFText_GetFontSize, ctypes.c_double),
        call(raw.FPDFText_GetMatrix, ctypes.c_int, pointer),
        call(raw.FPDFText_IsGenerated, ctypes.c_int),
    )


@cache
def _ideographs() -> NDArray[np.uint32]:
    """Code point -> code point for the basic plane: radicals to ideographs, PDFium's own signs to ordinary ones."""
    table = np.arange(0x10000, dtype=np.uint32)
    for radical, ideograph in zip(_RADICALS, _IDEOGRAPHS, strict=True):
        table[ord(radical)] = ord(ideograph)
    table[_LINE_END_HYPHEN] = ord("-")
    for odd in (0xFFFE, 0xFFFF, _SOFT, *range(0xD800, 0xE000)):
        table[odd] = 0
    table.setflags(write=False)
    return table


def is_han(points: NDArray[np.uint32]) -> Flags:
    """Which signs are set on the Chinese square: ideographs, their punctuation, quotation marks, dashes, dots."""
    marks = (points >= 0x2014) & (points <= 0x2026) & (points != 0x2022)
    circled = (points >= 0x2460) & (points <= 0x24FF)
    return np.asarray((points >= _HAN) | marks | circled, bool)


def is_blank(points: NDArray[np.uint32]) -> Flags:
    """Which signs are blanks of any width, line ends and controls."""
    space = (points <= 0x20) | (points == 0xA0) | (points == 0x3000) | (points == 0xFEFF)
    thin = ((points >= 0x2000) & (points <= 0x200F)) | (points == 0x202F) | (points == 0x2060)
    return np.asarray(space | thin, bool)


def page_signs(textpage: Any) -> tuple[Signs, int]:
    """The visible signs of a page, upright, and how many have no meaning because the font has no Unicode map.

    Raises `ValueError` if the page has too many.
    """
    count = max(0, int(textpage.count_chars()))
    if count > MAX_SIGNS:
        raise ValueError(f"a page with {count:,} characters, more than {MAX_SIGNS:,}")
    handle = ctypes.cast(textpage.raw, ctypes.c_void_p).value
    ask_point, ask_box, ask_origin, ask_size, _, ask_generated = _calls()
    every = range(count)
    points = np.fromiter(map(ask_point, repeat(handle, count), every), np.uint32, count)
    inside = points < 0x10000
    points = np.where(inside, _ideographs()[np.where(inside, points, 0)], points)
    boxes, origins = np.zeros((count, 4), np.float32), np.zeros((count, 2))
    at = boxes.ctypes.data
    deque(map(ask_box, repeat(handle, count), every, range(at, at + 16 * count, 16)), maxlen=0)
    at = origins.ctypes.data
    rows = range(at, at + 16 * count, 16), range(at + 8, at + 16 * count + 8, 16)
    deque(map(ask_origin, repeat(handle, count), every, *rows), maxlen=0)
    sizes = np.fromiter(map(ask_size, repeat(handle, count), every), np.float64, count)
    blank = is_blank(points)
    real = np.zeros(count, np.int8)
    for i in np.flatnonzero(
        (points == 0x20) | (points == 0xA0) | (points == 0x3000) | (points == 9)
    ).tolist():
        real[i] = 2 if ask_generated(handle, i) == 1 else 1
    seen = np.flatnonzero(~blank)
    lost = (points == 0xFFFD) | ((points >= 0xE000) & (points <= 0xF8FF))
    sizes, turn = _scaled(handle, sizes, seen)
    signs = _upright(points, boxes.astype(np.float64), origins, sizes, turn)
    return _visible(signs, seen, real), int(lost[seen].sum())


def _scaled(handle: Any, sizes: Floats, seen: NDArray[np.int64]) -> tuple[Floats, int]:
    """Type sizes in points, and by how many quarter turns most of the text is rotated.

    A file may set type of size 1 and scale it: the matrix is asked for where the nominal size changes, and at
    every fortieth sign.
    """
    if not len(seen):
        return sizes, 0
    change = np.flatnonzero(np.diff(sizes[seen], prepend=-1.0) != 0)
    asked = np.union1d(change, np.arange(0, len(seen), 40))
    matrices = np.zeros((len(asked), 6), np.float32)
    ask = _calls()[4]
    for row, i in enumerate(seen[asked].tolist()):
        ask(handle, i, matrices.ctypes.data + 24 * row)
    scale = np.hypot(matrices[:, 2], matrices[:, 3])
    scale[(scale <= 0) | ~np.isfinite(scale)] = 1.0
    result = sizes.copy()
    result[seen] = sizes[seen] * np.repeat(scale, np.diff(np.append(asked, len(seen))))
    turns = np.round(np.arctan2(matrices[:, 1], matrices[:, 0]) / (np.pi / 2)).astype(int) % 4
    return np.clip(result, 0.5, 2000.0), int(np.bincount(turns, minlength=4).argmax())


def _upright(
    points: NDArray[np.uint32], boxes: Floats, origins: Floats, sizes: Floats, turn: int
) -> tuple[NDArray[np.uint32], Floats, Floats, Floats, Floats]:
    """Points, x, y, end and size after turning the page back, so that lines run from left to right."""
    left, top, right, bottom = boxes.T
    x, y = origins.T
    if turn == 0:
        far = right
    elif turn == 1:
        x, y, far = y, -x, np.maximum(top, bottom)
    elif turn == 2:
        x, y, far = -x, -y, -left
    else:
        x, y, far = -y, x, -np.minimum(top, bottom)
    square = is_han(points)
    # The box of a sign may be the ink alone; a Chinese sign is as wide as its size.
    end = np.where(square, x + sizes, np.clip(far, x + 0.1 * sizes, x + 1.5 * sizes))
    return points, x, y, end, sizes


def _visible(
    signs: tuple[NDArray[np.uint32], Floats, Floats, Floats, Floats],
    seen: NDArray[np.int64],
    real: NDArray[np.int8],
) -> Signs:
    """The signs without the blanks, which are noted at the sign that follows."""
    before = np.zeros(len(seen), np.int8)
    blanks = np.flatnonzero(real)
    # the sign after each blank; a real blank wins over an assumed one
    after = np.searchsorted(seen, blanks)
    for kind in (2, 1):
        at = after[(real[blanks] == kind) & (after < len(seen))]
        before[at] = kind
    points, x, y, end, size = signs
    visible = Signs(points[seen], x[seen], y[seen], end[seen], size[seen], before)
    return visible.take(np.isfinite(visible.x) & np.isfinite(visible.y) & np.isfinite(visible.end))
