"""How a party is known and reached: documents, contact media, addresses."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.party.models.party import Party
from tongke.areas.party.states import AddressKind, DocumentKind, MediumKind
from tongke.kernel.ids import uuid7


class IdentityDocument(models.Model):
    """A document. The number is encrypted; ``number_index`` is its keyed digest, for exact search only;
    ``number_masked`` is what everybody may see.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    number_cipher = models.BinaryField()
    number_index = models.BinaryField(max_length=16)
    number_masked = models.CharField(max_length=40)
    issuer = models.CharField(max_length=100, blank=True)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    verified_at = models.DateTimeField(null=True)
    verification = models.CharField(max_length=40, blank=True)
    image_cipher = models.BinaryField(null=True)
    image_type = models.CharField(max_length=40, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "party_identity_document"
        indexes: ClassVar = [
            models.Index(fields=["number_index"], name="document_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number_masked}"


class ContactMedium(models.Model):
    """A way to reach a party while it was theirs: phone numbers are recycled, so each is dated (T14).
    ``value`` is E.164 for phones and lower case for mail; ``given`` is what was typed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=MediumKind.choices)
    value = models.CharField(max_length=200, db_collation="C")
    given = models.CharField(max_length=200)
    preferred = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "party_contact_medium"
        indexes: ClassVar = [
            models.Index(fields=["value", "id"], name="medium_by_value"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class PostalAddress(models.Model):
    """An address of a party: parts as far as known and the whole as text. ``street_key`` and ``place_key``
    are the normalised text from the street and from the building or community on, for search by prefix.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=AddressKind.choices, default=AddressKind.HOME)
    country = models.CharField(max_length=2, default="CN")
    province = models.CharField(max_length=40, blank=True)
    city = models.CharField(max_length=40, blank=True)
    district = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=100, blank=True)
    place = models.CharField(max_length=100, blank=True)
    detail = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    full = models.CharField(max_length=400)
    street_key = models.CharField(max_length=300, db_collation="C", blank=True)
    place_key = models.CharField(max_length=300, db_collation="C", blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "party_postal_address"

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
