"""Who is one with whom: cards joined by exact keys and verdicts, why, and which pairs people should look at.

What identifies whom is told in ``docs/identity/identity.md``.

>>> import dealtrail as dt
>>> trail = dt.Trail(currency="RUB")
>>> _ = trail.put("people", [{"id": "anna", "name": "Анна Петрова"}, {"id": "guest 7", "name": "А. Петрова"}])
>>> phones = [("anna", "+7 916 123-45-67"), ("guest 7", "8 (916) 1234567")]
>>> rows = [{"id": f"p{n}", "person": who, "kind": "phone", "value": value} for n, (who, value) in enumerate(phones)]
>>> trail.put("contact_points", rows)
PutReport(read=2, put=2, left_out=0)
>>> dt.explain_identity(trail, "people", "anna", "guest 7")["key"]
['+79161234567']
"""

from __future__ import annotations

import re
from typing import Literal

from dealtrail import _core
from dealtrail.table import Table
from dealtrail.trail import Trail

__all__ = [
    "explain_identity",
    "identities",
    "identity_review",
    "inn_valid",
    "normalise_email",
    "normalise_inn",
    "normalise_phone",
    "placeholders",
]

IdentityKind = Literal["people", "companies"]
"""The kinds whose cards may be one."""


def identities(trail: Trail, kind: IdentityKind = "people") -> Table:
    """List which cards are one.

    Returns
    -------
    Table with a row per present card and per card that a contact or verdict joins to another, by cluster, then by id:
    ``member``, ``cluster`` (its smallest id), ``size`` (cards in it), ``key_kind`` and ``key`` (what joined the card
    first: ``verdict``, ``inn``, ``phone``, ``email``, ``telegram``, ``client_id``; null for a card by itself, ``key``
    null for a verdict).

    Raises
    ------
    InvalidArgumentError
        For a kind other than people and companies.

    Examples
    --------
    >>> import dealtrail as dt
    >>> trail = dt.Trail(currency="RUB")
    >>> _ = trail.put("companies", [{"id": "b24:7", "inn": "1234567894"}, {"id": "1c:88", "inn": "1234567894"}])
    >>> [(row["member"], row["cluster"]) for row in dt.identities(trail, "companies").to_dicts()]
    [('1c:88', '1c:88'), ('b24:7', '1c:88')]
    """
    return Table(_core.identities(trail._core, kind))


def explain_identity(trail: Trail, kind: IdentityKind, one: str, other: str) -> Table:
    """Tell why two cards are one, or why they are not.

    Returns
    -------
    Table with the shortest chain of pairs from ``one`` to ``other``, a row per pair: ``one``, ``other``, ``key_kind``,
    ``key``, ``joined``, ``reason`` (null when joined, else ``different``, ``two_inns``, ``names_differ``,
    ``ambiguous_name``, ``not_at_once``,
    ``other_extension``, or of a key that identifies nobody ``crowded_key``, ``free_mail``,
    ``business_line``). One row with the reason ``no_shared_key`` when nothing leads from one to the other.
    ``meta["same"]`` is the answer.

    Raises
    ------
    InvalidArgumentError
        For a kind other than people and companies.
    UnknownNameError
        For an id that no fact names.
    """
    return Table(_core.explain_identity(trail._core, kind, one, other))


def identity_review(trail: Trail, kind: IdentityKind = "people") -> Table:
    """List cards that share a key, or a verdict ``same``, and are not one: for people to look at.

    Returns
    -------
    Table with a row per key and reason, by key: ``reason`` (as in :func:`explain`), ``key_kind``, ``key``, ``count``
    (cards that it concerns), ``first_ids`` (five at most). The phone of a switchboard is one row. What people decide
    goes back as ``identity_links`` with the verdict ``same`` or ``different``, or by ``trail.merge``.

    Raises
    ------
    InvalidArgumentError
        For a kind other than people and companies.
    """
    return Table(_core.identity_review(trail._core, kind))


def placeholders() -> list[dict[str, str]]:
    """List the values that stand where a contact should and identify nobody.

    Returns
    -------
    Dicts ``kind`` (``word``: in the place of any contact; ``mailbox``: before the @ of an address) and ``value``, in
    small letters, by kind and value. Contacts that are one of them are in the finding ``placeholder_contact``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> {"kind": "word", "value": "(not set)"} in dt.identity.placeholders()
    True
    """
    return [{"kind": kind, "value": value} for kind, value in _core.placeholders()]


def normalise_phone(text: str | None, *, region: str | None = None) -> str | None:
    """Give a telephone number in the one way in which it is compared.

    Parameters
    ----------
    text
        As somebody wrote it.
    region
        Two letters of a country, such as ``DE``: numbers without a country's code are read as that country's, by the
        library ``phonenumbers``. Without it, or for ``RU``: the rules of ``docs/core/contact.md``. A host that knows
        where its foreign numbers come from puts what this gives.

    A zero behind the country, ``+49 0209 …``, is dialled inside most countries only, but belongs to the number in some:
    where ``phonenumbers`` is installed, it decides; else such a text is no number. (``+49 (0) 209 …`` is clear.)

    Returns
    -------
    ``+`` and digits; ``None`` for what is no whole number, and for ``None``.

    Raises
    ------
    ImportError
        A region is given and ``phonenumbers`` is not installed.
    InvalidArgumentError
        ``phonenumbers`` does not know the region.

    Examples
    --------
    >>> import dealtrail as dt
    >>> dt.identity.normalise_phone("8 (916) 123-45-67 доб. 3")
    '+79161234567'
    >>> dt.identity.normalise_phone("123-45-67") is None
    True
    """
    if text is None:
        return None
    if region is None or region == "RU":
        number = _core.normalise_phone(text)
        return _with_national_zero(text) if number is None and region is None else number
    try:
        import phonenumbers
    except ImportError as reason:
        raise ImportError("a region needs the library phonenumbers: pip install dealtrail[phones]") from reason
    if region not in phonenumbers.SUPPORTED_REGIONS:
        from dealtrail.errors import InvalidArgumentError

        raise InvalidArgumentError(
            f"no such region: {region[:64]!r}", code="invalid_argument", hint="two letters, such as DE"
        )
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if parsed.country_code == 7:  # our own rules know what gets lost in typing
        return _core.normalise_phone(f"+7{parsed.national_number}")
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def _with_national_zero(text: str) -> str | None:
    """Give a number whose zero behind the country only ``phonenumbers`` can judge; None where it is not installed."""
    if not re.match(r"\s*(\+|00)\s*[1-9][0-9]{0,2}[\s()-]*0", text):
        return None
    try:
        import phonenumbers
    except ImportError:
        return None
    try:
        number = phonenumbers.parse(re.sub(r"^\s*00", "+", text), None)
    except phonenumbers.NumberParseException:
        return None
    if number.country_code == 7 or not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def normalise_email(text: str | None, *, fold_gmail: bool = False) -> str | None:
    """Give an e-mail address in the one way in which it is compared.

    Parameters
    ----------
    text
        As somebody wrote it.
    fold_gmail
        Dots and ``+tag`` of Gmail do not count. The Trail itself never folds; put what this gives, if you want it.

    Returns
    -------
    The address in small letters; ``None`` for what is no address, and for ``None``.

    Examples
    --------
    >>> import dealtrail as dt
    >>> dt.identity.normalise_email(" Anna@Example.COM ")
    'anna@example.com'
    """
    return None if text is None else _core.normalise_email(text, fold_gmail)


def normalise_inn(text: str | None) -> str | None:
    """Give the digits of a valid taxpayer number, spaces taken out; ``None`` for anything else.

    Examples
    --------
    >>> import dealtrail as dt
    >>> dt.identity.normalise_inn("1234 5678 94")
    '1234567894'
    """
    return None if text is None else _core.normalise_inn(text)


def inn_valid(digits: str) -> bool:
    """Tell whether these are the 10 or 12 digits of a Russian taxpayer number with right check digits.

    Examples
    --------
    >>> import dealtrail as dt
    >>> dt.identity.inn_valid("1234567894"), dt.identity.inn_valid("1234567895")
    (True, False)
    """
    return _core.inn_valid(digits)
