"""The full search for duplicates: parties are copied to DuckDB and compared there by splink.

Nothing is written; the caller records what is found. Documents are compared by their blind index, phones by
episode: intervals in which a number was held by several parties at once share an episode, so that a recycled
number, held by one after the other, is seen as what it is (T14).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import duckdb
import pyarrow as pa
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from django.db import connection, transaction
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.blocking_rule_library import CustomRule

from tongke.areas.party.models import linkage as linkage_model
from tongke.areas.party.queries.matching import ScoredPair

BATCH = 20_000
# Nothing is certain: slips and abuse are not in the model, so no pair is shown as 100 %.
CERTAIN_MOST = 0.9999
MEMORY = "2GB"
THREADS = 2


_PHONES = """SELECT m.party_id::text, m.value, m.valid_from::text, coalesce(m.valid_until, '9999-12-31')::text
FROM party_contact_medium m WHERE m.kind IN ('mobile', 'phone')"""
_ADDRESSES = """SELECT a.party_id::text, coalesce(nullif(a.street_key, ''), nullif(a.place_key, ''))
FROM party_postal_address a WHERE a.street_key <> '' OR a.place_key <> ''"""
_EXTRACT = {
    "party": ("SELECT id::text, kind, name_key, pinyin_full, birth_on::text FROM party_party WHERE merged_into_id IS NULL",
              ("party_id", "kind", "name_key", "pinyin", "birth")),
    "document": ("SELECT d.party_id::text, d.kind, encode(d.number_index, 'hex') FROM party_identity_document d",
                 ("party_id", "kind", "number")),
    "phone": (_PHONES, ("party_id", "number", "held_from", "held_until")),
    "address": (_ADDRESSES, ("party_id", "key")),
}

# One row a party. An episode of a phone begins where its holding does not touch any earlier one.
_ASSEMBLE = """
CREATE TABLE held AS SELECT party_id, number, number || '#' || sum(fresh) OVER (PARTITION BY number ORDER BY held_from, held_until, party_id) AS episode
FROM (SELECT *, CASE WHEN held_from < max(held_until) OVER (PARTITION BY number ORDER BY held_from, held_until, party_id
  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 0 ELSE 1 END AS fresh
  FROM (SELECT party_id, number, held_from::TIMESTAMPTZ AS held_from, held_until::TIMESTAMPTZ AS held_until FROM phone) WHERE held_from < held_until);
CREATE TABLE record AS
SELECT p.party_id, p.kind, p.name_key, p.pinyin, p.birth,
  list_aggregate(list_sort(string_split(p.name_key, '')), 'string_agg', '') AS characters,
  d.numbers, d.kinds, h.phones, h.episodes, a.addresses
FROM party p
LEFT JOIN (SELECT party_id, list(DISTINCT number) AS numbers, list(DISTINCT kind) AS kinds FROM document GROUP BY party_id) d USING (party_id)
LEFT JOIN (SELECT party_id, list(DISTINCT number) AS phones, list(DISTINCT episode) AS episodes FROM held GROUP BY party_id) h USING (party_id)
LEFT JOIN (SELECT party_id, list(DISTINCT key) AS addresses FROM address GROUP BY party_id) a USING (party_id);
"""
_NEAR_NAME = "jaro_winkler_similarity(pinyin_l, pinyin_r) >= 0.93 OR damerau_levenshtein(pinyin_l, pinyin_r) <= 1"
_NEAR_BIRTH = (
    "damerau_levenshtein(birth_l, birth_r) <= 1 OR (left(birth_l, 4) = left(birth_r, 4)"
    " AND substr(birth_l, 6, 2) = substr(birth_r, 9, 2) AND substr(birth_l, 9, 2) = substr(birth_r, 6, 2))"
)
# Null column of each comparison, and the condition of each level but the last, which is everything else.
_CONDITIONS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "document": ("numbers", (("shared", "list_has_any(numbers_l, numbers_r)"), ("other_number", "list_has_any(kinds_l, kinds_r)"))),
    "name": ("name_key", (
        ("same", "name_key_l = name_key_r"), ("order", "characters_l = characters_r"), ("sound", "pinyin_l = pinyin_r"),
        ("near", _NEAR_NAME))),
    "birth": ("birth", (("same", "birth_l = birth_r"), ("near", _NEAR_BIRTH))),
    "phone": ("phones", (("together", "list_has_any(episodes_l, episodes_r)"), ("apart", "list_has_any(phones_l, phones_r)"))),
    "address": ("addresses", (("same", "list_has_any(addresses_l, addresses_r)"),)),
}


def _comparison(model: linkage_model.Comparison, *, count_names: bool) -> Any:
    column, conditions = _CONDITIONS[model.code]
    levels: list[Any] = [cll.NullLevel(column)]
    for code, condition in conditions:
        level = model.level(code)
        made = cll.CustomLevel(condition, label_for_charts=code).configure(
            m_probability=level.m, u_probability=level.u, fix_m_probability=True, fix_u_probability=True,
        )
        if count_names and (model.code, code) == ("name", "same"):
            made = made.configure(tf_adjustment_column="name_key", tf_minimum_u_value=0.00005, disable_tf_exact_match_detection=True)
        levels.append(made)
    rest = model.level(_rest(model))
    levels.append(cll.ElseLevel().configure(m_probability=rest.m, u_probability=rest.u, label_for_charts=rest.code))
    return cl.CustomComparison(levels, output_column_name=model.code)


def _rest(model: linkage_model.Comparison) -> str:
    named = {code for code, _condition in _CONDITIONS[model.code][1]}
    return next(level.code for level in model.levels if level.code not in named)


def _blocking() -> list[Any]:
    """Which pairs are looked at at all: a shared key, or birth date with a name that is at least similar."""
    return [
        block_on("numbers", arrays_to_explode=["numbers"]),
        block_on("phones", arrays_to_explode=["phones"]),
        block_on("birth", "left(pinyin, 1)"),
        block_on("birth", "characters"),
        CustomRule("l.name_key = r.name_key AND left(l.birth, 4) = left(r.birth, 4)"),
        CustomRule("l.name_key = r.name_key AND l.addresses = r.addresses", arrays_to_explode=["addresses"]),
    ]


def _settings(parties: int) -> SettingsCreator:
    count_names = parties >= linkage_model.NAMES_COUNTED_FROM
    return SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="party_id", probability_two_random_records_match=linkage_model.prior(parties),
        comparisons=[_comparison(model, count_names=count_names) for model in linkage_model.MODEL],
        blocking_rules_to_generate_predictions=_blocking(), retain_matching_columns=True, retain_intermediate_calculation_columns=True,
    )


def _copy(duck: duckdb.DuckDBPyConnection, table: str) -> int:
    """Copy one extract as the actor may see it, in batches; returns how many rows came."""
    statement, columns = _EXTRACT[table]
    duck.execute(f"CREATE TABLE {table} ({', '.join(f'{c} VARCHAR' for c in columns)})")
    count = 0
    # A cursor of the server: a million parties never stand in this process at once.
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(BATCH):
            arrow = pa.table({c: pa.array(values, pa.string()) for c, values in zip(columns, zip(*rows, strict=True), strict=True)})
            duck.register("batch", arrow)
            duck.execute(f"INSERT INTO {table} SELECT * FROM batch")
            duck.unregister("batch")
            count += len(rows)
    return count


def scored_pairs(*, progress: Callable[[str, int], None] = lambda _step, _count: None) -> Iterator[ScoredPair]:
    """Compare all parties within the actor's scope and yield the pairs that are worth a person's look.

    ``progress`` is told each step and its count (``read`` parties, ``compared`` pairs found).
    """
    with duckdb.connect(":memory:", config={"threads": THREADS, "memory_limit": MEMORY}) as duck:
        for table in _EXTRACT:
            count = _copy(duck, table)
            if table == "party":
                parties = count
                progress("read", parties)
        if parties < 2:
            return
        duck.execute(_ASSEMBLE)
        linker = Linker(DuckDBAPI(connection=duck).register("record"), _settings(parties), log_level=None)
        found = linker.inference.predict(threshold_match_probability=linkage_model.REVIEW_FROM, warning_mode="never")
        result = duck.execute(f"""SELECT f.* FROM {found.physical_name} f JOIN record l ON l.party_id = f.party_id_l
            JOIN record r ON r.party_id = f.party_id_r WHERE l.kind = r.kind ORDER BY f.match_probability DESC, f.party_id_l, f.party_id_r""")
        names = [column[0] for column in result.description]
        while rows := result.fetchmany(1000):
            progress("compared", len(rows))
            for row in rows:
                yield _scored(dict(zip(names, row, strict=True)))


def _scored(row: dict[str, Any]) -> ScoredPair:
    evidence = {}
    for model in linkage_model.MODEL:
        gamma = row[f"gamma_{model.code}"]
        if gamma < 0:
            continue
        codes = [*(code for code, _condition in _CONDITIONS[model.code][1]), _rest(model)]
        weight = row[f"mw_{model.code}"] + (row.get(f"mw_tf_adj_{model.code}") or 0.0)
        evidence[model.code] = {"level": codes[len(codes) - 1 - gamma], "weight": round(weight, 3)}
    left, right = sorted((UUID(row["party_id_l"]), UUID(row["party_id_r"])))
    return ScoredPair(left, right, min(round(float(row["match_probability"]), 5), CERTAIN_MOST), evidence)
