"""Places in Latin letters, as readers type them."""

import subprocess
import sys

import pytest
from django.conf import settings

from listings.text.pinyin import place_tokens

COUNTIES = {
    # Names that a dictionary of characters alone reads in another way first, and ones with ü.
    "长治": "changzhi",
    "吕梁": "luliang",
    "洪洞": "hongtong",
    "繁峙": "fanshi",
    "长子": "zhangzi",
    "解州": "haizhou",
    "尧都": "yaodu",
    "临猗": "linyi",
    "岢岚": "kelan",
    "芮城": "ruicheng",
    "曲沃": "quwo",
    "娄烦": "loufan",
    "大同": "datong",
    "晋中": "jinzhong",
    "万柏林": "wanbailin",
    "尖草坪": "jiancaoping",
}


@pytest.mark.parametrize(("name", "reading"), COUNTIES.items())
def test_places_are_read_as_they_are_called(name, reading):
    assert reading in place_tokens(name)
    assert {reading, f"{reading}xian"} <= place_tokens(f"{name}县")


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("襄垣县", {"xiangyuan", "xiangyuanxian"}),
        ("隰县", {"xixian", "xiexian"}),
        ("大同市左云县", {"zuoyun", "zuoyunxian"}),
        ("小店区（仅为示范区的一部分）", {"xiaodian", "xiaodianqu"}),
        ("襄垣縣", {"xiangyuan", "xiangyuanxian"}),
        ("垚兙镇", {"yao", "yaozhen"}),  # a character that nobody reads
        ("兙", set()),
        ("Taiyuan 5", set()),
        ("", set()),
    ],
)
def test_each_place_of_a_text_is_read_with_and_without_its_rank(text, readings):
    found = place_tokens(text)
    assert readings <= found
    assert (found == set()) is (readings == set())


def test_u_with_two_dots_is_typed_as_u_or_as_v():
    assert place_tokens("吕梁") == {"luliang", "lvliang"}


def test_a_long_name_has_few_readings():
    assert len(place_tokens("长治高新技术产业开发区")) <= 16


def test_the_dictionary_of_phrases_which_takes_much_memory_is_not_loaded():
    code = (
        "from listings.text.pinyin import place_tokens; place_tokens('长治'); import sys; "
        "sys.exit(len(sys.modules['pypinyin.constants'].PHRASES_DICT))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, check=False)
    assert found.returncode == 0
