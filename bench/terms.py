"""What clerks type, drawn from a filled database: the same draw for every size, so that sizes can be compared."""

from __future__ import annotations

import random
from collections.abc import Callable

from bench.ground import Ground

TERMS = 400
COMMON = ("张伟", "王伟", "李娜", "王芳", "刘洋", "张敏")
SURNAMES = "王李张刘陈杨黄赵吴周"


def terms_of(ground: Ground) -> dict[str, list[str]]:
    """Return, for each kind of search, the texts that clients type in turn."""
    draw = random.Random(5)
    with ground.owner() as owner:
        share = min(100, 100 * 40 * TERMS / ground.size)
        people = owner.execute(
            "SELECT p.name_key, p.pinyin_full, p.pinyin_initials, c.customer_no FROM party_party p TABLESAMPLE SYSTEM (%s) REPEATABLE (1)"
            " JOIN party_customer c ON c.party_id = p.id WHERE p.kind = 'individual' LIMIT %s", [share, TERMS]).fetchall()
        phones = [r[0].removeprefix("+86") for r in owner.execute(
            "SELECT value FROM party_contact_medium TABLESAMPLE SYSTEM (%s) REPEATABLE (1) WHERE kind = 'mobile' LIMIT %s", [share, TERMS])]
        places = owner.execute(
            "SELECT street_key, place_key FROM party_postal_address TABLESAMPLE SYSTEM (%s) REPEATABLE (1)"
            " WHERE length(place_key) > 5 AND length(street_key) > 8 LIMIT %s", [share, TERMS]).fetchall()
        accounts = [r[0] for r in owner.execute(
            "SELECT account_no FROM account_billing_account TABLESAMPLE SYSTEM (%s) REPEATABLE (1) LIMIT %s", [share, TERMS])]
    makers: dict[str, Callable[[int], str]] = {
        "name": lambda at: people[at % len(people)][0], "common name": lambda at: COMMON[at % len(COMMON)],
        "surname": lambda at: SURNAMES[at % len(SURNAMES)], "pinyin": lambda at: people[at % len(people)][1],
        "initials": lambda at: people[at % len(people)][2],
        "id number": lambda _at: f"33010619{draw.randint(50, 99)}{draw.randint(10, 12)}{draw.randint(10, 28)}{draw.randint(100, 999)}{draw.randint(0, 9)}",
        "phone": lambda at: phones[at % len(phones)], "phone tail 4": lambda at: phones[at % len(phones)][-4:],
        "phone tail 8": lambda at: phones[at % len(phones)][-8:], "street": lambda at: places[at % len(places)][0][:4],
        "community": lambda at: places[at % len(places)][1][:4], "address contains": lambda at: places[at % len(places)][1][1:4],
        "account": lambda at: accounts[at % len(accounts)], "customer no": lambda at: people[at % len(people)][3],
    }
    return {kind: [make(at) for at in range(TERMS)] for kind, make in makers.items()}
