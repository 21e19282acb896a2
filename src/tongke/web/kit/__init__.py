"""The web kit: pages as declarations. docs/ui.md tells how to use it; /kit shows every piece.

from tongke.web.kit import ListPage, Link, State, ChoiceFilter, FormPage, KitForm, Page, render
"""

from __future__ import annotations

from tongke.web.kit.bulk import Bulk
from tongke.web.kit.columns import Ago, Amount, Column, Day, Link, Masked, Moment, Number, Phone, Share, State, Tags, Text, YesNo, badge
from tongke.web.kit.export import Export
from tongke.web.kit.filters import (
    AnyOfFilter,
    ChoiceFilter,
    DayRangeFilter,
    Filter,
    FlagFilter,
    NumberRangeFilter,
    RunningFilter,
    TextFilter,
)
from tongke.web.kit.forms import FormPage
from tongke.web.kit.layout import actor_of, toast
from tongke.web.kit.listing import Button, Empty, ListPage
from tongke.web.kit.navigation import Action, Entry
from tongke.web.kit.page import Page, go, is_part, render
from tongke.web.kit.rows import COUNT_BOUND, Ask
from tongke.web.kit.signed import Signed
from tongke.web.kit.widgets import AmountField, DayField, DayInput, FileField, KitForm, MomentInput, PhoneField

__all__ = [
    "COUNT_BOUND", "Action", "Ago", "Amount", "AmountField", "AnyOfFilter", "Ask", "Bulk", "Button", "ChoiceFilter", "Column", "Day", "DayField",
    "DayInput", "DayRangeFilter", "Empty", "Entry", "Export", "FileField", "Filter", "FlagFilter", "FormPage", "KitForm", "Link", "ListPage",
    "Masked", "Moment", "MomentInput", "Number", "NumberRangeFilter", "Page", "Phone", "PhoneField", "RunningFilter", "Share", "Signed", "State", "Tags", "Text",
    "TextFilter", "YesNo", "actor_of", "badge", "go", "is_part", "render", "toast",
]
