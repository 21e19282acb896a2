"""The records that a customer absorbed, for what still carries their keys: announced facts keep the customer of then."""

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("party", "0014_indexes_by_org")]
    operations = [
        # Only keys leave: whoever sees the survivor sees what it absorbed, also where another kept the absorbed record.
        sql("""
        CREATE FUNCTION party_customer_kin(customer uuid) RETURNS uuid[]
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT array_prepend(customer, ARRAY(
            SELECT g.id FROM party_customer c JOIN party_party p ON p.merged_into_id = c.party_id JOIN party_customer g ON g.party_id = p.id
            WHERE c.id = customer))
        $$;
        """, "DROP FUNCTION party_customer_kin(uuid);"),
    ]
