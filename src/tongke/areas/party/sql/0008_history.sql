-- A row of the trail as the actor on the connection may read it: personal data masked, sealed bytes and keys left out.
CREATE FUNCTION party_history_mask(table_name text, record jsonb, firm boolean) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN record IS NULL THEN NULL ELSE
    (record - '{number_cipher,number_index,image_cipher,name_key,pinyin_full,pinyin_initials,street_key,place_key,street,place,detail,snapshot,chosen}'::text[])
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
