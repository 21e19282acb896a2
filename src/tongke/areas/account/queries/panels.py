"""What this room shows of a customer in the 360: SQL expressions over ``c`` (the customer) and ``p`` (the party)."""

from __future__ import annotations

ACCOUNTS = """
(SELECT coalesce(jsonb_agg(jsonb_build_object(
    'id', a.id, 'account_no', a.account_no, 'name', tongke_mask_name(a.name, tongke_clear('name')), 'state', a.state,
    'payment_kind', a.payment_kind, 'payment_method', a.payment_method, 'balance', a.balance, 'owed', a.owed,
    'currency', a.currency, 'cycle_day', a.cycle_day, 'paperless', a.paperless, 'opened_on', a.opened_on,
    'closed_on', a.closed_on) ORDER BY a.state, a.opened_on), '[]')
 FROM account_billing_account a WHERE a.customer_id = c.id)
"""

# The newest twelve bills over all accounts; due and unpaid ones are marked by their state.
BILLS = """
(SELECT coalesce(jsonb_agg(to_jsonb(b) ORDER BY b.period_from DESC, b.bill_no), '[]') FROM (
    SELECT b.id, b.account_id, a.account_no, b.bill_no, b.state, b.period_from, b.period_until, b.issued_on, b.due_on, b.total,
           b.paid, b.total - b.paid AS open, b.currency,
           (SELECT coalesce(jsonb_agg(jsonb_build_object('name', i.name, 'charge_type', i.charge_type,
              'subscriber_id', i.subscriber_id, 'amount', i.amount, 'tax', i.tax) ORDER BY i.ordinal), '[]')
            FROM account_bill_item i WHERE i.bill_id = b.id) AS items
    FROM account_billing_account a JOIN account_bill b ON b.account_id = a.id
    WHERE a.customer_id = c.id ORDER BY b.period_from DESC, b.bill_no LIMIT 12) b)
"""

PAYMENTS = """
(SELECT coalesce(jsonb_agg(to_jsonb(y) ORDER BY y.paid_at DESC), '[]') FROM (
    SELECT y.id, y.account_id, a.account_no, y.payment_no, y.state, y.method, y.channel, y.amount, y.currency, y.paid_at
    FROM account_billing_account a JOIN account_payment y ON y.account_id = a.id
    WHERE a.customer_id = c.id ORDER BY y.paid_at DESC LIMIT 12) y)
"""

PANELS: dict[str, str] = {"accounts": ACCOUNTS, "bills": BILLS, "payments": PAYMENTS}
