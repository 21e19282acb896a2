"""Extensions and kept documents, their scope and audit, and the tools that documents are made with."""

from django.db import migrations, models

import tongke.kernel.ids
from tongke.kernel.schema import audited, scoped, sql

# Deep union: objects are joined, lists of things with ids are joined item by item; what our columns say wins.
TOOLS = """
CREATE FUNCTION tmf_merge(ours jsonb, kept jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $body$
DECLARE
  made jsonb;
BEGIN
  IF kept IS NULL THEN RETURN ours; END IF;
  IF ours IS NULL THEN RETURN kept; END IF;
  IF jsonb_typeof(ours) = 'object' AND jsonb_typeof(kept) = 'object' THEN
    SELECT jsonb_object_agg(key, tmf_merge(ours -> key, kept -> key)) INTO made
      FROM (SELECT jsonb_object_keys(ours) UNION SELECT jsonb_object_keys(kept)) k(key);
    RETURN coalesce(made, '{}');
  END IF;
  IF jsonb_typeof(ours) = 'array' AND jsonb_typeof(kept) = 'object' THEN
    SELECT jsonb_agg(CASE WHEN jsonb_typeof(item) = 'object' AND kept ? coalesce(item ->> 'id', '') THEN tmf_merge(item, kept -> (item ->> 'id'))
      ELSE item END ORDER BY place) INTO made FROM jsonb_array_elements(ours) WITH ORDINALITY e(item, place);
    RETURN coalesce(made, ours);
  END IF;
  RETURN ours;
END $body$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("kernel", "0005_bulk_scope"), ("staff", "0006_standing")]
    operations = [
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("org_id", models.IntegerField()),
                ("resource", models.CharField(db_collation="C", max_length=60)),
                ("record_id", models.UUIDField()),
                ("content", models.JSONField()),
            ],
            options={"db_table": "tmf_extension"},
        ),
        migrations.CreateModel(
            name="KeptDocument",
            fields=[
                ("id", models.UUIDField(default=tongke.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("org_id", models.IntegerField()),
                ("resource", models.CharField(db_collation="C", max_length=60)),
                ("content", models.JSONField()),
                ("state", models.CharField(blank=True, max_length=40)),
                ("version", models.IntegerField(default=1)),
                ("created_by", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={"db_table": "tmf_document"},
        ),
        migrations.AddConstraint(
            model_name="extension", constraint=models.UniqueConstraint(fields=("resource", "record_id"), name="tmf_extension_once"),
        ),
        migrations.AddIndex(
            model_name="keptdocument", index=models.Index(fields=["resource", "org_id", "created_at", "id"], name="tmf_document_by_age"),
        ),
        scoped("tmf_extension"),
        scoped("tmf_document"),
        audited("tmf_extension"),
        audited("tmf_document"),
        sql(TOOLS, "DROP FUNCTION tmf_merge(jsonb, jsonb);"),
    ]
