"""Rows found by arithmetic are those that the scanner finds one by one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csprio.read import spans as module
from csprio.read.rows import has_stray_quote, scan
from csprio.read.spans import spans


@given(st.text(alphabet='a",\n\r\u00e9 ', max_size=40), st.sampled_from(["", "h\n", '"\n"\r\n']))
@example('"a\r\n""b",c\r\n\r"', "")
@example('a,"b\n', "")
@example("\n\na", "h\n")
def test_spans_are_the_rows_of_the_scanner(text: str, head: str) -> None:
    """Lines, places, cells and quotes left open agree, whatever the text."""
    data, start = (head + text).encode(), len(head)
    rows = list(scan(data, b",", start, 7))
    found = spans(data, b",", start, 7)
    assert found.lines.tolist() == [row.line for row in rows]
    assert found.starts.tolist() == [row.start for row in rows]
    assert found.ends.tolist() == [row.end for row in rows]
    assert found.cells.tolist() == [row.cells for row in rows]
    assert dict(found.unclosed) == {at: row.unclosed for at, row in enumerate(rows) if row.unclosed}
    for at, row in enumerate(rows):
        if row.end > row.start:
            assert found.row(data, b",", at) == row


@pytest.mark.parametrize("end", ["", "\n", '2,"open', '2,"open\n'])
def test_fitting_quotes_need_no_scanner(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    """Where quotes fit, only a last line with an open one is scanned."""
    asked = []

    def watched(data: bytes, delimiter: bytes, start: int, line: int) -> object:
        asked.append(data[start:])
        return scan(data, delimiter, start, line)

    monkeypatch.setattr(module, "scan", watched)
    text = '1,"a\n""b"""\r\n2,\r' + end
    assert not has_stray_quote(text.removesuffix(end).encode(), 0, b",")
    spans(text.encode(), b",", 0, 1)
    assert asked == ([end.encode()] if '"' in end else [])
