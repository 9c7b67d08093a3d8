"""Writes a case as the files a user would have, so that csprio can be asked about it."""

import csv
import json
import re
from pathlib import Path
from typing import Any

from naive import journal, team
from naive.book import Case, Row
from naive.sources import Sheet

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/+-]*(?<! )")


def write(case: Case, folder: Path) -> None:
    """Fill a folder: accounts, policies, own plans, sources, holidays and the configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    _table(folder / "accounts.csv", case.columns, case.rows)
    config = {key: value for key, value in case.config.items() if key != "holidays"}
    config |= {"accounts": "accounts.csv", "playbook": "playbook.yaml"}
    (folder / "playbook.yaml").write_text(yaml(case.playbook), encoding="utf-8")
    if case.grid is not None:
        config["grid"] = "grid.yaml"
        (folder / "grid.yaml").write_text(yaml(case.grid), encoding="utf-8")
    if case.signals is not None:
        config["signals"] = "signals.yaml"
        (folder / "signals.yaml").write_text(yaml(case.signals), encoding="utf-8")
    for name, sheet in case.files.items():
        _sheet(folder / name, sheet)
    if case.config.get("holidays"):
        config["holidays"] = ["holidays.csv"]
        lines = ["date", *case.config["holidays"]]
        (folder / "holidays.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if case.journal:
        config["journal"] = "journal.csv" if list(case.journal) == ["journal.csv"] else "journal"
        place = folder if config["journal"] == "journal.csv" else folder / "journal"
        place.mkdir(exist_ok=True)
        for name, rows in case.journal.items():
            _table(place / name, journal.COLUMNS, rows)
    if case.team:
        config["team"] = "team.csv"
        _table(folder / "team.csv", team.COLUMNS, case.team)
    (folder / "csprio.yaml").write_text(yaml(config), encoding="utf-8")
    for number, own in enumerate(case.own):
        (folder / "plans").mkdir(exist_ok=True)
        (folder / "plans" / f"own-{number}.yaml").write_text(yaml(own), encoding="utf-8")


def _table(path: Path, columns: list[str], rows: list[Row]) -> None:
    _sheet(path, Sheet(columns, rows))


def _sheet(path: Path, sheet: Sheet) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(sheet.mark)
        writer = csv.DictWriter(
            file,
            sheet.columns,
            delimiter=sheet.delimiter,
            lineterminator=sheet.newline,
            extrasaction="ignore",
        )
        writer.writeheader()
        writer.writerows(sheet.rows)


def yaml(policy: dict[str, Any]) -> str:
    """Write a policy as people write it, texts without quotes where they need none."""
    lines: list[str] = []
    for key, value in policy.items():
        if isinstance(value, dict) and value:
            lines.append(f"{_scalar(key)}:")
            lines += [f"  {line}" for line in yaml(value).splitlines()]
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            lines.append(f"{_scalar(key)}:")
            lines += [f"  - {_flow(one)}" for one in value]
        else:
            lines.append(f"{_scalar(key)}: {_flow(value)}")
    return "\n".join(lines) + "\n"


def _flow(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(one) for one in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:  # noqa: ANN401
    text = str(value)
    return (
        text
        if PLAIN.fullmatch(text) or re.fullmatch(r"-\d+(\.\d+)?", text)
        else json.dumps(text, ensure_ascii=False)
    )


def show(folder: Path) -> str:
    """Give every file of a folder as one text, for a message that somebody has to understand."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "\n".join(
        f"--- {path.relative_to(folder)}\n{path.read_text(encoding='utf-8')}" for path in files
    )
