-- Masks for personal data; the second argument says whether the actor may read it as it is.
-- 张三丰 → 张*丰, 李四 → 李*; a Latin name keeps the first letter of each word.
CREATE FUNCTION tongke_mask_name(v text, clear boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN clear OR v IS NULL OR v = '' THEN v
    WHEN v ~ '^[[:ascii:]]+$' THEN regexp_replace(v, '(\w)\w*', '\1***', 'g')
    WHEN length(v) = 2 THEN left(v, 1) || '*'
    ELSE left(v, 1) || repeat('*', greatest(length(v) - 2, 1)) || right(v, 1) END $$;
-- +8613812345678 → +86138****5678, 057187654321 → 0571****4321
CREATE FUNCTION tongke_mask_phone(v text, clear boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN clear OR v IS NULL OR v = '' THEN v
    WHEN length(v) < 7 THEN left(v, 1) || '****'
    ELSE left(v, greatest(length(v) - 8, 0)) || '****' || right(v, 4) END $$;
CREATE FUNCTION tongke_mask_address(v text, clear boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN clear OR v IS NULL OR v = '' THEN v ELSE left(v, 6) || '****' END $$;
CREATE FUNCTION tongke_mask_email(v text, clear boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN clear OR v IS NULL OR v = '' THEN v ELSE left(v, 1) || '***@' || split_part(v, '@', 2) END $$;
CREATE FUNCTION tongke_mask_birth(v date, clear boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN v IS NULL THEN NULL WHEN clear THEN v::text ELSE extract(year FROM v)::int || '-**-**' END $$;
