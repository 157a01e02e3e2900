"""M1.13 (PF.5): what the tool makes leads to the announcement it was made for, for certain."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dealtrail as dt
from dealtrail.links import LETTERS, UTM
from python.links.pictures import text_of

STEADY = settings(derandomize=True, deadline=None, max_examples=60, database=None)
PAGE = "https://expo.example/"
WEB = "https://"
HOSTILE = ["a&b", "a=b", "two words", "100%", "канал-№1", "+plus", "#", "?x=1", "'\"<b>", "x" * 300, "💌", "a/b"]


def trail_with(*announcements: dict[str, Any], keys: tuple[dict[str, Any], ...] = ()) -> dt.Trail:
    trail = dt.Trail(currency="RUB")
    trail.put("channels", [{"id": "tg", "name": "Telegram", "venue_kind": "Соцсеть"}, {"id": "vk", "name": "VK"}])
    trail.put("events", [{"id": "expo", "name": "Expo"}, {"id": "other", "name": "Other"}])
    trail.put("announcements", [{"channel": "tg", "event": "expo", **row} for row in announcements])
    trail.put("source_keys", list(keys))
    return trail


def utm_of(url: str) -> dict[str, str]:
    """What a landing page reads in a link."""
    return {name: value for name, value in parse_qsl(urlsplit(url).query) if name in UTM}


def credited(trail: dt.Trail, made: dt.Links) -> dict[str, set[str | None]]:
    """Put the keys, send touches with each link and each code: announcement -> to which they are credited."""
    assert trail.put("source_keys", made.source_keys).left_out == 0
    touches, leads = [], []
    for row in made.table.to_dicts():
        for sort, said in (("tag", utm_of(row["url"])), ("code", {"promo_code": row["promo_code"]})):
            probe = f"{sort}:{row['announcement']}"
            touches.append({"id": probe, "at": "2026-03-01", "kind": "visit", **said})
            leads.append({"id": probe, "touch": probe, "created_at": "2026-03-01"})
    trail.put("touches", touches)
    trail.put("leads", leads)
    found: dict[str, set[str | None]] = {}
    for row in trail.trace(key="(total)", metric="leads", by="announcement").to_dicts():
        found.setdefault(row["id"].partition(":")[2], set()).add(row["announcement"])
    return found


def test_a_link_and_a_code_of_each_announcement() -> None:
    trail = trail_with(
        {"id": "post 1", "status": "planned"},
        {"id": "post 2", "channel": "vk"},
        {"id": "gone", "status": "cancelled"},
        {"id": "elsewhere", "event": "other"},
    )
    made = dt.links(trail, "expo", base_url="https://expo.example/apply?lang=ru&utm_source=old#form")
    first, second = made.table.to_dicts()
    assert first["url"] == (
        "https://expo.example/apply?lang=ru&utm_source=tg&utm_medium=sotsset&utm_campaign=expo"
        f"&utm_content={first['utm_content']}#form"
    )
    assert first["utm_content"].startswith("post-1-")
    assert (second["utm_source"], second["utm_medium"]) == ("vk", "announcement")
    assert (first["certain"], first["unmeasurable"]) == (True, True)
    assert set(dt.unmeasurable(trail)["announcement"]) == {"post 1", "post 2", "elsewhere"}
    assert len(made.source_keys) == 4
    assert set(first["promo_code"]) <= set(LETTERS)
    assert credited(trail, made) == {"post 1": {"post 1"}, "post 2": {"post 2"}}
    again = dt.links(trail, "expo", base_url="https://expo.example/apply?lang=ru&utm_source=old#form")
    assert again.source_keys.to_dicts() == made.source_keys.to_dicts()
    assert again.table["url"] == made.table["url"]
    assert again.table["unmeasurable"] == [False, False]


def test_short_forms_on_the_announcement_stand() -> None:
    trail = trail_with({"id": "a", "utm_source": "телеграм", "utm_campaign": "весна 2026", "promo_code": "SPRING"})
    made = dt.links(trail, "expo", base_url=PAGE)
    (row,) = made.table.to_dicts()
    assert (row["utm_source"], row["utm_campaign"], row["promo_code"]) == ("телеграм", "весна 2026", "SPRING")
    assert "utm_campaign=%D0%B2%D0%B5%D1%81%D0%BD%D0%B0%202026&" in row["url"]
    assert utm_of(row["url"])["utm_campaign"] == "весна 2026"
    assert credited(trail, made) == {"a": {"a"}}


def test_announcements_with_the_same_tags_are_told_apart() -> None:
    same = {"utm_source": "tg", "utm_medium": "post", "utm_campaign": "expo", "utm_content": "banner"}
    trail = trail_with({"id": "a", **same}, {"id": "b", **same}, {"id": "c"})
    made = dt.links(trail, "expo", base_url=PAGE)
    assert [row["utm_term"] is not None for row in made.table.to_dicts()] == [True, True, False]
    assert made.table["certain"] == [True, True, True]
    assert credited(trail, made) == {"a": {"a"}, "b": {"b"}, "c": {"c"}}


def test_what_cannot_be_certain_says_so() -> None:
    same = {"utm_source": "a", "utm_medium": "b", "utm_campaign": "c", "utm_content": "d", "utm_term": "e"}
    trail = trail_with(
        {"id": "a", **same}, {"id": "b", **same}, {"id": "c", "promo_code": "X"}, {"id": "d", "promo_code": "X"}
    )
    assert dt.links(trail, "expo", base_url=PAGE).table["certain"] == [False] * 4


def test_codes_that_others_have_are_not_given_again() -> None:
    trail = trail_with({"id": "a"})
    (code,) = dt.links(trail, "expo", base_url=PAGE).table["promo_code"]
    trail.put("source_keys", [{"id": "k", "kind": "promo_code", "value": code.lower(), "channel": "vk"}])
    (other,) = dt.links(trail, "expo", base_url=PAGE).table["promo_code"]
    assert other != code
    assert len(other) == 6
    trail.put("source_keys", [{"id": "mine", "kind": "promo_code", "value": "MINE", "announcement": "a"}])
    assert dt.links(trail, "expo", base_url=PAGE).table["promo_code"] == ["MINE"], "the one that is printed already"


def test_announcements_of_several_events() -> None:
    trail = trail_with({"id": "letter", "event": "other"}, {"id": "own"})
    trail.put("announcement_events", [{"id": "x", "announcement": "letter", "event": "expo"}])
    assert dt.links(trail, "expo", base_url=PAGE).table["announcement"] == ["letter", "own"]
    assert dt.links(trail, "other", base_url=PAGE).table["announcement"] == []


@STEADY
@given(st.data())
def test_round_trip_of_any_announcements(data: st.DataObject) -> None:
    words = st.none() | st.sampled_from(["", "tg", "Весна", *HOSTILE]) | st.text(max_size=8)
    ids = data.draw(
        st.lists(st.text(min_size=1, max_size=8) | st.sampled_from(HOSTILE), min_size=1, max_size=5, unique=True)
    )
    rows = [
        {"id": id_, **{name: data.draw(words) for name in ("utm_source", "utm_content", "promo_code")}} for id_ in ids
    ]
    value = st.sampled_from(["utm_source=tg", "utm_source=tg&utm_campaign=expo", "utm_content=a"])
    keys = [
        {"id": f"k{n}", "kind": "utm", "value": data.draw(value), "announcement": data.draw(st.sampled_from(ids))}
        for n in range(data.draw(st.integers(0, 3)))
    ]
    trail = trail_with(*(row for row in rows if storable(row)), keys=tuple(keys))
    made = dt.links(trail, "expo", base_url=data.draw(st.sampled_from([PAGE, f"{PAGE}?q=1&utm_term=x", f"{PAGE}#f"])))
    found = credited(trail, made)
    for row in made.table.to_dicts():
        assert utm_of(row["url"]) == {name: row[name] for name in UTM if row[name]}
        assert row["url"].isascii()
        assert row["certain"] == (found[row["announcement"]] == {row["announcement"]}), row
    assert len({row["url"] for row in made.table.to_dicts() if row["certain"]}) == sum(made.table["certain"])


def storable(row: dict[str, Any]) -> bool:
    return all(value is None or value.isprintable() for value in row.values())


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://expo.example", "https://expo.example/?utm"),
        ("http://expo.example:8080/a%20b".replace("expo", "Expo"), "http://expo.example:8080/a%20b?utm"),
        (
            "https://expo.example/регистрация?q=да#низ",
            "https://expo.example/%D1%80%D0%B5%D0%B3%D0%B8%D1%81%D1%82%D1%80%D0%B0%D1%86%D0%B8%D1%8F?q=%D0%B4%D0%B0&utm#%D0%BD%D0%B8%D0%B7",
        ),
        ("https://выставка.example/", "https://xn--80aaeb4b0bh4e.example/?utm"),
        ("https://expo.example/?a=1&a=2&b&UTM_x=3", "https://expo.example/?a=1&a=2&b&UTM_x=3&utm"),
        (f"{WEB}[::1]:80/", f"{WEB}[::1]:80/?utm"),
        (f"{WEB}me:pass@expo.example/", f"{WEB}me:pass@expo.example/?utm"),
    ],
)
def test_what_the_page_has_is_kept(base: str, url: str) -> None:
    (made,) = dt.links(trail_with({"id": "a"}), "expo", base_url=base).table["url"]
    before, _, after = made.partition("utm_source=")
    fragment = "#" + after.partition("#")[2] if "#" in after else ""
    assert before + "utm" + fragment == url
    assert unquote(urlsplit(made).path) == unquote(urlsplit(base).path or "/")


@pytest.mark.parametrize(
    "base",
    [
        "",
        "expo.example",
        "ftp://expo.example/",
        "https://",
        "https:///x",
        "javascript:alert(1)",
        f"{WEB}a b/",
        f"{WEB}a:b/",
        f"{WEB}a..b/",
        "https://expo.example/\n",
        "https://expo.example/\u202e",
    ],
)
def test_what_is_no_page_is_refused(base: str) -> None:
    with pytest.raises(dt.InvalidArgumentError, match="base_url is no link to a page"):
        dt.links(trail_with({"id": "a"}), "expo", base_url=base)


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(dt.UnknownNameError, match="no event of that id"):
        dt.links(trail_with(), "nobody", base_url=PAGE)


def test_a_phone_reads_the_link_in_the_picture(tmp_path: Path) -> None:
    made = dt.links(trail_with({"id": "пост/../1"}, {"id": "b"}), "expo", base_url=PAGE)
    files = made.write_pictures(tmp_path / "new" / "folder")
    assert [file.suffix for file in files] == [".svg", ".png"] * 2
    assert {file.parent for file in files} == {tmp_path / "new" / "folder"}
    assert [text_of(file) for file in files if file.suffix == ".png"] == made.table["url"]
    assert ElementTree.parse(files[0]).getroot().tag.endswith("svg")
    before = [file.read_bytes() for file in files]
    assert [file.read_bytes() for file in made.write_pictures(tmp_path / "new" / "folder")] == before


def test_pictures_without_segno_say_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    with pytest.raises(ImportError, match=r"pip install 'dealtrail\[links\]'"):
        dt.links(trail_with({"id": "a"}), "expo", base_url=PAGE).write_pictures(tmp_path)
