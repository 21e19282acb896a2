"""Whoever sees only the customers they keep also sees who stands directly below these in a tree: key persons above all."""

from django.db import migrations

from tongke.kernel.schema import ORG_POLICY, sql

KEPT = "EXISTS (SELECT FROM party_customer c WHERE c.party_id = party_party.id)"
# party_relation is under its own policy here: only memberships in kept customers count.
RELATED = "EXISTS (SELECT FROM party_relation r WHERE r.child_id = party_party.id)"
BASE = ORG_POLICY.format(org="org_id")


class Migration(migrations.Migration):
    dependencies = [("party", "0008_history_mask")]
    operations = [
        sql(f"ALTER POLICY scope_of_actor ON party_party"
            f" USING ({BASE} AND ((SELECT tongke_own()) IS NULL OR {KEPT} OR {RELATED}))"
            f" WITH CHECK ({BASE} AND ((SELECT tongke_own()) IS NULL OR {KEPT}))",
            f"ALTER POLICY scope_of_actor ON party_party"
            f" USING ({BASE} AND ((SELECT tongke_own()) IS NULL OR {KEPT})) WITH CHECK ({BASE} AND ((SELECT tongke_own()) IS NULL OR {KEPT}))"),
    ]
