"""Names as frequent as in real life. Sources and rounding: docs/simulator.md."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from tongke.kernel.keys import name_key, name_pinyin
from tongke.simulator.draw import Bools, Ints, constant, joined, picked, texts

# Surnames with their share of the population in per mille (Ministry of Public Security, count of 2007, rounded).
SURNAMES = dict(zip(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤",
    (
        725, 719, 683, 538, 453, 308, 223, 229, 205, 212, 167, 154, 127, 126, 116, 115, 117, 110, 118, 86, 93, 88, 72, 70, 65, 66, 62,
        60, 59, 58, 53, 50, 58, 49, 48, 47, 50, 48, 47, 46, 43, 47, 43, 44, 43, 42, 42, 40, 38, 41, 36, 36, 36, 36, 34, 34, 37, 34, 34,
        30, 31, 30, 30, 29, 28, 28, 31, 27, 25, 25, 24, 24, 24, 27, 23, 23, 23, 24, 22, 23, 21, 21, 21, 20, 20, 21, 19, 19, 20, 19, 19,
        18, 18, 19, 18, 18, 17, 17, 17, 17,
    ), strict=True,
)) | {"欧阳": 7, "上官": 1, "诸葛": 1, "司马": 1, "夏侯": 1, "单": 4, "解": 3, "仇": 2, "查": 3}
# Most frequent given names as wholes, with their weight (the same ministry's yearly report on names, and counts by decade).
MEN_WHOLE = dict.fromkeys("伟 强 磊 军 勇 涛 超 明 刚 平 辉 鹏 波 斌 杰 浩 宇 健 鑫 毅 俊 凯 亮 龙 飞 峰".split(), 3) | dict.fromkeys(
    "建国 建军 志强 国强 建华 建平 志明 海涛 文杰 子轩 浩宇 浩然 宇轩 俊杰 志伟 永强 天宇 一鸣 晓东 国平 家豪 嘉豪 子涵 宇航 梓轩 振华 德明 光明".split(), 1)
WOMEN_WHOLE = dict.fromkeys("芳 娜 敏 静 丽 艳 娟 霞 燕 玲 婷 红 萍 英 梅 莉 洁 倩 颖 琳 雪 慧 丹 璐 欢 佳".split(), 3) | dict.fromkeys(
    "秀英 桂英 秀兰 玉兰 桂兰 秀珍 玉珍 淑珍 玉梅 凤英 海燕 晓燕 丽娟 雨涵 欣怡 诗涵 梓涵 思雨 佳怡 梦洁 雅琪 婷婷 佳慧 晓红 春梅 雪梅 美玲 子萱".split(), 1)
MEN_FIRST, MEN_SECOND = "建国志文海永晓俊子宇浩天明德立光振家嘉启承成世兴云正少宏大小金新春荣", "华明军平强林峰伟杰东辉波涛飞龙斌生民安清亮宁阳祥良鸣然轩博泽豪航宇凡"
WOMEN_FIRST, WOMEN_SECOND = "丽晓雅雨思佳秀玉美春海慧婷梦诗欣小文月淑桂凤红爱彩嘉若可语静", "芳娟华英萍燕玲霞梅兰红珍琴莲香怡涵琪洁雯瑶君云敏菲妮萱萍彤蓉"
FOREIGN_GIVEN = (
    "James", "Mary", "Robert", "Patricia", "Michael", "Jennifer", "William", "Linda", "David", "Elizabeth", "Richard", "Barbara", "Joseph",
    "Susan", "Thomas", "Jessica", "Carlos", "Maria", "Pierre", "Claire", "Hans", "Greta", "Luca", "Giulia", "Kenji", "Yuki", "Min-jun", "Olga",
)
FOREIGN_SURNAMES = (
    ("Johnson", "US"), ("Williams", "GB"), ("Brown", "CA"), ("Jones", "AU"), ("Miller", "US"), ("Davis", "GB"), ("Garcia", "ES"),
    ("Martin", "FR"), ("Bernard", "FR"), ("Müller", "DE"), ("Schneider", "DE"), ("Rossi", "IT"), ("Tanaka", "JP"), ("Suzuki", "JP"),
    ("Kim", "KR"), ("Park", "KR"), ("Nguyen", "VN"), ("Singh", "IN"), ("Petrov", "RU"), ("Silva", "BR"),
)
BRANDS = "蓝海 华信 中达 宏远 天成 金桥 东方 瑞丰 恒通 银泰 百川 江南 钱塘 甬江 瓯越 金陵 新元 博雅 卓越 鼎盛 和信 盛世 同创 远景 启明 正大 万里 长青 德力 凯旋".split()
BRAND_TAILS = "达 宇 科 源 和 诚 联 盛 捷 拓 美 康 安 创 信 博 智 嘉 泰 利".split()
TRADES = (
    ("贸易", "批发零售"), ("科技", "软件"), ("电子", "电子制造"), ("服饰", "纺织服装"), ("物流", "物流运输"), ("建筑工程", "建筑"), ("餐饮管理", "餐饮"), ("酒店管理", "住宿"),
    ("医疗器械", "医药"), ("教育咨询", "教育"), ("网络", "互联网"), ("机械制造", "机械制造"), ("食品", "食品"), ("广告", "传媒"), ("房地产", "房地产"), ("化工", "化工"),
)


@dataclass(frozen=True, slots=True)
class Named:
    """Names with the keys under which they are found; columns of one length."""

    name: pa.StringArray
    key: pa.StringArray
    pinyin: pa.StringArray
    initials: pa.StringArray


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of a list with their weights and readings."""

    words: tuple[str, ...]
    weights: tuple[float, ...]
    pinyin: tuple[str, ...]
    initials: tuple[str, ...]


@lru_cache(maxsize=1)
def _surnames() -> _Words:
    read = [name_pinyin(word) for word in SURNAMES]
    return _Words(tuple(SURNAMES), tuple(map(float, SURNAMES.values())), tuple(r[0] for r in read), tuple(r[1] for r in read))


def _as_given(word: str) -> tuple[str, str]:
    """Read ``word`` as it sounds behind a surname, where it takes no surname reading of its own."""
    full, initials = name_pinyin(f"王{word}")
    return full.removeprefix("wang"), initials[1:]


@lru_cache(maxsize=2)
def _given(*, male: bool) -> _Words:
    """Whole names carry 55 % of the weight, combinations of a first and a second character the rest."""
    whole = MEN_WHOLE if male else WOMEN_WHOLE
    first, second = (MEN_FIRST, MEN_SECOND) if male else (WOMEN_FIRST, WOMEN_SECOND)
    made = [a + b for a in first for b in second if a != b]
    words = (*whole, *made)
    share = 0.45 / len(made)
    weights = (*(0.55 * w / sum(whole.values()) for w in whole.values()), *([share] * len(made)))
    read = [_as_given(word) for word in words]
    return _Words(words, weights, tuple(r[0] for r in read), tuple(r[1] for r in read))


def surname_indexes(random: np.random.Generator, count: int) -> Ints:
    """Draw surnames by their real-life shares."""
    return picked(random, _surnames().weights, count)


def chinese_names(random: np.random.Generator, surname: Ints, male: Bools) -> Named:
    """Return Chinese names: the given surnames, given names by sex."""
    heads, count = _surnames(), len(surname)
    men, women = _given(male=True), _given(male=False)
    pick_men, pick_women = picked(random, men.weights, count), picked(random, women.weights, count)
    sex = pa.array(male)

    def given(field: str) -> pa.StringArray:
        return pa.compute.if_else(sex, texts(getattr(men, field), pick_men), texts(getattr(women, field), pick_women))

    name = joined(texts(heads.words, surname), given("words"))
    return Named(
        name, name, joined(texts(heads.pinyin, surname), given("pinyin")), joined(texts(heads.initials, surname), given("initials")),
    )


def foreign_names(random: np.random.Generator, count: int) -> tuple[Named, pa.StringArray]:
    """Return names of foreigners in Latin letters, and their nationalities."""
    head, tail = random.integers(len(FOREIGN_GIVEN), size=count), random.integers(len(FOREIGN_SURNAMES), size=count)
    names = [f"{FOREIGN_GIVEN[a]} {FOREIGN_SURNAMES[b][0]}" for a, b in zip(head, tail, strict=True)]
    return _keyed(names), texts([country for _name, country in FOREIGN_SURNAMES], tail)


def _keyed(names: list[str]) -> Named:
    """Return ``names`` with their keys, one by one; for short lists."""
    read = [name_pinyin(name) for name in names]
    return Named(*(pa.array(column, type=pa.string()) for column in (
        names, [name_key(n) for n in names], [r[0] for r in read], [r[1] for r in read])))


def company_names(random: np.random.Generator, city: list[str], parent: Ints) -> tuple[Named, pa.StringArray]:
    """Return names of companies in ``city`` and their industries; ``parent[i]`` is the row of its mother, else ``i``."""
    count = len(city)
    brand, tail = random.integers(len(BRANDS), size=count), random.integers(len(BRAND_TAILS), size=count)
    trade, small = picked(random, [14, 12, 8, 8, 8, 7, 7, 4, 4, 5, 7, 6, 5, 5, 4, 3], count), random.random(count) < 0.15
    names = []
    for row in range(count):
        mother = int(parent[row])
        stem = BRANDS[brand[mother]] + BRAND_TAILS[tail[mother]]
        if mother != row:
            names.append(f"{city[mother]}{stem}{TRADES[trade[mother]][0]}有限公司{city[row].removesuffix('市')}第{row - mother}分公司")
        else:
            names.append(f"{city[row]}{stem}{TRADES[trade[row]][0]}{'股份' if small[row] else ''}有限公司")
    return _keyed(names), texts([industry for _word, industry in TRADES], trade)


def no_text(count: int) -> pa.StringArray:
    """Return ``count`` empty texts."""
    return constant("", count)
