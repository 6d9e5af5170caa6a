"""The words of the page in Chinese and English; documents are shown in their own language."""

from __future__ import annotations

LABEL_WORDS = {
    "achievement": ("成就", "achievements"),
    "challenge": ("挑战", "challenges"),
    "driver": ("动能", "drivers"),
    "other": ("其他", "other"),
}

KIND_WORDS = {
    "title": ("标题", "title"),
    "subtitle": ("副标题", "subtitle"),
    "heading": ("小标题", "heading"),
    "paragraph": ("正文", "text"),
    "quote": ("引文", "quotation"),
    "list_item": ("列表", "list"),
    "caption": ("图注", "caption"),
    "footnote": ("脚注", "footnote"),
    "byline": ("署名", "byline"),
    "toc": ("目录", "contents"),
    "residue": ("页面残留", "page residue"),
}

WORDS = {
    "title": ("政策文本分析", "Policy text analysis"),
    "subtitle": ("概念、段落功能与用语变化", "Concepts, functions of paragraphs, change of wording"),
    "language": ("English", "中文"),
    "overview": ("概览", "Overview"),
    "graph": ("概念共现", "Concepts together"),
    "trends": ("用语变化", "Terms over time"),
    "trends_plain": ("各组用语", "Terms by group"),
    "trends_id": ("各篇用语", "Terms by document"),
    "shares": ("成就 · 挑战 · 动能", "Achievements, challenges, drivers"),
    "keyness": ("显著用语", "Keyness"),
    "emergence": ("新词与兴衰", "Emergence"),
    "search": ("检索", "Concordance"),
    "documents": ("文档", "Documents"),
    "failures": ("未能读取的文件", "Files that could not be read"),
    "method": ("方法与来源", "Method and provenance"),
    "sections": ("各节", "Sections"),
    "file": ("文件", "File"),
    "reason": ("原因", "Reason"),
    "term": ("概念", "Term"),
    "count": ("次数", "n"),
    "find_node": ("查找概念", "Find a concept"),
    "zoom_in": ("放大", "Zoom in"),
    "zoom_out": ("缩小", "Zoom out"),
    "reset": ("复位", "Reset"),
    "concepts": ("概念", "Concepts"),
    "links": ("关联", "Links"),
    "strength": ("强度", "Strength"),
    "weight": ("权重", "Weight"),
    "degree": ("度", "Degree"),
    "docfreq": ("文档数", "Documents"),
    "contexts": ("共同语境", "Contexts"),
    "settings": ("版本、设置与输入", "Versions, settings and inputs"),
    "as_table": ("以表格显示", "As a table"),
    "add_term": ("添加概念", "Add a term"),
    "remove": ("移除", "Remove"),
    "rate": ("每万字次数", "per 10,000 characters"),
    "group": ("组别", "Group"),
    "year": ("年份", "Year"),
    "region": ("地区", "Region"),
    "document": ("文档", "Document"),
    "label": ("功能", "Function"),
    "all": ("全部", "all"),
    "paragraphs": ("段落", "Paragraphs"),
    "share": ("占比", "Share"),
    "n_here": ("本组", "here"),
    "n_elsewhere": ("其余", "elsewhere"),
    "above": ("多用 →", "more →"),
    "below": ("← 少用", "← less"),
    "nothing_key": ("没有显著差异", "No significant difference"),
    "rising": ("上升", "Rising"),
    "falling": ("下降", "Falling"),
    "first": ("首次", "First"),
    "last": ("末次", "Last"),
    "peak": ("高峰", "Peak"),
    "change": ("转折", "Change"),
    "before_after": ("每万字：前 → 后", "Per 10,000: before → after"),
    "new": ("各年首次出现（至少 3 次）", "New in each year (at least 3 times)"),
    "query": ("概念或任意字词", "A term or any words"),
    "hits": ("{n} 处", "{n} passages"),
    "hits_one": ("1 处", "1 passage"),
    "paragraph_hits": ("{n} 段", "{n} paragraphs"),
    "known": (
        "已知概念“{term}”：含异体、全半角、繁简写法，长概念之内的也计。",
        "Known term “{term}”: variants, widths and traditional characters included, also inside longer terms.",
    ),
    "literal": ("不是已知概念：按原文逐字检索。", "Not a known term: searched character by character."),
    "nothing": ("没有匹配的段落。", "No passage."),
    "page": ("第 {a}–{b} 条", "{a} to {b}"),
    "earlier": ("上一页", "Previous"),
    "later": ("下一页", "Next"),
    "close": ("关闭", "Close"),
    "in_search": ("在检索中打开", "Open in the concordance"),
    "open_paragraph": ("到原文段落", "Go to the paragraph"),
    "show": ("展开全文", "Show the text"),
    "characters": ("{n} 字符", "{n} characters"),
    "n_paragraphs": ("{n} 段", "{n} paragraphs"),
    "node_note": (
        "独立出现 {n} 次，见于 {docs} 篇；含在图中更长概念之内的不计。",
        "{n} occurrences on its own in {docs} documents; not counted inside longer concepts of the graph.",
    ),
    "edge_note": (
        "同现 {n} 次（位置对），在 {contexts} 个{unit}中；其中 {same} 个句子兼有二者。",
        "Together {n} times (pairs of places) in {contexts} {unit}; {same} sentences hold both.",
    ),
    "unit_paragraph": ("段落", "paragraphs"),
    "unit_sentence": ("句子", "sentences"),
    "unit_window": ("句子（窗口内）", "sentences (within the window)"),
    "neighbours": ("相连的概念", "Linked concepts"),
    "no_charts": (
        "此浏览器不能解开图形程序；下方表格里是同样的数字。",
        "This browser cannot unpack the charts; the tables hold the same numbers.",
    ),
    "same_sentence": ("同句", "one sentence"),
    "pairs": ("{n} 对", "{n} pairs"),
    "more": ("更多", "More"),
}

NOTES = {
    "graph": (
        "圆点为概念，越大出现越多；颜色为社区；线越粗关联越强。点圆点或连线看背后的段落；"
        "拖动平移，按 Ctrl 用滚轮缩放；触屏先放大再移动。",
        "Dots are concepts, larger where more frequent; colours are communities; thick lines are strong links."
        " Click a dot or a line for its passages. Ctrl and wheel zoom, dragging moves; on a touch screen zoom in first.",
    ),
    "trends": (
        "每万字次数；浅色带为 95% 区间（泊松分布，Garwood 1936）。点数据点看该组的全部出处。",
        "Occurrences per 10,000 characters; the band is the 95 % interval (Poisson, Garwood 1936)."
        " Click a point for its passages.",
    ),
    "shares": (
        "各组段落中每类所占的份额。点色块看这些段落。",
        "Share of the labelled paragraphs of each group. Click a block for its paragraphs.",
    ),
    "shares_one": (
        "各类段落所占的份额。点数字看这些段落。",
        "Share of the labelled paragraphs. Click a number for its paragraphs.",
    ),
    "keyness": (
        "与其余各组相比，所选一组多用或少用的概念，按对数似然比 G² 排列（只列 G² 不小于 3.84 的）。点次数看出处。",
        "Terms used more, or less, in the chosen group than in all others, by log-likelihood G² (3.84 or more)."
        " Click a count for its passages.",
    ),
    "emergence": (
        "横条从首次到末次出现；橙色菱形为用量转折（变点），蓝色圆点为高峰。只列有转折、共 5 次以上的概念，变化最大的在前。",
        "Bars run from first to last occurrence; the orange diamond is the change of rate, the blue circle the peak. Terms"
        " with a change and at least 5 occurrences, the largest change first.",
    ),
    "search": (
        "输入已知概念，次数与 npp.concordance 相同；其他字词逐字检索。不输入只选功能，则列出段落。",
        "For known terms the count is that of npp.concordance; other words are searched exactly as typed."
        " Without words, the paragraphs of a function are listed.",
    ),
    "documents": (
        "段落左侧颜色为功能；下划线为使其归入该类的主要词语；底色为该文的关键概念。概念后的数字含长概念之内的。",
        "The colour at the left is the function of a paragraph; underlined are the words that spoke most for it; shaded are"
        " the key terms of the document. Counts include occurrences inside longer terms.",
    ),
}

METHOD = [
    (
        "段落：断行按版面和词语重新接合，去掉页眉页脚；每段可回到原文偏移。",
        "Paragraphs: broken lines are joined by layout and wording, page headers and footers removed; offsets lead back to"
        " the source.",
    ),
    (
        "概念：词典中的政策用语和从文中发现的用语，按术语模型打分排序；次数在原文上逐字计数，不靠分词。",
        "Terms: policy terms of the lexicon and terms found in the text, ranked by a fitted model of termhood; counts are"
        " made on the text itself, not on segmented words.",
    ),
    (
        "成就、挑战、动能、其他：正文段落由线性模型判定，考虑小标题和前后段落；分数是该类的概率。份额是各类段落数之比。",
        "Achievements, challenges, drivers, other: a linear model labels the running text, with headings and neighbours; the"
        " score is the probability of the label. Shares are numbers of paragraphs.",
    ),
    (
        "共现：同一语境中每对位置计一次；权重是所选的关联度；社区用 Louvain 法，种子 0；布局固定。",
        "Concepts together: each pair of places in a context counts once; the weight is the measure chosen; communities by"
        " Louvain, seed 0; the layout is fixed.",
    ),
    (
        "比较：每万字次数；显著性为对数似然比 G²（Dunning 1993）；转折为泊松变点；份额区间为自助法，1000 次，种子 0。",
        "Comparison: rates per 10,000 characters; keyness is the log-likelihood ratio (Dunning 1993); change is a Poisson"
        " change point; the limits of shares are a bootstrap of 1,000 draws, seed 0.",
    ),
    (
        "G² 与区间把每次出现当作独立；词语成串出现，真实的不确定性更大。请看出处再下结论。",
        "G² and intervals take occurrences as independent; words come in bursts, so true uncertainty is larger. Read the"
        " passages before concluding.",
    ),
]
