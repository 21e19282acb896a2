"""Keys under which words are found again: names in 汉字 and pinyin, numbers, addresses.

Both sides of every search use these functions: what is stored and what is typed meet in the same form.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.style import convert

# Readings that a character has only as a surname (Xinhua dictionary, surname readings).
SURNAME_READING = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "任": "ren", "区": "ou", "朴": "piao",
    "盖": "ge", "缪": "miao", "纪": "ji", "尹": "yin", "冼": "xian", "么": "yao", "乐": "yue", "员": "yun",
    "黑": "he", "重": "chong", "秘": "bi", "折": "she", "繁": "po", "洗": "xian", "种": "chong", "覃": "qin",
    "翟": "zhai", "宁": "ning", "牟": "mu", "臧": "zang", "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun",
    "单于": "chan yu", "澹台": "tan tai", "令狐": "ling hu",
}
PERSONAL_NAME_LENGTH = 4
_SPACES = re.compile(r"[\s·•.,'’\-]+")
_NOT_DIGIT = re.compile(r"[^0-9+]")


def name_key(name: str) -> str:
    """Return ``name`` as names are compared: NFKC, lower case, without spaces and dots."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", name)).casefold()


@lru_cache(maxsize=30_000)
def _reading(character: str) -> str:
    known = PINYIN_DICT.get(ord(character))
    if known is None:
        return character if character.isalnum() else ""
    return str(convert(known.split(",")[0], Style.NORMAL, strict=False)).replace("ü", "v")


def name_pinyin(name: str) -> tuple[str, str]:
    """Return (full pinyin without tones, initials) of a name, e.g. 单雄信 → (``shanxiongxin``, ``sxx``).

    A surname takes its surname reading; ``ü`` is written ``v`` as it is typed. Latin names give
    themselves and their words' first letters.
    """
    key = name_key(name)
    if key.isascii():
        words = [w for w in _SPACES.split(unicodedata.normalize("NFKC", name).casefold()) if w]
        return key, "".join(w[0] for w in words)
    if len(key) > PERSONAL_NAME_LENGTH:
        # Organisations and long foreign names: words decide the readings (银行 is yinhang).
        words = [w.replace("ü", "v") for w in lazy_pinyin(key, style=Style.NORMAL)]
        return "".join(words), "".join(w[:1] for w in words)
    head = SURNAME_READING.get(key[:2])
    if head is not None:
        parts = [*head.split(), *(_reading(c) for c in key[2:])]
    else:
        parts = [SURNAME_READING.get(key[:1]) or _reading(key[:1]), *(_reading(c) for c in key[1:])]
    return "".join(parts), "".join(p[:1] for p in parts)


@lru_cache(maxsize=4096)
def phone_e164(given: str, *, region: str = "CN") -> str | None:
    """Return a phone number in E.164, or ``None`` where it is no possible number of ``region`` or abroad."""
    text = _NOT_DIGIT.sub("", unicodedata.normalize("NFKC", given))
    if not text:
        return None
    # The common case by rule instead of the general parser: 11 digits from 13 to 19 are a Chinese mobile number.
    if region == "CN" and len(text) == 11 and text[0] == "1" and text[1] in "3456789":
        return f"+86{text}"
    if len(text) == 14 and text[:4] == "+861" and text[4] in "3456789" and "+" not in text[1:]:
        return text
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


_ADDRESS_NOISE = re.compile(r"[\s,，。.;；、\-—#]+")


def address_key(text: str) -> str:
    """Return address text as addresses are compared: NFKC, lower case, without spaces and punctuation,
    号楼 and 栋 as 幢, 室 left out at the end.
    """
    key = _ADDRESS_NOISE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return key.replace("号楼", "幢").replace("栋", "幢").removesuffix("室")


def document_key(number: str) -> str:
    """Return an identity document's number as it is compared: NFKC, upper case, letters and digits only."""
    return "".join(c for c in unicodedata.normalize("NFKC", number).upper() if c.isalnum())


def mask_document(number: str) -> str:
    """Return what everybody may see of a document's number: first 4 and last 2 of long ones, last 2 of short ones."""
    key = document_key(number)
    if len(key) >= 12:
        return f"{key[:4]}{'*' * (len(key) - 6)}{key[-2:]}"
    return f"{'*' * max(len(key) - 2, 2)}{key[-2:]}"
