"""Contact media of documents, in the fourth versions' form and in the fifth's, and the verbs that make the record agree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tongke.areas.party import services
from tongke.areas.party.services import AddressDraft, MediumDraft
from tongke.kernel.actor import Actor
from tongke.kernel.errors import Invalid
from tongke.kernel.keys import phone_e164
from tongke.tmf.kit.mapping import Col, Node, Obj
from tongke.tmf.kit.shapes import ContactMedium

POSTAL = ("home", "work", "billing", "installation", "registered")
WORDS = {f"postal_{use}": "postalAddress" for use in POSTAL} | {"wechat": "wechat", "web_id": "socialNetwork"}
CLASSES = {f"postal_{use}": "GeographicAddressContactMedium" for use in POSTAL} | {
    "mobile": "PhoneContactMedium", "phone": "PhoneContactMedium", "fax": "FaxContactMedium", "email": "EmailContactMedium",
    "wechat": "SocialContactMedium", "web_id": "SocialContactMedium",
}
# Names of countries as senders write them; two letters are taken as they are.
COUNTRIES = {
    "china": "CN", "中国": "CN", "hong kong": "HK", "香港": "HK", "macao": "MO", "澳门": "MO", "taiwan": "TW", "台湾": "TW", "japan": "JP",
    "日本": "JP", "korea": "KR", "south korea": "KR", "韩国": "KR", "singapore": "SG", "新加坡": "SG", "united states": "US", "usa": "US", "美国": "US",
    "united kingdom": "GB", "uk": "GB", "英国": "GB", "france": "FR", "法国": "FR", "germany": "DE", "德国": "DE", "canada": "CA", "加拿大": "CA",
    "australia": "AU", "澳大利亚": "AU", "russia": "RU", "俄罗斯": "RU", "india": "IN", "印度": "IN", "spain": "ES", "italy": "IT", "netherlands": "NL",
}
PERIOD: Node = Obj({"startDateTime": Col("valid_from", loose=True), "endDateTime": Col("valid_until", spare=True)})
# Numbers and addresses are brought into one form each, so that what goes out may be written otherwise than what came in.
PLACE: dict[str, Node] = {
    "street1": Col("street", loose=True), "city": Col("city"), "stateOrProvince": Col("province"), "country": Col("country", loose=True),
    "postCode": Col("postcode"),
}
VALUES: dict[str, Node] = {
    "phoneNumber": Col("phone", loose=True), "faxNumber": Col("fax", loose=True), "emailAddress": Col("email", loose=True),
    "socialNetworkId": Col("social", loose=True),
}
V4: dict[str, Node] = {
    "id": Col("id", loose=True), "mediumType": Col("kind", values=WORDS, loose=True), "preferred": Col("preferred", spare=True),
    "characteristic": Obj({**VALUES, **PLACE, "contactType": Col("use", loose=True, spare=True)}), "validFor": PERIOD,
}
V5: dict[str, Node] = {
    "id": Col("id", loose=True), "@type": Col("kind", values=CLASSES, loose=True), "preferred": Col("preferred", spare=True),
    "contactType": Col("sort", loose=True, spare=True), **VALUES, **PLACE, "validFor": PERIOD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to reach a party, as a document says it: a number or mail address, or a place. ``kind`` is the room's word."""

    kind: str
    value: str = ""
    preferred: bool = False
    city: str = ""
    province: str = ""
    country: str = ""
    postcode: str = ""
    use: str = ""
    since: datetime | None = None
    consent: str = field(default="", compare=False)
    ident: str = field(default="", compare=False)
    path: str = field(default="", compare=False)

    @property
    def is_place(self) -> bool:
        """Tell whether this is a postal address."""
        return self.kind == "postal"

    def medium(self) -> MediumDraft:
        """Return the way as a medium to be recorded."""
        return MediumDraft(kind=self.kind, given=self.value, preferred=self.preferred, valid_from=self.since, consent=self.consent)

    def address(self) -> AddressDraft:
        """Return the way as an address to be recorded; 汉字 addresses are told whole, from the province on."""
        ahead = "".join(part for part in (self.province, self.city) if part not in self.value) if any("\u4e00" <= c <= "\u9fff" for c in self.value) else ""
        return AddressDraft(full=ahead + self.value, kind=self.use or "home", country=self.country or "CN", province=self.province, city=self.city,
                            postcode=self.postcode, valid_from=self.since)


def ways(media: Iterable[Any] | None) -> list[Way]:
    """Return the ways of a document, of either version. Raises ``Invalid`` where an item says no number, address or place."""
    return [_way(item, f"contactMedium[{place}]") for place, item in enumerate(media or ())]


def _way(item: Any, path: str) -> Way:
    """Read one item: the fourth versions hold its values in ``characteristic``, the fifth in itself."""
    held = item.characteristic if isinstance(item, ContactMedium) else item
    words = f"{getattr(item, 'medium_type', None) or item.at_type or ''} {getattr(held, 'contact_type', None) or ''}".lower()

    def said(name: str) -> str:
        return str(getattr(held, name, None) or "").strip()

    facts: dict[str, Any] = {
        "preferred": bool(item.preferred), "since": item.valid_for.start_date_time if item.valid_for else None,
        "ident": str(getattr(item, "id", None) or (item.model_extra or {}).get("id") or ""), "consent": str((item.model_extra or {}).get("consent") or ""),
        "path": path,
    }
    if said("fax_number"):
        return Way(kind="fax", value=said("fax_number"), **facts)
    if said("phone_number"):
        return Way(kind=phone_kind(words, said("phone_number")), value=said("phone_number"), **facts)
    if said("email_address"):
        return Way(kind="email", value=said("email_address"), **facts)
    if said("social_network_id"):
        return Way(kind="wechat" if "wechat" in words or "weixin" in words or "微信" in words else "web_id", value=said("social_network_id"), **facts)
    if said("street1"):
        return Way(kind="postal", value=said("street1"), city=said("city"), province=said("state_or_province"), country=_country(said("country")),
                   postcode=said("post_code"), use=_use(said("contact_type")), **facts)
    raise Invalid(what=f"{path}: phoneNumber, faxNumber, emailAddress, socialNetworkId, street1", field=path)


def phone_kind(words: str, number: str) -> str:
    """Return which kind of phone is meant: as the words say, else as the number is built."""
    if "fax" in words:
        return "fax"
    if "mobile" in words or "cell" in words or "手机" in words:
        return "mobile"
    known = phone_e164(number) or ""
    is_mobile = known.startswith("+861") and len(known) == 14
    return "phone" if "landline" in words or "fixed" in words or "phone" in words.split() or not is_mobile else "mobile"


def _country(text: str) -> str:
    return text.upper() if len(text) == 2 else COUNTRIES.get(text.lower(), text)


def _use(text: str) -> str:
    """Return what an address is for, of the room's words; a word that is none of them stays, to be refused by its rule."""
    lower = text.lower()
    for use, marks in {"home": ("home", "residen", "personal"), "work": ("work", "office", "business"), "billing": ("bill", "invoice"),
                       "installation": ("install", "service"), "registered": ("regist", "legal", "headquarter")}.items():
        if any(mark in lower for mark in marks):
            return use
    return text


def drafts(found: Sequence[Way]) -> tuple[tuple[MediumDraft, ...], tuple[AddressDraft, ...]]:
    """Return media and addresses of a new record."""
    return tuple(way.medium() for way in found if not way.is_place), tuple(way.address() for way in found if way.is_place)


def settle(record_id: UUID, before: Sequence[Way], after: Sequence[Way], *, by: Actor, at: datetime) -> None:
    """Make the record agree with the ways of a document: what is gone ends, what is new begins, what is another is replaced.

    Raises ``Invalid`` where a masked value would be written in the place of the one behind it.
    """
    held = {way.ident: way for way in before if way.ident}
    staying = {way.ident: way for way in after if way.ident in held}
    for ident, way in held.items():
        if ident not in staying or _is_another(way, staying[ident]):
            (services.end_address if way.is_place else services.end_medium)(record_id, UUID(ident), by=by, at=at)
    for way in after:
        old = held.get(way.ident)
        if old is None or _is_another(old, way):
            _add(record_id, way if old is None or old.since != way.since else replace(way, since=None), by=by, at=at)
        elif _is_moved(old, way):
            services.change_address(record_id, UUID(old.ident), _bare(replace(way, since=None), by=by).address(), by=by, at=at)
        elif way.preferred and not old.preferred and not way.is_place:
            services.prefer_medium(record_id, UUID(old.ident), by=by, at=at)


def _is_another(old: Way, new: Way) -> bool:
    """Tell whether the old one ends and the new one begins; an address is replaced in one step instead."""
    if old.is_place and new.is_place:
        return False
    return (old.kind, old.value, old.since) != (new.kind, new.value, new.since)


def _is_moved(old: Way, new: Way) -> bool:
    return old.is_place and replace(old, preferred=new.preferred, since=new.since) != new


def _bare(way: Way, *, by: Actor) -> Way:
    """Return the way if it is no mask of a value that the sender may not see."""
    kind = "address" if way.is_place else "email" if way.kind == "email" else "phone"
    if "*" in way.value and not by.may(f"party.see_{kind}"):
        raise Invalid(what=way.path, field=way.path)
    return way


def _add(record_id: UUID, way: Way, *, by: Actor, at: datetime) -> None:
    if way.is_place:
        services.add_address(record_id, _bare(way, by=by).address(), by=by, at=at)
    else:
        services.add_medium(record_id, _bare(way, by=by).medium(), by=by, at=at)
