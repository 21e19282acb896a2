"""The stories of the demo operator: the customers that the tour, the journeys and the screenshots follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow.compute as pc

from tongke.areas.inventory import services as inventory
from tongke.areas.party import services as parties
from tongke.kernel.actor import Actor
from tongke.simulator.block import block_tables, draw_block
from tongke.simulator.calendar_months import Span
from tongke.simulator.demo_people import Known, Line, bill_months, checked_code, record_customer, resident, tell

SECOND_RECORDS = 9
GIGA = 1_000_000_000


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 2, 30, tzinfo=UTC)


def wang_fang(people: dict[str, Actor], *, by: Actor, at: datetime) -> Known:
    """王芳 of Hangzhou: gold, mobile, broadband and television, six months of everything, a complaint last week."""
    lines = (
        Line("mobile", "+8613857100001", "M129", Decimal(129), (14_400, 38 * GIGA)),
        Line("broadband", "kd057100000001", "B1000", Decimal(169), (0, 420 * GIGA)),
        Line("tv", "itv057100000001", "T20", Decimal(20), (0, 95 * GIGA)),
    )
    draft = resident(
        "王芳", "33010619880312204", phone="13857100001", address="浙江省杭州市西湖区文三路398号万塘公寓3幢2单元1502室",
        issuer="杭州市公安局西湖分局", email="wangfang@mail.example", level="gold", org_id=3301, occupation="设计师",
    )
    known, line_ids = record_customer(draft, lines=lines, by=by, at=at, joined=_day(2019, 5, 18))
    bill_months(known, lines, line_ids, unpaid=1, extra={3: Decimal("26.50"), 5: Decimal("48.00")}, by=by, at=at)
    parties.rate_customer(known.customer_id, parties.CreditFacts(tenure_months=90, bills=24, bills_paid_on_time=24), by=by, at=at - timedelta(days=12))
    tell(known, (
        (118, "limin", "hall", "order", "办理千兆宽带升级", "由500M升级至1000M，当日生效。"),
        (77, "zhoujie", "hotline", "enquiry", "咨询国际漫游资费", "计划赴日本旅行，告知日包资费。"),
        (40, "zhoujie", "hotline", "payment", "咨询开具电子发票", "已发送至邮箱。"),
        (9, "zhoujie", "hotline", "fault", "宽带晚间频繁掉线", "远程重启光猫后恢复，仍需观察。"),
        (6, "zhoujie", "hotline", "complaint", "投诉宽带掉线未彻底解决", "客户要求三日内上门检修并减免当月费用。"),
        (5, "limin", "hall", "care", "回访：安排上门检修", "已约定周六上午上门。"),
    ), people=people, at=at)
    return known


def zhang_wei_twice(people: dict[str, Actor], *, by: Actor, at: datetime) -> tuple[Known, Known]:
    """张伟 of Hangzhou, recorded twice: in the hall in 2020 and again, without a card, for broadband in 2024."""
    lines = (Line("mobile", "+8613857100002", "M59", Decimal(59), (7200, 21 * GIGA)),)
    first = resident(
        "张伟", "33010519900823101", phone="13857100002", address="浙江省杭州市拱墅区莫干山路100号锦绣花园5幢1单元601室",
        issuer="杭州市公安局拱墅分局", org_id=3301,
    )
    known, line_ids = record_customer(first, lines=lines, by=by, at=at, joined=_day(2020, 9, 2))
    bill_months(known, lines, line_ids, by=by, at=at)
    second = parties.CustomerDraft(
        name="张 伟", org_id=3301, gender="male", birth_on=date(1990, 8, 23),
        media=(parties.MediumDraft(kind="mobile", given="138 5710 0002"), parties.MediumDraft(kind="email", given="zhangwei90@mail.example")),
        addresses=(parties.AddressDraft(full="杭州市拱墅区莫干山路100号锦绣花园5栋1单元601"),),
    )
    twin, _none = record_customer(second, by=by, at=at, joined=_day(2024, 3, 11))
    tell(known, ((25, "limin", "hall", "enquiry", "咨询宽带报装进度", "系统中查不到宽带记录，疑似重复建档。"),), people=people, at=at)
    tell(twin, ((25, "limin", "hall", "order", "报装宽带300M", "未带身份证，先行登记。"),), people=people, at=at)
    return known, twin


def blue_sea(people: dict[str, Actor], *, by: Actor, at: datetime) -> Known:
    """浙江蓝海贸易有限公司: a key account kept by 陈强, two subsidiaries below it, a key person beside it."""
    keeper = people["chenqiang"].staff_id
    lines = (
        Line("mobile", "+8613857100010", "M199", Decimal(199), (36_000, 80 * GIGA)), Line("fixed", "+8657187650001", "F35", Decimal(35), (52_000, 0)),
        Line("ict", "ict057100000001", "I2000", Decimal(2000), (0, 900 * GIGA), 36),
    )
    mother = parties.CustomerDraft(
        name="浙江蓝海贸易有限公司", kind="organization", org_id=3301, segment="key_account", level="diamond", manager_id=keeper, industry="批发零售",
        documents=(parties.DocumentDraft(kind="business_licence", number=checked_code("91330106MA2B0LH7X"), issuer="杭州市市场监督管理局",
                                         verification="registry"),),
        media=(parties.MediumDraft(kind="phone", given="057187650001", preferred=True), parties.MediumDraft(kind="email", given="it@lanhai.example")),
        addresses=(parties.AddressDraft(full="浙江省杭州市西湖区文三路569号蓝海大厦12楼", kind="registered"),),
        consents=(parties.ConsentDraft(purpose="service", state="granted", source="visit", evidence="服务合同"),),
    )
    known, line_ids = record_customer(mother, lines=lines, method="transfer", by=by, at=at, joined=_day(2018, 3, 6))
    bill_months(known, lines, line_ids, by=by, at=at)
    for place, (name, code, number, joined, share) in enumerate((
        ("杭州蓝海物流有限公司", "91330109MA2C1LH3", "M99", _day(2020, 6, 1), Decimal("100.00")),
        ("杭州蓝海电子有限公司", "91330108MA2D1LH4", "M99", _day(2022, 1, 10), Decimal("65.00")),
    )):
        child_lines = (Line("mobile", f"+861385710002{place}", number, Decimal(99), (18_000, 30 * GIGA)),)
        draft = replace(
            mother, name=name, level="gold", industry=("物流运输", "电子制造")[place],
            documents=(parties.DocumentDraft(kind="business_licence", number=checked_code(f"{code}X"), issuer="市场监督管理局",
                                             verification="registry"),),
            media=(parties.MediumDraft(kind="mobile", given=f"1385710002{place}", preferred=True),),
            addresses=(parties.AddressDraft(full=("浙江省杭州市萧山区市心中路88号恒通中心8楼", "浙江省杭州市滨江区江南大道66号新元大厦3楼")[place],
                                            kind="registered"),),
        )
        child, child_ids = record_customer(draft, lines=child_lines, method="transfer", by=by, at=at, joined=joined)
        bill_months(child, child_lines, child_ids, by=by, at=at)
        for tree in ("legal", "billing"):
            parties.begin_membership(
                tree=tree, parent_id=known.party_id, child_id=child.party_id, valid_from=joined, role="子公司",
                share_percent=share if tree == "legal" else None, by=by, at=joined)
    _key_person(known, by=by, keeper_at=_day(2018, 3, 7), at=at)
    tell(known, (
        (60, "chenqiang", "visit", "care", "季度走访", "客户计划明年扩容专线至2G。"),
        (18, "chenqiang", "visit", "enquiry", "咨询云网融合方案", "已约技术经理下周交流。"),
    ), people=people | {"chenqiang": replace(people["chenqiang"], own_rows_of=None)}, at=at)
    return known


def _key_person(firm: Known, *, by: Actor, keeper_at: datetime, at: datetime) -> None:
    draft = resident(
        "周建国", "33010619710915301", phone="13857100011", address="浙江省杭州市西湖区古墩路588号绿城花园1幢2单元301室",
        issuer="杭州市公安局西湖分局", org_id=3301,
    )
    person, _lines = record_customer(draft, by=by, at=at, joined=keeper_at)
    parties.begin_membership(
        tree="key_person", parent_id=firm.party_id, child_id=person.party_id, valid_from=keeper_at, role="通信负责人", by=by, at=keeper_at)


def liu_yang(people: dict[str, Actor], *, by: Actor, at: datetime) -> Known:
    """刘洋 of Ningbo: half a year unpaid, suspended, on the blacklist for debt."""
    lines = (Line("mobile", "+8613857400001", "M99", Decimal(99), (9000, 55 * GIGA)),)
    draft = resident(
        "刘洋", "33021219930427151", phone="13857400001", address="浙江省宁波市鄞州区百丈东路777号阳光小区9幢1单元404室",
        issuer="宁波市公安局鄞州分局", org_id=3302, agreed=False,
    )
    known, line_ids = record_customer(draft, lines=lines, by=by, at=at, joined=_day(2021, 11, 30))
    bill_months(known, lines, line_ids, unpaid=5, by=by, at=at)
    parties.rate_customer(known.customer_id, parties.CreditFacts(tenure_months=60, bills=6, bills_paid_on_time=1, arrears_months=5), by=by,
                          at=at - timedelta(days=30))
    parties.enter_blacklist(parties.BlacklistDraft(
        match="party", cause="debt", effect="refuse", level=3, customer_id=known.customer_id, source="billing",
        note="连续五个月欠费，多次催缴未果。", debt_account_id=known.account_id,
    ), by=by, at=at - timedelta(days=20))
    inventory.suspend_line(subscriber_id=line_ids[0], reason="欠费停机", by=by, at=at - timedelta(days=20))
    tell(known, ((45, "zhaolei", "hotline", "payment", "催缴欠费", "客户称月底缴清。"), (21, "zhaolei", "sms", "payment", "停机前最后通知", "")),
         people=people, at=at)
    return known


def john_smith(people: dict[str, Actor], *, by: Actor, at: datetime) -> Known:
    """John Smith: a foreigner in Hangzhou with a passport who wants his letters in English."""
    lines = (Line("mobile", "+8613857100088", "M59", Decimal(59), (5400, 26 * GIGA)),)
    draft = parties.CustomerDraft(
        name="John Smith", org_id=3301, gender="male", birth_on=date(1985, 7, 4), nationality="US", language="en", occupation="Teacher",
        documents=(parties.DocumentDraft(kind="passport", number="530184672", issuer="US Department of State", issued_on=date(2019, 2, 11),
                                         expires_on=date(2029, 2, 10), verification="manual"),),
        media=(parties.MediumDraft(kind="mobile", given="13857100088", preferred=True), parties.MediumDraft(kind="email", given="john.smith@mail.example")),
        addresses=(parties.AddressDraft(full="浙江省杭州市西湖区学院路50号留学生公寓2幢301室"),),
        consents=(parties.ConsentDraft(purpose="service", state="granted", source="hall", evidence="application form"),),
    )
    known, line_ids = record_customer(draft, lines=lines, by=by, at=at, joined=_day(2023, 8, 21))
    bill_months(known, lines, line_ids, by=by, at=at)
    tell(known, ((14, "limin", "hall", "enquiry", "Asked for the contract in English", "Printed the English version."),), people=people, at=at)
    return known


def second_records(span: Span, *, by: Actor, at: datetime) -> None:
    """Record some of the simulated people a second time, as it happens at counters: no card, a slip in the name, the same phone."""
    block = draw_block(span, 0)
    tables = dict(block_tables(block))
    parties_, media, addresses = (tables[name] for name in ("party_party", "party_contact_medium", "party_postal_address"))
    people = parties_.filter(pc.and_(pc.equal(parties_["kind"], "individual"), pc.and_(pc.is_valid(parties_["birth_on"]), pc.equal(parties_["nationality"], "CN"))))
    made = 0
    for row in people.slice(120, 600).to_pylist():
        phone = media.filter(pc.and_(pc.equal(media["party_id"], row["id"]), pc.equal(media["kind"], "mobile")))
        home = addresses.filter(pc.equal(addresses["party_id"], row["id"]))
        if made == SECOND_RECORDS or not phone.num_rows or not home.num_rows or len(row["name"]) != 3:
            continue
        made += 1
        slip = row["name"] if made % 3 else row["name"][0] + row["name"][2] + row["name"][1]
        parties.create_customer(parties.CustomerDraft(
            name=slip, org_id=row["org_id"], gender=row["gender"], birth_on=row["birth_on"],
            media=(parties.MediumDraft(kind="mobile", given=phone["given"][0].as_py()),),
            addresses=(parties.AddressDraft(full=home["full"][0].as_py()),) if made % 2 else (),
        ), by=by, at=at)
