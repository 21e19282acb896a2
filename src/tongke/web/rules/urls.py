"""Addresses of the pages of the eligibility rules."""

from django.urls import path

from tongke.web.rules import pages, trying

_RULE = "catalogue/rules/<uuid:rule_id>"
urlpatterns = [
    path("catalogue/rules", pages.Rules.as_view(), name="catalogue-rules"),
    path("catalogue/rules/new", pages.ChooseKind.as_view(), name="catalogue-rule-new"),
    path("catalogue/rules/new/<str:kind>", pages.NewRule.as_view(), name="catalogue-rule-new-kind"),
    path("catalogue/rules/try", trying.TryRules.as_view(), name="catalogue-rules-try"),
    path(_RULE, pages.RulePage.as_view(), name="catalogue-rule"),
    path(f"{_RULE}/edit", pages.ChangeDraft.as_view(), name="catalogue-rule-edit"),
    path(f"{_RULE}/next", pages.NextVersion.as_view(), name="catalogue-rule-next"),
    path(f"{_RULE}/force", pages.PutInForce.as_view(), name="catalogue-rule-force"),
    path(f"{_RULE}/end", pages.EndRule.as_view(), name="catalogue-rule-end"),
    path(f"{_RULE}/discard", pages.Discard.as_view(), name="catalogue-rule-discard"),
]
