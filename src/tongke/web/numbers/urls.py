"""Addresses of the number desk."""

from __future__ import annotations

from django.urls import path

from tongke.web.numbers import blocks, board, figures, files, finding, grade_forms, grades, holds, listing, number, pools, porting

_SCHEDULE = "numbers/grades/<int:schedule_id>"
_POOL = "numbers/pools/<uuid:pool_id>"
urlpatterns = [
    path("numbers", board.Board.as_view(), name="numbers"),
    path("numbers/find", finding.Find.as_view(), name="number-find"),
    path("numbers/hold", holds.HoldNumber.as_view(), name="number-hold"),
    path("numbers/holds", holds.Holds.as_view(), name="number-holds"),
    path("numbers/holds/mine", holds.OwnHolds.as_view(), name="number-holds-mine"),
    path("numbers/holds/<uuid:token>/assign", holds.AssignHold.as_view(), name="number-assign"),
    path("numbers/holds/<uuid:token>/<str:deed>", holds.HoldAct.as_view(), name="number-hold-act"),
    path("numbers/list", listing.Numbers.as_view(), name="number-rows"),
    path("numbers/of/<str:text>", number.NumberByText.as_view(), name="number-of"),
    path("numbers/<uuid:number_id>", number.NumberPage.as_view(), name="number"),
    path("numbers/ported", porting.PortedNumbers.as_view(), name="number-ported"),
    path("numbers/ported/in", porting.PortIn.as_view(), name="number-port-in"),
    path("numbers/<uuid:number_id>/port-out", porting.PortOut.as_view(), name="number-port-out"),
    path("numbers/<uuid:number_id>/<str:deed>", number.NumberAct.as_view(), name="number-act"),
    path("numbers/blocks", blocks.Blocks.as_view(), name="number-blocks"),
    path("numbers/blocks/new", blocks.NewBlock.as_view(), name="number-block-new"),
    path("numbers/blocks/<uuid:block_id>", blocks.BlockPage.as_view(), name="number-block"),
    path("numbers/blocks/<uuid:block_id>/give", blocks.GiveRange.as_view(), name="number-give"),
    path("numbers/blocks/<uuid:block_id>/end", blocks.BlockEnd.as_view(), name="number-block-end"),
    path("numbers/ranges/<uuid:range_id>/back", blocks.RangeBack.as_view(), name="number-range-back"),
    path("numbers/grades", grades.Grades.as_view(), name="number-grades"),
    path(_SCHEDULE, grades.SchedulePage.as_view(), name="number-schedule"),
    path(f"{_SCHEDULE}/next", grades.NextSchedule.as_view(), name="number-schedule-next"),
    path(f"{_SCHEDULE}/grades", grade_forms.EditGrades.as_view(), name="number-schedule-grades"),
    path(f"{_SCHEDULE}/patterns", grade_forms.EditPatterns.as_view(), name="number-schedule-patterns"),
    path(f"{_SCHEDULE}/release", grade_forms.ReleaseSchedule.as_view(), name="number-schedule-release"),
    path(f"{_SCHEDULE}/<str:deed>", grades.ScheduleAct.as_view(), name="number-schedule-act"),
    path("numbers/figures", figures.Figures.as_view(), name="number-figures"),
    path("numbers/figures/<str:figure>", figures.ChangeFigure.as_view(), name="number-figure"),
    path("reservations/figures", figures.ReservationFigures.as_view(), name="reservation-figures"),
    path("reservations/figures/<str:figure>", figures.ChangeReservationFigure.as_view(), name="reservation-figure"),
    path("numbers/files", files.NumberFiles.as_view(), name="number-files"),
    path("numbers/files/new", files.NewNumberFile.as_view(), name="number-file-new"),
    path("numbers/files/<uuid:job_id>", files.NumberFilePage.as_view(), name="number-file"),
    path("numbers/files/<uuid:job_id>/progress", files.NumberFileProgress.as_view(), name="number-file-progress"),
    path("numbers/files/<uuid:job_id>/rejects", files.NumberFileRejects.as_view(), name="number-file-rejects"),
    path("numbers/files/<uuid:job_id>/<str:deed>", files.NumberFileAct.as_view(), name="number-file-act"),
    path("numbers/pools/new", pools.NewPool.as_view(), name="number-pool-new"),
    path(_POOL, pools.PoolPage.as_view(), name="number-pool"),
    path(f"{_POOL}/edit", pools.ChangePool.as_view(), name="number-pool-edit"),
    path(f"{_POOL}/allot", pools.AllotRange.as_view(), name="number-allot"),
    path(f"{_POOL}/move", pools.AllotRange.as_view(moves=True), name="number-move"),
    path(f"{_POOL}/allotments/<uuid:allotment_id>/end", pools.EndAllotment.as_view(), name="number-allotment-end"),
    path(f"{_POOL}/<str:deed>", pools.PoolAct.as_view(), name="number-pool-act"),
]
