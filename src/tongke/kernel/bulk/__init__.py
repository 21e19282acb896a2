"""Bulk work: nouns that can be loaded by the thousand, set-based writing, and the runner of chunks."""

from tongke.kernel.bulk.noun import Field, Noun, Unique, Values, Write, all_nouns, declare_noun, no_rules
from tongke.kernel.bulk.runner import ChunkResult, JobBusy, RejectedRow, Runner, SourceRow, held_lock, in_transaction
from tongke.kernel.bulk.stage import change_rows, drop_stages, insert_rows
from tongke.kernel.bulk.table import as_columns, write_table
from tongke.kernel.bulk.verb import BulkVerb, all_bulk_verbs, bulk

__all__ = [
    "BulkVerb", "ChunkResult", "Field", "JobBusy", "Noun", "RejectedRow", "Runner", "SourceRow", "Unique", "Values", "Write", "all_bulk_verbs",
    "all_nouns", "as_columns", "bulk", "change_rows", "declare_noun", "drop_stages", "held_lock", "in_transaction", "insert_rows", "no_rules",
    "write_table",
]
