-- The parts of a name where nobody told them apart: 汉字 begin with the family name (two signs where it is a known double
-- one), other scripts end with it; one word alone is the family name.
CREATE FUNCTION party_family_name(name text, told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN told <> '' THEN told
    WHEN left(name, 2) = ANY ('{欧阳,上官,司马,司徒,诸葛,东方,皇甫,尉迟,公孙,慕容,令狐,夏侯,端木,百里,南宫,独孤,宇文,长孙,轩辕,钟离}') AND length(name) > 2 THEN left(name, 2)
    WHEN name ~ '^[\u4e00-\u9fff]' THEN left(name, 1)
    ELSE regexp_replace(name, '^.*\s', '') END
$$;
CREATE FUNCTION party_given_name(name text, told text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT nullif(CASE WHEN told <> '' THEN told
    WHEN name ~ '^[\u4e00-\u9fff]' THEN substr(name, length(party_family_name(name, '')) + 1)
    ELSE btrim(left(name, length(name) - length(party_family_name(name, '')))) END, '')
$$;

-- The trail leaves the parts of names out: the name itself stands there, masked as each reader may see it.
CREATE OR REPLACE FUNCTION party_history_mask(table_name text, record jsonb, firm boolean) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN record IS NULL THEN NULL ELSE
    (record - '{number_cipher,number_index,image_cipher,name_key,pinyin_full,pinyin_initials,family_name,given_name,street_key,place_key,street,place,detail,snapshot,chosen}'::text[])
    || CASE table_name
      WHEN 'party_party' THEN jsonb_build_object(
        'name', tongke_mask_name(record->>'name', firm OR tongke_clear('name')),
        'birth_on', tongke_mask_birth((record->>'birth_on')::date, tongke_clear('birth')))
      WHEN 'party_name_change' THEN jsonb_build_object(
        'name_before', tongke_mask_name(record->>'name_before', firm OR tongke_clear('name')),
        'name_after', tongke_mask_name(record->>'name_after', firm OR tongke_clear('name')))
      WHEN 'party_contact_medium' THEN jsonb_build_object(
        'value', CASE record->>'kind' WHEN 'email' THEN tongke_mask_email(record->>'value', tongke_clear('email'))
                 ELSE tongke_mask_phone(record->>'value', tongke_clear('phone')) END,
        'given', NULL)
      WHEN 'party_postal_address' THEN jsonb_build_object('full', tongke_mask_address(record->>'full', tongke_clear('address')))
      ELSE '{}'::jsonb END
  END
$$;
