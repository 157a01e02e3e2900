#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/outcome.hpp"
#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

class Trail;

/// Whether a text is there. Texts of guests borrow from the Trail; one that is null has no bytes at all, not even none.
[[nodiscard]] constexpr bool given(std::string_view text) noexcept { return text.data() != nullptr; }

/// The number of the key of a guest that has none: it stands in `(unattributed)`.
inline constexpr std::uint32_t no_key = 0xFFFFFFFF;

/// One guest of one topmost event: what was done for them, what they did, what came of it. A plain row; the columns are
/// those of guests/guests.def, defined in docs/funnel/funnel.md.
struct Guest {
#define DEALTRAIL_GUEST_TEXT(name, meaning) std::string_view name{};
#define DEALTRAIL_GUEST_TIME(name, meaning) std::optional<Timestamp> name{};
#define DEALTRAIL_GUEST_COUNT(name, meaning) std::int64_t name = 0;
#define DEALTRAIL_GUEST_FLAG(name, meaning) bool name = false;
#define DEALTRAIL_GUEST_MONEY(name, meaning) MoneySum name{};
#include "dealtrail/guests/guests.def"
  std::uint32_t key = no_key;  // place among Guests::keys
};

/// What is known of a column of guests at run time; a rule names columns by `name`.
struct GuestColumn {
  std::string_view name;
  ColumnType type;
  std::string_view meaning;
};

inline constexpr GuestColumn guest_columns[] = {
#define DEALTRAIL_GUEST_TEXT(name, meaning) {#name, ColumnType::text, meaning},
#define DEALTRAIL_GUEST_TIME(name, meaning) {#name, ColumnType::time, meaning},
#define DEALTRAIL_GUEST_COUNT(name, meaning) {#name, ColumnType::integer, meaning},
#define DEALTRAIL_GUEST_FLAG(name, meaning) {#name, ColumnType::boolean, meaning},
#define DEALTRAIL_GUEST_MONEY(name, meaning) {#name, ColumnType::decimal, meaning},
#include "dealtrail/guests/guests.def"
};

/// The place of a column, or nothing. O(columns).
[[nodiscard]] constexpr std::optional<std::size_t> find_guest_column(std::string_view name) noexcept {
  for (std::size_t i = 0; i < std::size(guest_columns); ++i) {
    if (guest_columns[i].name == name) return i;
  }
  return std::nullopt;
}

/// A cell of a guest by the place of its column. Money in major units of a currency with that many decimals; text
/// borrows. @throws Error overflow for money beyond 64 bits.
[[nodiscard]] Datum guest_cell(const Guest& guest, std::size_t column, int money_decimals);

/// What guests are grouped by: an event with its goals, a channel, a segment, ...
struct GuestKey {
  std::string_view key{};
  std::string_view name{};
  std::string_view state{};              // status of an event, state of a channel, status of an announcement
  std::optional<Timestamp> starts_at{};  // of an event
  bool event = false;                    // an event: it has a row even without guests
  std::optional<std::int64_t> goal_registrations{};
  std::optional<std::int64_t> goal_attended{};
  std::optional<std::int64_t> goal_deals{};
  std::optional<std::int64_t> goal_revenue{};  // minor units
};

/// Something promised to a guest whose time has come and which is not done.
struct Promise {
  std::uint32_t guest = 0;  // place among Guests::rows
  std::string_view activity{};
  std::string_view kind{};
  std::string_view note{};
  std::string_view manager{};
  std::string_view manager_name{};
  Timestamp due_at{};
};

/// How guests are gathered.
struct GuestsOptions {
  std::string by = "event";          // event, channel, announcement, partner, month (of the event), segment, brand,
                                     // manager, company, person, or a column as cards take it
  View view = View::marketing;       // whose outcomes of deals
  std::optional<Timestamp> as_of{};  // none: every fact counts, and now is the latest activity
};

/// Guests of all events, by event and id: what the calculators of the room `funnel` see. Borrows texts from the Trail:
/// valid until it changes. Can be filled by hand, too.
struct Guests {
  Guests() = default;
  Guests(Guests&&) noexcept = default;
  Guests& operator=(Guests&&) noexcept = default;
  Guests(const Guests&) = delete;  // keys may borrow from `made`
  Guests& operator=(const Guests&) = delete;
  ~Guests() = default;

  std::vector<Guest> rows{};
  std::vector<GuestKey> keys{};  // by key
  std::vector<Promise> promises{};
  std::vector<std::string_view> events{};  // topmost events, by id
  std::string by = "event";
  View view = View::marketing;
  std::optional<Timestamp> as_of{};
  std::optional<Timestamp>
      now{};  // as of which events have begun and promises are overdue: as_of, else the latest activity
  Currency currency{};
  Zone zone{};
  std::int64_t deals_without_event = 0;  // sales that belong to no event, and so to no guest
  std::deque<std::string> made{};        // texts that no fact has as they are
};

/// The guests of a Trail. Registrations, arrivals, sources and deals are those of the cards (docs/cards/cards.md): by
/// event, the sums over guests are the card's. O(facts).
/// @throws Error unknown_name for a `by` that is no column.
[[nodiscard]] Guests guests(const Trail& trail, const GuestsOptions& options = {});

/// The guests as a table: a row per guest, the columns of guests/guests.def, then `key`.
[[nodiscard]] Table guests_table(const Guests& guests);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/guests/detail/guests.ipp"  // IWYU pragma: keep
#endif
