"""Words that tell what a clause does: done, to be done, wanting, thanking, defining.

None decides alone; the classifier learns what each is worth where it stands. Forms have one to four characters
and are matched on folded text with every number written as `0` (a year before 年 as `Y`).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

CUES: dict[str, str] = {
    "past": "了 过去 已 已经 以来 年来 取得 比上年 同比 增长0% 增长百分 达到 累计 建成 完成了 突破 首次 获得 实现了"
    " 创造了 得到 圆满 胜利 成功 超过 由0 从0 增加到 提高到 下降到 回顾 去年 上年 第一次 新高 投产 通车 落成 跃居"
    " 位居 居全国 居世界 连续 基本完成 全面完成 超额 如期 开创 涌现 出台 颁布 发布 签署 签订 荣获 免除 受益 惠及"
    " 成效 成就 成绩 成果 进展 变化 迈出 迈上 步伐 丰硕 有力地",
    "future": "要 必须 将 应当 应该 必将 力争 左右 努力 争取 确保 到0 今后 下一步 明年 未来 目标 计划 拟 力求 务必"
    " 切实 坚决 着力 大力 积极 继续 进一步 决不 一定 规划 任务 预期 安排 加以 建议 希望 让我们 奋斗 为期 鼓励 支持"
    " 引导 有序 稳妥 稳步 加紧 抓紧 抓好 做好 搞好 办好 用好 严格",
    "modal": "要 必须 将 应当 应该 力争 左右 争取 确保 今后 明年 拟 务必 一定要 让我们 到Y年 今年要",
    "problem": "问题 困难 不足 不够 不平衡 不充分 不高 不强 不稳 不牢 不完善 不健全 不适应 不合理 不到位 不规范 薄弱"
    " 短板 差距 制约 瓶颈 压力 风险 挑战 矛盾 冲击 仍 尚 还没有 未能 有待 亟待 亟需 严重 浪费 缺点 错误 失误 缺乏"
    " 落后 滞后 突出 严峻 复杂 隐患 危机 危险 威胁 下滑 下降 下行 减少 腐败 官僚主义 形式主义 霸权 侵略 战争 动荡"
    " 不稳定 不确定 恶化 紧张 贫富 脱离 偏低 偏小 过快 过大 过多 过高 难度 较大 艰巨 但 难 不容忽视 清醒",
    "lacking": "仍 还 尚 但 有待 亟待 不足 不够 薄弱 短板 不高 不强 不平衡 不适应 制约 困难 问题 矛盾 挑战 风险",
    "degree": "明显 显著 不断 日益 逐步 大幅 更加 稳步 持续 有效 全面 深入 扎实 进一步 基本 初步 有力 稳定 良好 迅速"
    " 空前 有序",
    "result": "提高 增强 改善 提升 加快 完善 加强 扩大 发展 推进 巩固 优化 好转 上升 增加 形成 建立 健全 落实 深化"
    " 拓展 壮大 丰富 繁荣 活跃 进步 成效 新高 进展 作用 贡献 基础",
    "actor": "我们 我国 政府 党 各级 各地 全国 人民 全省 全市 各部门 国务院",
    "formal": "感谢 敬意 谢意 致以 审议 请予 报告工作 各位代表 提出意见 同志们 委员 印发 通知 制定本 起施行 负责 附件"
    " 是指 指 本办法 本规定 著作权 作品 单位: 来源 作政府工",
    "theory": "是 就是 意义 重要 关键 根本 决定 标志 证明 说明 表明 体现 认为 原则 规律 理论 思想 历史 本质 基础 保证"
    " 保障 条件 核心 立场 反对 一贯 主张 奉行 主权 尊重 平等 和平共处",
    "imperative": "推进 加快 加强 深化 实施 推动 完善 建立 健全 促进 强化 提高 提升 优化 发展 坚持 落实 扩大 建设 加大"
    " 支持 鼓励 引导 培育 打造 构建 开展 深入 全面 积极 大力 继续 着力 切实 严格 规范 改革 改进 改善 统筹 保障 推广"
    " 推行 抓好 抓紧 做好 探索 创新 聚焦 围绕 增强 拓展 巩固 持续 稳步 有序 进一步 保持 控制 防范 化解 研究 制定 组织"
    " 设立 完成 启动 新建 新增 改造 力争 办好 壮大 激发 释放 营造 充分 突出 牢固 牢牢 始终 紧紧 充分发挥 发挥 努力 加速"
    " 整合 推出 统一 依法 有效 合理 注重 重点 高质量 严厉 妥善 认真 贯彻 树立 弘扬 畅通 补齐 夯实 筑牢 守住 用好 做强"
    " 做优 做大 因地制宜",
}
"""Kind -> forms. `imperative` counts only where a clause opens with it."""

KINDS: tuple[str, ...] = tuple(CUES)

Table = tuple[NDArray[np.uint64], NDArray[np.int64]]


@cache
def forms_by_length() -> dict[int, dict[str, int]]:
    """Length -> form -> bits of the kinds it belongs to."""
    tables: dict[int, dict[str, int]] = {}
    for bit, kind in enumerate(KINDS):
        for form in CUES[kind].split():
            table = tables.setdefault(len(form), {})
            table[form] = table.get(form, 0) | 1 << bit
    return tables
