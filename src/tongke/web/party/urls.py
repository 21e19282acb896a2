"""Addresses of the pages that create and keep customers."""

from django.urls import path

from tongke.areas.party.queries import GROUP
from tongke.web.party import blacklist, creation, keeping, policy, record, steward

ONE = "customers/<uuid:customer_id>/"
urlpatterns = [
    path("customers/new", creation.NewCustomer.as_view(), name="customer-new"),
    path("customers/new/checks", creation.Checks.as_view(), name="customer-new-checks"),
    path(ONE + "edit", record.Record.as_view(), name="customer-record"),
    path(ONE + "edit/reveal/<uuid:row_id>", record.RevealValue.as_view(), name="record-reveal"),
    path(ONE + "edit/data", record.ChangeData.as_view(), name="customer-data"),
    path(ONE + "edit/name", record.Rename.as_view(), name="customer-rename"),
    path(ONE + "edit/level", record.SetLevel.as_view(), name="customer-level"),
    path(ONE + "edit/confirm", record.ConfirmIdentity.as_view(), name="identity-confirm"),
    path(ONE + "edit/close", record.Close.as_view(), name="customer-close"),
    path(ONE + "edit/documents/new", record.AddDocument.as_view(), name="document-new"),
    path(ONE + "edit/documents/<uuid:document_id>/verify", record.VerifyDocument.as_view(), name="document-verify"),
    path(ONE + "edit/documents/<uuid:document_id>/end", record.EndDocument.as_view(), name="document-end"),
    path(ONE + "edit/documents/<uuid:document_id>/image", record.DocumentImage.as_view(), name="document-image"),
    path(ONE + "edit/contact/new", record.AddMedium.as_view(), name="medium-new"),
    path(ONE + "edit/contact/<uuid:medium_id>/prefer", record.PreferMedium.as_view(), name="medium-prefer"),
    path(ONE + "edit/contact/<uuid:medium_id>/verify", record.VerifyMedium.as_view(), name="medium-verify"),
    path(ONE + "edit/contact/<uuid:medium_id>/end", record.EndMedium.as_view(), name="medium-end"),
    path(ONE + "edit/addresses/new", record.AddAddress.as_view(), name="address-new"),
    path(ONE + "edit/addresses/<uuid:address_id>", record.ChangeAddress.as_view(), name="address-change"),
    path(ONE + "edit/addresses/<uuid:address_id>/end", record.EndAddress.as_view(), name="address-end"),
    path(ONE + "consents", keeping.Consents.as_view(), name="customer-consents"),
    path(ONE + "consents/new", keeping.RecordConsent.as_view(), name="consent-new"),
    path(ONE + "consents/withdraw", keeping.WithdrawConsent.as_view(), name="consent-withdraw"),
    path(ONE + "credit", keeping.Credit.as_view(), name="customer-credit"),
    path(ONE + "credit/rate", keeping.Rate.as_view(), name="credit-rate"),
    path(ONE + "credit/override", keeping.AskOverride.as_view(), name="credit-override"),
    path(ONE + "credit/override/<uuid:approval_id>", keeping.ApplyOverride.as_view(), name="credit-override-apply"),
    path(ONE + "history", keeping.History.as_view(), name="customer-history"),
    path("blacklist", blacklist.Blacklist.as_view(), name="blacklist"),
    path("blacklist/ask", blacklist.AskBlacklist.as_view(), name="blacklist-ask"),
    path("blacklist/new", blacklist.NewEntry.as_view(), name="blacklist-new"),
    path("blacklist/<uuid:entry_id>", blacklist.Entry.as_view(), name="blacklist-entry"),
    path("blacklist/<uuid:entry_id>/appeal", blacklist.EntryAct.as_view(what="appeal", permission="party.blacklist_enter"), name="blacklist-appeal"),
    path("blacklist/<uuid:entry_id>/grant", blacklist.EntryAct.as_view(what="grant", permission="party.blacklist_decide"), name="blacklist-grant"),
    path("blacklist/<uuid:entry_id>/reject", blacklist.EntryAct.as_view(what="reject", permission="party.blacklist_decide"), name="blacklist-reject"),
    path("blacklist/<uuid:entry_id>/lift", blacklist.EntryAct.as_view(what="lift", permission="party.blacklist_decide"), name="blacklist-lift"),
    path("repair", steward.Repair.as_view(), name="repair"),
    path("admin/customer-policy", policy.Policy.as_view(), name="customer-policy"),
    path("admin/customer-policy/<slug:figure>", policy.ChangeFigure.as_view(), {"org": GROUP}, name="customer-policy-figure"),
    path("admin/customer-policy/<int:org>/<slug:figure>", policy.ChangeFigure.as_view(), name="customer-policy-figure"),
    path("admin/customer-policy/<int:org>/<slug:figure>/withdraw", policy.WithdrawFigure.as_view(), name="customer-policy-withdraw"),
]
