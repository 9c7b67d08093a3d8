"""Headers to fields."""

from __future__ import annotations

import pytest

from csprio.fields import FIELDS, NOT_ARR, OWNER_HEADERS
from csprio.problems import Place
from csprio.read.headers import Mapped, header_of, map_fields, map_more, unknown_columns
from csprio.settings import TableSettings
from csprio.tables import plain

ROLES = ("sales", "csm", "cust_dev")


def mapped(*names: str, **columns: str | None) -> Mapped:
    """Map a header under `columns:`."""
    return map_fields(header_of("a.csv", 1, names, TableSettings(columns=columns)), ROLES)


def found(*names: str, **columns: str | None) -> dict[str, str]:
    """Say which header serves each field."""
    return {field: names[at] for field, at in mapped(*names, **columns).at.items()}


def codes(result: Mapped) -> list[str]:
    """List the errors."""
    return [each.code for each in result.errors]


@pytest.mark.parametrize("field", [field.name for field in FIELDS])
def test_spelling_does_not_matter(field: str) -> None:
    """Case, spaces, underscores, hyphens and dots aside, a column called as a field is it."""
    words = field.split("_")
    for header in (
        field,
        "-".join(words).upper(),
        ".".join(words),
        " ".join(words).title(),
        "".join(words),
    ):
        names = ("account_id", header) if field != "account_id" else (header,)
        assert found(*names)[field] == header


@pytest.mark.parametrize(
    ("field", "header"), [(field.name, alias) for field in FIELDS for alias in field.aliases]
)
def test_every_alias_serves(field: str, header: str) -> None:
    """Each label or API name of a CRM is found, also with the mark of a custom field."""
    names = (header,) if field == "account_id" else ("Account ID", header)
    assert found(*names)[field] == header
    assert found(*names[:-1], f"{header}__c")[field] == f"{header}__c"


def test_aliases_are_nobody_elses() -> None:
    """No alias is a field too, or another one's alias, an owner or the customer's revenue."""
    fields = [plain(field.name) for field in FIELDS]
    aliases = [alias for field in FIELDS for alias in {plain(text) for text in field.aliases}]
    everything = [*fields, *aliases, *{plain(text) for text in (*OWNER_HEADERS, *NOT_ARR)}]
    assert len(everything) == len(set(everything))


def test_annual_revenue_is_not_arr() -> None:
    """The customer's own revenue is not what it pays."""
    assert "arr" not in found("Account ID", "Annual Revenue", "AnnualRevenue__c")


def test_custom_fields_of_salesforce() -> None:
    """`Renewal_Date__c` is the field of that name."""
    assert found("Id", "Renewal_Date__c", "ARR__c") == {
        "account_id": "Id", "renewal_date": "Renewal_Date__c", "arr": "ARR__c"
    }  # fmt: skip


def test_a_name_beats_an_alias() -> None:
    """A column called as a field counts, and the alias beside it is noted."""
    result = mapped("Id", "Account ID", "Name")
    assert result.at["account_id"] == 1
    assert [(each.code, each.place.column) for each in result.notes] == [("alias-beaten", "Id")]
    assert not result.errors


def test_two_aliases_are_an_error() -> None:
    """Two aliases of one field name both headers and the setting that decides."""
    result = mapped("Record ID", "Company ID", "Company name")
    assert codes(result) == ["two-columns"]
    said = str(result.errors[0])
    assert "`Record ID`, `Company ID`" in said
    assert "columns: {account_id: Record ID}" in said
    assert found("Record ID", "Company ID", account_id="Company ID")["account_id"] == "Company ID"


def test_repeated_headers_count_only_where_needed() -> None:
    """A header that stands twice is an error for a field and nothing otherwise."""
    assert codes(mapped("id", "note", "note")) == []
    assert codes(mapped("id", "arr", "arr")) == ["repeated-header"]
    assert codes(mapped("id", "arr", "ARR ")) == ["two-columns"]
    assert codes(mapped("id", "arr", "arr", arr=None)) == []
    result = mapped("id", "note", "note")
    header = header_of("a.csv", 1, ("id", "note", "note"), TableSettings())
    assert map_more(header, ["note"], result) == {}
    assert codes(result) == ["repeated-header"]


def test_columns_map_by_hand() -> None:
    """`columns:` beats names and aliases, spells as it likes, and may use one column twice."""
    names = ("ID", "Account Owner", "Size", "Tier", "Close Date")
    by_hand = {
        "csm": "account owner",
        "sales": "Account Owner",
        "tier": "Size",
        "start_date": "Tier",
    }
    assert found(*names, **by_hand) == {
        "account_id": "ID", "csm": "Account Owner", "sales": "Account Owner", "tier": "Size",
        "start_date": "Tier", "size": "Size",
    }  # fmt: skip


def test_columns_turn_off() -> None:
    """`columns: {size: none}` leaves a column that is called so alone."""
    assert found("id", "Size", "Tier", size=None, tier=None) == {"account_id": "id"}


def test_a_column_mapped_by_hand_is_no_alias() -> None:
    """A column that has been given to a field is not also another field's alias."""
    assert found("Account", "Company", account_id="Account")["name"] == "Company"


def test_names_of_rules_are_found() -> None:
    """Further fields are found spelling aside, as written first, or by `columns:`."""
    names = ("id", "Seats", "seats", "N P S", "Champion__c")
    header = header_of("a.csv", 1, names, TableSettings(columns={"champion": "Champion__c"}))
    result = Mapped()
    assert map_more(header, ["seats", "nps", "champion", "gone"], result) == {
        "seats": 2, "nps": 3, "champion": 4
    }  # fmt: skip
    assert codes(result) == []


def test_a_name_serves_as_id() -> None:
    """Without an id column the name is the id; without either the file is unusable."""
    assert found("Account Name", "ARR") == {
        "account_id": "Account Name",
        "name": "Account Name",
        "arr": "ARR",
    }
    result = mapped("first", "second")
    assert codes(result) == ["no-id-column"]
    assert "columns: {account_id: HEADER}" in str(result.errors[0])
    assert "`delimiter:`" in str(mapped("first:second").errors[0])


def test_owner_columns_are_offered() -> None:
    """A record owner is nobody's role, and is offered to the first role without a column."""
    notes = mapped("id", "Account Owner").notes
    assert [each.code for each in notes] == ["owner-column"]
    assert "columns: {csm: Account Owner}" in str(notes[0])
    assert "columns: {sales: Account Owner}" in str(mapped("id", "csm", "Account Owner").notes[0])
    assert not mapped("id", "csm", "sales", "Account Owner").notes
    assert not mapped("id", "Account Owner", csm="Account Owner").notes


def test_role_columns_have_the_fields_aliases() -> None:
    """A role column called as a field in another spelling is found as that field is."""
    assert found("id", "Customer Development")["cust_dev"] == "Customer Development"
    assert found("id", "CustDev") == {
        "account_id": "id",
        "custdev": "CustDev",
        "cust_dev": "CustDev",
    }


def test_unknown_columns_stand_where_they_are_written() -> None:
    """A header that no file has is an error at its place, with what was probably meant."""
    settings = TableSettings(
        columns={"csm": "Acount Owner", "arr": "ARR", "size": None},
        column_places={"csm": Place("csprio.yaml", 3, "8")},
    )
    headers = [header_of("a.csv", 1, ("Id", "Account Owner"), settings),
               header_of("b.csv", 1, ("Id", "arr"), settings)]  # fmt: skip
    (problem,) = unknown_columns(headers, settings)
    assert str(problem).startswith(
        "csprio.yaml:3:8: unknown-column: no input has a column `Acount Owner`"
    )
    assert "did you mean `Account Owner`?" in str(problem)
