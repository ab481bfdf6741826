"""Typesetting: an article's Markdown becomes lines of a terminal.

The ways, from source to screen:

1. `split` cuts the source into top-level blocks with one scan.
2. `document` parses a block (`markdown`, `formulas`, `build`, `inline`) only when it is looked
   at, into paragraphs: plain text and spans of style (`model`).
3. `layout` (with `wrap`, `hyphenate`, `table`) breaks a block's paragraphs into lines for one
   measure and one `setting`.  A line holds offsets into plain text, no text of its own.
4. `viewport` knows which lines are on screen; heights of blocks never visited are estimated
   (`flow`, `heights`).
5. `draw` makes Rich segments for a line that is on screen, with the styles of `styles`.

So what search finds, what is selected and where reading stopped are all offsets in plain text,
and survive any change of width or setting.  Nothing here knows of Textual or of the library.
"""
