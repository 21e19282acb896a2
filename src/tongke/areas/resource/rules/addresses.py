"""Reading an address in free text, Chinese or English, into the keys of the address tree.

A key is a name as it is compared below one parent: 5幢, 五栋 and Building 5 are all ``5``; 文三路 and Wensan Road meet in
``wensan``. Nothing here knows which places there are: the tree decides (``resource_place_match``).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

LENGTH_MAX = 400
HAN = "[\u4e00-\u9fff〇]"
_NUMERALS = "零〇一二三四五六七八九十百两"
_COUNTED = re.compile(rf"([{_NUMERALS}]+)(?=号楼|号院|号|幢|栋|座|单元|室|楼|层|弄|房|#)")
_LAST = re.compile(r"(?<=[幢栋座元楼层\d])([零〇一二三四五六七八九]{3,4})(?=室?$)")
_NOISE = re.compile(r"[\s,，。.;；:：、()（）\[\]【】·'\"“”]+")
_POSTCODE = re.compile(r"^\d{6}(?!\d)|(?<!\d)\d{6}$")
_COUNTRY = re.compile(r"^(中华人民共和国|中国)")
_MUNICIPALITY = re.compile(r"^(北京|上海|天津|重庆)市?(?:(北京|上海|天津|重庆)市)?")
_PROVINCE = re.compile(rf"^({HAN}{{2,3}}?)省|^(内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|^(香港|澳门)特别行政区")
_CITY = re.compile(rf"^({HAN}{{2,11}}?)(?:自治州|地区|盟|市)(?![场中心]|[路街])")
_DISTRICT = re.compile(rf"^({HAN}{{1,10}}?)(?:自治县|自治旗|新区|开发区|高新区|(?<![小社])区|县|市|旗)(?!{HAN}?[路街])(?!场)")
_TOWN = re.compile(rf"^{HAN}{{2,8}}?(?:街道|镇|乡)(?:{HAN}{{1,8}}?社区)?(?!{HAN}?[路街])")
_STREET = re.compile(rf"^((?:[\da-z]{{0,4}}{HAN}{{1,12}}?|{HAN}{{1,4}}\d{{1,3}}{HAN}{{0,6}}?)(?:大道|大街|中路|东路|西路|南路|北路|路|街|道|巷|胡同))(?:{HAN}{{1,2}}段)?")
_DOOR = re.compile(r"^(\d+(?:-\d+)?)(弄|号院|号(?!楼))(?:之(\d+))?(?:(\d+)号(?!楼))?")
_BUILDING = re.compile(r"(\d+|[a-z]|[甲乙丙丁东西南北中])(?:号楼|幢|栋|座|#)")
_UNIT = re.compile(r"(\d+|[a-z]|[甲乙丙丁东西中])单元")
_FLOOR = re.compile(r"(\d+)(?:楼|层)")
_ROOM = re.compile(r"([a-z]?\d{1,5}[a-z]?)(?:室|房|号房)?$")
_DASHED = re.compile(r"(\d+|[a-z])-(?:(\d+)-)?([a-z]?\d{2,5}[a-z]?)(?:室|房)?$")
_REGION_END = re.compile(r"(?<=..)(?:省|市|区|县|旗|自治州|地区|盟|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区)$")
_BUILDING_END = re.compile(r"(号楼|幢|栋|座|#)$")

# Words of kind at the end of a name, in English and in pinyin: a name is compared without them.
_LATIN_KINDS = (
    "road rd street st avenue ave boulevard blvd lane ln alley highway hwy district dist county city province prov community garden gardens"
    " residence residences apartment apartments village estate court mansion mansions compound new xincun huayuan xiaoqu jiayuan gongyu mingdi yaju"
    " lu jie dao dadao dajie xiang hutong qu shi sheng xian yuan"
).split()
_LATIN_SIDES = {
    "east": "dong", "west": "xi", "south": "nan", "north": "bei", "middle": "zhong", "central": "zhong", "mid": "zhong",
    "donglu": "dong", "xilu": "xi", "nanlu": "nan", "beilu": "bei", "zhonglu": "zhong",
}
_HAN_KINDS = re.compile(
    r"(?<=..)(?:大道|大街|路|街|道|巷|胡同|省|市|区|县|花园|新村|公寓|小区|家园|名邸|雅居|苑|社区|村|院)$"
)
_LATIN_DOOR = re.compile(r"^(?:no\.?\s*)?(\d+(?:-\d+)?)\b\.?\s*")
_LATIN_PART = re.compile(r"\b(room|rm|flat|apt|suite|unit|building|bldg|block|floor|fl)\.?\s*(?:no\.?\s*)?#?\s*([a-z]?\d+[a-z]?|[a-z])\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceWords:
    """What an address says, as keys; empty where it says nothing. ``names`` are looked up in the tree; those that are
    ``sure`` must stand above what is found, or the answer is in doubt.
    """

    names: tuple[str, ...]
    sure: tuple[str, ...] = ()
    door: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    head: str = ""
    """The part before building, unit and room, without separators: cut anew where the names are not known."""

    @property
    def says_something(self) -> bool:
        """Tell whether there is anything to look for."""
        return bool(self.names)

    def cut_anew(self, *, length_max: int = 12) -> PlaceWords:
        """Return the words with every piece of the head as a possible name: for addresses that leave 市, 区 and 路 out."""
        return PlaceWords(names=tuple(sorted(_pieces(self.head[:60], length_max))), door=self.door, building=self.building, unit=self.unit, room=self.room, head=self.head)


def _pieces(text: str, length_max: int) -> set[str]:
    """Return every piece of two signs and more."""
    return {text[at:at + size] for size in range(2, length_max + 1) for at in range(len(text) - size + 1)}


def arabic(numeral: str) -> str:
    """Return a Chinese numeral in Arabic digits: 十二 and 一二 are 12, 三〇一 is 301, 二十五 is 25, 一百零五 is 105."""
    if not any(sign in numeral for sign in "十百"):
        return "".join(str(int(unicodedata.numeric("二" if sign == "两" else sign))) for sign in numeral)
    total, digit = 0, 0
    for sign in numeral:
        value = int(unicodedata.numeric("二" if sign == "两" else sign))
        if value in (10, 100):
            total, digit = total + (digit or 1) * value, 0
        else:
            digit = value
    return str(total + digit)


def squashed(text: str) -> str:
    """Return text as it is read: NFKC, lower case, one line, at most 400 signs; ○ is a zero."""
    return unicodedata.normalize("NFKC", text)[:LENGTH_MAX].replace("○", "〇").replace("\0", "").casefold().strip()


def _plain(text: str) -> str:
    """Return Chinese address text without separators and with Arabic numbers before and after the words of parts."""
    text = _POSTCODE.sub("", _NOISE.sub(" ", text).strip()).replace("—", "-").replace("–", "-").replace("－", "-")
    text = re.sub(r"\s+", "", text)
    text = _COUNTED.sub(lambda found: arabic(found.group(1)), text)
    return _LAST.sub(lambda found: arabic(found.group(1)), text)


@lru_cache(maxsize=20_000)
def latin_key(name: str) -> str:
    """Return a name in Latin letters as it is compared: 文三路, Wensan Road and Wen San Lu are ``wensan``."""
    text = squashed(name)
    if re.search(HAN, text):
        core = _HAN_KINDS.sub("", re.sub(r"\s+", "", text))
        return "".join(lazy_pinyin(core, style=Style.NORMAL)).replace("ü", "v")
    words = [_LATIN_SIDES.get(word, word) for word in re.split(r"[\s.\-]+", text.replace("'", "")) if word]
    while len(words) > 1 and words[-1] in _LATIN_KINDS:
        words.pop()
    return "".join(words)


def name_key(name: str) -> str:
    """Return a place's name as it is compared: no blanks; a region without 省, 市, 区, 县."""
    return re.sub(r"[\s·.\-]+", "", squashed(name))


def region_key(name: str) -> str:
    """Return a region's name without its kind: 西湖区 and 西湖 are ``西湖``, 下城 too; 郊区 stays what it is."""
    return _REGION_END.sub("", name_key(name))


def part_key(level: str, name: str) -> str:
    """Return the key of a numbered part: building, unit or room."""
    text = _plain(squashed(name))
    if level == "building":
        if found := _LATIN_PART.search(squashed(name)):
            return found.group(2)
        found = _BUILDING.fullmatch(text) or re.fullmatch(r"(\d+)号", text)
        return found.group(1) if found else _BUILDING_END.sub("", text)
    if found := _LATIN_PART.search(squashed(name)):
        return found.group(2)
    if level == "unit":
        return text.removesuffix("单元")
    return re.sub(r"(室|房|号房)$", "", text)


def place_key(level: str, name: str) -> str:
    """Return the key of a place of ``level`` below its parent."""
    if level in ("province", "city", "district"):
        return region_key(name)
    if level in ("building", "unit", "room"):
        return part_key(level, name)
    return name_key(name)


def door_key(given: str) -> str:
    """Return the street number of a house: 138号 and No. 138 are ``138``, 100弄 stays a lane."""
    text = _plain(squashed(given))
    return re.sub(r"^no\.?", "", re.sub(r"(号院|号)$", "", text))


def read_place(text: str) -> PlaceWords:
    """Read an address in free text. Linear in its length, which is cut at 400 signs."""
    shown = squashed(text)
    return _read_han(shown) if re.search(HAN, shown) else _read_latin(shown)


def _read_han(shown: str) -> PlaceWords:
    text = _COUNTRY.sub("", _plain(shown))
    names: list[str] = []
    if found := _MUNICIPALITY.match(text):
        names.append(found.group(1))
        text = text[found.end():]
    for pattern in (_PROVINCE, _CITY, _DISTRICT):
        if found := pattern.match(text):
            names.append(next(group for group in found.groups() if group))
            text = text[found.end():]
    regions = bool(names)
    text, building, unit, room = _tail(text)
    head = text
    if found := _TOWN.match(text):
        text = text[found.end():]
    door = ""
    if found := _STREET.match(text):
        names.append(found.group(1))
        text = text[found.end():]
        if numbered := _DOOR.match(text):
            door, building = _door_of(numbered, building)
            text = text[numbered.end():]
    text = _FLOOR.sub("", text).strip("-")
    if text:
        names.append(text)
    sure = tuple(dict.fromkeys(names))
    if not regions and names and len(names[0]) > 3:
        # 杭州文三路: without 市 and 区, what stands first may hold the names of regions too.
        return PlaceWords(
            names=tuple(dict.fromkeys([*names, *sorted(_pieces(names[0], 8))])), sure=sure[1:], door=door, building=building, unit=unit, room=room, head=_whole(names, head))
    return PlaceWords(names=sure, sure=sure, door=door, building=building, unit=unit, room=room, head=_whole(names, head))


def _whole(names: list[str], head: str) -> str:
    """Return the regions that were cut off and the head: all that may hold names."""
    return "".join(name for name in names if name not in head) + head


def _door_of(numbered: re.Match[str], building: str) -> tuple[str, str]:
    """Return the door and the building that a street number says: 100弄5号 is the house 5 of the lane 100."""
    number, word, further, house = numbered.groups()
    door = f"{number}弄" if word == "弄" else number
    return door, building or house or further or ""


def _tail(text: str) -> tuple[str, str, str, str]:
    """Cut building, unit and room off the end; what is left is the head."""
    if found := _DASHED.search(text):
        before = text[:found.start()]
        first, middle, last = found.groups()
        told = _BUILDING.search(before)
        if told:  # 5幢2-301: the building is said, the dash parts unit and room
            return before[:told.start()], told.group(1), first, last
        return before, first, middle or "", last
    building = unit = room = ""
    head = text
    if found := _UNIT.search(text):
        unit, rest, head = found.group(1), text[found.end():], text[:found.start()]
        room = _room_of(rest)
    if told := _BUILDING.search(head):
        building, rest, head = told.group(1), head[told.end():], head[:told.start()]
        room = room or _room_of(rest)
    elif not unit and (last := _ROOM.search(text)) and (last.end() > last.end(1) or _is_inner(text[:last.start()])):
        room, head = last.group(1), _FLOOR.sub("", text[:last.start()])
    return head, building, unit, room


def _is_inner(before: str) -> bool:
    """Tell whether a bare number after ``before`` is a room: the street number has been said, or a floor, or a name stands before."""
    return bool(re.search(rf"(?:号|楼|层|弄|{HAN})$", before)) and not re.search(r"(?:路|街|道|巷|胡同)$", before)


def _room_of(rest: str) -> str:
    found = _ROOM.search(_FLOOR.sub("", rest) or rest)
    return found.group(1) if found else ""


def _read_latin(shown: str) -> PlaceWords:
    """Read an address in Latin letters, from the room to the province, parted by commas."""
    parts = {"building": "", "unit": "", "room": ""}
    words = {"room": "room", "rm": "room", "flat": "room", "apt": "room", "suite": "room", "unit": "unit", "building": "building", "bldg": "building",
             "block": "building"}

    def keep(found: re.Match[str]) -> str:
        if name := words.get(found.group(1)):
            parts[name] = parts[name] or found.group(2)
        return " "

    names: list[str] = []
    door = ""
    for piece in re.split(r"[,;\n]+", shown):
        left = _LATIN_PART.sub(keep, piece).strip(" .-")
        if (found := _LATIN_DOOR.match(left)) and re.search("[a-z]", left[found.end():]):
            door, left = found.group(1), left[found.end():]
        if re.search("[a-z]", left) and left not in ("china", "p.r. china", "pr china"):
            names.append(latin_key(left))
    known = tuple(dict.fromkeys(names))
    return PlaceWords(names=known, sure=known, door=door, building=parts["building"], unit=parts["unit"], room=parts["room"], head="")


def keys_of(level: str, name: str, name_en: str = "") -> list[tuple[str, str, str]]:
    """Return (kind, name, key) of every name under which a named place is found."""
    out = [("official", name, name_key(name))]
    if level in ("province", "city", "district") and region_key(name) != out[0][2]:
        out.append(("alias", name, region_key(name)))
    out.append(("latin", name_en or name, latin_key(name_en or name)))
    if name_en:
        out.append(("latin", name, latin_key(name)))
    return list({key: (kind, said, key) for kind, said, key in reversed(out) if key}.values())
