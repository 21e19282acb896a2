"""Rules of addresses, and the parts that can be read from an address in free text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from tongke.areas.party.rules.customers import is_clean, unfit
from tongke.areas.party.rules.drafts import AddressDraft
from tongke.areas.party.rules.media import starts_by_now
from tongke.areas.party.states import AddressKind
from tongke.kernel.keys import address_key
from tongke.kernel.rules import Broken, collect, rule

KINDS = frozenset(AddressKind.values)
HAN = "[\u4e00-\u9fff]"
MUNICIPALITIES = ("北京", "上海", "天津", "重庆")
POSTCODE = re.compile(r"(?<!\d)(\d{6})(?!\d)\s*$|^\s*(\d{6})(?!\d)")
COUNTRY = re.compile(r"^(中华人民共和国|中国)")
PROVINCE = re.compile(rf"^(?:(?:北京|上海|天津|重庆)市?|{HAN}{{2,3}}?省|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:香港|澳门)特别行政区)")
CITY = re.compile(rf"^{HAN}{{2,11}}?(?:自治州|地区|盟|市)")
DISTRICT = re.compile(rf"^{HAN}{{1,10}}?(?:自治县|自治旗|新区|开发区|高新区|区|县|市|旗)(?![一-鿿]?[路街])")
SUBDISTRICT = re.compile(rf"^{HAN}{{1,8}}?(?:街道|镇|乡)(?:{HAN}{{1,8}}?社区)?")
STREET = re.compile(
    rf"^[\dA-Za-z]{{0,4}}{HAN}{{1,14}}?(?:大道|大街|中路|东路|西路|南路|北路|路|街|道|巷|弄|胡同)(?:{HAN}{{1,2}}段)?"
    r"(?:\d+[弄巷支](?:\d+号)?)?(?:\d+(?:-\d+)?号(?!楼)(?:之?[\d一二三四五六七八九十]+)?)?"
)
DETAIL = re.compile(r"(?:[\dA-Za-z一二三四五六七八九十]+(?:幢|栋|号楼|座|单元|楼|层|室)|[\d]+-[\d-]+$|[\d]{3,4}$).*$")


@dataclass(frozen=True, slots=True)
class AddressParts:
    """An address in parts, its whole text, and the two keys under which it is searched by prefix."""

    province: str
    city: str
    district: str
    street: str
    place: str
    detail: str
    postcode: str
    full: str
    street_key: str
    place_key: str


def _cut(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.match(text)
    return (found.group(), text[found.end():]) if found else ("", text)


def _regions(text: str) -> tuple[str, str, str, str]:
    """Cut province, city and district from the front; a municipality is its own city."""
    province, text = _cut(PROVINCE, text)
    if province.removesuffix("市") in MUNICIPALITIES:
        city = province.removesuffix("市") + "市"
        text = text.removeprefix(city)
        province = city
    else:
        city, text = _cut(CITY, text)
    district, text = _cut(DISTRICT, text)
    return province, city, district, text


def read_address(full: str) -> AddressParts:
    """Read the parts of a Chinese address in free text, as well as it can be done without a gazetteer.

    What cannot be told apart stays in the later part, so that nothing is lost. Text without 汉字 is
    taken as a street. Linear in the length of the text, which is cut at 400 signs.
    """
    shown = unicodedata.normalize("NFKC", full).strip()[:400]
    code = POSTCODE.search(shown)
    text = re.sub(r"[\s,，。;；]+", "" if re.search(HAN, shown) else " ", POSTCODE.sub("", shown)).strip()
    if not re.search(HAN, text):
        return AddressParts("", "", "", text[:100], "", "", (code.group(1) or code.group(2)) if code else "", shown, address_key(text)[:300], "")
    province, city, district, rest = _regions(COUNTRY.sub("", text))
    _subdistrict, rest = _cut(SUBDISTRICT, rest)
    street, rest = _cut(STREET, rest)
    inner = DETAIL.search(rest)
    place, detail = (rest[:inner.start()], inner.group()) if inner else (rest, "")
    return AddressParts(
        province[:40], city[:40], district[:40], street[:100], place[:100], detail[:100],
        (code.group(1) or code.group(2)) if code else "", shown,
        address_key(street + place + detail)[:300], address_key(place + detail)[:300] if place else "",
    )


def address_parts(draft: AddressDraft) -> AddressParts:
    """Return the parts of ``draft``: those given, the others read from its text; the keys follow the parts."""
    read = read_address(draft.full)
    given = {name: value.strip() for name in ("province", "city", "district", "street", "place", "detail", "postcode")
             if (value := getattr(draft, name))}
    if not given:
        return read
    parts = replace(read, **given)
    text = parts.street + parts.place + parts.detail
    return replace(parts, street_key=address_key(text)[:300], place_key=address_key(parts.place + parts.detail)[:300] if parts.place else "")


@rule("PTY-44", says=_("The address is empty or longer than 400 signs"), mend=_("Write street, number and room"), field="full")
def address_has_text(*, full: str) -> bool:
    """An address says something, in at most 400 signs."""
    return bool(address_key(full)) and len(full) <= 400 and is_clean(full)


@rule("PTY-45", says=_("The purpose or country of the address is not known"), mend=_("Choose one of the list"), field="kind")
def address_words_are_known(*, kind: str, country: str) -> bool:
    """The kind comes from the list; the country is a two-letter code."""
    return kind in KINDS and len(country) == 2 and country.isascii() and country.isupper()


def broken_in_address(draft: AddressDraft, *, at: datetime) -> list[Broken]:
    """Return every rule that the address breaks."""
    parts = (("province", 40), ("city", 40), ("district", 40), ("street", 100), ("place", 100), ("detail", 100), ("postcode", 12))
    return unfit((name, getattr(draft, name), length) for name, length in parts) + collect((address_has_text, {"full": draft.full}), (address_words_are_known, {"kind": draft.kind, "country": draft.country}),
        (starts_by_now, {"valid_from": draft.valid_from, "at": at}))
