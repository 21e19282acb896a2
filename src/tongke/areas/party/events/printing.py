"""Facts about papers."""

from __future__ import annotations

from tongke.kernel.outbox import Event


class PaperPrinted(Event):
    """A paper about a customer was printed; ``copy_number`` counts the copies of this paper from one on."""

    paper: str
    copy_number: int
