#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dealtrail/core/random.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail::testing {

/// One statement about one id, made up from the declaration of its kind: few ids and few values, so that statements
/// meet.
struct Statement {
  using Value = std::variant<std::monostate, std::string, std::int64_t, bool>;
  Kind kind{};
  std::string id{};
  std::optional<std::int64_t> version{};
  bool removal = false;
  bool stub = false;
  std::vector<Value> values{};  // by field; money in minor units, times in microseconds

  void put_into(Trail::Batch& batch) const {
    if (removal) return batch.remove(kind, id, version);
    Draft draft{kind};
    draft.id = id;
    draft.version = version;
    draft.stub = stub;
    for (std::size_t field = 0; field < values.size(); ++field) {
      if (const auto* text = std::get_if<std::string>(&values[field])) draft.set(field, Datum::text(*text));
      if (const auto* flag = std::get_if<bool>(&values[field])) draft.set(field, Datum::boolean(*flag));
      const auto* number = std::get_if<std::int64_t>(&values[field]);
      if (number == nullptr) continue;
      switch (fields_of(kind)[field].type) {
        case FieldType::money: draft.set_minor(field, *number); break;
        case FieldType::time: draft.set(field, Datum::time(*number)); break;
        case FieldType::decimal: draft.set(field, Datum::decimal(*number, 1)); break;
        default: draft.set(field, Datum::integer(*number)); break;
      }
    }
    static_cast<void>(batch.put(draft));
  }
};

struct Chances {
  bool versions = true;  // every statement has one: what law 1 asks for
  double removal = 0.1;
  double stub = 0.1;
  bool foreign = true;             // amounts in other currencies, and rates
  std::int64_t largest = 100'000;  // minor units
};

namespace made_up {

[[nodiscard]] inline std::string one_of(Random& random, std::span<const std::string_view> words) {
  return std::string{words[random.index(words.size())]};
}

[[nodiscard]] inline Statement::Value random_value(Random& random, Kind kind, const FieldInfo& field,
                                                   const Chances& chances) {
  constexpr std::array<std::string_view, 3> marks{"x", "y", ""};
  constexpr std::array<std::string_view, 5> keys{"x", "y", "utm_source=x", "utm_source=x&utm_term=y", "utm_medium=y"};
  constexpr std::array<std::string_view, 5> contacts{"8 916 1112233", "89161112233", "9161112233", "a@b.ru",
                                                     "a@mail.ru"};
  constexpr std::array<std::string_view, 3> payments{"sale", "refund", "ticket"};
  constexpr std::array<std::string_view, 4> inns{"1234567894", "123456789047", "7707083893", "1"};
  constexpr std::array<std::string_view, 3> currencies{"RUB", "USD", "JPY"};
  constexpr std::int64_t year_2026 = 1'767'225'600'000'000;
  switch (field.type) {
    case FieldType::link: return std::to_string(random.uniform_int(0, 4));
    case FieldType::choice: {
      std::int64_t count = 0;
      while (!choice_text(field.choices, count).empty()) ++count;
      return std::string{choice_text(field.choices, random.chance(0.5) ? 0 : random.uniform_int(0, count - 1))};
    }
    case FieldType::text:
      if (field.name == "currency") return chances.foreign ? one_of(random, currencies) : std::string{"RUB"};
      if (kind == Kind::contact_points) return one_of(random, contacts);
      if (field.name == "inn") return one_of(random, inns);
      if (kind == Kind::identity_links) return std::to_string(random.uniform_int(0, 4));
      if (kind == Kind::payments && field.name == "kind") return one_of(random, payments);
      return kind == Kind::source_keys ? one_of(random, keys) : one_of(random, marks);
    case FieldType::time: return year_2026 + random.uniform_int(0, 300) * us_per_day / 2;
    case FieldType::money: return random.uniform_int(-chances.largest / 4, chances.largest);
    case FieldType::decimal: return random.uniform_int(-5, 40);
    case FieldType::boolean: return random.chance(0.3);
    case FieldType::integer: return random.uniform_int(0, 9);
    case FieldType::real: return random.uniform_int(0, 1);
  }
  return {};
}

}  // namespace made_up

/// So many statements of the kinds that figures are made of, from a seed.
[[nodiscard]] inline std::vector<Statement> random_statements(std::uint64_t seed, std::size_t count,
                                                              const Chances& chances = {}) {
  constexpr std::array<Kind, 31> kinds_of_figures{Kind::channels,       Kind::events,         Kind::events,
                                                  Kind::announcements,  Kind::announcements,  Kind::announcement_events,
                                                  Kind::source_keys,    Kind::invoices,       Kind::invoices,
                                                  Kind::invoice_lines,  Kind::invoice_lines,  Kind::costs,
                                                  Kind::partners,       Kind::managers,       Kind::roles,
                                                  Kind::touches,        Kind::registrations,  Kind::registrations,
                                                  Kind::attendances,    Kind::attendances,    Kind::leads,
                                                  Kind::deals,          Kind::moves,          Kind::identity_links,
                                                  Kind::contact_points, Kind::contact_points, Kind::contact_points,
                                                  Kind::people,         Kind::companies,      Kind::payments,
                                                  Kind::payments};
  Random random{seed};
  std::vector<Statement> made;
  while (made.size() < count) {
    Statement statement{.kind = kinds_of_figures[random.index(kinds_of_figures.size())],
                        .id = std::to_string(random.uniform_int(0, 4))};
    if (chances.foreign && random.chance(0.03)) statement.kind = Kind::exchange_rates;
    if (chances.versions || random.chance(0.5)) statement.version = random.uniform_int(1, 3);
    statement.removal = random.chance(chances.removal);
    statement.stub = !statement.removal && random.chance(chances.stub);
    if (!statement.removal) {
      for (const FieldInfo& field : fields_of(statement.kind)) {
        const bool needed = field.need == Need::needed && !statement.stub;
        const double said = field.type == FieldType::link ? 0.6 : 0.5;
        statement.values.push_back(needed || random.chance(said)
                                       ? made_up::random_value(random, statement.kind, field, chances)
                                       : Statement::Value{});
      }
    }
    made.push_back(std::move(statement));
  }
  return made;
}

/// Puts statements in batches of random size.
inline void put_all(Trail& trail, std::span<const Statement> statements, Random& random) {
  while (!statements.empty()) {
    const std::size_t size = 1 + random.index(std::min<std::size_t>(statements.size(), 8));
    auto batch = trail.batch();
    for (const Statement& statement : statements.first(size)) statement.put_into(batch);
    batch.finish();
    statements = statements.subspan(size);
  }
}

}  // namespace dealtrail::testing
