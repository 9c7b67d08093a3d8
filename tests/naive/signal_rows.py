"""Random sources: files of awkward rows, in all the ways that people write them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from naive.book import Row
from naive.pick import Pick
from naive.sources import CLOCK, MONTHS, OPEN, Sheet, order

Policy = dict[str, Any]
Draw = Callable[[Pick], str]

# Days before as-of: both ends of every window, of as-of and of the days that it is compared with.
EDGES = [0, 6, 7, 13, 14, 27, 28, 34, 35, 55, 56, 62, 63, 69, 70, 89, 90, 179, 180, 364, 365]
FUTURE = [-1, -2, -10]
BAD_DAYS = ["", "soon", "2026-02-30", "1969-12-31", "46000", "2100-01-01", "N/A"]
STRANGERS = ["nobody", "", "A1 ", "a1x", "0123", "z:1"]
MISSING = ["N/A", "-"]
UNLUCKY = 10
SHORT = range(1970, 2070)  # years that two digits may stand for


def _of(*texts: str, rare: tuple[str, ...] = ()) -> Draw:
    """Draw one of some texts, and now and then one of others."""
    return lambda pick: pick.choice(rare if rare and pick.one_in(UNLUCKY) else texts)


_FINE = ("0.1", "0.2", "0.3333", "1e", "1.234", "nan", " 7 ", "'-3", "N/A", "0.12345", "1,23")
_LARGE = ("1,200", "12 000", "1.5k", "12,345.67", "0.000001", "99999999999999", "2M")
COLUMNS: dict[str, dict[str, Draw]] = {
    "usage": {
        "feature": _of(
            *("export", "export", "Export", "login", "share", ""),
            rare=("two\nlines", 'say "hi"', " export ", "a;b, c", "Ünï", "'=x", "-"),
        ),
        "logins": _of(
            *("0", "1", "2", "5", "5", "10", "12.5", "", "abc", "-3"), rare=(*_FINE, *_LARGE)
        ),
        "active_users": _of("0", "3", "5", "10", "20", "20.0", "", "-1", rare=_LARGE),
    },
    "tickets": {
        "priority": _of("high", "Urgent", "low", "", rare=("very\nhigh", "HIGH ", "N/A")),
        "hours": _of("0", "0.5", "2", "8", "", "n/a", rare=_FINE),
    },
    "survey": {
        "contact": _of("ann", "bob", "cy", "ann", "", rare=("Ann", "ann ", "bob\nb", "N/A")),
        "score": _of(*map(str, range(11)), "9", "10", "10.0", "11", "-1", "7.5", "", "ten"),
    },
    "orders": {
        "amount": _of(
            *("0", "-50", "10", "10", "99.99", "500", "1200.50", "20000", "", "abc", "-500"),
            rare=("1,200.50", "12'000", "0.0001", "0.00001", "2k", "-1,200", "1.234"),
        ),
    },
}
NUMBERS = {
    "usage": ["logins", "active_users"],
    "tickets": ["hours"],
    "survey": ["score"],
    "orders": ["amount"],
}
TEXTS = {"usage": "feature", "tickets": "priority", "survey": "contact", "orders": "amount"}
STYLES = ["iso"] * 6 + ["slash", "named", "us", "mixed", "dmy", "dmy", "mdy"]


def where(pick: Pick, name: str, about: Policy, as_of: date) -> Policy:
    """Draw a condition on the rows of a source: on texts, numbers, days, or several of them."""
    near = [str(as_of - timedelta(days=apart)) for apart in (-3, 0, 6, 28, 90)]
    ways: dict[str, list[Policy]] = {
        "usage": [
            {"feature": "export"},
            {"feature": pick.choice([["login", "share"], "contains exp", "not export", "missing"])},
            {"logins": pick.choice(["over 1", "1..5", "not under 2", "at most 12.5", "over 1k"])},
            {"logins": ["5", "over 100"], "feature": "present"},
            {"any": [{"feature": "share"}, {"active_users": "at least 5"}]},
        ],
        "tickets": [
            {"priority": ["high", "urgent"]},
            {"priority": pick.choice(["missing", "is low", "not low"])},
            {"hours": pick.choice(["under 2", "missing", "0.5..8"])},
            {"closed": pick.choice([f"over {near[2]}", f"{near[3]}..{near[0]}", "missing"])},
            {"closed": [near[1], f"under {near[4]}"], "hours": "over 0"},
        ],
        "survey": [{"contact": pick.choice(["present", "not bob", ["ann", "missing"]])}],
        "orders": [{"amount": pick.choice(["over 0", "present", "at least 1.2k", "under 0"])}],
    }
    drawn = pick.choice(ways[name])
    if pick.one_in(12):
        drawn = {**drawn, about["date"]: f"at least {pick.choice(near[2:])}"}
    if pick.one_in(25) and "via" not in about:
        drawn = {**drawn, "account_id": ["a1", "A1", "123", "not present", "B", "b", "x-9"]}
    return drawn


def _day(pick: Pick, as_of: date) -> str:
    """Draw the day of a row: on an edge of a window, anywhere, after as-of, or none at all."""
    if pick.one_in(20):
        return pick.choice(BAD_DAYS)
    back = pick.choice(FUTURE) if pick.one_in(8) else pick.choice([*EDGES, pick.randint(0, 400)])
    return str(as_of - timedelta(days=back))


def written(pick: Pick, text: str, style: str) -> str:
    """Write a day as people do in one place or another, some with a time."""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return text
    month, sign = MONTHS[on.month - 1].title(), pick.choice("/.-")
    is_near = on.year in SHORT  # else two digits would be those of another year
    year = f"{on.year % 100:02d}" if is_near and pick.one_in(4) else str(on.year)
    ways = {
        "iso": text,
        "slash": text.replace("-", "/"),
        "named": f"{on.day} {month} {on.year}",
        "us": f"{month} {on.day:02d}, {on.year}",
        "dmy": f"{on.day:02d}{sign}{on.month}{sign}{year}",
        "mdy": f"{on.month}{sign}{on.day}{sign}{year}",
    }
    way = pick.choice(["iso", "slash", "named", "us"]) if style == "mixed" else style
    times = [" 23:59", " 0:30:00"] + ["T23:59:59+14:00"] * (way == "iso")
    return ways[way] + (pick.choice(times) if pick.one_in(10) else "")


def _rows(pick: Pick, as_of: date, ids: list[str], columns: dict[str, Draw]) -> list[Row]:
    """Draw some rows of a few accounts, several of them perhaps on one day, some of a stranger."""
    rows = []
    for account in pick.sample(ids, min(len(ids), pick.choice([1, 2, 4, 8]))):
        about = pick.choice(STRANGERS) if pick.one_in(12) else account
        for _ in range(pick.choice([1, 2, 4, 8])):
            day = _day(pick, as_of)
            rows += [
                {"day": day, "id": about, **{name: draw(pick) for name, draw in columns.items()}}
                for _ in range(pick.choice([1, 1, 1, 2]))
            ]
    return rows


def source(  # noqa: PLR0913 - a source hangs on all of these
    pick: Pick, name: str, as_of: date, ids: list[str], seeds: list[int], *, first: str | None
) -> tuple[Policy, dict[str, Sheet]]:
    """Draw a source and its files: often lively, sometimes silent for a while or empty.

    ``first`` is what the configuration says comes first, day or month.
    """
    columns = COLUMNS[name] | ({"closed": _closed(as_of)} if name == "tickets" else {})
    stories = [Pick(f"{name}{seed}") for seed in seeds if seed]
    silent = pick.choice([0] * 12 + [7, 8, 28, 29, 36, 91, 400])
    asked = as_of - timedelta(days=silent)
    rows = [row for story in stories for row in _rows(story, asked, ids, columns)]
    rows = [row for row in rows if silent == 0 or row["day"] <= str(asked)]
    if pick.one_in(20):
        rows = []
    day, style = pick.choice(["date", "answered_on"]), pick.choice(STYLES)
    about: Policy = {"file": f"{name}.csv", "date": day}
    key, files = _key(pick, name, about, rows, ids)
    if pick.one_in(4):
        about["stale_after"] = pick.choice(["7d", "30d", "400d"])
    days = [one for one in ("day", "closed") if one == "day" or one in columns]
    rows = [row | {one: written(pick, row[one], style) for one in days} for row in rows]
    settled = style == first or (first is None and _tells(rows))
    if style in {"dmy", "mdy"} and (pick.one_in(2) or not settled):
        about["dates"] = style
    headers = {"day": day, "id": key} | _headers(pick, about, columns)
    table = [{header: row[one] for one, header in headers.items()} for row in rows]
    files[f"{name}.csv"] = _dialect(pick, Sheet([*headers.values()], table))
    return about, files


def _closed(as_of: date) -> Draw:
    """Draw a second day of a row."""
    near = [str(as_of - timedelta(days=apart)) for apart in (-3, 0, 1, 6, 7, 28, 90, 91)]
    return _of(*near, "", rare=("soon",))


def _key(
    pick: Pick, name: str, about: Policy, rows: list[Row], ids: list[str]
) -> tuple[str, dict[str, Sheet]]:
    """Say how the rows name their account: by its id, or by a key that another file knows."""
    key = pick.choice(["account_id", "account_id", "Account ID", "ACCOUNT-ID", "org", "via", "via"])
    if key == "org":
        about["columns"] = {"account_id": key}
    if key != "via":
        return key, {}
    about["via"] = {"file": f"{name}-keys.csv", "on": "subscription"}
    known = {row["id"] for row in rows} & {*ids, "nobody"}
    keys = [{"subscription": f"s-{one}", "account_id": one} for one in sorted(known)]
    for row in rows:
        row["id"] = f"s-{row['id']}" if row["id"] else ""
    sheet = Sheet(["subscription", "account_id"], keys + keys[:1])
    return "subscription", {f"{name}-keys.csv": _dialect(pick, sheet)}


def _headers(pick: Pick, about: Policy, columns: dict[str, Draw]) -> Row:
    """Write the headers as the rules do, in another spelling, or as something else altogether."""
    way = pick.choice(["same", "same", "same", "title", "other"])
    if way == "title":
        return {name: name.replace("_", " ").title() for name in columns}
    if way == "other":
        one = pick.choice(sorted(columns))
        about["columns"] = {**about.get("columns", {}), one: f"The {one} (all)"}
        return {name: f"The {name} (all)" if name == one else name for name in columns}
    return {name: name for name in columns}


def _tells(rows: list[Row]) -> bool:
    """Tell whether the days of a file say by themselves what comes first, day or month."""
    days = [{"day": row["day"]} for row in rows]
    turned = []
    for row in days:
        found = OPEN.fullmatch(CLOCK.sub("", row["day"]))
        turned += [{"day": f"{found[3]}/{found[1]}/{found[4]}"}] if found else []
    return not turned or order(days, ["day"]) != order(turned, ["day"])


def _dialect(pick: Pick, sheet: Sheet) -> Sheet:
    """Write a file as one program or another does."""
    return replace(
        sheet,
        delimiter=pick.choice([",", ",", ",", ";", "\t", "|"]),
        newline=pick.choice(["\n", "\n", "\n", "\r\n"]),
        mark=pick.choice(["", "", "", "\ufeff"]),
    )


def everybody(pick: Pick, files: dict[str, Sheet], as_of: date, ids: list[str]) -> None:
    """Let nearly every account order something lately; a row names it as the others do."""
    orders = files["orders.csv"]
    day, key, amount = orders.columns
    keys = files.get("orders-keys.csv")
    if keys:
        known = {row[key] for row in keys.rows}
        keys.rows.extend(
            {key: f"s-{one}", "account_id": one} for one in ids if f"s-{one}" not in known
        )
    orders.rows.extend(
        {
            day: str(as_of - timedelta(days=pick.choice([*EDGES[:11], pick.randint(0, 88)]))),
            key: f"s-{one}" if keys else one,
            amount: pick.choice(["10", "10", "99.99", "500", "1200.50", str(pick.randint(1, 99))]),
        }
        for one in ids
        if not pick.one_in(20)
    )
