DROP FUNCTION catalogue_hold_promotion(uuid, text, uuid, int, text, timestamptz, timestamptz);
DROP FUNCTION catalogue_reclaim_shares(uuid, timestamptz);
DROP FUNCTION catalogue_lock_promotion(uuid);
DROP FUNCTION catalogue_give_back_share(uuid);
DROP FUNCTION IF EXISTS catalogue_reclaim_among(uuid, timestamptz, int[]);
