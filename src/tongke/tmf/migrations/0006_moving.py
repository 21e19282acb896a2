"""What is kept beside a record goes where the record goes, when its customer moves to another organisation."""

from django.db import migrations

from tongke.kernel.schema import sql

# By table, the words under which its documents' further attributes are kept.
KEPT = {
    "account_billing_account": ("billingAccount",), "inventory_product": ("product",), "contact_centre_interaction": ("partyInteraction",),
    "party_customer": ("customer",), "party_party": ("individual", "organization"),
}
FUNCTION = """
CREATE FUNCTION tmf_extension_goes_along() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
BEGIN
  UPDATE tmf_extension SET org_id = NEW.org_id WHERE resource = ANY (TG_ARGV) AND record_id = NEW.id;
  RETURN NULL;
END $body$;
"""
TRIGGER = """
CREATE TRIGGER tmf_extension_goes_along AFTER UPDATE OF org_id ON {table} FOR EACH ROW WHEN (OLD.org_id IS DISTINCT FROM NEW.org_id)
EXECUTE FUNCTION tmf_extension_goes_along({words});
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tmf", "0005_holding"), ("account", "0004_by_organisation"), ("inventory", "0004_by_organisation"), ("contact_centre", "0003_going_on"),
        ("party", "0004_search"),
    ]
    operations = [
        sql(FUNCTION + "".join(TRIGGER.format(table=table, words=", ".join(f"'{word}'" for word in words)) for table, words in KEPT.items()),
            "".join(f"DROP TRIGGER tmf_extension_goes_along ON {table};" for table in KEPT) + "DROP FUNCTION tmf_extension_goes_along();"),
    ]
