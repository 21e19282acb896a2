"""What this room shows of a customer in the 360: SQL expressions over ``c`` (the customer) and ``p`` (the party).

Each gives finished jsonb; personal data is masked inside, by what the actor on the connection may read.
A document's number is always masked here (only its first and last signs are stored readable); why somebody is
on the blacklist is not in any panel, it takes ``party.see_blacklist_reason`` and ``queries.blacklist_entry``.
"""

from __future__ import annotations

MASKED_MEDIUM = """CASE m.kind WHEN 'email' THEN tongke_mask_email(m.value, tongke_clear('email'))
    ELSE tongke_mask_phone(m.value, tongke_clear('phone')) END"""

IDENTITY = """
jsonb_build_object(
    'customer_no', c.customer_no, 'state', c.state, 'segment', c.segment, 'level', c.level, 'manager_id', c.manager_id,
    'manager', tongke_colleague(c.manager_id) - 'id' - 'username',
    'org_id', c.org_id, 'org', (SELECT jsonb_build_object('zh', o.name_zh, 'en', o.name_en) FROM staff_org o WHERE o.id = c.org_id),
    'since_on', c.since_on, 'left_on', c.left_on, 'version', c.version, 'party_id', p.id, 'kind', p.kind,
    'party_state', p.state, 'name', tongke_mask_name(p.name, p.kind = 'organization' OR tongke_clear('name')),
    'gender', p.gender, 'birth', tongke_mask_birth(p.birth_on, tongke_clear('birth')), 'nationality', p.nationality,
    'occupation', p.occupation, 'industry', p.industry, 'language', p.language, 'created_at', c.created_at,
    'changed_at', greatest(c.changed_at, p.changed_at), 'merged_into', p.merged_into_id,
    'names_before', (SELECT coalesce(jsonb_agg(jsonb_build_object('changed_at', n.changed_at,
        'name', tongke_mask_name(n.name_before, p.kind = 'organization' OR tongke_clear('name'))) ORDER BY n.changed_at DESC), '[]')
        FROM party_name_change n WHERE n.party_id = p.id))
"""

DOCUMENTS = """
(SELECT coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'kind', d.kind, 'number', d.number_masked, 'issuer', d.issuer,
    'issued_on', d.issued_on, 'expires_on', d.expires_on, 'expired', d.expires_on <= (now() AT TIME ZONE 'UTC')::date,
    'verified_at', d.verified_at, 'verification', d.verification, 'has_image', d.image_cipher IS NOT NULL,
    'valid_until', d.valid_until) ORDER BY d.valid_until DESC, d.valid_from), '[]')
 FROM party_identity_document d WHERE d.party_id = p.id)
"""

MEDIA = f"""
(SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'kind', m.kind, 'value', {MASKED_MEDIUM}, 'preferred', m.preferred,
    'verified_at', m.verified_at, 'valid_from', m.valid_from, 'valid_until', m.valid_until)
    ORDER BY m.valid_until DESC, m.preferred DESC, m.kind, m.valid_from), '[]')
 FROM party_contact_medium m WHERE m.party_id = p.id)
"""

ADDRESSES = """
(SELECT coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'country', a.country, 'province', a.province,
    'city', a.city, 'district', a.district, 'full', tongke_mask_address(a."full", tongke_clear('address')),
    'postcode', a.postcode, 'valid_from', a.valid_from, 'valid_until', a.valid_until)
    ORDER BY a.valid_until DESC, a.kind, a.valid_from), '[]')
 FROM party_postal_address a WHERE a.party_id = p.id)
"""

CONSENTS = """
(SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'purpose', s.purpose, 'channel', s.channel, 'state', s.state,
    'source', s.source, 'valid_from', s.valid_from) ORDER BY s.purpose, s.channel), '[]')
 FROM party_consent s WHERE s.party_id = p.id AND s.valid_until IS NULL)
"""

# Entries on the party, on parties merged into it and on their documents; those that passed their end are not shown.
BLACKLIST = """
(SELECT coalesce(jsonb_agg(jsonb_build_object('id', b.id, 'match', b.match, 'effect', b.effect, 'level', b.level, 'state', b.state,
    'valid_from', b.valid_from, 'expires_at', b.expires_at) ORDER BY b.level DESC, b.valid_from), '[]')
 FROM party_blacklist_entry b
 WHERE b.state IN ('active', 'appealed') AND (b.expires_at IS NULL OR b.expires_at > now()) AND b.match_key IN (
    SELECT p.id::text UNION ALL SELECT x.id::text FROM party_party x WHERE x.merged_into_id = p.id
    UNION ALL SELECT encode(d.number_index, 'hex') FROM party_identity_document d WHERE d.party_id = p.id AND d.valid_until IS NULL))
"""

CREDIT = """
jsonb_build_object('credit_class', c.credit_class, 'credit_limit', c.credit_limit, 'currency', c.currency,
    'risk_score', c.risk_score, 'value_score', c.value_score, 'scored_at', c.scored_at,
    'rating', (SELECT jsonb_build_object('id', r.id, 'score', r.score, 'factors', r.factors, 'overridden', r.overridden,
        'valid_from', r.valid_from, 'expires_at', r.expires_at)
        FROM party_credit_rating r WHERE r.customer_id = c.id AND r.valid_until IS NULL))
"""

COMPLETENESS = """
jsonb_build_object('score', p.completeness, 'missing', p.missing, 'verified_on', p.verified_on)
"""

RELATIONS = """
(SELECT coalesce(jsonb_agg(to_jsonb(x) ORDER BY x.tree, x.up DESC, x.valid_from), '[]') FROM (
    SELECT r.id, r.tree, r.role, r.share_percent, r.valid_from, r.child_id = p.id AS up, o.id AS party_id, o.kind,
           tongke_mask_name(o.name, o.kind = 'organization' OR tongke_clear('name')) AS name, oc.id AS customer_id, oc.customer_no
    FROM party_relation r
    JOIN party_party o ON o.id = CASE WHEN r.child_id = p.id THEN r.parent_id ELSE r.child_id END
    LEFT JOIN party_customer oc ON oc.party_id = o.id
    WHERE (r.child_id = p.id OR r.parent_id = p.id) AND r.valid_until IS NULL LIMIT 50) x)
"""

DUPLICATES = """
jsonb_build_object(
    'open', (SELECT count(*) FROM party_duplicate_pair q WHERE (q.left_id = p.id OR q.right_id = p.id) AND q.state = 'open'),
    'merged', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'absorbed', g.absorbed_id, 'merged_at', g.merged_at,
        'reason', g.reason) ORDER BY g.merged_at DESC), '[]')
        FROM party_merge g WHERE g.survivor_id = p.id AND g.undone_at IS NULL),
    'sources', (SELECT coalesce(jsonb_agg(jsonb_build_object('source', k.source, 'key', k.key, 'first_seen_at', k.first_seen_at)
        ORDER BY k.first_seen_at), '[]') FROM party_source_key k WHERE k.subject_id = c.id OR k.subject_id = p.id))
"""

PANELS: dict[str, str] = {
    "identity": IDENTITY, "documents": DOCUMENTS, "media": MEDIA, "addresses": ADDRESSES, "consents": CONSENTS,
    "blacklist": BLACKLIST, "credit": CREDIT, "completeness": COMPLETENESS, "relations": RELATIONS, "duplicates": DUPLICATES,
}
