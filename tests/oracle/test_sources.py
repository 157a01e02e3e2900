"""Direct credit (cards.md, "Source of a fact"), worked by hand."""

from typing import Any

from .sources import Source, number_form, routed, source, tag_form
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
        trail.put("touches", [{"id": "t", "kind": "call", "at": AT, **touch}])
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


def test_tags_are_compared_decoded() -> None:
    assert [tag_form(tag) for tag in ("весна 2026", "весна+2026", "%D0%B2%D0%B5%D1%81%D0%BD%D0%B0%202026")] == [
        "весна 2026"
    ] * 3
    assert [tag_form(tag) for tag in ("50%", "%zz", "%F0%E5", "%00", "")] == ["50%", "%zz", "%F0%E5", "%00", ""]


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


def test_numbers_and_pages_are_compared_in_one_form() -> None:
    # PF.2: a number however it is written; the key whose page is closest to the referrer.
    assert {number_form(text) for text in ("8 (495) 111-22-33", "74951112233", "495 111 22 33 доб. 5")} == {
        "+74951112233"
    }
    assert [number_form(text) for text in ("00 44 20 7946 0000", "112", "line A")] == ["+442079460000", "112", "line A"]
    trail = trail_with_keys(
        {"kind": "number", "value": "8 495 111 22 33", "announcement": "a"},
        {"kind": "referrer", "value": "portal.example", "announcement": "a"},
        {"kind": "referrer", "value": "https://www.portal.example/afisha/", "announcement": "b"},
    )
    assert source_of_lead(trail, {"dialled_number": "+74951112233"}) == Source("tg", "a")
    pages = {
        "https://Portal.example/": Source("tg", "a"),
        "portal.example/afisha/may?utm=1": Source("mail", "b"),
        "portal.example/afishaplus": Source("tg", "a"),
        "portal.example.org": Source(),
    }
    for page, expected in pages.items():
        assert source_of_lead(trail, {"referrer": page}) == expected


def test_a_pool_covers_a_beginning_or_a_range_and_a_number_of_its_own_stands_before_it() -> None:
    trail = trail_with_keys(
        {"kind": "number_pool", "value": "8495111*", "channel": "mail"},
        {"kind": "number_pool", "value": "+74952220000..8 495 222 00 99", "announcement": "a"},
        {"kind": "number", "value": "+74951110000", "announcement": "a"},
        {"kind": "number_pool", "value": "+74953330009..+74953330000", "announcement": "a"},
    )
    numbers = {
        "+74951110001": Source("mail", None),
        "+74951110000": Source("tg", "a"),
        "+74952220099": Source("tg", "a"),
        "+74952220100": Source(),
        "+74953330005": Source(),  # the ends are the wrong way round
    }
    for number, expected in numbers.items():
        assert source_of_lead(trail, {"dialled_number": number}) == expected


def test_a_call_to_a_pool_has_the_source_of_the_visit_that_was_shown_the_number() -> None:
    # The call is on 1 March at noon. Of client c the visit of 11:00 counts: at noon plus a second is after the call,
    # that of 10:00 is earlier, that of 11:30 was shown another number, that of 11:45 is another client's.
    trail = trail_with_keys(
        {"kind": "number_pool", "value": "+7495111*", "channel": "tg"},
        {"kind": "utm", "value": "utm_source=vk", "announcement": "b"},
        {"kind": "utm", "value": "utm_source=ok", "announcement": "a"},
    )
    call = {"kind": "call", "dialled_number": "+74951110001", "client_id": "c"}
    assert source_of_lead(trail, call) == Source("tg", None)
    shown = {"kind": "visit", "client_id": "c", "dialled_number": "84951110001", "utm_source": "vk"}
    trail.put("touches", [{"id": "v1", **shown, "at": "2026-03-01T11:00:00+00:00"}])
    trail.put("touches", [{"id": "v2", **shown, "at": "2026-03-01T12:00:01+00:00", "utm_source": "ok"}])
    trail.put("touches", [{"id": "v3", **shown, "at": "2026-03-01T10:00:00+00:00", "utm_source": "ok"}])
    trail.put(
        "touches",
        [
            {
                **shown,
                "id": "v4",
                "at": "2026-03-01T11:30:00+00:00",
                "dialled_number": "+74952220000",
                "utm_source": "ok",
            }
        ],
    )
    trail.put("touches", [{**shown, "id": "v5", "at": "2026-03-01T11:45:00+00:00", "client_id": "d"}])
    assert source_of_lead(trail, call) == Source("mail", "b")
    # Without a client the number decides alone: v5 is the latest that was shown it.
    assert source_of_lead(trail, {**call, "client_id": None}) == Source("mail", "b")
    trail.remove("touches", "v1")
    assert source_of_lead(trail, call) == Source("tg", "a")  # v3
    trail.put("touches", [{"id": "v3", **shown, "at": "2026-02-28T11:59:59+00:00", "utm_source": "ok"}])
    assert source_of_lead(trail, call) == Source("tg", None)  # more than a day before: the pool's own channel
    # A visit itself is not led by the number it was shown.
    assert source_of_lead(trail, {"kind": "visit", "dialled_number": "+74951110001"}) == Source()


def test_brand_and_pipeline_are_what_the_number_says_then_the_form() -> None:
    # M3.3: a request lands in the pipeline of the number or form it came through.
    trail = trail_with_keys(
        {"kind": "number", "value": "1", "brand": "okna"},
        {"kind": "form", "value": "f", "brand": "dveri", "pipeline": "b2b"},
        {"kind": "form", "value": "f", "pipeline": "b2b"},
        {"kind": "promo_code", "value": "P", "brand": "okna"},
        {"kind": "promo_code", "value": "P", "brand": "dveri"},
    )
    touches = [
        {"id": "t1", "dialled_number": "1", "form": "f"},
        {"id": "t2", "promo_code": "P"},
    ]
    trail.put("touches", [{"kind": "call", "at": AT, **touch} for touch in touches])
    state = trail.state()
    said = [
        (routed(state, touch, lambda key: key.brand), routed(state, touch, lambda key: key.pipeline))
        for touch in state.all("touches")
    ]
    assert said == [("okna", "b2b"), (None, None)]
