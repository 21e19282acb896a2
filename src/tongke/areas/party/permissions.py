"""Permission codes of the party room."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tongke.kernel.permissions import Permission, declare

PERMISSIONS = declare(
    Permission("party.view", _("See customers")),
    Permission("party.create", _("Create customers")),
    Permission("party.change", _("Change customers' data")),
    Permission("party.rename", _("Rename customers")),
    Permission("party.validate", _("Verify customers' identity")),
    Permission("party.close", _("Close customers and record deaths")),
    Permission("party.repair", _("Work through incomplete records")),
    Permission("party.consent", _("Record and withdraw consents")),
    Permission("party.merge", _("Merge and separate duplicate customers")),
    Permission("party.tree", _("Change groups, households and key persons")),
    Permission("party.transfer", _("Transfer ownership")),
    Permission("party.blacklist_view", _("See the blacklist")),
    Permission("party.blacklist_enter", _("Enter on the blacklist and file appeals")),
    Permission("party.blacklist_decide", _("Decide appeals and lift blacklist entries"), sensitive=True),
    Permission("party.see_blacklist_reason", _("See why somebody is on the blacklist"), sensitive=True),
    Permission("party.credit_view", _("See credit ratings")),
    Permission("party.credit_rate", _("Rate customers' credit")),
    Permission("party.credit_override", _("Ask for a credit rating by hand")),
    Permission("party.credit_approve", _("Approve credit ratings by hand as the second person"), sensitive=True),
    Permission("party.policy", _("Change the figures of customer policy"), sensitive=True),
    Permission("party.import", _("Load customers in bulk"), sensitive=True),
    Permission("party.export", _("Export customers"), sensitive=True),
    Permission("party.move", _("Move customers to another organisation"), sensitive=True),
    Permission("party.print", _("Print customers' papers")),
    Permission("party.reveal", _("Reveal masked personal data, with a purpose")),
    Permission("party.see_name", _("Read names unmasked")),
    Permission("party.see_phone", _("Read phone numbers unmasked")),
    Permission("party.see_id_number", _("Read identity numbers unmasked"), sensitive=True),
    Permission("party.see_address", _("Read addresses unmasked")),
    Permission("party.see_email", _("Read e-mail addresses unmasked")),
    Permission("party.see_birth", _("Read dates of birth unmasked")),
)
