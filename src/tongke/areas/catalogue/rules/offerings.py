"""Rules of offerings: pure, each with its code."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from tongke.kernel.rules import rule

_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{1,39}")


@rule("CAT-01", says=_("{code} is not an offering code"),
      mend=_("Use 2 to 40 capital letters, digits, - or _, beginning with a letter or digit"), field="code")
def is_offering_code(*, code: str) -> bool:
    """Codes are typed and spoken: capitals, digits, dash and underscore only."""
    return _CODE.fullmatch(code) is not None


@rule("CAT-02", says=_("The monthly fee {monthly_fee} is below zero"), mend=_("Give a fee of zero or more"), field="monthly_fee")
def is_fee(*, monthly_fee: Decimal) -> bool:
    """An offering costs nothing or something."""
    return monthly_fee >= 0
