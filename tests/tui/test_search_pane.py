"""The search pane: typing, moving among the hits, opening, leaving."""

from __future__ import annotations

import pytest
from list_harness import NOW, drawn, row
from textual.app import App, ComposeResult
from textual.binding import Binding

from store import Completions, help_lines
from store.results import Hit
from tui.widgets.glyphs import UNICODE
from tui.widgets.search_pane import SearchPane


def hits(start: int, end: int, word: str = "harbour") -> list[Hit]:
    snippet = f"about the {word}"
    return [
        Hit(row(index + 1), 1.0, snippet, ((10, 10 + len(word)),)) for index in range(start, end)
    ]


class SearchApp(App[None]):
    """A pane; each text finds what the test says, at once or when asked."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [Binding("q,x,g,G,j,ctrl+n", "never", "Never reached while typing")]

    def __init__(self, count: int = 1000, *, answer: bool = True) -> None:
        super().__init__()
        self.pane = SearchPane(glyphs=UNICODE, clock=lambda: NOW)
        self.count = count
        self.answer = answer
        self.warnings: tuple[str, ...] = ()
        self.heard: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.focus_input()

    def action_never(self) -> None:
        self.heard.append("never")

    def find(self, text: str | None = None, count: int | None = None, exact: bool = True) -> None:
        found = self.count if count is None else count
        self.pane.show_result(
            ids=range(1, found + 1),
            count=found,
            exact=exact,
            warnings=self.warnings,
            hits=hits(0, min(found, 16)),
            total=100_000,
            text=text,
        )

    def on_search_pane_changed(self, event: SearchPane.Changed) -> None:
        self.heard.append(("changed", event.text))
        if self.answer and event.text:
            self.find(event.text)

    def on_search_pane_page_wanted(self, event: SearchPane.PageWanted) -> None:
        event.control.put(event.start, hits(event.start, event.end), event.generation)

    def on_search_pane_completion_wanted(self, event: SearchPane.CompletionWanted) -> None:
        event.control.show_completions(Completions(0, 0), event.text, event.cursor)

    def on_search_pane_opened(self, event: SearchPane.Opened) -> None:
        self.heard.append(("opened", event.index, event.id))

    def on_search_pane_dismissed(self) -> None:
        self.heard.append("dismissed")


async def test_every_keystroke_is_told_and_shown_literally() -> None:
    app = SearchApp(answer=False)
    async with app.run_test() as pilot:
        await pilot.press("left_square_bracket", "b", "right_square_bracket", "q", "slash", "x")
        await pilot.pause()
        texts = ["[", "[b", "[b]", "[b]q", "[b]q/", "[b]q/x"]
        assert app.heard == [("changed", text) for text in texts]
        assert drawn(app)[0] == " /[b]q/x"


async def test_the_input_does_not_blink() -> None:
    app = SearchApp()
    async with app.run_test():
        assert app.pane.input.cursor_blink is False
        assert app.pane.input.placeholder == ""


async def test_hits_and_their_number_follow_the_text() -> None:
    app = SearchApp(12)
    async with app.run_test() as pilot:
        await pilot.press("h")
        await pilot.pause()
        lines = drawn(app)
        assert lines[0].endswith("12 of 100,000")
        assert lines[1].startswith(" ●  Article 1 ")
        assert lines[2].rstrip(" ▐") == "    about the harbour"
        app.find(count=1000, exact=False)
        await pilot.pause()
        assert drawn(app)[0].endswith("1,000+ found")


async def test_a_narrow_pane_shows_the_bare_number() -> None:
    app = SearchApp(12)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("h")
        await pilot.pause()
        assert drawn(app)[0].endswith(" 12")


async def test_warnings_take_one_line_and_give_it_back() -> None:
    app = SearchApp()
    app.warnings = ("no 'misile': showing 'missile'", "unknown [field] 'titel:'")
    async with app.run_test() as pilot:
        await pilot.press("h")
        await pilot.pause()
        assert drawn(app)[1] == ("    no 'misile': showing 'missile' · unknown [field] 'titel:'")
        assert "Article 1 " in drawn(app)[2]
        app.warnings = ()
        await pilot.press("a")
        await pilot.pause()
        assert "Article 1 " in drawn(app)[1]


@pytest.mark.parametrize("size", [(40, 14), (80, 24), (120, 60)])
async def test_an_empty_search_explains_the_query_language_at_any_size(size) -> None:
    app = SearchApp()
    async with app.run_test(size=size) as pilot:
        for _ in range(2):
            seen = "\n".join(drawn(app))
            for _ in range(4):
                await pilot.press("pagedown")
                seen += "\n".join(drawn(app))
            for example, meaning in help_lines():
                assert f"  {example} " in seen
                assert meaning[:8] in seen
            await pilot.press("h", "backspace")
            await pilot.pause()
        assert app.pane.hits.row_count == 0


async def test_nothing_found_says_so_with_a_hint() -> None:
    app = SearchApp(0)
    async with app.run_test() as pilot:
        await pilot.press("h")
        await pilot.pause()
        assert drawn(app)[0].endswith("0 of 100,000")
        assert drawn(app)[2:4] == [
            "    nothing found",
            "    fewer words find more; a* finds beginnings",
        ]


async def test_what_finds_more_is_told_in_full_in_a_narrow_pane() -> None:
    app = SearchApp(0)
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("h")
        await pilot.pause()
        assert " ".join(" ".join(drawn(app)[2:5]).split()) == (
            "nothing found fewer words find more; a* finds beginnings"
        )
        await pilot.resize_terminal(80, 12)
        await pilot.pause()
        assert drawn(app)[3] == "    fewer words find more; a* finds beginnings"


async def test_hits_are_walked_and_opened_without_leaving_the_input() -> None:
    app = SearchApp()
    async with app.run_test() as pilot:
        await pilot.press("h", "down", "ctrl+n", "down", "up", "ctrl+p", "ctrl+n")
        assert app.pane.hits.cursor == 2
        await pilot.press("pagedown")
        assert app.pane.hits.cursor > 10
        await pilot.press("pageup")
        assert app.pane.hits.cursor == 2
        assert app.pane.input.has_focus
        assert app.pane.hits.lit
        await pilot.press("enter")
        await pilot.pause()
        assert app.heard[-1] == ("opened", 2, 3)
        assert "never" not in app.heard


async def test_each_new_text_puts_the_cursor_on_the_best_hit() -> None:
    app = SearchApp()
    async with app.run_test() as pilot:
        await pilot.press("h", "down", "down", "a")
        await pilot.pause()
        assert app.pane.hits.cursor == 0
        await pilot.press("down")
        app.find("ha", count=900)  # the library changed under the same search
        assert app.pane.hits.cursor == 1


async def test_enter_before_the_answer_opens_the_first_hit_of_the_newest_text() -> None:
    app = SearchApp(answer=False)
    async with app.run_test() as pilot:
        await pilot.press("h", "a", "enter")
        app.find("h")
        await pilot.pause()
        assert app.heard[-1] == ("changed", "ha")
        app.find("ha")
        await pilot.pause()
        assert app.heard[-1] == ("opened", 0, 1)
        app.find("ha")
        await pilot.pause()
        assert app.heard.count(("opened", 0, 1)) == 1


async def test_typing_on_takes_back_an_enter_that_came_too_early() -> None:
    app = SearchApp(answer=False)
    async with app.run_test() as pilot:
        await pilot.press("h", "enter", "a")
        app.find("ha")
        await pilot.pause()
        assert app.heard == [("changed", "h"), ("changed", "ha")]


async def test_tab_goes_from_the_input_to_the_hits_and_back() -> None:
    app = SearchApp()
    async with app.run_test() as pilot:
        await pilot.press("tab")
        assert app.pane.input.has_focus  # no hits yet
        await pilot.press("h", "tab")
        assert app.pane.hits.has_focus
        await pilot.press("j", "j", "enter")
        await pilot.pause()
        assert app.heard[-1] == ("opened", 2, 3)
        await pilot.press("tab")
        assert app.pane.input.has_focus
        await pilot.press("tab", "slash", "a")
        assert app.pane.text == "ha"


async def test_escape_leaves_the_input_and_a_second_one_the_search() -> None:
    app = SearchApp()
    async with app.run_test() as pilot:
        await pilot.press("h", "escape")
        assert app.pane.hits.has_focus
        assert "dismissed" not in app.heard
        await pilot.press("escape")
        assert app.heard[-1] == "dismissed"


async def test_escape_without_hits_leaves_at_once() -> None:
    app = SearchApp()
    async with app.run_test() as pilot:
        await pilot.press("escape")
        assert app.heard == ["dismissed"]


async def test_a_text_set_from_outside_is_told_like_a_typed_one() -> None:
    app = SearchApp()
    async with app.run_test() as pilot:
        app.pane.text = "harbour"
        await pilot.press("s")
        assert app.heard == [("changed", "harbour"), ("changed", "harbours")]


async def test_further_hits_are_fetched_when_they_come_into_view() -> None:
    app = SearchApp()
    async with app.run_test() as pilot:
        await pilot.press("h", "tab", "G")
        await pilot.pause()
        assert any("Article 1000 " in line for line in drawn(app))


async def test_the_old_hits_stay_until_the_new_ones_are_there() -> None:
    app = SearchApp()
    async with app.run_test() as pilot:
        await pilot.press("h")
        await pilot.pause()
        before = drawn(app)[1:]
        app.answer = False
        await pilot.press("a")
        await pilot.pause()
        assert drawn(app)[1:] == before


async def test_the_current_hit_is_lit_as_long_as_keys_reach_the_pane() -> None:
    app = SearchApp()
    async with app.run_test() as pilot:
        await pilot.press("h", "tab")
        assert app.pane.hits.lit
        app.set_focus(None)
        await pilot.pause()
        assert not app.pane.hits.lit


async def test_keys_typed_right_after_going_to_the_input_are_no_commands() -> None:
    app = SearchApp()
    async with app.run_test() as pilot:
        await pilot.press("h", "tab")
        app.pane.focus_input()
        assert app.focused is app.pane.input
        await pilot.pause()
