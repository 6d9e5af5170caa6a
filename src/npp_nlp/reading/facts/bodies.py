"""Who issues a document, and for which part of the country: names of bodies in lines, titles and signatures."""

import re

from npp_nlp.text import fold

REGIONS = (
    "北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "上海市", "江苏省", "浙江省",
    "安徽省", "福建省", "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区", "海南省", "重庆市",
    "四川省", "贵州省", "云南省", "西藏自治区", "陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区",
    "香港特别行政区", "澳门特别行政区", "台湾省",
)  # fmt: skip
_SHORT = {re.sub("(?:壮族|回族|维吾尔)?(?:省|市|自治区|特别行政区)$", "", name): name for name in REGIONS}
_REGION = re.compile("|".join(sorted(_SHORT, key=len, reverse=True)))
_OTHER_PLACE = re.compile(
    "(?:市|州|县|区|路|.{0,6}大学|.{0,4}学院|银行|合作组织|藏族|蒙古族|证券|时间|冬奥|日报|晚报|时报|青年报|卫视)"
)
_TOWARDS = re.compile(r"(?:支持|支援|援助|对口支援|赴|援|同意|对|与|和|、)$")
_NATIONAL = re.compile(
    r"^(?:中华人民共和国|国务院|中共中央|中央(?!.{0,4}(?:大学|公园))|国家|全国|最高人民|中国(?:共产党(?:中央|第)|人民银行"
    r"|证券监督|证监会|银行保险|银保监会|民用航空|民航局|气象局|科学院|工程院|地震局|残联|残疾人联合会)|第?[一二三四五六七八九十]{1,3}届中央委员会"
    r"|工业和信息化部|工信部|财政部|教育部|科学技术部|科技部|公安部|民政部|司法部|人力资源和?社会保障部|人社部|自然资源部"
    r"|生态环境部|环境保护部|住房和?城乡建设部|交通运输部|水利部|农业农村部|农业部|商务部|文化和旅游部|文化部|应急管理部"
    r"|退役军人事务部|外交部|国防部|国土资源部|卫生部|铁道部|建设部|信息产业部|海关总署|税务总局|市场监管总局|市场监督管理总局|体育总局|审计署"
    r"|金融监管总局|广电总局|知识产权局|证监会|银保监会)"
)
_NATIONAL_MEETING = re.compile(
    "全国人民代表大会|全国人大|中国共产党第.{1,4}次全国代表大会|中国共产党.{0,12}中央委员会"
)
_BRANCH = re.compile("分行|分局|支行|支局|监管局|特派|驻.{2,8}办事处")
_BODY_END = re.compile(
    "(?:(?<![干内东西全局南北中细])部|院|(?<![布格结变开])局|(?<![常])委|(?<![部])署|(?<![餐客大])厅|(?<![举承主协创])办|办公室"
    "|政府|中央|银行|司|小组|联席会议|兵团|总队|研究所|中心|法院|集团|公司|大学|联盟"
    "|(?:委员|协|学|联合|工商联合|基金|理事|商|工|总|监|证监|银保监|党委|人大常委|残联|妇女联合)会|妇联|残联|工商联)$"
)
_NO_BODY = re.compile(
    r"的|关于|为了?中心|^(?:深入|贯彻|学习|落实|推进|推动|加强|支持|根据|按照|各|本|我|有关|相关)"
)
_OTHERS = re.compile(r"等(?:\d{1,2}|[一二三四五六七八九十]{1,3})?个?(?:部门|单位|部委)(?:\(单位\))?$")
_ACT = re.compile("关于|印发|转发|批转|发布|公布|令|公告|通告")
_LONGEST = 400
_SPEAKS_FOR = re.compile(
    r"我[^,。]{0,10}?(?:代表|受|根据(?=[^,。]{3,20}的决定))([^,。]{0,14}?(?:国务院|人民政府|中央委员会))"
)


def bodies(line: str) -> list[str]:
    """The bodies that a line names, if it names bodies and nothing else.

    >>> bodies("工业和信息化部　财政部"), bodies("科 技 部"), bodies("教育部等五部门"), bodies("全面推进")
    (['工业和信息化部', '财政部'], ['科技部'], ['教育部等五部门'], [])
    """
    if len(line) > _LONGEST:
        return []
    words = re.split(r"[、\s]+", re.sub(r"[（(][盖印]?章[)）]", "", line).strip())
    if len(words) > 1 and all(len(word) == 1 for word in words):
        words = ["".join(words)]
    return words if all(_is_body(fold(word)) for word in words) else []


def _is_body(name: str) -> bool:
    bare = _OTHERS.sub("", name)
    if not 2 < len(bare) <= 34 or not re.fullmatch(r"[一-鿿][一-鿿()·]+", bare) or _NO_BODY.search(bare):
        return False
    return bool(_BODY_END.search(bare)) or ("代表大会" in bare and bare.endswith("会议"))


def issuer_of_title(title: str) -> list[str]:
    """The bodies that a title begins with: 国务院办公厅关于…, 财政部公告, 中共中央办公厅 国务院办公厅印发….

    >>> issuer_of_title("国务院办公厅转发财政部关于改革的意见的通知"), issuer_of_title("关于改革的意见")
    (['国务院办公厅'], [])
    """
    for found in _ACT.finditer(title, 0, 80):
        names = bodies(title[: found.start()])
        if names:
            return names
        if found.group() == "关于":
            break
    return []


def spoken_for(text: str) -> list[str]:
    """The bodies on whose behalf a speaker reports: 我代表国务院，向大会作报告.

    >>> spoken_for("现在，我代表某某省人民政府向大会报告工作。"), spoken_for("他代表国务院作报告。")
    (['某某省人民政府'], [])
    """
    found = _SPEAKS_FOR.search(fold(text[:200]))
    return re.sub("中央和", "中央、", text[slice(*found.span(1))]).split("、") if found else []


def region_of_bodies(names: list[str]) -> str | None:
    """The province that bodies belong to, 全国 for national ones; None where they do not say it or disagree.

    >>> region_of_bodies(["山东省财政厅"]), region_of_bodies(["济南市财政局"]), region_of_bodies(["财政部"])
    ('山东省', None, '全国')
    """
    found = {_region_of_body(fold(name)) for name in names} - {""}
    return found.pop() if len(found) == 1 else None


def _region_of_body(name: str) -> str | None:
    """The region of one body, "" if its name tells nothing, None if it belongs to some other place."""
    here = regions(name)
    if here:
        return here.pop() if len(here) == 1 else None
    if _NATIONAL_MEETING.search(name):
        return "全国"
    if _BRANCH.search(name) or re.search("[市州县区盟]", re.sub("地区|市场|城市|州际|区域", "", name)):
        return None
    return "全国" if _NATIONAL.search(name) else ""


def regions(text: str) -> set[str]:
    """The provinces a text names: 吉林 is one, 吉林市 is not, 上海日报 neither.

    >>> sorted(regions("广东、海南两省")), regions("海南藏族自治州")
    (['广东省', '海南省'], set())
    """
    words = fold(text)
    return {_SHORT[m.group()] for m in _REGION.finditer(words) if _is_region(words, m)}


def region_of_title(title: str) -> str | None:
    """The province or 全国 that a title names; one that is only spoken to or supported (支持某省…) is none."""
    words = fold(title)
    found = [m for m in _REGION.finditer(words) if _is_region(words, m)]
    if any(_TOWARDS.search(words[: m.start()]) for m in found):
        return None
    names = {_SHORT[m.group()] for m in found}
    if names:
        return names.pop() if len(names) == 1 else None
    return "全国" if _NATIONAL_MEETING.search(words) else None


def _is_region(text: str, found: re.Match[str]) -> bool:
    rest = text[found.end() :]
    name = _SHORT[found.group()]
    return rest.startswith(name[len(found.group()) :]) or not _OTHER_PLACE.match(rest)
