"""The first frame, on the screen before Textual is loaded.

Loading Textual takes ten times as long as asking the side index for the newest articles.  So these
are shown first, in the very cells that the app will draw, and the app takes the screen over without
sending any of them again.

1. `start` decides whether there can be such a frame, by the arguments and the terminal alone.
2. `look` holds what only Textual knows (colours, signs, keys): the app has kept it from a run with
   the same settings in the same kind of terminal.  Before there was one, `shipped` has the looks of
   the app as it is delivered.
3. `picture` draws list, status line and key bar from the look and the index, with the code the
   widgets draw with; the article beside the list is as the app has kept it, if nothing in it has
   changed.
4. `screen` has the terminal until the driver takes it over, and gives it back should that never
   come.
5. `keeping`, in the running app, writes down the look and the article for the next time.

All but the last load neither Rich nor Textual, `pathlib` or `dataclasses`; a test holds the list of
what is loaded.
"""
