"""Addresses in free text, as people write them: read into keys, whatever their form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongke.areas.resource.rules.addresses import arabic, door_key, keys_of, latin_key, place_key, read_place

# text: names that must be among those looked up, door, building, unit, room
READ: tuple[tuple[str, tuple[str, ...], str, str, str, str], ...] = (
    ("浙江省杭州市西湖区文三路138号翠苑花园5幢2单元301室", ("浙江", "杭州", "西湖", "文三路", "翠苑花园"), "138", "5", "2", "301"),
    ("西湖区文三路１３８号翠苑花园五栋二单元三〇一", ("西湖", "文三路", "翠苑花园"), "138", "5", "2", "301"),
    ("西湖区 文三路 138 号 翠苑花园 5 号楼 2 单元 301", ("西湖", "文三路", "翠苑花园"), "138", "5", "2", "301"),
    ("中国浙江省杭州市西湖区文三路138号", ("浙江", "杭州", "西湖", "文三路"), "138", "", "", ""),
    ("310012 杭州市西湖区翠苑街道文三路138号翠苑花园十二幢一单元一二〇一室", ("杭州", "西湖", "文三路", "翠苑花园"), "138", "12", "1", "1201"),
    ("翠苑花园5-2-301", ("翠苑花园",), "", "5", "2", "301"), ("翠苑花园5幢2-301", ("翠苑花园",), "", "5", "2", "301"),
    ("翠苑花园5－2－301室", ("翠苑花园",), "", "5", "2", "301"), ("翠苑花园 5#2单元 301", ("翠苑花园",), "", "5", "2", "301"),
    ("翠苑花园5幢301", ("翠苑花园",), "", "5", "", "301"), ("翠苑花园A座1203", ("翠苑花园",), "", "a", "", "1203"),
    ("翠苑花园二十五幢甲单元一百零五室", ("翠苑花园",), "", "25", "甲", "105"), ("绿城小区5幢301", ("绿城小区",), "", "5", "", "301"),
    ("文三路138号", ("文三路",), "138", "", "", ""), ("文三路138号3楼301室", ("文三路",), "138", "", "", "301"),
    ("文三路138号翠苑花园301", ("文三路", "翠苑花园"), "138", "", "", "301"), ("解放路25号1楼", ("解放路",), "25", "", "", ""),
    ("上海市徐汇区武康路100弄5号302室", ("上海", "徐汇", "武康路"), "100弄", "5", "", "302"), ("中山中路12号", ("中山中路",), "12", "", "", ""),
    ("余杭区五常大道10号", ("余杭", "五常大道"), "10", "", "", ""), ("下沙2号大街8号", ("下沙2号大街",), "8", "", "", ""),
    ("杭州文三路138号翠苑花园5幢2单元301", ("文三路", "杭州", "翠苑花园"), "138", "5", "2", "301"),
    ("西湖文化广场12楼", ("西湖文化广场",), "", "", "", ""),
    ("Room 301, Unit 2, Building 5, Cuiyuan Garden, No. 138 Wensan Road, Xihu District, Hangzhou, Zhejiang",
     ("cuiyuan", "wensan", "xihu", "hangzhou", "zhejiang"), "138", "5", "2", "301"),
    ("Rm.301, unit 2, Bldg 5, Cuiyuan Huayuan; Wen San Lu", ("cuiyuan", "wensan"), "", "5", "2", "301"),
    ("Flat 12b, Block C, Zhongshan Middle Road", ("zhongshanzhong",), "", "c", "", "12b"), ("", (), "", "", "", ""), ("   ，。 ", (), "", "", "", ""),
)


@pytest.mark.parametrize("case", READ)
def test_read(case: tuple[str, tuple[str, ...], str, str, str, str]) -> None:
    text, names, door, building, unit, room = case
    words = read_place(text)
    assert set(names) <= set(words.names), words
    assert (words.door, words.building, words.unit, words.room) == (door, building, unit, room), words


@pytest.mark.parametrize(("numeral", "number"), [
    ("一", "1"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("二十五", "25"), ("三〇一", "301"), ("一二零一", "1201"), ("一百零五", "105"), ("两百", "200"),
])
def test_numerals(numeral: str, number: str) -> None:
    assert arabic(numeral) == number


@pytest.mark.parametrize(("level", "forms", "key"), [
    ("building", ("5幢", "5栋", "五栋", "5号楼", "5座", "5#", "５幢", "5号", "Building 5", "bldg. 5"), "5"), ("building", ("A座", "Block A"), "a"),
    ("unit", ("2单元", "二单元", "Unit 2"), "2"), ("unit", ("甲单元",), "甲"), ("room", ("301室", "301", "三〇一室", "301房", "Room 301"), "301"),
    ("district", ("西湖区", "西湖"), "西湖"), ("city", ("杭州市", "杭州"), "杭州"), ("province", ("浙江省", "浙江"), "浙江"), ("district", ("郊区",), "郊区"),
    ("street", ("文三路", "文 三 路"), "文三路"),
])
def test_one_key_for_every_form(level: str, forms: tuple[str, ...], key: str) -> None:
    assert {place_key(level, form) for form in forms} == {key}


@pytest.mark.parametrize(("forms", "key"), [
    (("文三路", "Wensan Road", "Wen San Lu", "WENSAN RD."), "wensan"), (("中山中路", "Zhongshan Middle Road", "Zhongshan Zhonglu"), "zhongshanzhong"),
    (("翠苑花园", "Cuiyuan Garden", "Cuiyuan Huayuan"), "cuiyuan"), (("西湖区", "Xihu District", "Xihu Qu"), "xihu"),
])
def test_latin_letters_meet_the_characters(forms: tuple[str, ...], key: str) -> None:
    assert {latin_key(form) for form in forms} == {key}


@pytest.mark.parametrize(("given_", "key"), [("138号", "138"), ("１３８", "138"), ("No. 138", "138"), ("100弄", "100弄"), ("一百三十八号", "138")])
def test_doors(given_: str, key: str) -> None:
    assert door_key(given_) == key


def test_names_of_a_region() -> None:
    assert {key for _kind, _name, key in keys_of("district", "西湖区", "Xihu District")} == {"西湖区", "西湖", "xihu"}


@given(st.text(max_size=600))
def test_any_text_is_read(text: str) -> None:
    words = read_place(text)
    assert "\0" not in "".join((*words.names, words.door, words.building, words.unit, words.room))
    assert len(words.cut_anew().names) <= 660


@pytest.mark.parametrize("text", ["路" * 10_000, "1" * 10_000, "文三路138号" * 1_000, "一二三四" * 3_000, "Room 1, " * 2_000, "5幢" * 4_000, "市区县" * 3_000])
def test_a_hostile_text_is_read_to_its_end(text: str) -> None:
    assert "\0" not in "".join(read_place(text).names)  # a pattern that went back and forth would not come here
