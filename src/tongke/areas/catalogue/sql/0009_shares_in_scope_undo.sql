DROP FUNCTION catalogue_return_share(uuid, text, text, timestamptz);
DROP FUNCTION catalogue_reclaim_own_shares(uuid, timestamptz);
GRANT EXECUTE ON FUNCTION catalogue_lock_promotion(uuid), catalogue_give_back_share(uuid), catalogue_reclaim_shares(uuid, timestamptz) TO PUBLIC;
