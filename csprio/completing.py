"""What may come next on a command line: commands, options, formats, and names from the files.

In: a line as a shell has it, up to the cursor, and the commands there are. Out: the words that may
stand there, written as that shell must see them. Nothing here reads a file: who does is asked for a
kind of names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from csprio.journal import CLOSINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

SHELLS = ("bash", "zsh", "fish")
MOST = 2000  # words that a shell is given at a time
# What an option's value is, by the option; the value of any other is a file, or free.
_VALUES = {
    "--format": "formats", "--owner": "owners", "--by": "owners", "--account": "accounts",
    "--week": "weeks", "--add": "fields", "--where": "fields",
}  # fmt: skip
_SAFE = re.compile(r"[^\w./:@%+,=-]")
_BREAKS = re.compile(r".*[:=]", re.DOTALL)  # where bash begins a new word
_IN_DOUBLE = re.compile(r'["$`\\!]')


@dataclass(frozen=True)
class Option:
    """An option: its flags, and whether a value follows."""

    flags: tuple[str, ...]
    takes: bool


@dataclass(frozen=True)
class Command:
    """A command: its options."""

    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Token:
    """A word of a line: its text, how it was typed, and the quote that is still open."""

    text: str = ""
    raw: str = ""
    quote: str = ""


@dataclass
class Said:
    """What stands before the word at the cursor: the command, its options and its arguments."""

    command: str = ""
    options: dict[str, list[str]] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    waits: str = ""  # the option whose value comes next
    ended: bool = False  # a `--` has ended the options


def complete(
    shell: str,
    line: str,
    commands: Mapping[str, Command],
    names: Callable[[str, Said], Iterable[str]],
) -> list[str]:
    """Give the words that may stand at the end of a line; none, where a file may."""
    *before, word = tokens(line)
    said = _said([token.text for token in before[1:]], commands)
    lead, flag = "", said.waits
    text = word.text
    if not flag and not said.ended and text.startswith("--") and "=" in text:
        flag, _, text = text.partition("=")
        lead = f"{flag}="
        flag = _long(flag, commands.get(said.command, Command()))
    found = _wanted(said, flag, text, commands, names)
    fit = (each for each in dict.fromkeys(found) if each.startswith(text) and each.isprintable())
    written = (_written(shell, f"{lead}{each}", word) for each in fit)
    return [each for each, _ in zip(filter(None, written), range(MOST), strict=False)]


def _wanted(
    said: Said,
    flag: str,
    text: str,
    commands: Mapping[str, Command],
    names: Callable[[str, Said], Iterable[str]],
) -> Iterable[str]:
    """Say what may come next, whatever has been typed of it."""
    command = commands.get(said.command)
    if flag:
        kind = _VALUES.get(flag)
        return names(kind, said) if kind else ()
    if not said.command:
        return [*commands, "--help", "--version"]
    if command is None:
        return ()
    if text.startswith("-") and not said.ended:
        return [*(flag for each in command.options for flag in each.flags), "--help"]
    return _argument(said, names)


def _argument(said: Said, names: Callable[[str, Said], Iterable[str]]) -> Iterable[str]:
    """Say which argument of a command comes next."""
    at = len(said.arguments)
    if said.command == "explain" and at == 0:
        return names("accounts", said)
    if said.command == "completion" and at == 0:
        return SHELLS
    if said.command == "log":
        if at == 0:
            return [*CLOSINGS, *names("accounts", said)]
        if at == 1:
            return names("tasks" if said.arguments[0] in CLOSINGS else "kinds", said)
    return ()


def _said(words: Sequence[str], commands: Mapping[str, Command]) -> Said:
    """Read the words before the cursor as the command line will."""
    said = Said()
    command = Command()
    for word in words:
        if said.waits:
            said.options.setdefault(said.waits, []).append(word)
            said.waits = ""
        elif word == "--" and not said.ended:
            said.ended = True
        elif word.startswith("-") and len(word) > 1 and not said.ended:
            flag, equals, value = word.partition("=")
            long = _long(flag, command)
            if equals:
                said.options.setdefault(long, []).append(value)
            elif any(option.takes and long in option.flags for option in command.options):
                said.waits = long
        elif not said.command:
            said.command = word
            command = commands.get(word, command)
        else:
            said.arguments.append(word)
    return said


def _long(flag: str, command: Command) -> str:
    """Give the first, long flag of an option."""
    return next((each.flags[0] for each in command.options if flag in each.flags), flag)


def tokens(line: str) -> list[Token]:
    """Split a line as a shell does, leniently; the last word is the one at the cursor."""
    found: list[Token] = []
    text, raw, quote, begun, escaped = "", "", "", False, False
    for character in line:
        if not quote and not escaped and character.isspace():
            if begun:
                found.append(Token(text, raw))
            text, raw, begun = "", "", False
            continue
        begun = True
        raw += character
        if escaped:
            text, escaped = text + character, False
        elif character == "\\" and quote != "'":
            escaped = True
        elif character == quote:
            quote = ""
        elif not quote and character in "\"'":
            quote = character
        else:
            text += character
    return [*found, Token(text, raw, quote)]


def _written(shell: str, word: str, token: Token) -> str:
    """Write a word as a shell wants its candidates; nothing where it cannot be typed so."""
    if shell != "bash":
        return word  # zsh and fish quote for themselves
    if token.quote == "'":
        return "" if "'" in word else word
    if token.quote:
        return _IN_DOUBLE.sub(r"\\\g<0>", word)
    quoted = _SAFE.sub(r"\\\g<0>", word)
    typed = _BREAKS.match(token.raw)
    if typed is None:
        return quoted
    # Bash takes what follows a colon or an equals sign for a word of its own.
    return quoted.removeprefix(typed[0]) if quoted.startswith(typed[0]) else ""


def script(shell: str) -> str:
    """Give what a shell must read so that it completes csprio."""
    return _SCRIPTS[shell]


_SCRIPTS = {
    "bash": """\
# Completion of csprio for bash: eval "$(csprio completion bash)"
_csprio() {
    local each
    COMPREPLY=()
    while IFS= read -r each; do
        COMPREPLY+=("$each")
    done < <(csprio _complete bash -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null </dev/null)
}
complete -o default -F _csprio csprio
""",
    "zsh": """\
#compdef csprio
# Completion of csprio for zsh: eval "$(csprio completion zsh)", after compinit
_csprio() {
    local -a found
    local line="${(j: :)words[1,CURRENT-1]} ${words[CURRENT]}"
    found=("${(@f)$(csprio _complete zsh -- "$line" 2>/dev/null </dev/null)}")
    if (( ${#found} )) && [[ -n ${found[1]} ]]; then
        compadd -- "${found[@]}"
    else
        _files
    fi
}
if [[ ${funcstack[1]} == _csprio ]]; then
    _csprio "$@"
else
    compdef _csprio csprio
fi
""",
    "fish": """\
# Completion of csprio for fish: csprio completion fish | source
function __csprio_complete
    set -l line (commandline -cp | string collect)
    set -l found (csprio _complete fish -- $line 2>/dev/null </dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c csprio -f -a '(__csprio_complete)'
""",
}
