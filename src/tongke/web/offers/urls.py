"""Addresses of what a customer may have: offers, discounts, points."""

from django.urls import path

from tongke.web.offers import benefits, discounts, liability, pages, points, policy, recorded

_ONE = "customers/<uuid:customer_id>/"
urlpatterns = [
    path(f"{_ONE}offers", pages.Offers.as_view(), name="customer-offers"),
    path(f"{_ONE}offers/panel", pages.Panel.as_view(), name="customer-offers-panel"),
    path(f"{_ONE}offers/lines/<uuid:line_id>", pages.Plans.as_view(), name="customer-offers-plans"),
    path(f"{_ONE}offers/price/<str:code>", pages.Price.as_view(), name="customer-offers-price"),
    path(f"{_ONE}benefits", benefits.Benefits.as_view(), name="customer-benefits"),
    path(f"{_ONE}recorded", recorded.Recorded.as_view(), name="customer-recorded"),
    path(f"{_ONE}recorded/<uuid:qualification_id>", recorded.Recheck.as_view(), name="customer-recorded-one"),
    path(f"{_ONE}discounts", discounts.Discounts.as_view(), name="customer-discounts"),
    path(f"{_ONE}discounts/new", discounts.GiveDiscount.as_view(), name="customer-discount-new"),
    path(f"{_ONE}discounts/approved/<uuid:approval_id>", discounts.GiveApproved.as_view(), name="customer-discount-approved"),
    path(f"{_ONE}discounts/<uuid:grant_id>/release", discounts.ReleaseDiscount.as_view(), name="customer-discount-release"),
    path(f"{_ONE}points", points.Points.as_view(), name="customer-points"),
    path(f"{_ONE}points/earn", points.Earn.as_view(), name="customer-points-earn"),
    path(f"{_ONE}points/redeem", points.Redeem.as_view(), name="customer-points-redeem"),
    path(f"{_ONE}points/give-back", points.GiveBack.as_view(), name="customer-points-return"),
    path("points/policy", policy.PointsPolicy.as_view(), name="points-policy"),
    path("points/policy/change", policy.ChangePoints.as_view(), name="points-policy-change"),
    path("points/liability", liability.Liability.as_view(), name="points-liability"),
    path("points/liability/<int:org_id>/<str:expires_on>", liability.Lots.as_view(), name="points-lots"),
]
