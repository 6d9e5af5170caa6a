"""Words between an indicator and its figure: verbs of change, bounds, adverbs; and words that cannot be in an indicator."""

from __future__ import annotations

from functools import cache

ROLES: dict[str, str] = {
    "growth": "增长 增加 提高 提升 上升 增 升 涨 上涨 扩大 增产 递增 攀升 增收 高出 增发 净增 净增加 增幅 涨幅"
    " 增速 增长率 增长速度 递增率 加快 延长 上调 拉高 增资 上浮 提前 增多 提速 升高 回升 反弹 扩容 扩围 扩面 新增"
    " 增设",
    "decline": "下降 降低 减少 降 缩小 压减 减 精简 压缩 下调 回落 收窄 下跌 削减 减产 缩短 降幅 裁减 调减 降减"
    " 核减 下浮 节约 跌 减收 减幅 少",
    "level": "达到 达 是 有 保持在 稳定在 控制在 维持在 实现 完成 共有 共计 总计 合计 累计 累计达到 可达 跨上"
    " 跃上 达成 按 拟按 预期目标 为 等于 仅有 只有 已有 已达 已达到 迈上 跨越 跃升",
    "share": "占 占到 占了 只占 约占",
    "reached": "到 至 成 为 于",
    "rise_to": "增至 升至 涨至 增为 升为 扩至 跃升至",
    "fall_to": "降至 减至 缩至 降到 减到 跌至 减为 降为",
    "about": "约 大约 大约为 大概 大致 大体 约为 约占",
    "nearly": "近 接近 将近 逼近",
    "over": "超过 超 突破 逾 大于 高于 过 跨过 连跨 跨 超出 多达 高达 略高于 迈过 不止 大大超过",
    "at_least": "不低于 不少于 至少 不小于 最低 起码 达到或超过 不下于",
    "at_most": "不超过 不高于 不大于 最多 最高 低于 少于 不足 不到 小于 至多 略低于 不超 不多于 未超过",
    "aim": "力争 争取 力求",
    "source": "由 从 自",
    "particle": "了 的 着 也 都 就 又 还 仍 仍然 均 各 再 并 则 所 共 仅 只 已 将 要 拟 应 可 能 才 总 净 每 以"
    " 却 仍以 却以 在 每人 每户 每亩 每名 每个",
    "adverb": "实际 年均 平均 平均每年 每年 每年平均 年平均 分别 分别为 预计 预计将 已经 同口径 逆势 进一步 持续"
    " 继续 全年 全部 总共 名义 可比口径 按可比价格计算 按可比价计算 按不变价格计算 首次 历史性 成功 率先 大幅"
    " 大幅度 显著 明显 快速 稳步 相应 一共 整体 总体 基本 直接 至今 目前 由此 一般 一律 逐步 全面 同步 再次 一次性"
    " 一举 连年 每月 每天 月均 日均 同期 全线 年内 今后 必须 应当 可以 同样 相当于 全年共",
}
"""Role -> words, as they stand before a figure. Verbs of growth and decline also occur with 到 至 为 了."""

CHANGES = ("growth", "decline", "rise_to", "fall_to", "level", "share")

_LISTS: dict[str, str] = {
    "strong": "推动 促进 带动 实现 完成 建成 实施 支持 落实 推进 加强 提升 降低 安排 发行 增发 下达 拨付 发放"
    " 推出 出台 培育 引进 打造 组织 开展 举办 拥有 达到 形成 获得 减免 减轻 保障 帮助 惠及 覆盖 遴选 推介 兑付"
    " 创建 新建 开工 改建 扩建 建立 设立 处置 化解 查处 关停 淘汰 治理 让 使 完善 优化 吸引 吸纳 集聚 获批 签约"
    " 落户 办理 承办 整治 组建 布局 派出 培养 培训 认定 入选 取得 超过 改造 成为 包括 用于 确保 保持 制定 制修订"
    " 修订 下放 取消 选派 招引 清理 解决 争取 筹集 募集 给予 提供 新开工 上线 压减 减少 增加 提高 扩大 发展 建设"
    " 生产 修建 兴建 动工 投产 收购 供应 进口 试办 拿出 聚集 汇聚 开通 集中 配备 拟 按 约占 占 免除 继续 发动 动员"
    " 转移 解放 恢复 训练 拟安排 盘活 撬动 新开 是 加装 输送 接待 谋划 出现 提出 吸收 使用 运送 获 播种 退还 划转"
    " 撤销 合并 调整 投放 服务 奖励 补助 资助 补贴 批准 决定 筹措 清收",
    "kept": "新增 新登记 新建成 新开通 新",
    "generic": "增速 增幅 增长率 涨幅 降幅 总数 总量 总额 比重 占比 规模 比例 产量 总产量 年产量 增加值 金额"
    " 面积 数量 投资 增量 新增",
    "scopes": "我国 全国 全省 全市 全区 我省 我市 我区 全自治区 整个 我们 各地 各级 本市 本省 全年 全球 其中"
    " 例如 比如 同时 此外 另外 截至目前 预计 预期 力争 确保 争取 累计 共 年内 目前 而 但 并 且 使 令 即 如 将 已"
    " 也 还 又 仅 只 约 的 了 、 和 与 及 以及 或 到 为 在 从 由 每年 平均 一是 二是 三是 四是 五是 —— — - · 对 按"
    " 以 就 当年 现有 已经 计划 首批 首个 通过 经过 其 现在 这 那 其他 届时 基本 合计 总计 尽管 虽然 由于 分别"
    " 因此 所以 拿 是 有 要 拟 上半年",
    "not_indicators": "平均 以上 以下 左右 这里 此 前者 后者 第一 方面 时候 情况 同期 水平 程度 时间 时期 期间"
    " 范围 历史 世界 国际 目标 任务 数字 速度 人 个 一年 月 日 新 总 各 多 问题 一般 这些 它们 他们 有的 每人 每户"
    " 最高 最低 新增 预算 部分 以来 预定目标 单个 每个 个人 占",
}


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


STRONG = _words("strong")
"""Verbs after which an object begins: an indicator does not reach back over one."""
KEPT = _words("kept")
"""Verbs that stay in an indicator: 新增高新技术企业 are not all there are."""
GENERIC = _words("generic")
"""Heads that say nothing alone: the indicator before is meant."""
SCOPES = _words("scopes")
"""What can open a clause before an indicator."""
NOT_INDICATORS = _words("not_indicators") | SCOPES


@cache
def suffixes() -> dict[str, list[tuple[str, str]]]:
    """Last character -> words that end in it with their role, longest first."""
    listed = [(word, role) for role, words in ROLES.items() for word in words.split()]
    for role, to in (("growth", "rise_to"), ("decline", "fall_to")):
        verbs = [word for word in ROLES[role].split() if word[-1] not in "幅速率度"]
        listed += [(verb + end, to) for verb in verbs for end in ("到", "至", "为", "了到")]
        listed += [(verb + "了", role) for verb in verbs]
    table: dict[str, list[tuple[str, str]]] = {}
    for word, role in listed:
        table.setdefault(word[-1], []).append((word, role))
    order = list(ROLES)
    for entries in table.values():
        entries.sort(key=lambda item: (-len(item[0]), order.index(item[1])))
    return table


@cache
def _changes() -> frozenset[str]:
    return frozenset(word for entries in suffixes().values() for word, role in entries if role in CHANGES)


def is_change(word: str) -> bool:
    """Whether a word is a verb of change or reaching: 增长, 增加到, 达到.

    >>> is_change("增加到"), is_change("企业")
    (True, False)
    """
    return word in _changes()


@cache
def _scopes() -> dict[str, list[str]]:
    """First character -> words, longest first."""
    table: dict[str, list[str]] = {}
    for word in sorted(SCOPES, key=lambda word: (-len(word), word)):
        table.setdefault(word[0], []).append(word)
    return table


def scope_at(text: str, start: int, end: int) -> int:
    """Length of the word at `start` that can open a clause before an indicator, 0 if none.

    >>> scope_at("我国粮食产量", 0, 6), scope_at("粮食产量", 0, 4)
    (2, 0)
    """
    listed = _scopes().get(text[start], ())
    return next((len(word) for word in listed if text.startswith(word, start, end)), 0)
