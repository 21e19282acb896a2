"""Catalogues and their categories: how offerings are found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.catalogue.states import LifeCycle
from tongke.kernel.ids import uuid7


class Catalogue(models.Model):
    """A catalogue (目录) of an organisation: the root of a tree of categories."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    description_zh = models.TextField(blank=True, default="")
    description_en = models.TextField(blank=True, default="")
    state = models.CharField(max_length=10, choices=LifeCycle.choices, default=LifeCycle.LAUNCHED)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_catalogue"

    def __str__(self) -> str:
        return self.code


class Category(models.Model):
    """A branch (类目) of a catalogue; the tree has no cycles."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    description_zh = models.TextField(blank=True, default="")
    description_en = models.TextField(blank=True, default="")
    position = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=LifeCycle.choices, default=LifeCycle.LAUNCHED)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_category"

    def __str__(self) -> str:
        return self.code


class CategoryMember(models.Model):
    """An offering, in all its versions, stands in a category."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField(default=1)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    offering_code = models.CharField(max_length=40)
    position = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "catalogue_category_member"
        constraints: ClassVar = [models.UniqueConstraint(fields=["category", "offering_code"], name="category_member_once")]
        indexes: ClassVar = [models.Index(fields=["offering_code"], name="category_member_by_offering")]

    def __str__(self) -> str:
        return self.offering_code
