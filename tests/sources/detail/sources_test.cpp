// SP.7, design §6: where a fact came from, by its links and by exact keys with their validity.
#include "dealtrail/sources/sources.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::count_of;
using testing::finding;
using testing::live_is_batch;
using testing::utc;

// Channels one, two, three, each with an announcement of its name in capitals.
Trail channels() {
  Trail trail{RUB};
  for (const auto& [channel, announcement] :
       {std::pair{"one", "ONE"}, std::pair{"two", "TWO"}, std::pair{"three", "THREE"}}) {
    trail.put(Channel{.id = channel, .name = channel});
    trail.put(Announcement{.id = announcement, .channel = channel, .published_at = utc("2026-01-01")});
  }
  return trail;
}

// Channel, announcement and rule of a lead that came by this touch.
std::string came_by(Trail& trail, Touch touch) {
  touch.id = "t";
  if (touch.at == Timestamp{}) touch.at = utc("2026-03-15");
  if (touch.kind.empty()) touch.kind = "call";
  trail.put(touch);
  trail.put(Lead{.id = "l", .touch = "t", .created_at = utc("2026-03-16")});
  EXPECT_TRUE(live_is_batch(trail));
  const Table traced = trail.trace("(total)", "leads");
  EXPECT_EQ(traced.rows(), 1);
  const auto cell = [&](const char* column) { return std::string{traced.text_at(0, column).value_or("-")}; };
  return cell("channel") + " " + cell("announcement") + " " + cell("source");
}

void put_key(Trail& trail, std::string id, std::string kind, std::string value, std::string announcement) {
  trail.put(SourceKey{.id = std::move(id),
                      .kind = std::move(kind),
                      .value = std::move(value),
                      .announcement = std::move(announcement)});
}

// IN.7: codes as people type them, hosts however they are written.
TEST(TrailSourceTest, CodesAndPagesUnderAllTheirSpellings) {
  Trail trail = channels();
  put_key(trail, "code", "promo_code", "Весна 26", "ONE");
  put_key(trail, "page", "referrer", "пример.example/afisha", "TWO");
  put_key(trail, "host", "referrer", "https://VK.example", "THREE");
  for (const char* code : {"Весна 26", "весна26", "ВЕСНА\u00a026 ", "\u200bвесна 26"}) {
    EXPECT_EQ(came_by(trail, {.promo_code = code}), "one ONE promo_code") << code;
  }
  for (const char* page : {"https://пример.example/afisha/5", "//xn--e1afmkfd.example/afisha",
                           "//Пример.EXAMPLE:8080/afisha?x=1", "//www.пример.example./afisha/"}) {
    EXPECT_EQ(came_by(trail, {.referrer = page, .kind = "visit"}), "two TWO referrer") << page;
  }
  for (const char* page : {"https://vk.example/a", "https://vk.example:443/a", "http://vk.example:80",
                           "//vk.example./a", "//vk.example/a", "vk.example"}) {
    EXPECT_EQ(came_by(trail, {.referrer = page, .kind = "visit"}), "three THREE referrer") << page;
  }
  EXPECT_EQ(came_by(trail, {.promo_code = "весна"}), "- - none");
  trail.put(SourceKey{.id = "later", .kind = "promo_code", .value = "весна", .announcement = "TWO"});
  EXPECT_TRUE(live_is_batch(trail));  // a key that comes after its touch finds it
  EXPECT_EQ(trail.card("two").leads, 1);
}

// IN.7: tags decoded or as they were in the link, on either side; what is no UTF-8 stands as it is written.
TEST(TrailSourceTest, TagsDecodedAndAsTheyWereSent) {
  Trail trail = channels();
  put_key(trail, "spring", "utm", "utm_campaign=весна 2026", "ONE");
  put_key(trail, "sent", "utm", "utm_source=%D0%B2%D0%BA&utm_medium=a%26b", "TWO");
  put_key(trail, "plus", "utm", "utm_term=c+", "THREE");
  for (const char* tag :
       {"весна 2026", "весна+2026", "%D0%B2%D0%B5%D1%81%D0%BD%D0%B0%202026", "%d0%b2%d0%b5%d1%81%d0%bd%d0%b0+2026"})
    EXPECT_EQ(came_by(trail, {.utm_campaign = tag, .kind = "visit"}), "one ONE utm") << tag;
  for (const char* tag : {"весна2026", "весна%2", "%F0%E5", "50%", "%00"})
    EXPECT_EQ(came_by(trail, {.utm_campaign = tag, .kind = "visit"}), "- - none") << tag;
  EXPECT_EQ(came_by(trail, {.utm_source = "вк", .utm_medium = "a&b", .kind = "visit"}), "two TWO utm");
  EXPECT_EQ(came_by(trail, {.utm_term = "c%2B", .kind = "visit"}), "three THREE utm");  // a plus typed into a key
  const Touch odd{.id = "t", .utm_campaign = "%F0%E5", .at = utc("2026-03-15"), .kind = "visit"};
  EXPECT_EQ(came_by(trail, odd), "- - none");
  put_key(trail, "odd", "utm", "utm_campaign=%F0%E5", "TWO");
  EXPECT_TRUE(live_is_batch(trail));  // a key that comes after its touch finds it
  EXPECT_EQ(trail.card("two").leads, 1);
  const Table touches = trail.table(Kind::touches);
  EXPECT_EQ(touches.text_at(0, "utm_campaign"), "%F0%E5");  // as it was sent
}

TEST(TrailSourceTest, PrecedenceOfADealsLinks) {
  Trail trail = channels();
  trail.put(Touch{.id = "t1", .announcement = "ONE", .at = utc("2026-03-01"), .kind = "click"});
  trail.put(Touch{.id = "t2", .announcement = "TWO", .at = utc("2026-03-01"), .kind = "click"});
  trail.put(Touch{.id = "nothing", .at = utc("2026-03-01"), .kind = "visit"});
  trail.put(Registration{.id = "r", .event = "e", .announcement = "THREE", .at = utc("2026-03-02")});
  trail.put(Lead{.id = "l", .touch = "t2", .created_at = utc("2026-03-02")});
  Deal deal{.id = "d",
            .lead = "l",
            .registration = "r",
            .touch = "t1",
            .announcement = "TWO",
            .created_at = utc("2026-03-05")};
  const auto channel = [&] {
    trail.put(deal);
    EXPECT_TRUE(live_is_batch(trail));
    const Table traced = trail.trace("(total)", "deals");
    return std::string{traced.text_at(0, "channel").value_or("-")} + " " +
           std::string{traced.text_at(0, "source").value_or("-")};
  };
  EXPECT_EQ(channel(), "two announcement");  // 1. its own announcement
  EXPECT_EQ(finding(trail, "disagreeing_sources", "deals").ids, "d");
  deal.channel = "three";
  EXPECT_EQ(channel(), "two announcement");
  deal.announcement = "absent";           // gives nothing, and is a finding
  EXPECT_EQ(channel(), "three channel");  // 2. its own channel
  deal.channel = "absent";
  EXPECT_EQ(channel(), "one touch");  // 3. its own touch
  EXPECT_EQ(finding(trail, "broken_link", "deals", "announcement").ids, "absent");
  deal.touch = "nothing";
  EXPECT_EQ(channel(), "three registration");  // 4. its registration
  trail.remove(Kind::registrations, "r");
  EXPECT_EQ(channel(), "two lead");  // 5. its lead
  deal.lead.reset();
  EXPECT_EQ(channel(), "- none");  // 7. nothing
}

// 6. A claim takes the source of the sale it is made against; sales in a circle give nothing.
TEST(TrailSourceTest, AClaimHasTheSourceOfItsSale) {
  Trail trail = channels();
  const auto channel = [&](const char* deal) {
    const Table story = trail.timeline(Kind::deals, deal);
    const auto row = story.find_row("id", deal);
    return std::string{story.text_at(row.value(), "channel").value_or("-")};
  };
  trail.put(Deal{.id = "sale", .announcement = "ONE", .created_at = utc("2026-03-01")});
  trail.put(Deal{.id = "claim", .parent = "sale", .created_at = utc("2026-03-02")});
  trail.put(Deal{.id = "claim on the claim", .parent = "claim", .created_at = utc("2026-03-03")});
  EXPECT_EQ(channel("claim"), "one");
  EXPECT_EQ(channel("claim on the claim"), "one");
  trail.put(Deal{.id = "sale", .parent = "claim on the claim", .created_at = utc("2026-03-01")});
  for (const char* deal : {"sale", "claim", "claim on the claim"}) EXPECT_EQ(channel(deal), "-");
  EXPECT_EQ(finding(trail, "circle", "deals").count, 3);
}

TEST(TrailSourceTest, EachKindOfKeyLeadsToItsAnnouncement) {
  Trail trail = channels();
  EXPECT_EQ(came_by(trail, {.promo_code = "SPRING"}), "- - none");
  put_key(trail, "k1", "promo_code", "SPRING", "ONE");
  put_key(trail, "k2", "number", "+7100", "TWO");
  put_key(trail, "k3", "number_pool", "+7200", "THREE");
  put_key(trail, "k4", "form", "callback", "ONE");
  put_key(trail, "k5", "chat", "widget", "TWO");
  put_key(trail, "k6", "utm", "utm_source=afisha", "THREE");
  put_key(trail, "k7", "referrer", "https://portal.example/", "ONE");
  EXPECT_EQ(came_by(trail, {.promo_code = "SPRING"}), "one ONE promo_code");
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100"}), "two TWO number");
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7200"}), "three THREE number_pool");
  EXPECT_EQ(came_by(trail, {.form = "callback"}), "one ONE form");
  EXPECT_EQ(came_by(trail, {.form = "widget", .kind = "chat"}), "two TWO form");
  EXPECT_EQ(came_by(trail, {.form = "widget", .kind = "form"}), "- - none");  // a chat's key is for chats
  EXPECT_EQ(came_by(trail, {.utm_source = "afisha", .utm_medium = "cpc"}), "three THREE utm");
  EXPECT_EQ(came_by(trail, {.referrer = "https://portal.example/"}), "one ONE referrer");
  EXPECT_EQ(came_by(trail, {.promo_code = " spring"}), "one ONE promo_code");  // without case and blanks
  EXPECT_EQ(came_by(trail, {.promo_code = ""}), "- - none");
}

TEST(TrailSourceTest, KeysAreTriedInTheirOrder) {
  Trail trail = channels();
  put_key(trail, "k1", "promo_code", "SPRING", "ONE");
  put_key(trail, "k2", "number", "+7100", "TWO");
  put_key(trail, "k3", "form", "callback", "THREE");
  put_key(trail, "k4", "utm", "utm_source=afisha", "ONE");
  put_key(trail, "k5", "referrer", "page", "TWO");
  Touch touch{.announcement = "THREE",
              .utm_source = "afisha",
              .dialled_number = "+7100",
              .form = "callback",
              .promo_code = "SPRING",
              .referrer = "page"};
  EXPECT_EQ(came_by(trail, touch), "three THREE touch");
  touch.announcement.reset();
  EXPECT_EQ(came_by(trail, touch), "one ONE promo_code");
  touch.promo_code = "unknown";
  EXPECT_EQ(came_by(trail, touch), "two TWO number");
  touch.dialled_number.reset();
  EXPECT_EQ(came_by(trail, touch), "three THREE form");
  touch.form.reset();
  EXPECT_EQ(came_by(trail, touch), "one ONE utm");
  touch.utm_source.reset();
  EXPECT_EQ(came_by(trail, touch), "two TWO referrer");
}

TEST(TrailSourceTest, ShortFormsOfAnAnnouncementAreKeysOfItsOwn) {
  Trail trail = channels();
  trail.put(Announcement{.id = "short",
                         .channel = "two",
                         .status = "cancelled",
                         .utm_source = "vk",
                         .utm_campaign = "may",
                         .promo_code = "MAY",
                         .phone_number = "+7300"});
  EXPECT_EQ(came_by(trail, {.promo_code = "MAY"}), "two short promo_code");
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7300"}), "two short number");
  EXPECT_EQ(came_by(trail, {.utm_source = "vk", .utm_campaign = "may"}), "two short utm");
  EXPECT_EQ(came_by(trail, {.utm_source = "vk"}), "- - none");  // its tags together
  trail.remove(Kind::announcements, "short");
  EXPECT_EQ(came_by(trail, {.promo_code = "MAY"}), "- - none");
}

TEST(TrailSourceTest, TheUtmKeyWithMostFieldsWins) {
  Trail trail = channels();
  put_key(trail, "k1", "utm", "utm_source=vk", "ONE");
  put_key(trail, "k2", "utm", "utm_campaign=may&utm_source=vk", "TWO");
  EXPECT_EQ(came_by(trail, {.utm_source = "vk", .utm_campaign = "june"}), "one ONE utm");
  EXPECT_EQ(came_by(trail, {.utm_source = "vk", .utm_campaign = "may", .utm_term = "x"}), "two TWO utm");
  put_key(trail, "k3", "utm", "utm_source=vk&utm_term=x", "THREE");
  EXPECT_EQ(came_by(trail, {.utm_source = "vk", .utm_campaign = "may", .utm_term = "x"}), "- - ambiguous");
  EXPECT_EQ(finding(trail, "ambiguous_source_key").ids, "t");
  put_key(trail, "k3", "utm", "utm_source=vk&utm_term=x", "TWO");  // both lead to one place: no tie
  EXPECT_EQ(came_by(trail, {.utm_source = "vk", .utm_campaign = "may", .utm_term = "x"}), "two TWO utm");
}

TEST(TrailSourceTest, ATieEndsTheSearch) {
  Trail trail = channels();
  put_key(trail, "k1", "promo_code", "SPRING", "ONE");
  put_key(trail, "k2", "promo_code", "SPRING", "TWO");
  put_key(trail, "k3", "number", "+7100", "THREE");
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100", .promo_code = "SPRING"}), "- - ambiguous");
  trail.remove(Kind::source_keys, "k2");
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100", .promo_code = "SPRING"}), "one ONE promo_code");
}

// from ≤ at < until.
TEST(TrailSourceTest, AKeyIsValidInItsTime) {
  Trail trail = channels();
  const auto put_number = [&](std::string id, std::string announcement, std::optional<Timestamp> from,
                              std::optional<Timestamp> until) {
    trail.put(SourceKey{.id = std::move(id),
                        .kind = "number",
                        .value = "+7100",
                        .announcement = std::move(announcement),
                        .from = from,
                        .until = until});
  };
  put_number("k1", "ONE", {}, utc("2026-02-01"));
  put_number("k2", "TWO", utc("2026-02-01"), utc("2026-03-01"));
  put_number("k3", "THREE", utc("2026-03-02"), {});
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100", .at = utc("2026-01-31T23:59")}), "one ONE number");
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100", .at = utc("2026-02-01")}), "two TWO number");
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100", .at = utc("2026-03-01")}), "- - none");  // nobody's in between
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100", .at = utc("2026-03-02")}), "three THREE number");
  Draft undated{Kind::touches};  // without a time only keys open at both ends
  undated.id = "t";
  undated.stub = true;
  undated.set(fields::touches::dialled_number, Datum::text("+7100"));
  trail.remove(Kind::touches, "t");
  undated.id = "t2";
  trail.put(undated);
  trail.put(Lead{.id = "l", .touch = "t2", .created_at = utc("2026-03-16")});
  EXPECT_EQ(trail.card("(unattributed)").leads, 1);
  put_number("k3", "THREE", {}, {});
  EXPECT_EQ(trail.card("three").leads, 1);
  EXPECT_TRUE(live_is_batch(trail));
}

TEST(TrailSourceTest, AKeyOfAChannelCreditsTheChannelAndNoAnnouncement) {
  Trail trail = channels();
  trail.put(SourceKey{.id = "k", .kind = "number", .value = "+7100", .channel = "two"});
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100"}), "two - number");
  EXPECT_EQ(trail.card("(unattributed)", "announcement").leads, 1);
  trail.put(SourceKey{.id = "k", .kind = "number", .value = "+7100", .announcement = "late", .channel = "two"});
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100"}), "two - number");  // its announcement is not here
  trail.put(Announcement{.id = "late", .channel = "one"});
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100"}), "one late number");
  trail.put(SourceKey{.id = "k", .kind = "number", .value = "+7100", .channel = "absent"});
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100"}), "- - none");  // no key at all
}

TEST(TrailSourceTest, AKeyThatComesLateFindsItsTouches) {
  Trail trail = channels();
  trail.put(Touch{.id = "t", .utm_source = "vk", .utm_medium = "cpc", .at = utc("2026-03-01"), .kind = "click"});
  trail.put(Registration{.id = "r", .event = "e", .touch = "t", .at = utc("2026-03-02")});
  trail.put(Deal{.id = "d", .registration = "r", .created_at = utc("2026-03-03")});
  EXPECT_EQ(trail.card("(unattributed)").registrations, 1);
  put_key(trail, "k", "utm", "utm_medium=cpc", "ONE");
  EXPECT_EQ(trail.card("one").registrations, 1);
  EXPECT_EQ(trail.card("one").deals, 1);
  put_key(trail, "k", "utm", "utm_medium=cpm", "ONE");
  EXPECT_EQ(trail.card("one").deals, 0);
  trail.put(Announcement{.id = "TWO", .channel = "two", .utm_source = "vk"});
  EXPECT_EQ(trail.card("two").registrations, 1);
  trail.remove(Kind::channels, "two");
  EXPECT_EQ(trail.card("(unattributed)").deals, 1);
  EXPECT_EQ(trail.card("TWO", "announcement").deals, 1);  // the announcement is still credited
  EXPECT_TRUE(live_is_batch(trail));
}

TEST(TrailSourceTest, UtmTextThatNamesNoTagsIsNoKey) {
  for (const char* value : {"utm_source", "utm_source=", "source=vk", "utm_source=vk&", "utm_source=vk&utm_source=ok",
                            "&", "=", "utm_source=vk&&utm_term=x"}) {
    Trail trail = channels();
    put_key(trail, "k", "utm", value, "ONE");
    EXPECT_EQ(came_by(trail, {.utm_source = "vk", .utm_term = "x"}), "- - none") << value;
    EXPECT_EQ(finding(trail, "bad_source_key").ids, "k") << value;
  }
  Trail trail = channels();
  put_key(trail, "k", "utm", "utm_source=v=k%20", "ONE");  // a value may hold anything but &, and is not decoded
  EXPECT_EQ(came_by(trail, {.utm_source = "v=k%20"}), "one ONE utm");
}

TEST(TrailSourceTest, PartnersOwnLinkFirstThenTheAnnouncements) {
  Trail trail = channels();
  trail.put(Partner{.id = "media", .name = "Media"});
  trail.put(Partner{.id = "agent", .name = "Agent"});
  trail.put(Announcement{.id = "ONE", .channel = "one", .partner = "media"});
  trail.put(Deal{.id = "d1", .announcement = "ONE", .created_at = utc("2026-03-01")});
  trail.put(Deal{.id = "d2", .announcement = "ONE", .partner = "agent", .created_at = utc("2026-03-01")});
  trail.put(Deal{.id = "d3", .announcement = "ONE", .partner = "absent", .created_at = utc("2026-03-01")});
  EXPECT_EQ(trail.card("media", "partner").deals, 1);
  EXPECT_EQ(trail.card("agent", "partner").deals, 1);
  EXPECT_EQ(trail.card("(unattributed)", "partner").deals, 1);  // a link that is given decides
  trail.put(Partner{.id = "absent", .name = "Late"});
  EXPECT_EQ(trail.card("absent", "partner").deals, 1);
  EXPECT_TRUE(live_is_batch(trail));
}

// PF.2: a number is compared in its form, a referrer by host and path; both find the touches that came before the key.
TEST(TrailSourceTest, NumbersAndPagesAreComparedInOneForm) {
  Trail trail = channels();
  EXPECT_EQ(came_by(trail, {.dialled_number = "8 (495) 111-22-33"}), "- - none");
  put_key(trail, "k1", "number", "+74951112233", "ONE");
  EXPECT_EQ(trail.card("one").leads, 1);
  EXPECT_EQ(came_by(trail, {.dialled_number = "495 111 22 33 доб. 5"}), "one ONE number");
  EXPECT_EQ(came_by(trail, {.referrer = "https://www.Portal.example/afisha/may/?utm=1#top"}), "- - none");
  put_key(trail, "k2", "referrer", "portal.example", "TWO");
  EXPECT_EQ(trail.card("two").leads, 1);
  put_key(trail, "k3", "referrer", "http://portal.example/afisha/", "THREE");
  EXPECT_EQ(trail.card("three").leads, 1);  // the longer page
  EXPECT_TRUE(live_is_batch(trail));
  EXPECT_EQ(came_by(trail, {.referrer = "portal.example/afishaplus"}), "two TWO referrer");
  EXPECT_EQ(came_by(trail, {.referrer = "portal.example.org"}), "- - none");
}

TEST(TrailSourceTest, APoolCoversABeginningOrARange) {
  Trail trail = channels();
  EXPECT_EQ(came_by(trail, {.dialled_number = "84951110001"}), "- - none");
  put_key(trail, "k1", "number_pool", "8495111*", "ONE");
  EXPECT_EQ(trail.card("one").leads, 1);
  put_key(trail, "k2", "number_pool", "+74952220000..8 495 222 00 99", "TWO");
  put_key(trail, "k3", "number", "+74951110000", "THREE");  // one number of the pool belongs to a leaflet
  EXPECT_EQ(came_by(trail, {.dialled_number = "+74951110000"}), "three THREE number");
  EXPECT_EQ(came_by(trail, {.dialled_number = "+74951110001"}), "one ONE number_pool");
  EXPECT_EQ(came_by(trail, {.dialled_number = "+74952220099"}), "two TWO number_pool");
  EXPECT_EQ(came_by(trail, {.dialled_number = "+74952220100"}), "- - none");
  trail.remove(Kind::source_keys, "k1");
  EXPECT_EQ(came_by(trail, {.dialled_number = "+74951110001"}), "- - none");
  for (const char* value : {"*", "+*", "number*", "+74952220099..+74952220000", "+7495..+74952220000", "a..b"}) {
    put_key(trail, "k1", "number_pool", value, "ONE");
    EXPECT_EQ(finding(trail, "bad_number_pool").ids, "k1") << value;
    EXPECT_EQ(came_by(trail, {.dialled_number = "+74951110001"}), "- - none") << value;
  }
}

// The worked case of tests/oracle/test_sources.py, change by change: the visit moves, and the call with it.
TEST(TrailSourceTest, ACallToAPoolHasTheSourceOfItsVisit) {
  Trail trail = channels();
  put_key(trail, "pool", "number_pool", "+7495111*", "THREE");
  put_key(trail, "vk", "utm", "utm_source=vk", "TWO");
  put_key(trail, "ok", "utm", "utm_source=ok", "ONE");
  const Touch call{.client_id = "c", .dialled_number = "+74951110001", .at = utc("2026-03-01T12:00"), .kind = "call"};
  EXPECT_EQ(came_by(trail, call), "three THREE number_pool");
  Touch visit{.id = "v1",
              .client_id = "c",
              .utm_source = "vk",
              .dialled_number = "84951110001",
              .at = utc("2026-03-01T11:00"),
              .kind = "visit"};
  const auto came = [&] {
    EXPECT_TRUE(live_is_batch(trail));
    const Table traced = trail.trace("(total)", "leads");
    return std::string{traced.text_at(0, "channel").value_or("-")};
  };
  trail.put(visit);
  EXPECT_EQ(came(), "two");
  trail.put(Touch{.id = "v2", .client_id = "c", .utm_source = "ok", .at = utc("2026-03-01T12:00:01"), .kind = "visit"});
  EXPECT_EQ(came(), "two");  // after the call
  trail.put(Touch{.id = "v2", .client_id = "c", .utm_source = "ok", .at = utc("2026-03-01T12:00"), .kind = "visit"});
  EXPECT_EQ(came(), "one");  // it does not say which number, but it is this client's
  trail.remove(Kind::touches, "v2");
  visit.dialled_number = "+74951119999";  // shown another number
  trail.put(visit);
  EXPECT_EQ(came(), "three");
  visit.dialled_number = "+7 495 111-00-01";
  visit.client_id.reset();  // the number alone
  trail.put(visit);
  EXPECT_EQ(came(), "two");
  visit.client_id = "another";
  trail.put(visit);
  EXPECT_EQ(came(), "three");
  visit.client_id = "c";
  trail.put(visit);
  put_key(trail, "vk", "utm", "utm_source=vk", "ONE");  // the visit's key moves
  EXPECT_EQ(came(), "one");
  put_key(trail, "vk2", "utm", "utm_source=vk", "TWO");  // and is torn
  EXPECT_EQ(came_by(trail, call), "- - ambiguous");
  trail.remove(Kind::source_keys, "vk2");
  visit.at = utc("2026-02-28T11:59:59");  // more than a day before
  trail.put(visit);
  EXPECT_EQ(came(), "three");
  visit.at = utc("2026-02-28T12:00");
  trail.put(visit);
  EXPECT_EQ(came(), "one");
  trail.remove(Kind::source_keys, "pool");  // no dynamic number any more
  EXPECT_EQ(came(), "-");
}

// M3.3: a request lands in the brand and pipeline of the number or form it came through.
TEST(TrailSourceTest, BrandAndPipelineComeFromTheKeyOfTheTouch) {
  Trail trail = channels();
  trail.put(SourceKey{.id = "k1", .kind = "number", .value = "+7100", .channel = "one", .brand = "okna"});
  trail.put(SourceKey{.id = "k2", .kind = "form", .value = "callback", .pipeline = "b2b", .brand = "dveri"});
  EXPECT_EQ(came_by(trail, {.dialled_number = "+7100", .form = "callback"}), "one - number");
  const auto leads = [&](const char* by, const char* key) { return count_of(trail.cards({.by = by}), key, "leads"); };
  EXPECT_EQ(leads("brand", "okna"), 1);
  EXPECT_EQ(leads("pipeline", "b2b"), 1);
  trail.put(Deal{.id = "d", .lead = "l", .created_at = utc("2026-03-20")});
  EXPECT_EQ(count_of(trail.cards({.by = "brand"}), "okna", "deals"), 1);
  trail.put(Lead{.id = "l", .touch = "t", .brand = "own", .created_at = utc("2026-03-16")});
  EXPECT_EQ(leads("brand", "own"), 1);
}

}  // namespace
}  // namespace dealtrail
