"""Sets a Typst template of this folder with given data and draws QR codes: the same data give the same bytes."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEMPLATES = Path(__file__).parent / "templates"


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Set `templates/<template>.typ` with data as JSON and give the PDF.

    Only the fonts that Typst brings are used: they have every Kazakh letter, and no machine looks different. The
    document carries no moment of making.
    """
    import typst  # noqa: PLC0415 - 4 MB, which only printing needs

    source = TEMPLATES / f"{template}.typ"
    pdf = typst.compile(
        source,
        root=TEMPLATES,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=0,
    )
    if not isinstance(pdf, bytes):  # pragma: no cover - only a PNG of many pages comes as a list
        raise TypeError("a PDF is one document")
    return pdf


def qr_svg(text: str) -> str:
    """Draw a QR code as SVG that survives a crease or a fifth of dirt (level M); its quiet zone is part of it."""
    import segno  # noqa: PLC0415 - only drawing needs it

    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", xmldecl=False, svgns=True, border=4)
    return buffer.getvalue().decode()
