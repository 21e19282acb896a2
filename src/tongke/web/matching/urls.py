"""Addresses of the pages for duplicates, merges and trees."""

from __future__ import annotations

from django.urls import path

from tongke.web.matching import duplicates, merges, review, trees

urlpatterns = [
    path("duplicates", duplicates.Duplicates.as_view(), name="duplicates"),
    path("duplicates/find", duplicates.FindDuplicates.as_view(), name="duplicates-find"),
    path("duplicates/runs/<uuid:job_id>", duplicates.RunProgress.as_view(), name="duplicates-run"),
    path("duplicates/<uuid:pair_id>", review.ReviewPair.as_view(), name="duplicate"),
    path("duplicates/<uuid:pair_id>/distinct", review.DecideDistinct.as_view(), name="duplicate-distinct"),
    path("customers/<uuid:customer_id>/merge/<uuid:other_id>", review.CompareCustomers.as_view(), name="customers-compare"),
    path("merges", merges.Merges.as_view(), name="merges"),
    path("merges/<uuid:merge_id>", merges.MergePage.as_view(), name="merge"),
    path("customers/<uuid:customer_id>/tree", trees.TreePage.as_view(), name="customer-tree"),
    path("customers/<uuid:customer_id>/tree/add", trees.AddMember.as_view(), name="tree-add"),
    path("memberships/<uuid:membership_id>/move", trees.MoveMember.as_view(), name="membership-move"),
    path("memberships/<uuid:membership_id>/end", trees.EndMembership.as_view(), name="membership-end"),
]
