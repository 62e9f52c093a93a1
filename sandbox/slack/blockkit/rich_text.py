"""What stands inside a rich_text block."""

from __future__ import annotations

from .shapes import ID, URL, Shape, array, boolean, enum, integer, string, thing, typed

_STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "unlink")
_STYLED: dict[str, Shape] = {"style": thing({}, dict.fromkeys(_STYLES, boolean))}
_INLINE: dict[str, Shape] = {
    "text": thing({"text": string(40_000)}, _STYLED),
    "link": thing({"url": URL}, {"text": string(40_000, low=0), "unsafe": boolean, **_STYLED}),
    "user": thing({"user_id": ID}, _STYLED),
    "channel": thing({"channel_id": ID}, _STYLED),
    "usergroup": thing({"usergroup_id": ID}, _STYLED),
    "emoji": thing({"name": string(255)}, {"unicode": string(255), "skin_tone": integer(1, 6), **_STYLED}),
    "broadcast": thing({"range": enum("here", "channel", "everyone")}, _STYLED),
    "color": thing({"value": string(10)}),
    "date": thing(
        {"timestamp": integer(0, 9_999_999_999), "format": string(255)},
        {"url": URL, "fallback": string(3000), **_STYLED},
    ),
}
_inline = array(typed(_INLINE), 5000, low=0)
_section = thing({"elements": _inline})
_BORDER: dict[str, Shape] = {"border": integer(0, 1)}
_ELEMENT = typed(
    {
        "rich_text_section": _section,
        "rich_text_list": thing(
            {
                "elements": array(typed({"rich_text_section": _section}), 1000),
                "style": enum("bullet", "ordered"),
            },
            {"indent": integer(0, 8), "offset": integer(0, 1_000_000), **_BORDER},
        ),
        "rich_text_preformatted": thing({"elements": _inline}, {**_BORDER, "language": string(50)}),
        "rich_text_quote": thing({"elements": _inline}, _BORDER),
    }
)
RICH_TEXT = array(_ELEMENT, 1000)
