"""Scope and audit of accounts, bills and payments."""

from django.db import migrations

from tongke.kernel.schema import audited, scoped


class Migration(migrations.Migration):
    dependencies = [("account", "0001_initial"), ("party", "0002_rows")]
    operations = [
        scoped("account_billing_account", own="EXISTS (SELECT FROM party_customer c WHERE c.id = account_billing_account.customer_id)"),
        scoped("account_bill", own="EXISTS (SELECT FROM account_billing_account a WHERE a.id = account_bill.account_id)"),
        scoped("account_bill_item", own="EXISTS (SELECT FROM account_bill b WHERE b.id = account_bill_item.bill_id)"),
        scoped("account_payment", own="EXISTS (SELECT FROM account_billing_account a WHERE a.id = account_payment.account_id)"),
        audited("account_billing_account"),
        audited("account_bill"),
        audited("account_bill_item"),
        audited("account_payment"),
    ]
