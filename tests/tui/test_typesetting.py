"""How articles are set, in the running app: by the config, and by what is chosen in the palette."""

from __future__ import annotations

import pytest
from app_harness import fill, press, running, screen, settle, text, until
from hypothesis import given
from hypothesis import strategies as st

from store import Article
from tui.config import Config
from tui.terminal.bidi import reorders
from tui.typeset import hyphenate, language
from tui.typeset.viewport import Place

PROSE = (
    "The keeper of the lighthouse wrote the extraordinary measurements down every hour of the day, "
    "and of the night as well, because nobody had told him that it was not necessary any more. "
)
BODY = "\n\n".join(
    ["```\nshort = 1\n" + "a_line = " + "of_code + " * 20 + "end\n```"]
    + [PROSE * 4] * 30
    + ["![A map of the harbour](https://quay.example/map.png)", "שלום עולם"]
)


@pytest.fixture
def path(tmp_path):
    fill(tmp_path / "library.json", [Article(title="Measurements", body=BODY, words=900)])
    return tmp_path / "library.json"


async def choose(app, pilot, title: str) -> None:
    """Choose a command of the palette by its name."""
    choices = {name: act for name, _, act in app.main.typesetting.choices()}
    choices[title]()
    await settle(pilot)


async def opened(pilot) -> None:
    await press(pilot, "enter")


async def test_the_config_sets_the_text(path):
    config = Config(justify=True, paragraphs="indent", code="scroll", frames=False, bidi="on")
    async with running(path, config=config, size=(80, 40)) as (app, pilot):
        await opened(pilot)
        rows = screen(app)
        assert any("of_code + of_code" in row and "›" in row for row in rows)
        assert sum("  of  " in row for row in rows) > 3
        await press(pilot, "d")
        assert any("  The keeper" in row for row in screen(app))
        await press(pilot, "G")
        rows = screen(app)
        [name] = [row for row in rows if "A map of" in row]
        assert "image: A map of the harbour" in name
        assert next(row for row in rows if "שלום" in row).startswith(" " * 60)


async def test_the_defaults_are_ragged_spaced_wrapped_framed_and_left(path):
    async with running(path, size=(80, 40)) as (app, pilot):
        await opened(pilot)
        rows = screen(app)
        assert any("↪ " in row for row in rows)
        assert not any("  of  " in row for row in rows)
        await press(pilot, "G")
        assert any("┌ image ─" in row for row in screen(app))
        assert next(row for row in screen(app) if "שלום" in row).startswith("   שלום")


async def test_words_are_hyphenated_by_a_guessed_language_whose_patterns_come_later(path):
    hyphenate.forget()
    async with running(path, config=Config(hyphenate=True, column=40)) as (app, pilot):
        await opened(pilot)
        await until(pilot, lambda: app.main.reader.document.setting.lang == "en")
        await press(pilot, "space", "space")
        assert any(row.rstrip().endswith("-") for row in screen(app))


@pytest.mark.parametrize(
    ("on", "off"),
    [
        ("justified", "ragged"),
        ("hyphenated", "words left whole"),
        ("paragraphs indented", "paragraphs spaced"),
        ("long code scrolled", "long code wrapped"),
    ],
)
async def test_what_is_chosen_in_the_palette_keeps_the_place(path, on, off):
    async with running(path) as (app, pilot):
        await opened(pilot)
        await press(pilot, "space", "space", "space", "d")
        reader = app.main.reader
        before = screen(app)
        top, y = reader.view.top_place(), reader.view.row_of(reader.view.top_place())
        await choose(app, pilot, on)
        assert on in text(app)
        assert reader.view.row_of(top) == y
        await choose(app, pilot, off)
        await press(pilot, "j", "k")
        assert reader.view.top_place() == top
        assert screen(app)[:-2] == before[:-2]


async def test_the_palette_offers_what_is_not_so(path):
    async with running(path) as (app, pilot):
        await press(pilot, "colon", *"text just")
        await until(pilot, lambda: "Text: justified" in text(app))
        await press(pilot, "enter")
        assert app.main.reader.setting.justify
        await press(pilot, "colon", *"text ragged")
        await until(pilot, lambda: "Text: ragged" in text(app))


async def test_code_that_is_cut_is_moved_with_two_keys_and_wrapped_code_is_not(path):
    async with running(path, config=Config(code="scroll")) as (app, pilot):
        await opened(pilot)
        before = screen(app)
        await press(pilot, "greater_than_sign")
        assert any("‹  of_code" in row for row in screen(app))
        await press(pilot, "less_than_sign")
        assert screen(app) == before
        assert app.main.reader.check_action("scroll_code", (1,))
    async with running(path) as (app, _):
        assert not app.main.reader.check_action("scroll_code", (1,))


async def test_a_match_beyond_the_edge_of_code_is_brought_into_sight(path):
    async with running(path, config=Config(code="scroll")) as (app, pilot):
        await opened(pilot)
        await press(pilot, "slash", *"end", "enter")
        assert any("of_code + end" in row for row in screen(app))


async def test_ascii_glyphs_leave_the_text_as_it_is(path, tmp_path):
    body = "“Déjà vu” – 港…\n\n> Quote\n\n- item\n\n---\n\nMore → and more."
    fill(tmp_path / "other.json", [Article(title="Ünïcode", body=body)])
    async with running(tmp_path / "other.json", config=Config(glyphs="ascii")) as (app, pilot):
        await opened(pilot)
        shown = text(app)
        assert "“Déjà vu” – 港…" in shown
        assert "| Quote" in shown
        assert "* item" in shown
        assert not set(shown) & set("│•─━▐●→")
    async with running(tmp_path / "other.json") as (app, pilot):
        await opened(pilot)
        assert "│ Quote" in text(app)


async def test_unicode_glyphs_can_be_had_in_any_locale(path, monkeypatch):
    monkeypatch.setenv("LANG", "C")
    async with running(path, config=Config(glyphs="unicode")) as (app, _):
        assert "●" in text(app)
    async with running(path) as (app, _):
        assert text(app).isascii()


@pytest.mark.parametrize(
    ("environ", "known"),
    [
        ({}, False),
        ({"VTE_VERSION": "5800"}, True),
        ({"VTE_VERSION": "5601"}, False),
        ({"VTE_VERSION": "new"}, False),
        ({"KONSOLE_VERSION": "220401"}, True),
        ({"VTE_VERSION": "6003", "TMUX": "/tmp/tmux-0/default,1,0"}, False),
        ({"KONSOLE_VERSION": "220401", "STY": "1.pts"}, False),
    ],
)
def test_terminals_that_reorder_text_are_known_by_their_variables(environ, known):
    assert reorders(environ) is known


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", PROSE),
        ("de", "Der Wärter schrieb die Höhe jede Stunde des Tages auf und auch in der Nacht, weil "
         "es das war, was sie von ihm wollten, und er tat es nicht für sich."),
        ("fr", "Le gardien écrivait la hauteur à chaque heure du jour et de la nuit, parce que "
         "c'est ce qu'ils avaient demandé, et ce n'est pas pour les bateaux."),
        ("es", "El guardián escribía la altura a cada hora del día y de la noche, porque era lo "
         "que le habían pedido, y no es la única manera de hacerlo."),
        ("da", "Vagten skrev højden ned hver time på dagen og også om natten, fordi det var hvad "
         "de havde bedt ham om, og det er ikke den eneste af dem."),
        ("nb", "Vakten skrev ned høyden hver time på dagen og også om natten, fordi det var det "
         "de hadde bedt ham om, og det er ikke den eneste av dem."),
        ("ru", "Смотритель записывал высоту каждый час дня и ночи, потому что его об этом "
         "просили, и это не единственный способ, но он лучший из всех."),
        ("", "漢字かな交じり文です。" * 40),
        ("", "Too short."),
        ("", "lorem ipsum dolor sit amet consectetur adipiscing elit sed eiusmod tempor " * 4),
    ],
)  # fmt: skip
def test_a_language_is_guessed_by_its_commonest_words(lang, sentence):
    assert language.guess(sentence) == lang


@given(st.text())
def test_no_text_stops_the_guessing(sample):
    language.guess(sample)


async def test_a_preview_is_set_as_the_config_says_too(path):
    async with running(path, size=(160, 40), config=Config(justify=True)) as (app, _):
        assert app.main.reader.view.top_place() == Place(0, 0)
        assert any("  of  " in row for row in screen(app))


async def test_the_usual_column_is_that_of_the_config(path):
    async with running(path, config=Config(column=60)) as (app, pilot):
        await opened(pilot)
        await press(pilot, "plus")
        assert app.main.reader.column == 64
        await press(pilot, "equals_sign")
        assert app.main.reader.column == 60
