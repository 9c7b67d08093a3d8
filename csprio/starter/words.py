"""Other words for fields: what a header probably means that no CRM uses as its label.

These are guesses, for a new folder only, where a person reads them: the readers of csprio never
guess. `LIKELY` words are written down as settings, `PERHAPS` words as offers, switched off.
"""

from __future__ import annotations

from csprio.tables import plain


def _folded(words: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {field: tuple(plain(word) for word in text.split(",")) for field, text in words.items()}


LIKELY = _folded(
    {
        "account_id": "Kundennummer, Kundennr, Kunden Nr, Kunden-Nr., Kunden-ID, Debitor, "
        "Debitorennummer, Customer Number, Customer No, Customer #, Account Number, Account No, "
        "Account #, Acct No, Acct #, Acct ID, Client ID, "
        "Client Number, Numero client, Numéro client",
        "name": "Kunde, Kundenname, Firma, Firmenname, Unternehmen, Client, Client Name, Company, "
        "Raison sociale, Société, Nom, Empresa, Cliente",
        "potential": "Potenzial, Potential EUR, Potential USD, Jahrespotenzial, Potentiel, "
        "Growth potential, Revenue potential",
        "arr": "Jahreswert, Jahresbeitrag, Vertragswert pro Jahr, ACV, Annual Contract Value, "
        "Annual value, ARR EUR, ARR USD, ARR (EUR), ARR (USD), ARR amount, Yearly value, "
        "Valeur annuelle",
        "csm": "Betreuer, Kundenbetreuer, Betreuerin, CSM Name, CSM Owner, CS Owner, "
        "Success Manager, Account Manager, Key Account Manager",
        "sales": "Vertrieb, Verkäufer, Vertriebler, Sales Owner, Salesperson, "
        "Sales Representative, Sales Executive, AE, Commercial",
        "start_date": "Vertragsbeginn, Vertragsstart, Beginn, Kunde seit, Contract Start, "
        "Start of contract, Contract begin, Contract began, Start, Début du contrat",
        "renewal_date": "Vertragsende, Laufzeitende, Verlängerung, Verlängerung am, Contract End, "
        "Contract End Date, End Date, Renews on, Renewal due, Expires, Expiry Date, "
        "Expiration Date, Fin du contrat",
        "term_months": "Laufzeit, Laufzeit Monate, Laufzeit in Monaten, Laufzeit (Monate), "
        "Contract months, Term length, Durée (mois)",
        "notice_days": "Kündigungsfrist, Kündigungsfrist (Tage), Kündigungsfrist Tage, "
        "Notice period, Notice",
    }
)
PERHAPS = _folded(
    {
        "potential": "Opportunity amount, Pipeline, Open pipeline, Total pipeline",
        "arr": "Amount, Deal Amount, Deal value, Contract Value, TCV, Revenue, Umsatz",
        "start_date": "Signup Date, Sign up date, Onboarding Date, Go Live Date, Go-live, "
        "First order date, First deal closed date, Activated on",
        "status": "Lifecycle Stage, Customer Stage, Account Stage, Stage, Churned, Is churned, "
        "Churn flag, Active, Is active, Type, Account Type, Kundenstatus, Zustand",
        "segment": "Industry, Vertical, Branche",
        "likelihood": "Rating, Growth likelihood, Wahrscheinlichkeit, Wachstumschance",
    }
)
STATUS = (
    "customer", "active customer", "former customer", "prospect", "lead", "churned", "cancelled",
    "closed", "lost", "inactive", "active", "kunde", "aktiv", "inaktiv", "gekündigt", "interessent",
    "true", "false", "yes", "no", "ja", "nein", "1", "0",
)  # fmt: skip
RECYCLED = ("isdeleted", "deleted")
FOR_SALES = ("dealowner", "opportunityowner")
