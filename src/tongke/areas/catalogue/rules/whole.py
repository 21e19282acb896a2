"""A whole catalogue, or the part that a file speaks of, checked at once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongke.areas.catalogue.rules.content import BLOCKS, CatalogueContent
from tongke.areas.catalogue.rules.findings import Finder, Finding, Surroundings
from tongke.areas.catalogue.rules.offering_checks import offering_findings
from tongke.areas.catalogue.rules.selling import category_findings, price_list_findings, promotion_findings, rule_findings, tax_findings
from tongke.areas.catalogue.rules.specifications import specification_findings
from tongke.kernel.rules import rule

CODE_OF_TAX = "abcdefghijklmnopqrstuvwxyz0123456789_"
CHECKS: Mapping[str, Callable[[str, Any, Surroundings], list[Finding]]] = {
    "tax_rates": lambda _code, own, _around: tax_findings(own), "specifications": specification_findings, "offerings": offering_findings,
    "catalogues": lambda _code, _own, _around: [], "categories": category_findings,
    "price_lists": lambda _code, own, around: price_list_findings(own, around), "rules": lambda _code, own, around: rule_findings(own, around),
    "promotions": promotion_findings,
}


@rule("CAT-11", says=_("{code} is no code of the catalogue"), mend=_("Use 2 to 40 capital letters, digits, - or _, beginning with a letter or digit; for a tax category small letters, digits and _"),
      field="code")
def is_code(*, code: str, small: bool) -> bool:
    """Codes are typed and spoken: capitals, digits, dash and underscore only."""
    letters = CODE_OF_TAX if small else "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
    longest = 20 if small else 40
    return 2 <= len(code) <= longest and set(code) <= set(letters) and code[0] not in "_-"


def content_findings(noun: str, code: str, own: Any, around: Surroundings) -> list[Finding]:
    """Return every broken rule of one entry, paths within it."""
    found = Finder(())
    found.ask(is_code, "code", code=code, small=noun == "tax_rates")
    found.take(CHECKS[noun](code, own, around))
    return found.found


def catalogue_findings(catalogue: CatalogueContent, around: Surroundings) -> list[Finding]:
    """Return every broken rule of the entries of ``catalogue``; ``around`` is what they are checked against, themselves included."""
    return [
        finding.under(noun, code) for noun in BLOCKS for code, own in catalogue.block(noun).items() for finding in content_findings(noun, code, own, around)
    ]
