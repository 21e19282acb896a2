"""What is kept beside records of the catalogue is read by all, as those records are; it is written in scope."""

from django.db import migrations

from tongke.kernel.schema import sql

READ = """
CREATE POLICY read_of_catalogue ON tmf_extension FOR SELECT
 USING (resource IN ('catalog', 'category', 'productSpecification', 'productOffering', 'productOfferingPrice', 'promotion'));
"""


class Migration(migrations.Migration):
    dependencies = [("tmf", "0006_moving")]
    operations = [sql(READ, "DROP POLICY read_of_catalogue ON tmf_extension;")]
