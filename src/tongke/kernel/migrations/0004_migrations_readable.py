"""The application may read which migrations ran: /healthz and the command line tell of those that wait."""

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_rows")]
    operations = [sql("GRANT SELECT ON django_migrations TO tongke_app;", "REVOKE SELECT ON django_migrations FROM tongke_app;")]
