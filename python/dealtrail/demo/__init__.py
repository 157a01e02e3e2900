"""A made-up organiser of business events with a known truth, written as the exports a real one would have.

``write_export`` makes two years of facts from a seed, writes them as pages of a Bitrix24 portal and as call-tracking
CSV, and tells what the ordinary import must find in them (SP.12). Nothing here reads the exports back, so the truth is
independent of the library.
"""

from __future__ import annotations

from importlib import resources
from os import PathLike
from pathlib import Path

from dealtrail.demo.calltracking import write_calls, write_visits
from dealtrail.demo.facts import Dice, Organiser
from dealtrail.demo.organiser import make_organiser
from dealtrail.demo.pages import write_pages
from dealtrail.demo.truth import CardTruth, DemoTruth, count_truth
from dealtrail.demo.venues import reported_placements, write_venues

__all__ = ["PROFILES", "CardTruth", "DemoTruth", "profile_text", "write_export"]

PROFILES = ("profile.json", "calltracking.json", "rules.json")
"""What lies beside the exports: how the portal and the calls are read, and the rule of claims."""


def profile_text(name: str) -> str:
    """Give the text of one of ``PROFILES``.

    Raises
    ------
    ValueError
        There is no such file; the valid names are listed.
    """
    if name not in PROFILES:
        raise ValueError(f"the demo has no {name!r}; it has {', '.join(PROFILES)}")
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def write_export(folder: str | PathLike[str], *, seed: int = 1, people: int = 3000) -> DemoTruth:
    """Write the demo's exports into a folder.

    Parameters
    ----------
    folder
        Made if absent; files of the same names are replaced. It gets ``bitrix24/`` (JSON pages), ``calltracking/``
        (CSV), the profiles that read them, the rule of claims, and ``truth.json``.
    seed
        The same seed and people give the same bytes on every machine.
    people
        Contacts of the portal, at least 50; everything else grows with it.

    Returns
    -------
    DemoTruth with the cards by channel, announcement and event that the import must give, records by file, and facts
    by kind.

    Raises
    ------
    ValueError
        Fewer than 50 people.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     truth = write_export(folder, people=200)
    >>> truth.channels["(total)"].announcements == sum(
    ...     card.announcements for key, card in truth.channels.items() if key != "(total)"
    ... )
    True
    """
    if people < 50:
        raise ValueError(f"the demo needs at least 50 people, not {people}")
    target = Path(folder)
    world = make_organiser(seed, people)
    truth = count_truth(world, seed, people)
    truth.records = {f"bitrix24/{name}": rows for name, rows in write_pages(world, target / "bitrix24").items()}
    tracked = target / "calltracking"
    called = {**write_calls(world, tracked), **write_visits(world, tracked)}
    for name, rows in {**called, **write_venues(world, tracked, Dice(seed, "venues"))}.items():
        truth.records[f"calltracking/{name}"] = rows
    truth.facts = _count_facts(world)
    for name in PROFILES:
        (target / name).write_text(profile_text(name), encoding="utf-8", newline="\n")
    (target / "truth.json").write_text(truth.to_json(), encoding="utf-8", newline="\n")
    return truth


def _count_facts(world: Organiser) -> dict[str, int]:
    """Distinct facts by kind; a touch lies beside every fact that carries a tag, a code, a form or a number."""
    sourced = [form.source for form in world.registrations if form.id is not None]
    sourced += [lead.source for lead in world.leads]
    sourced += [deal.source for deal in world.deals]
    touches = sum(source.has_touch for source in sourced) + sum(bool(person.utm) for person in world.people)
    tracked = len(world.tracked_calls) + len(world.pool_calls) + len(world.visits)
    contact_points = sum(len(person.phones) + bool(person.email) for person in world.people)
    return {
        "channels": len(world.channels),
        "events": len(world.events),
        "announcements": len(world.announcements),
        "announcement_events": len(world.shared),
        "placement_reports": len(reported_placements(world)),
        "source_keys": len(world.keys),
        "invoices": len(world.invoices),
        "invoice_lines": sum(len(invoice.lines) for invoice in world.invoices),
        "costs": len(world.costs),
        "companies": len(world.companies),
        "partners": sum(company.kind == "PARTNER" for company in world.companies),
        "people": len(world.people),
        "contact_points": contact_points + sum(company.phone is not None for company in world.companies),
        "managers": 6,
        "touches": touches + len(world.portal_calls) + tracked,
        "invitations": len(world.invitations),
        "registrations": sum(form.id is not None for form in world.registrations),
        "attendances": len(world.arrivals),
        "signals": len(world.signals),
        "leads": len(world.leads),
        "deals": len(world.deals),
        "moves": len(world.deal_moves) + len(world.lead_moves),
        "payments": len(world.payments),
        "activities": len(world.activities),
    }
