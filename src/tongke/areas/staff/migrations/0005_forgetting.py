"""Forgetting sessions that have ended and tries to sign in that nobody counts any more."""

from django.db import migrations

from tongke.kernel.schema import sql


class Migration(migrations.Migration):
    dependencies = [("staff", "0004_rights")]
    operations = [
        # The application may not delete tries by hand: who could, could guess on without waiting.
        sql("""
        CREATE FUNCTION tongke_forget_sign_ins(at timestamptz, kept_days int) RETURNS bigint
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
          WITH sessions AS (DELETE FROM staff_session s WHERE s.expires_at <= at OR s.idle_until <= at RETURNING 1),
               tries AS (DELETE FROM staff_sign_in_attempt a WHERE a.at < tongke_forget_sign_ins.at - make_interval(days => greatest(kept_days, 7)) RETURNING 1)
          SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM tries)
        $$;
        """, "DROP FUNCTION tongke_forget_sign_ins(timestamptz, int);"),
    ]
