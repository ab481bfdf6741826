"""Small PDFs for tests: lines of text at given places, in the fonts that every reader has."""

from __future__ import annotations

from dataclasses import dataclass

FONTS = {"": "Helvetica", "bold": "Helvetica-Bold", "italic": "Helvetica-Oblique",
         "fixed": "Courier"}  # fmt: skip
#: Mean width of a letter of Helvetica in sizes of the font; for lines of about equal length.
LETTER = 0.5


@dataclass
class Put:
    """A line of text: left and top in points, size and font."""

    left: float
    top: float
    text: str
    size: float = 10
    font: str = ""


def pdf(pages, *, width=400, height=600, info="", trailer=""):
    """The bytes of a PDF with a page for each list of `Put`."""
    names = list(FONTS)
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    fonts = []
    for base in FONTS.values():
        objects.append(
            f"<< /Type /Font /Subtype /Type1 /BaseFont /{base} /Encoding /WinAnsiEncoding >>"
        )
        fonts.append(len(objects))
    resources = " ".join(f"/F{k} {number} 0 R" for k, number in enumerate(fonts))
    kids = []
    for page in pages:
        content = "".join(
            f"BT /F{names.index(put.font)} {put.size} Tf {put.left} "
            f"{height - put.top - put.size} Td ({_escaped(put.text)}) Tj ET\n"
            for put in page
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}endstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] "
            f"/Contents {len(objects)} 0 R /Resources << /Font << {resources} >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    if info:
        objects.append(f"<< {info} >>")
        trailer += f" /Info {len(objects)} 0 R"
    data = "%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{text}\nendobj\n"
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    data += "".join(f"{place:010} 00000 n \n" for place in places)
    data += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n"
    data += f"startxref\n{start}\n%%EOF\n"
    return data.encode("cp1252", "replace")


def column(text, left, top, *, width, size=10, leading=13, indent=0.0):
    """A paragraph set in lines of at most `width` points, and the place below it."""
    puts = []
    room = int(width / (LETTER * size))
    line = ""
    for word in [*text.split(), None]:
        first = not puts
        if word is not None and len(f"{line} {word}".strip()) <= room - (
            3 if first and indent else 0
        ):
            line = f"{line} {word}".strip()
            continue
        puts.append(Put(left + (indent if first else 0), top, line, size))
        top += leading
        line = word or ""
    return puts, top


def _escaped(text):
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
