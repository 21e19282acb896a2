"""Words that stand in a reason in both languages: they are read when the sentence is, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

# Codes that other rooms own, as sentences name them; a code that is not known here stands for itself.
TECHNOLOGIES: dict[str, Any] = {
    "ftth_xgpon": gettext_lazy("Fibre (XG-PON)"), "ftth_gpon": gettext_lazy("Fibre (GPON)"), "lan": gettext_lazy("Ethernet in the building"),
    "adsl": gettext_lazy("Copper with DSL"), "copper": gettext_lazy("Copper, voice only"),
}
DOCUMENTS: dict[str, Any] = {
    "resident_id": gettext_lazy("Resident identity card"), "passport": gettext_lazy("Passport"), "hk_macao_permit": gettext_lazy("Hong Kong and Macao permit"),
    "taiwan_permit": gettext_lazy("Taiwan permit"), "foreigner_permit": gettext_lazy("Foreigner's residence permit"),
    "military_id": gettext_lazy("Military identity card"), "household_register": gettext_lazy("Household register"),
    "business_licence": gettext_lazy("Business licence (unified social credit code)"), "other": gettext_lazy("Other document"),
}


def in_english() -> bool:
    """Tell whether the active language is English; all others read Chinese names."""
    return (get_language() or "").startswith("en")


@dataclass(frozen=True, slots=True)
class Named:
    """A name in Chinese and English; written in the active language, or in the one that there is."""

    zh: str = ""
    en: str = ""

    def __str__(self) -> str:
        return (self.en or self.zh) if in_english() else (self.zh or self.en)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


UNNAMED = Named()


@dataclass(frozen=True, slots=True)
class Several:
    """Things listed one after the other; ``any_of`` says that one of them is enough."""

    items: tuple[Any, ...]
    any_of: bool = False

    def __bool__(self) -> bool:
        return bool(self.items)

    def __str__(self) -> str:
        words = [str(item) for item in self.items]
        if self.any_of and len(words) > 1:
            return _("{these} or {last}").format(these=_list(words[:-1]), last=words[-1])
        return _list(words)


def _list(words: Sequence[str]) -> str:
    return (", " if in_english() else "、").join(words)


SIGNS = {"CNY": "¥"}


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money as a sentence shows it: ¥1,000.00; behind its code where the currency has no sign."""

    amount: Decimal
    currency: str = "CNY"

    def __str__(self) -> str:
        sign = SIGNS.get(self.currency)
        return f"{sign}{self.amount:,.2f}" if sign else f"{self.amount:,.2f} {self.currency}"


@dataclass(frozen=True, slots=True)
class Aside:
    """Something said in brackets behind a sentence, or nothing."""

    said: Any = ""

    def __str__(self) -> str:
        said = str(self.said)
        return f" ({said})" if said else ""


@dataclass(frozen=True, slots=True)
class WayOut:
    """How a contract may be left before its end: against a penalty, or by agreement where its version names none."""

    penalty: Amount

    def __str__(self) -> str:
        if self.penalty.amount > 0:
            return _("pay the penalty of {penalty}").format(penalty=self.penalty)
        return _("agree on ending the contract")


@dataclass(frozen=True, slots=True)
class Coded:
    """A thing by its name (``Named`` or a label), with its code behind; by its code alone where it has no name."""

    name: Any
    code: str

    def __str__(self) -> str:
        return f"{self.name} ({self.code})" if self.name else self.code

    @classmethod
    def of(cls, content: Any, code: object) -> Coded:
        """Return the thing that ``content`` says the names of; ``None``: known by its code alone."""
        return cls(UNNAMED if content is None else Named(content.name_zh, content.name_en), str(code))


@dataclass(frozen=True, slots=True)
class Way:
    """Steps from one thing to the next; a step of one character stands between two things by itself."""

    steps: tuple[Any, ...]
    between: str = " → "

    def __str__(self) -> str:
        return self.between.join(str(step) for step in self.steps).replace(f"{self.between}×{self.between}", " × ")

    def __bool__(self) -> bool:
        return bool(self.steps)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as a sentence shows it, in the reader's time zone."""

    at: datetime

    def __str__(self) -> str:
        return localtime(self.at).strftime("%Y-%m-%d %H:%M")
