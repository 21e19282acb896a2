DROP TRIGGER places_of_new ON party_postal_address;
DROP TRIGGER places_of_changed ON party_postal_address;
DROP FUNCTION party_register_places();
DROP FUNCTION tongke_register_places();
DROP FUNCTION tongke_place_names(text, text);
DROP TABLE party_place_name;
DROP INDEX address_by_org_place, address_by_org_street, party_by_org_initials, party_by_org_pinyin, medium_by_org_value, medium_by_org_tail;
DROP FUNCTION party_media_by_tail(text, text, int);
DROP FUNCTION tongke_orgs_in_sight();
