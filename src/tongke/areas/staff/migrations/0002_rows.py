"""Looks by month, audit of people and rights, scope of approvals."""

from django.db import migrations

from tongke.kernel.schema import audited, partitioned, scoped, sql


class Migration(migrations.Migration):
    dependencies = [("staff", "0001_initial"), ("kernel", "0003_rows")]
    operations = [
        partitioned("staff_look", """
          at timestamptz NOT NULL, id uuid NOT NULL DEFAULT tongke_uuid7(), staff_id uuid, actor text NOT NULL, org_id int,
          kind text NOT NULL, customer_id uuid, purpose text NOT NULL, clear text NOT NULL DEFAULT '', detail jsonb,
          PRIMARY KEY (at, id)""", by="at"),
        sql("CREATE INDEX staff_look_customer ON staff_look (customer_id, at DESC);"
            "CREATE INDEX staff_look_staff ON staff_look (staff_id, at DESC);"),
        # Everybody may leave a trace, nobody may change one; reading is scoped.
        sql("ALTER TABLE staff_look ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY read_in_scope ON staff_look FOR SELECT USING ((SELECT tongke_sees_all())"
            " OR org_id = ANY ((SELECT tongke_scope())::int[]));"
            "CREATE POLICY leave_trace ON staff_look FOR INSERT WITH CHECK (true);"
            "REVOKE UPDATE, DELETE ON staff_look FROM tongke_app;"),
        audited("staff_org"),
        audited("staff_staff"),
        sql("SELECT tongke_audit_table('staff_role', 'code');"),
        audited("staff_post"),
        audited("staff_approval"),
        scoped("staff_approval"),
    ]
