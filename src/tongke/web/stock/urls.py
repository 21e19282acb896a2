"""Addresses of the stock pages."""

from __future__ import annotations

from django.urls import path

from tongke.web.stock import board, counting, files, items, receiving, records, transfers

urlpatterns = [
    path("stock", board.Board.as_view(), name="stock"),
    path("stock/items", items.Items.as_view(), name="stock-items"),
    path("stock/items/<uuid:item_id>", items.ItemPage.as_view(), name="stock-item"),
    path("stock/items/<uuid:item_id>/<slug:deed>", items.DoDeed.as_view(), name="stock-item-deed"),
    path("stock/deliveries", receiving.Deliveries.as_view(), name="stock-deliveries"),
    path("stock/receive", receiving.Receive.as_view(), name="stock-receive"),
    path("stock/receive/file", files.NewStockFile.as_view(), name="stock-receive-file"),
    path("stock/files", files.StockFiles.as_view(), name="stock-files"),
    path("stock/files/<uuid:job_id>", files.StockFilePage.as_view(), name="stock-file"),
    path("stock/files/<uuid:job_id>/progress", files.StockFileProgress.as_view(), name="stock-file-progress"),
    path("stock/files/<uuid:job_id>/rejects", files.StockFileRejects.as_view(), name="stock-file-rejects"),
    path("stock/files/<uuid:job_id>/stop", files.StopStockFile.as_view(), name="stock-file-stop"),
    path("stock/transfers", transfers.Transfers.as_view(), name="stock-transfers"),
    path("stock/transfers/new", transfers.Send.as_view(), name="stock-transfer-new"),
    path("stock/transfers/<uuid:transfer_id>", transfers.TransferPage.as_view(), name="stock-transfer"),
    path("stock/transfers/<uuid:transfer_id>/receive", transfers.ReceiveTransfer.as_view(), name="stock-transfer-receive"),
    path("stock/transfers/<uuid:transfer_id>/settle", transfers.SettleTransfer.as_view(), name="stock-transfer-settle"),
    path("stock/counts", counting.Counts.as_view(), name="stock-counts"),
    path("stock/counts/new", counting.Open.as_view(), name="stock-count-new"),
    path("stock/counts/<uuid:count_id>", counting.CountPage.as_view(), name="stock-count"),
    path("stock/counts/<uuid:count_id>/scan", counting.Scan.as_view(), name="stock-count-scan"),
    path("stock/counts/<uuid:count_id>/<slug:move>", counting.MoveCount.as_view(), name="stock-count-move"),
    path("stock/levels", records.Levels.as_view(), name="stock-levels"),
    path("stock/levels/new", records.SetLevel.as_view(), name="stock-level-new"),
    path("stock/models", records.Models.as_view(), name="stock-models"),
    path("stock/models/new", records.NewModel.as_view(), name="stock-model-new"),
    path("stock/places", records.Places.as_view(), name="stock-places"),
    path("stock/places/new", records.NewPlace.as_view(), name="stock-place-new"),
    path("stock/suppliers", records.Suppliers.as_view(), name="stock-suppliers"),
    path("stock/suppliers/new", records.NewSupplier.as_view(), name="stock-supplier-new"),
]
