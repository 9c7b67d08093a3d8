"""Pages made of templates: Jinja2, a reader's in its sandbox; no data is ever markup.

Comes in: the name of a template of csprio's own or the path of one of a reader, and what it is
given. Goes out: text. What is wrong with a template is a problem with its file and line.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from csprio.problems import ExitCode, Place, Stop, policy_stop, problem
from csprio.show.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME = Path(__file__).parent / "page"
_LACKS = re.compile(r"'[\w.]+ object' has no attribute '(\w+)'")
_UNNAMED = "<template>"  # as Jinja calls what it has from a text
_ENDING = ".html.j2"


class Pages:
    """Renders csprio's own templates, or a reader's one instead, which may extend and use them."""

    def __init__(self, own: str | None = None) -> None:
        """Read a reader's template, where there is one; it stops the run where it cannot be."""
        self._own = own
        self._text = "" if own is None else _text_of(own)
        # The sandbox looks at every attribute; csprio need not be kept from its own.
        environment = Environment if own is None else ImmutableSandboxedEnvironment
        self._jinja = environment(
            loader=FileSystemLoader(HOME),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_shown,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        del self._jinja.filters["safe"]  # text of data is text, in any template
        self._jinja.globals |= {
            "style": Markup(_part("style.css")),  # noqa: S704 - csprio's own
            "script": Markup(_part("sort.js")),  # noqa: S704
            "sha256": _sha256,
        }

    def page(self, name: str, given: Mapping[str, Any]) -> bytes:
        """Render a page; a reader's template is given the same, and `page`, which it would be."""
        path = f"{name}{_ENDING}"
        try:
            own = self._own is not None
            template = (
                self._jinja.from_string(self._text) if own else self._jinja.get_template(path)
            )
            return template.render({**given, "page": path}).encode()
        except RecursionError as error:
            raise self._wrong(error, "it goes round in circles") from error
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise self._wrong(error, str(error)) from error

    def _wrong(self, error: BaseException, reason: str) -> Stop:
        """Say where a reader's template is wrong; one of csprio's own is a defect."""
        if self._own is None:
            raise error
        line = getattr(error, "lineno", None) or self._line(error)
        reason = _LACKS.sub(r"there is no `\1` here", " ".join(reason.split()))
        reason = reason or type(error).__name__
        return policy_stop("template-wrong", Place(self._own, line), reason=visible(reason))

    def _line(self, error: BaseException) -> int:
        """Find the line of the reader's template in which an error came up: the innermost."""
        line, at = 0, error.__traceback__
        while at is not None:
            if at.tb_frame.f_code.co_filename == _UNNAMED:
                line = at.tb_lineno
            at = at.tb_next
        return line


def _shown(value: Any) -> Any:  # noqa: ANN401 - whatever a template writes
    """Write out the control characters of a text; what is missing is nothing."""
    if value is None:
        return ""
    if hasattr(value, "__html__"):
        return value
    return visible(value) if isinstance(value, str) else value


def _sha256(text: object) -> Markup:
    """Give the source expression by which a Content-Security-Policy knows a text."""
    digest = hashlib.sha256(str(text).encode()).digest()
    return Markup("'sha256-{}'").format(base64.b64encode(digest).decode())


def _part(name: str) -> str:
    return (HOME / name).read_text(encoding="utf-8").strip()


def _text_of(path: str) -> str:
    """Read a reader's template."""
    try:
        return Path(path).read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise Stop(ExitCode.POLICY, [problem("missing-file", Place(path))]) from error
    except UnicodeDecodeError as error:
        raise policy_stop(
            "template-wrong", Place(path), reason=f"it is not UTF-8 at byte {error.start + 1}"
        ) from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise policy_stop("unreadable-file", Place(path), reason=reason) from error
