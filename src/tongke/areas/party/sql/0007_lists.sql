-- Orders and filters of the customer list that no index served yet, each beginning with the organisation.
CREATE INDEX customer_by_org_value ON party_customer (org_id, (coalesce(value_score, 0)), id);
CREATE INDEX customer_by_org_since ON party_customer (org_id, since_on);
