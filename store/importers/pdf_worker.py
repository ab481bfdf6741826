"""The text of a PDF with its places and fonts, read in a process of its own.

PDFium is native code that reads hostile files, so it never runs in the process of the library:
this file is run as a script, with the PDF on standard input, and writes one JSON object.  It
imports nothing of the library.  A crash, a hang or a hunger for memory ends here.

The object is `{"error": REASON}` or `{"meta": {...}, "lang": "", "outline": [[level, title, page]],
"pages": [[width, height, lines]], "unread": [page, ...]}`.  A line is a list of runs, a run is
`[left, top, right, bottom, size, style, text]` in points from the top left corner; the bits of
`style` are `BOLD`, `ITALIC`, `FIXED` and `TURNED`.
"""

from __future__ import annotations

import ctypes
import json
import math
import sys
import unicodedata
from typing import Any

BOLD, ITALIC, FIXED, TURNED = 1, 2, 4, 8

#: More is no document for reading; the largest of real ones (the PDF standard) has 1,000 pages.
MAX_PAGES = 5_000
MAX_CHARACTERS = 12_000_000
#: A file can name one page thousands of times, and so have more text than was ever written: it may
#: have as many characters for each of its bytes (printed matter has one, long tables ten), or so
#: many, however small it is.  Reading a million takes some six seconds.
_CHARACTERS_A_BYTE = 20
_FEW_CHARACTERS = 500_000
MAX_OUTLINE = 2_000
#: Bytes of address space, beside three times the document, and seconds of processor time that the
#: process gives itself; of those a small file gets a few, and one more for each 20 kB.
MAX_MEMORY = 1024**3
MAX_SECONDS = 60
_FEW_SECONDS = 10
_BYTES_A_SECOND = 20_000

#: A gap between two characters that is wider parts two runs, in sizes of the font.
_GAP = 0.9
#: A gap between runs that is wider parts two words.
_WORD_GAP = 0.15
# Font descriptor flags (ISO 32000-1, table 123).
_FLAG_FIXED, _FLAG_ITALIC, _FLAG_FORCE_BOLD = 1, 1 << 6, 1 << 18
#: The entries of the document information dictionary that are read (ISO 32000-1, table 317).
_META = ("Title", "Author", "Subject", "Keywords", "CreationDate")
_SPACES = frozenset(map(ord, " \t\u00a0\u2002\u2003\u2009\u202f\u3000"))


def main() -> None:
    """Read standard input, write the text of the PDF."""
    data = sys.stdin.buffer.read()
    _limit(len(data))
    try:
        answer = read(data)
    except MemoryError:
        answer = {"error": "reading it takes too much memory"}
    sys.stdout.buffer.write(json.dumps(answer, separators=(",", ":")).encode("utf-8", "replace"))


def _limit(size: int) -> None:
    try:
        import resource
    except ImportError:  # no limits but the time that the caller waits
        return
    memory = MAX_MEMORY + 3 * size
    seconds = min(MAX_SECONDS, _FEW_SECONDS + size // _BYTES_A_SECOND)
    for what, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds)):
        try:
            resource.setrlimit(what, (limit, resource.getrlimit(what)[1]))
        except (ValueError, OSError):
            continue


def read(data: bytes) -> dict[str, Any]:
    """What `main` writes, for the bytes of a PDF."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            return {"error": "it is encrypted and needs a password"}
        return {"error": "it is damaged: PDFium cannot open it"}
    if count > MAX_PAGES:
        return {"error": f"it has {count:,} pages; at most {MAX_PAGES:,} are read"}
    pages: list[list[Any]] = []
    unread: list[int] = []
    most = min(MAX_CHARACTERS, max(_FEW_CHARACTERS, _CHARACTERS_A_BYTE * len(data)))
    left = most
    for number in range(count):
        try:
            page = document[number]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            unread.append(number + 1)
            continue
        left -= raw.FPDFText_CountChars(text.raw)
        if left < 0:
            return {"error": _too_many_characters(most, len(data))}
        width, height = page.get_size()
        lines = _Page(page.raw, text.raw, height, width).lines()
        pages.append([round(width, 1), round(height, 1), lines])
        text.close()
        page.close()
    return {
        "meta": _meta(document.raw),
        "lang": _language(document.raw),
        "outline": _outline(document),
        "pages": pages,
        "unread": unread,
    }


def _too_many_characters(most: int, size: int) -> str:
    said = f"it has more than {most:,} characters"
    return said if most == MAX_CHARACTERS else f"{said} in {size:,} bytes: some pages are repeated"


def _meta(document: Any) -> dict[str, str]:
    """The entries of the document information dictionary; what is no UTF-16 in them is U+FFFD."""
    from pypdfium2 import raw

    found: dict[str, str] = {}
    for name in _META:
        size = raw.FPDF_GetMetaText(document, name.encode(), None, 0)
        if size <= 2:  # nothing but the end of the text
            continue
        buffer = ctypes.create_string_buffer(size)
        raw.FPDF_GetMetaText(document, name.encode(), buffer, size)
        found[name] = buffer.raw[: size - 2].decode("utf-16-le", "replace")
    return found


def _outline(document: Any) -> list[list[Any]]:
    found: list[list[Any]] = []
    try:
        for mark in document.get_toc(max_depth=6):
            target = mark.get_dest()
            page = target.get_index() if target else None
            found.append([mark.level, mark.get_title(), -1 if page is None else page])
            if len(found) == MAX_OUTLINE:
                break
    except Exception:  # an outline is a help, and no reason to lose the text
        return found
    return found


def _language(document: Any) -> str:
    from pypdfium2 import raw

    try:
        size = raw.FPDFCatalog_GetLanguage(document, None, 0)
        if not 2 < size < 200:
            return ""
        # The unit has changed between versions of PDFium, so there is room for both.
        buffer = ctypes.create_string_buffer(4 * size)
        place = ctypes.cast(buffer, raw.FPDFCatalog_GetLanguage.argtypes[1])
        raw.FPDFCatalog_GetLanguage(document, place, size)
        return buffer.raw.decode("utf-16-le", "replace").partition("\0")[0]
    except (AttributeError, ctypes.ArgumentError, TypeError):
        return ""


class _Page:
    """The lines of one page, in the order of the file."""

    def __init__(self, page: Any, text: Any, height: float, width: float) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._text = text
        self._height, self._width = height, width
        self._turn = raw.FPDFPage_GetRotation(page)
        left, bottom = ctypes.c_float(), ctypes.c_float()
        right, top = ctypes.c_float(), ctypes.c_float()
        box = [ctypes.byref(side) for side in (left, bottom, right, top)]
        known = raw.FPDFPage_GetCropBox(page, *box) or raw.FPDFPage_GetMediaBox(page, *box)
        self._origin = (left.value, bottom.value) if known else (0.0, 0.0)
        self._fonts: dict[int, int] = {}

    def lines(self) -> list[list[list[Any]]]:
        """Lines of runs (see the head of this module)."""
        raw, text = self._raw, self._text
        unicode_at, box_at, object_at = (
            raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetTextObject,
        )  # fmt: skip
        rect = raw.FS_RECTF()
        into = ctypes.byref(rect)
        lines: list[list[list[Any]]] = []
        line: list[list[Any]] = []
        run: list[Any] | None = None
        drawn = None
        size, style, gap = 0.0, 0, False
        for index in range(raw.FPDFText_CountChars(text)):
            code = unicode_at(text, index)
            if code in (10, 13):
                if line:
                    lines.append(line)
                line, run = [], None
                continue
            if code in _SPACES:
                gap = True
                continue
            if code in (0, 0xFFFF) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
                continue
            holder = object_at(text, index)
            if holder is not None:
                address = ctypes.addressof(holder.contents)
                if address != drawn:
                    drawn = address
                    size, style = self._font(index, holder)
            if not box_at(text, index, into):
                continue
            x0, y0, x1, y1 = self._place(rect)
            # PDFium says U+0002 or U+FFFE for the hyphen of a word that goes on in the next line.
            character = "-" if code in (2, 0xFFFE) else chr(code)
            if run is not None and run[5] == style and abs(run[4] - size) < 0.5:
                rightward = unicodedata.bidirectional(character) in ("R", "AL")
                distance = run[0] - x1 if rightward and x1 < run[2] else x0 - run[2]
                if -size < distance < _GAP * size and abs(y1 - run[3]) < 0.6 * size:
                    run[6] += f" {character}" if gap else character
                    run[0], run[1] = min(run[0], x0), min(run[1], y0)
                    run[2], run[3] = max(run[2], x1), max(run[3], y1)
                    gap = False
                    continue
            if run is not None and (gap or x0 - run[2] > _WORD_GAP * size):
                run[6] += " "
            gap = False
            run = [x0, y0, x1, y1, round(size, 1), style, character]
            line.append(run)
        if line:
            lines.append(line)
        for each in lines:
            for one in each:
                one[:4] = [round(side, 1) for side in one[:4]]
        return lines

    def _place(self, rect: Any) -> tuple[float, float, float, float]:
        """Left, top, right and bottom on the page as it is shown."""
        x, y = self._origin
        left, right, low, high = rect.left - x, rect.right - x, rect.bottom - y, rect.top - y
        if self._turn == 1:
            return low, left, high, right
        if self._turn == 2:
            return self._width - right, low, self._width - left, high
        if self._turn == 3:
            return self._width - high, self._height - right, self._width - low, self._height - left
        return left, self._height - high, right, self._height - low

    def _font(self, index: int, holder: Any) -> tuple[float, int]:
        """Size in points as shown, and style, of the text object of a character."""
        raw = self._raw
        matrix = raw.FS_MATRIX()
        size = raw.FPDFText_GetFontSize(self._text, index)
        turned = 0
        if raw.FPDFText_GetMatrix(self._text, index, ctypes.byref(matrix)):
            size *= math.hypot(matrix.c, matrix.d) or 1.0
            angle = round(math.degrees(math.atan2(matrix.b, matrix.a)) / 90) % 4
            turned = 0 if angle == self._turn else TURNED
        font = raw.FPDFTextObj_GetFont(holder)
        if not font:
            return size, turned
        key = ctypes.addressof(font.contents)
        if key not in self._fonts:
            self._fonts[key] = self._style(font)
        return size, self._fonts[key] | turned

    def _style(self, font: Any) -> int:
        raw = self._raw
        flags = max(raw.FPDFFont_GetFlags(font), 0)
        buffer = ctypes.create_string_buffer(200)
        raw.FPDFFont_GetBaseFontName(font, buffer, 200)
        name = buffer.value.decode("latin-1").lower().rpartition("+")[2]
        weight = raw.FPDFFont_GetWeight(font)
        bold = any(word in name for word in ("bold", "black", "heavy", "demi"))
        italic = any(word in name for word in ("italic", "oblique", "slant"))
        style = BOLD if bold or weight >= 600 or flags & _FLAG_FORCE_BOLD else 0
        style |= ITALIC if italic or flags & _FLAG_ITALIC else 0
        mono = any(word in name for word in ("mono", "courier", "consol", "typewriter"))
        return style | (FIXED if flags & _FLAG_FIXED or mono else 0)


if __name__ == "__main__":
    main()
