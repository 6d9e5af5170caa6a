"""Units and measure words that may follow a number, and the characters that show that one is no unit there."""

from __future__ import annotations

import re

PERCENT = "%"
POINTS = "个百分点"

MEASURES = (
    "元 美元 港元 欧元 英镑 日元 卢布 元人民币 元/人 元/吨 元/亩 吨 公吨 吨公里 标准吨 载重吨 总吨 斤 公斤 市斤"
    " 千克 毫克 微克 克 担 市担 匹 尺 米 公尺 厘米 毫米 微米 纳米 公里 千米 华里 海里 平方米 平方公里 平方千米"
    " 平方尺 立方米 立方公里 立方 亩 市亩 公顷 升 毫升 蒲式耳 毫克/升 毫克/立方米 微克/立方米 克/千瓦时 吨/公顷"
    " 吨/亩 公斤/亩 斤/亩 亩次 公里/小时 千瓦 千瓦时 千瓦小时 兆瓦 吉瓦 瓦 瓦时 千伏 千伏安 伏 马力 度 焦耳 大卡"
    " 千卡 比特 字节 标准煤 倍 番 成 分贝 赫兹 mw gw kw kwh gwh mwh tb pb eb p pflops eflops gbps mbps km kg teu"
)
"""Units of measure. Figures with one of them are kept however small they are."""

COUNTERS = (
    "个 件 家 项 名 人 人次 户 户次 座 条 所 种 台 台套 台次 辆 辆次 艘 架 架次 套 处 位 列 趟 起 例 张 册 份 部"
    " 间 支 只 头 株 棵 颗 枚 幅 篇 宗 笔 单 对 片 块 段 场 场次 次 期 类 门 根 把 床 村 县 市 省 乡 镇 班 班次"
    " 标准箱 标箱 机架 标准机架 锭 纱锭 票 股 剂 剂次 人份 车次 航次 批次 件次 课时 学时 门次 首 集 粒 羽 箱 袋 斗"
    " 孔 眼 盏 口 顶 栋 幢 套次 款 员 对次 卷 家次 页"
)
"""Measure words. Small counts with Chinese numerals are names of sets more often than figures (三个代表): left out."""

SPANS = "年 岁 个月 个多月 天 小时 分钟 秒 周 个工作日 工作日 周年"
"""Lengths of time: a figure only behind a verb of change or a noun that asks for one (平均预期寿命)."""

NOT_BEFORE = {
    "人": "民口才类工均们大格体事士文力生物心选",
    "元": "旦件素首宵",
    "台": "湾阶风账",
    "家": "庭长具电乡属园",
    "户": "籍口外型",
    "条": "件例约款",
    "所": "有以得需谓属在",
    "部": "门分队署委长",
    "位": "居于列数次置",
    "项": "目",
    "次": "日级年要于",
    "场": "所景地",
    "分": "之别类钟支布析工",
    "天": "然下气",
    "件": "事",
    "个": "人别性体",
    "成": "立为效果就员本功都长品交熟千分",
    "门": "类户槛",
    "口": "岸径",
    "类": "似",
    "对": "外于象口",
    "度": "过假",
    "种": "植业粮子",
    "期": "间限望",
    "县": "级城域",
    "市": "场级民值区",
    "省": "级份",
    "村": "民级庄",
    "乡": "村镇",
    "镇": "化",
    "支": "持出撑柱",
    "单": "位",
    "课": "程",
    "集": "中体群团聚",
    "头": "部",
    "把": "握",
    "床": "位",
    "款": "项",
    "股": "份东权",
    "票": "据",
    "首": "次批",
    "员": "工",
    "担": "保任当负",
    "米": "粒",
    "p": "m",
}
"""Characters that make the unit before them part of a word: 人民, 元旦, 台湾."""

_ALL = sorted(set(f"{MEASURES} {COUNTERS} {SPANS}".split()), key=lambda unit: (-len(unit), unit))
UNIT = "|".join(re.escape(unit) for unit in _ALL)
MEASURED = frozenset(MEASURES.split()) | {PERCENT, POINTS, "‰"}
TIMED = frozenset(SPANS.split())
