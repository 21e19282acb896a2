"""Addresses of the search."""

from django.urls import path

from tongke.web.search.views import Search, SearchJson, Suggest

urlpatterns = [
    path("search", Search.as_view(), name="search"),
    path("search/suggest", Suggest.as_view(), name="search-suggest"),
    path("api/search", SearchJson.as_view(), name="api-search"),
]
