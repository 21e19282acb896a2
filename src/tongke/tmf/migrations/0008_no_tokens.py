"""What opens a reservation of stock stands no more in the document of the task that made it."""

from django.db import migrations

from tongke.kernel.schema import sql

# Those who may look at stock read these documents, and subscribers were sent them: what they showed opens nothing any more.
ANEW = """
UPDATE resource_reservation r SET token = gen_random_uuid()
FROM tmf_document t, jsonb_array_elements(t.content -> 'reserveProductStockItem') i(item)
WHERE t.resource = 'reserveProductStock' AND i.item -> 'reservation' ? 'token' AND r.id::text = i.item -> 'reservation' ->> 'id' AND r.state = 'held';
"""
FORGET = """
UPDATE tmf_document t SET content = jsonb_set(t.content, '{reserveProductStockItem}', (
  SELECT jsonb_agg(i.item #- '{reservation,token}' ORDER BY i.place) FROM jsonb_array_elements(t.content -> 'reserveProductStockItem') WITH ORDINALITY i(item, place)))
WHERE t.resource = 'reserveProductStock' AND jsonb_path_exists(t.content, '$.reserveProductStockItem[*].reservation.token');
"""


class Migration(migrations.Migration):
    dependencies = [("tmf", "0007_extensions_of_the_catalogue"), ("resource", "0026_kept")]
    operations = [sql(ANEW), sql(FORGET)]
