"""Text of unknown origin, made safe to look at.

Comes in: any text of an input. Goes out: text without a character that a terminal obeys or that
reorders what stands around it. Nothing here knows colours, tables or Markdown.
"""

from __future__ import annotations

import re

# Control characters (C0, DEL, C1), marks that turn the direction of text (bidi), separators of
# lines, and characters that nobody sees. Joiners stay: Persian and emoji need them.
_UNSEEN = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\xad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f"
    "\\ufeff\\ufff9-\\ufffb\\ud800-\\udfff\\U000e0001]"
)
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_LAST_OF_BYTE = 0xFF
_LAST_OF_PLANE = 0xFFFF


def visible(text: str) -> str:
    r"""Write out what cannot be seen: ESC as `\x1b`, a newline as `\n`, an override as `\u202e`."""
    return _UNSEEN.sub(_escape, text) if _UNSEEN.search(text) else text


def visible_lines(text: str) -> str:
    """Do the same to a text of many lines whose newlines and tabs are its layout."""
    if not _UNSEEN.search(text):
        return text
    ends = (line.removesuffix("\r") for line in text.split("\n"))
    return "\n".join("\t".join(map(visible, line.split("\t"))) for line in ends)


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    code = ord(character)
    if code <= _LAST_OF_BYTE:
        return _SHORT.get(character, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code <= _LAST_OF_PLANE else f"\\U{code:08x}"
