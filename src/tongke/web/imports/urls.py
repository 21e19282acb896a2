"""Addresses of the imports pages."""

from __future__ import annotations

from django.urls import path

from tongke.web.imports import pages, running

urlpatterns = [
    path("imports", pages.Imports.as_view(), name="imports"),
    path("imports/new", pages.NewImport.as_view(), name="import-new"),
    path("imports/uploads/<uuid:upload_id>", pages.Preview.as_view(), name="import-preview"),
    path("imports/<uuid:job_id>", running.ImportPage.as_view(), name="import"),
    path("imports/<uuid:job_id>/progress", running.ImportProgress.as_view(), name="import-progress"),
    path("imports/<uuid:job_id>/cancel", running.CancelImport.as_view(), name="import-cancel"),
    path("imports/<uuid:job_id>/resume", running.ResumeImport.as_view(), name="import-resume"),
    path("imports/<uuid:job_id>/rejects", running.RejectFile.as_view(), name="import-rejects"),
]
