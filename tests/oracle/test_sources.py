"""Direct credit (cards.md, "Source of a fact"), worked by hand."""

from typing import Any

from .sources import Source, source
from .trail import OracleTrail

AT = "2026-03-01T12:00:00+00:00"


def trail_with_keys(*keys: dict[str, Any]) -> OracleTrail:
    """Channels tg and mail, announcements a (tg) and b (mail), and the keys given."""
    trail = OracleTrail()
    trail.put("channels", [{"id": "tg", "name": "Telegram"}, {"id": "mail", "name": "Mail"}])
    trail.put(
        "announcements",
        [{"id": "a", "channel": "tg"}, {"id": "b", "channel": "mail"}, {"id": "lost", "channel": "gone"}],
    )
    trail.put("source_keys", [{"id": f"k{place}", **key} for place, key in enumerate(keys)])
    return trail


def source_of_lead(trail: OracleTrail, touch: dict[str, Any] | None = None, **fields: Any) -> Source:
    if touch is not None:
        trail.put("touches", [{"id": "t", "kind": "visit", "at": AT, **touch}])
        fields["touch"] = "t"
    trail.put("leads", [{"id": "l", "created_at": AT, **fields}])
    state = trail.state()
    return source(state, "leads", state.find("leads", "l") or {})


def test_own_announcement_comes_first() -> None:
    assert source_of_lead(trail_with_keys(), {"announcement": "b"}, announcement="a") == Source("tg", "a")


def test_an_absent_announcement_gives_nothing_and_the_touch_is_asked() -> None:
    assert source_of_lead(trail_with_keys(), {"announcement": "b"}, announcement="ghost") == Source("mail", "b")


def test_an_announcement_without_a_present_channel_is_still_credited() -> None:
    assert source_of_lead(trail_with_keys(), announcement="lost") == Source(None, "lost")


def test_keys_are_asked_in_their_order() -> None:
    trail = trail_with_keys(
        {"kind": "promo_code", "value": "P", "channel": "mail"},
        {"kind": "number", "value": "1", "announcement": "a"},
        {"kind": "referrer", "value": "portal", "announcement": "b"},
    )
    assert source_of_lead(trail, {"promo_code": "P", "dialled_number": "1"}) == Source("mail", None)
    assert source_of_lead(trail, {"promo_code": "unknown", "dialled_number": "1", "referrer": "portal"}) == Source(
        "tg", "a"
    )
    assert source_of_lead(trail, {"referrer": "portal"}) == Source("mail", "b")


def test_a_chat_key_is_for_chats_and_a_form_key_for_all() -> None:
    trail = trail_with_keys({"kind": "chat", "value": "f", "channel": "tg"})
    assert source_of_lead(trail, {"form": "f", "kind": "form"}) == Source()
    assert source_of_lead(trail, {"form": "f", "kind": "chat"}) == Source("tg")


def test_the_utm_key_with_most_fields_wins() -> None:
    trail = trail_with_keys(
        {"kind": "utm", "value": "utm_source=afisha", "channel": "mail"},
        {"kind": "utm", "value": "utm_source=afisha&utm_campaign=spring", "announcement": "a"},
        {"kind": "utm", "value": "utm_source=afisha&utm_campaign=autumn&utm_medium=cpc", "announcement": "b"},
    )
    assert source_of_lead(trail, {"utm_source": "afisha", "utm_campaign": "spring", "utm_medium": "cpc"}) == Source(
        "tg", "a"
    )
    assert source_of_lead(trail, {"utm_source": "afisha"}) == Source("mail", None)
    assert source_of_lead(trail, {"utm_campaign": "spring"}) == Source()


def test_utm_ambiguity_ends_the_search() -> None:
    # Two keys of one field lead to different places: nothing, although the referrer would have told.
    trail = trail_with_keys(
        {"kind": "utm", "value": "utm_source=afisha", "announcement": "a"},
        {"kind": "utm", "value": "utm_campaign=spring", "announcement": "b"},
        {"kind": "referrer", "value": "portal", "announcement": "b"},
    )
    touch = {"utm_source": "afisha", "utm_campaign": "spring", "referrer": "portal"}
    assert source_of_lead(trail, touch) == Source(ended=True)
    assert trail.findings()[("ambiguous_source_key", "touches")] == ["t"]
    # A deal whose lead ended so does not look on to its parent.
    trail.put("deals", [{"id": "sale", "announcement": "a", "created_at": AT}])
    trail.put("deals", [{"id": "claim", "lead": "l", "parent": "sale", "created_at": AT}])
    state = trail.state()
    assert source(state, "deals", state.find("deals", "claim") or {}) == Source(ended=True)


def test_two_keys_to_one_place_agree() -> None:
    trail = trail_with_keys(
        {"kind": "number", "value": "1", "announcement": "a"},
        {"kind": "number_pool", "value": "1", "announcement": "a"},
    )
    assert source_of_lead(trail, {"dialled_number": "1"}) == Source("tg", "a")


def test_a_utm_value_that_is_not_well_formed_is_no_key() -> None:
    for value in (
        "",
        "afisha",
        "utm_source=",
        "utm_source=afisha&",
        "utm_source=afisha&x=1",
        "utm_source=afisha&utm_source=afisha",
    ):
        trail = trail_with_keys({"kind": "utm", "value": value, "announcement": "a"})
        assert source_of_lead(trail, {"utm_source": "afisha"}) == Source()


def test_validity_includes_its_start_and_excludes_its_end() -> None:
    trail = trail_with_keys(
        {"kind": "number", "value": "1", "announcement": "a", "until": AT},
        {"kind": "number", "value": "1", "announcement": "b", "from": AT},
    )
    assert source_of_lead(trail, {"dialled_number": "1"}) == Source("mail", "b")
    assert source_of_lead(trail, {"dialled_number": "1", "at": "2026-03-01T11:59:59+00:00"}) == Source("tg", "a")


def test_short_forms_on_an_announcement_are_keys() -> None:
    trail = trail_with_keys()
    trail.put(
        "announcements",
        [{"id": "c", "channel": "mail", "utm_source": "x", "utm_term": "", "promo_code": "P", "phone_number": "2"}],
    )
    assert source_of_lead(trail, {"utm_source": "x"}) == Source("mail", "c")
    assert source_of_lead(trail, {"promo_code": "P"}) == Source("mail", "c")
    assert source_of_lead(trail, {"dialled_number": "2"}) == Source("mail", "c")


def test_a_key_to_absent_facts_is_no_key_and_the_channel_stands_in_for_an_absent_announcement() -> None:
    trail = trail_with_keys(
        {"kind": "number", "value": "1", "announcement": "ghost", "channel": "tg"},
        {"kind": "number", "value": "1", "announcement": "ghost"},
    )
    assert source_of_lead(trail, {"dialled_number": "1"}) == Source("tg", None)


def test_a_deal_asks_registration_then_lead_then_the_sale_it_claims_against() -> None:
    trail = trail_with_keys()
    trail.put("registrations", [{"id": "r", "event": "e", "at": AT, "announcement": "a"}])
    trail.put("leads", [{"id": "l", "announcement": "b", "created_at": AT}])
    trail.put("deals", [{"id": "sale", "registration": "r", "lead": "l", "created_at": AT}])
    trail.put("deals", [{"id": "claim", "parent": "sale", "lead": "ghost", "created_at": AT}])
    trail.put("deals", [{"id": "x", "parent": "y", "created_at": AT}, {"id": "y", "parent": "x", "created_at": AT}])
    state = trail.state()
    found = {deal["id"]: source(state, "deals", deal) for deal in state.all("deals")}
    assert found == {"sale": Source("tg", "a"), "claim": Source("tg", "a"), "x": Source(), "y": Source()}
    assert trail.findings()[("disagreeing_sources", "deals")] == ["sale"]
