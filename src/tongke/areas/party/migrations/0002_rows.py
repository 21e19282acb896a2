"""Scope and audit of the customer record."""

from django.db import migrations

from tongke.kernel.schema import audited, scoped

# Whoever sees only the customers they keep sees a party only through such a customer.
OWN = "EXISTS (SELECT FROM party_customer c WHERE c.party_id = {table}.{party})"


class Migration(migrations.Migration):
    dependencies = [("party", "0001_initial"), ("kernel", "0003_rows")]
    operations = [
        scoped("party_customer", own="manager_id = (SELECT tongke_own())"),
        scoped("party_party", own=OWN.format(table="party_party", party="id")),
        scoped("party_relation", own=OWN.format(table="party_relation", party="parent_id")),
        scoped("party_contact_medium", own=OWN.format(table="party_contact_medium", party="party_id")),
        scoped("party_identity_document", own=OWN.format(table="party_identity_document", party="party_id")),
        scoped("party_postal_address", own=OWN.format(table="party_postal_address", party="party_id")),
        scoped("party_consent", own=OWN.format(table="party_consent", party="party_id")),
        scoped("party_credit_rating", own="EXISTS (SELECT FROM party_customer c WHERE c.id = party_credit_rating.customer_id)"),
        scoped("party_blacklist_entry"),
        scoped("party_blacklist_appeal"),
        scoped("party_duplicate_pair"),
        scoped("party_merge"),
        scoped("party_source_key"),
        audited("party_customer"),
        audited("party_party"),
        audited("party_relation"),
        audited("party_contact_medium"),
        audited("party_identity_document"),
        audited("party_postal_address"),
        audited("party_consent"),
        audited("party_credit_rating"),
        audited("party_blacklist_entry"),
        audited("party_blacklist_appeal"),
        audited("party_duplicate_pair"),
        audited("party_merge"),
    ]
