"""Bytes of unknown encoding become the text that was meant."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.encoding import decode, detect_encoding

ENGLISH = "“It’s over,” she said – the café in Zürich had closed."
CZECH = "Noviny včera skončily a čtenáři zůstali bez večerního čtení; příliš žluťoučký kůň."
POLISH = "Wczoraj zamknięto ostatnią gazetę wieczorną. Drukarnia zatrzymała maszyny, Łódź śpi."
RUSSIAN = "Вечерняя газета закрылась вчера. Редактор сказал, что читателей стало мало."
GREEK = "Η τελευταία απογευματινή εφημερίδα της πόλης έκλεισε χθες."
HEBREW = "העיתון של הערב נסגר אתמול. העורך אמר שהקוראים היו מעטים מדי."
TURKISH = "Akşam gazetesi dün kapandı. Yazı işleri müdürü okurların azaldığını söyledi."
JAPANESE = "町で最後の夕刊が昨日終わった。編集長は読者が少なくなりすぎたと話した。"
CHINESE = "镇上最后一份晚报昨天停刊了。主编说读者太少了，印刷厂也停下了机器。"
TAIWANESE = "鎮上最後一份晚報昨天停刊了。主編說讀者太少了，印刷廠也停下了機器。"
KOREAN = "마을의 마지막 석간신문이 어제 문을 닫았다. 편집장은 독자가 너무 줄었다고 말했다."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "cp1252"),
        ("El año pasado la señora Muñoz viajó a España; ¿qué pasó?", "latin-1"),
        (CZECH, "cp1250"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859_2"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "cp866"),
        (GREEK, "cp1253"),
        (HEBREW, "cp1255"),
        (TURKISH, "cp1254"),
        ("“It’s over,” she said – the café had closed.", "mac_roman"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
        (TAIWANESE, "big5"),
        (KOREAN, "euc_kr"),
    ],
)
@pytest.mark.parametrize("times", [1, 5])
def test_legacy_encodings_are_detected(text, encoding, times):
    text = "\n".join([text] * times)
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_with_and_without_marks_is_read_without_the_mark(encoding):
    assert decode(ENGLISH.encode(encoding)) == ENGLISH


def test_a_declared_encoding_decides_where_the_bytes_leave_doubt():
    data = "ñandú".encode("cp1252")
    assert decode(data, "windows-1252") == "ñandú"
    assert decode("Ωδή".encode("iso8859_7"), "ISO-8859-7") == "Ωδή"


def test_a_declaration_is_not_believed_against_the_bytes():
    assert decode(ENGLISH.encode(), "iso-8859-1") == ENGLISH
    assert decode(ENGLISH.encode("cp1252"), "utf-8") == ENGLISH
    assert decode(ENGLISH.encode("cp1252"), "no-such-encoding") == ENGLISH
    assert decode(ENGLISH.encode(), "utf-16") == ENGLISH


def test_latin_1_is_read_as_the_larger_set_that_is_meant():
    assert decode(b"\x93quoted\x94 \x96 caf\xe9", "latin-1") == "“quoted” – café"


def test_utf_8_that_was_cut_stays_utf_8():
    assert decode(RUSSIAN.encode()[:-2]) == RUSSIAN[:-2] + "\ufffd"


@given(st.binary(max_size=200), st.sampled_from(["", "utf-8", "shift_jis", "utf-7", "rot13", "\0"]))
def test_decoding_never_fails(data, declared):
    assert isinstance(decode(data, declared), str)
    codecs.lookup(detect_encoding(data, declared))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_valid_utf_8_comes_back(text):
    assert decode(text.encode()) == text.removeprefix("\ufeff")
