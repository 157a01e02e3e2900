// engine
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/sources/source_index.hpp"
#include "dealtrail/sources/sources.hpp"

namespace dealtrail::detail {

/// A key as it is stated, read apart from any touch: what it matches, when, and where it leads.
struct StatedKey {
  KeyRow row;
  KeyStep step;
  std::string text;  // in the form that is compared; tags in the order of their names; a span as it is written
  std::optional<NumberSpan> span{};
  Cell from = null_cell;
  Cell until = null_cell;
  std::optional<Source> lead{};

  [[nodiscard]] bool overlaps(const StatedKey& other) const noexcept {
    return (until == null_cell || other.from == null_cell || other.from < until) &&
           (other.until == null_cell || from == null_cell || from < other.until);
  }
};

/// The tags of an announcement's short form, or of a row's value, as one text.
[[nodiscard]] inline std::string tags_text(const std::array<std::string_view, 5>& tags) {
  std::string text;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (tags[i].empty()) continue;
    text += (text.empty() ? "" : "&") + std::string{utm_names[i]} + "=" + std::string{tags[i]};
  }
  return text;
}

/// Calls `visit(step, text, span)` for what a present row of source_keys or announcements states; nothing for what is
/// no key. `scratch` keeps texts for the reading.
template <class Visit>
void for_each_stated(const FactStore& store, FactStore& scratch, Kind kind, RowId slot, Visit&& visit) {
  const auto text_at = [&](std::size_t field) {
    const Cell cell = store.get(kind, slot, field);
    return cell == null_cell ? std::string_view{} : store.text(cell);
  };
  if (kind == Kind::announcements) {
    namespace f = fields::announcements;
    if (const auto code = text_at(f::promo_code); !code.empty())
      visit(KeyStep::promo_code, normalised_code(code), std::optional<NumberSpan>{});
    if (const auto number = text_at(f::phone_number); !number.empty())
      visit(KeyStep::number, normalised_number(number), std::optional<NumberSpan>{});
    std::array<std::string, 5> forms;
    for (std::size_t i = 0; i < forms.size(); ++i) forms[i] = normalised_tag(text_at(f::utm_source + i));
    const std::array<std::string_view, 5> tags{forms[0], forms[1], forms[2], forms[3], forms[4]};
    if (std::string text = tags_text(tags); !text.empty())
      visit(KeyStep::utm, std::move(text), std::optional<NumberSpan>{});
    return;
  }
  const std::size_t columns = fields_of(kind).size();
  std::vector<Cell> row(columns, null_cell);
  row[fields::source_keys::kind] = store.get(kind, slot, fields::source_keys::kind);
  if (const auto value = text_at(fields::source_keys::value); !value.empty())
    row[fields::source_keys::value] = scratch.texts().intern(value);
  std::vector<Identifier> marks;
  SourceIndex::marks_of(scratch, kind, row, marks);
  for (const Identifier& mark : marks) {
    if (mark.step == KeyStep::utm) {
      std::array<std::string_view, 5> tags;
      for (std::size_t i = 0; i < tags.size(); ++i)
        tags[i] = mark.tags[i] == no_row ? std::string_view{} : scratch.texts().text(mark.tags[i]);
      visit(mark.step, tags_text(tags), std::optional<NumberSpan>{});
    } else if (mark.text == no_row) {
      visit(mark.step, std::string{text_at(fields::source_keys::value)}, std::optional{mark.span});
    } else {
      visit(mark.step, std::string{scratch.texts().text(mark.text)}, std::optional<NumberSpan>{});
    }
  }
}

/// Every key of the Trail: rows of source_keys by id, then short forms by announcement.
[[nodiscard]] inline std::vector<StatedKey> declared_keys(const FactStore& store, const Sources& sources) {
  std::vector<StatedKey> keys;
  FactStore scratch;
  for (const Kind kind : {Kind::source_keys, Kind::announcements}) {
    for (const RowId slot : store.sorted_rows(kind)) {
      for_each_stated(store, scratch, kind, slot, [&](KeyStep step, std::string text, std::optional<NumberSpan> span) {
        StatedKey key{{kind, slot}, step, std::move(text), std::move(span)};
        if (kind == Kind::source_keys) {
          key.from = store.get(kind, slot, fields::source_keys::from);
          key.until = store.get(kind, slot, fields::source_keys::until);
        }
        key.lead = sources.lead_of(key.row);
        keys.push_back(std::move(key));
      });
    }
  }
  return keys;
}

/// Pairs of keys of one step that may match the same touch at the same time, equally closely, and lead elsewhere: a
/// touch that both match is (unattributed).
[[nodiscard]] inline std::vector<std::pair<const StatedKey*, const StatedKey*>> overlapping(
    const std::vector<StatedKey>& keys) {
  std::vector<const StatedKey*> in_order;
  for (const StatedKey& key : keys) in_order.push_back(&key);
  std::sort(in_order.begin(), in_order.end(), [](const StatedKey* lhs, const StatedKey* rhs) {
    if (lhs->step != rhs->step) return lhs->step < rhs->step;
    if (lhs->span.has_value() != rhs->span.has_value()) return rhs->span.has_value();
    if (!lhs->span.has_value() && lhs->text != rhs->text) return lhs->text < rhs->text;
    return lhs < rhs;  // of one vector: its order
  });
  const auto meet = [](const StatedKey& lhs, const StatedKey& rhs) {
    if (lhs.step != rhs.step || lhs.span.has_value() != rhs.span.has_value()) return false;
    if (!lhs.span.has_value()) return lhs.text == rhs.text;
    const NumberSpan& one = *lhs.span;
    const NumberSpan& other = *rhs.span;
    if (one.high.empty() && other.high.empty()) return one.low.starts_with(other.low) || other.low.starts_with(one.low);
    if (!one.high.empty() && !other.high.empty())
      return one.low.size() == other.low.size() && one.low <= other.high && other.low <= one.high;
    const NumberSpan& start = one.high.empty() ? one : other;
    const NumberSpan& range = one.high.empty() ? other : one;
    if (start.low.size() > range.low.size()) return false;
    return range.low.substr(0, start.low.size()) <= start.low && range.high.substr(0, start.low.size()) >= start.low;
  };
  std::vector<std::pair<const StatedKey*, const StatedKey*>> pairs;
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    for (std::size_t j = i + 1; j < in_order.size(); ++j) {
      const StatedKey& one = *in_order[i];
      const StatedKey& other = *in_order[j];
      if (one.step != other.step || one.span.has_value() != other.span.has_value() ||
          (!one.span.has_value() && one.text != other.text))
        break;
      if (!one.lead.has_value() || !other.lead.has_value() || one.lead->same_place(*other.lead)) continue;
      if (meet(one, other) && one.overlaps(other)) pairs.emplace_back(&one, &other);
    }
  }
  return pairs;
}

}  // namespace dealtrail::detail
