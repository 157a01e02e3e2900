#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/core/hash.hpp"
#include "dealtrail/facts/draft.hpp"
#include "dealtrail/facts/number_cells.hpp"
#include "dealtrail/io/detail/evaluate.hpp"

namespace dealtrail::detail {

/// Values that could not be used, alike in everything but their place.
struct ValueProblem {
  std::string code{};
  std::string method{};
  std::string kind{};    // of the fact; empty when none was about to be made
  std::string column{};  // as the profile names it, or the field
  std::uint64_t count = 0;
  std::vector<std::string> first_ids{};
  std::vector<std::string> first_values{};
};

/// Collects problems by (code, method, kind, column): one million alike are one line.
class ProblemLog {
 public:
  static constexpr std::size_t first_count = 5;

  void add(std::string_view code, std::string_view method, std::string_view kind, std::string_view column,
           std::string_view id, std::string_view value, std::uint64_t count = 1) {
    auto& problem =
        problems_[std::tuple(std::string(code), std::string(method), std::string(kind), std::string(column))];
    problem.count += count;
    if (problem.first_ids.size() < first_count && !id.empty()) problem.first_ids.emplace_back(id.substr(0, 128));
    if (!value.empty() && problem.first_values.size() < first_count) {
      const std::string shown(value.substr(0, 128));
      if (std::find(problem.first_values.begin(), problem.first_values.end(), shown) == problem.first_values.end()) {
        problem.first_values.push_back(shown);
      }
    }
  }

  [[nodiscard]] std::vector<ValueProblem> list() const {
    std::vector<ValueProblem> result;
    for (const auto& [place, problem] : problems_) {
      result.push_back({std::get<0>(place), std::get<1>(place), std::get<2>(place), std::get<3>(place), problem.count,
                        problem.first_ids, problem.first_values});
    }
    return result;
  }

 private:
  std::map<std::tuple<std::string, std::string, std::string, std::string>, ValueProblem> problems_{};
};

// Gives the names of a copied rule their numbers in the load's key table.
class Binder {
 public:
  explicit Binder(KeyTable& keys, std::vector<std::uint32_t>& read) : keys_(keys), read_(read) {}

  void bind(ColumnPath& path) {
    if (path.special != ColumnPath::Special::none) return;
    std::string_view whole = path.text;
    while (whole.starts_with('^')) whole.remove_prefix(1);
    path.whole = keys_.want(whole);
    read_.push_back(path.whole);
    for (ColumnStep& step : path.steps) {
      if (step.sort == ColumnStep::Sort::index) continue;
      step.canonical = keys_.want(step.name);
    }
    if (!path.steps.empty()) read_.push_back(path.steps.front().canonical);
  }
  void bind(Expression& expression) {
    if (expression.op == Operator::column) bind(expression.column);
    if (expression.when) bind(*expression.when);
    for (Expression& part : expression.parts) bind(part);
  }
  void bind(ColumnCondition& condition) {
    condition.condition.bind([&](std::string_view name) {
      condition.columns.push_back(parse_column(name).value());
      bind(condition.columns.back());
      return static_cast<std::uint32_t>(condition.columns.size() - 1);
    });
  }

 private:
  KeyTable& keys_;
  std::vector<std::uint32_t>& read_;
};

/// One method of a profile, ready to turn records into drafts.
class Projector {
 public:
  /// Takes one fact; its text lives until the call returns.
  using Sink = std::function<void(const Draft&)>;

  Projector(const ProfileData& profile, const MethodRule& method, KeyTable& keys, ProblemLog& problems, Sink sink)
      : profile_(profile),
        method_(method),
        problems_(problems),
        sink_(std::move(sink)),
        prefix_(profile.source.empty() ? std::string{} : profile.source + ":"),
        evaluator_(profile, [this](ValueTrouble trouble, std::string_view column, std::string_view value) {
          static constexpr std::array<std::string_view, 5> codes{"unreadable_value", "unmapped_value", "several_values",
                                                                 "nested_value", "id_as_real"};
          problems_.add(codes[static_cast<std::size_t>(trouble)], method_.name, kind_at_hand_, column, id_at_hand_,
                        value);
        }) {
    Binder binder(keys, read_);
    if (method_.when) binder.bind(*method_.when);
    for (PutRule& put : method_.puts) {
      if (put.when) binder.bind(*put.when);
      if (put.for_each) binder.bind(*put.for_each);
      if (put.id) binder.bind(*put.id);
      if (put.version) binder.bind(*put.version);
      for (FieldSetting& setting : put.set) {
        if (setting.expression) binder.bind(*setting.expression);
      }
      for (OwnSetting& setting : put.own) binder.bind(setting.expression);
      // A line of an invoice is in the invoice's currency.
      currency_fields_.push_back(put.kind == Kind::invoice_lines ? std::nullopt : currency_field(put.kind));
    }
    for (const std::uint32_t canonical : read_) mark(wanted_, canonical) = 1;
  }

  Projector(const Projector&) = delete;
  Projector& operator=(const Projector&) = delete;

  /// Puts what the method makes of one record. False when the method's `when` skips it.
  bool project(const Record& record, std::uint64_t position, std::string_view command) {
    evaluator_.next_record();
    record_ids_.reset();
    count_columns(record);
    const RecordScope scope{&record, 0, position, command, nullptr};
    kind_at_hand_ = {};
    id_at_hand_ = {};
    if (record.duplicates() > 0) problems_.add("duplicate_key", method_.name, "", "", "", "");
    if (method_.when && !evaluator_.holds(*method_.when, scope)) return false;
    for (std::size_t i = 0; i < method_.puts.size(); ++i) {
      const PutRule& put = method_.puts[i];
      if (!put.for_each) {
        put_one(put, i, scope);
        continue;
      }
      const std::uint32_t list = Evaluator::find(*put.for_each, scope);
      if (list == no_index) continue;
      const Node& head = record[list];
      if (head.shape == NodeShape::list) {
        std::uint64_t place = 0;
        for (std::uint32_t node = list + 1; node < head.end; node = record[node].end) {
          put_one(put, i, {&record, node, place++, command, &scope});
        }
      } else if (head.shape == NodeShape::value && head.value.kind() == DatumKind::text &&
                 is_list(head.value.as_text(), put)) {
        put_parts(put, i, scope, list, head.value.as_text());
      } else if (head.shape == NodeShape::object ? head.end > list + 1
                                                 : !head.value.is_null() && !Evaluator::is_false(head.value) &&
                                                       !Evaluator::is_empty(head.value, profile_.empty)) {
        put_one(put, i, {&record, list, 0, command, &scope});
      }
    }
    return true;
  }

  /// A hash of the ids of the whole facts that the last record became; nothing when it became none with an id.
  [[nodiscard]] const std::optional<std::uint64_t>& record_ids() const noexcept { return record_ids_; }

  /// Columns of a record that the method names and a header does not have. Of alternatives (`coalesce`) one is enough.
  [[nodiscard]] std::vector<std::string> columns_not_there(const KeyTable& keys,
                                                           const std::vector<std::uint32_t>& header) const {
    std::vector<std::uint8_t> there(keys.size(), 0);
    for (const std::uint32_t key : header) there[keys[key].canonical] = 1;
    std::vector<std::string> missing;
    const MissingColumns find{there, missing};
    if (method_.when) find.condition(*method_.when, 0);
    for (const PutRule& put : method_.puts) {
      const std::uint32_t depth = put.for_each ? 1 : 0;
      if (put.for_each) find.column(*put.for_each, 0);
      if (put.when) find.condition(*put.when, depth);
      if (put.id) find.expression(*put.id, depth);
      if (put.version) find.expression(*put.version, depth);
      for (const FieldSetting& setting : put.set) {
        if (setting.expression) find.expression(*setting.expression, depth);
      }
      for (const OwnSetting& setting : put.own) find.expression(setting.expression, depth);
    }
    std::sort(missing.begin(), missing.end());
    missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
    return missing;
  }

  /// Columns of records that nothing of the method reads, with how often they came.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> columns_not_read(const KeyTable& keys) const {
    std::vector<std::pair<std::string, std::uint64_t>> result;
    for (std::uint32_t key = 0; key < seen_.size() && key < keys.size(); ++key) {
      const std::uint32_t canonical = keys[key].canonical;
      if (seen_[key] > 0 && !(canonical < wanted_.size() && wanted_[canonical] != 0))
        result.emplace_back(keys[key].name, seen_[key]);
    }
    std::sort(result.begin(), result.end());
    return result;
  }

 private:
  // Collects the columns that are not in a header. `depth`: how far the expression stands from the record.
  struct MissingColumns {
    const std::vector<std::uint8_t>& there;
    std::vector<std::string>& missing;

    [[nodiscard]] bool has(const ColumnPath& path) const {
      const auto named = [&](std::uint32_t key) { return key < there.size() && there[key] != 0; };
      return named(path.whole) || (!path.steps.empty() && named(path.steps.front().canonical));
    }
    void column(const ColumnPath& path, std::uint32_t depth) const {
      if (path.special != ColumnPath::Special::none || path.outer != depth || has(path)) return;
      missing.push_back(path.text.substr(path.outer));
    }
    void condition(const ColumnCondition& condition, std::uint32_t depth) const {
      for (const ColumnPath& path : condition.columns) column(path, depth);
    }
    void expression(const Expression& expression, std::uint32_t depth) const {
      if (expression.op == Operator::column) column(expression.column, depth);
      if (expression.when) condition(*expression.when, depth);
      if (expression.op != Operator::coalesce) {
        for (const Expression& part : expression.parts) this->expression(part, depth);
        return;
      }
      std::vector<std::string> of_all;
      for (const Expression& part : expression.parts) {
        if (part.op == Operator::constant) continue;
        std::vector<std::string> of_part;
        MissingColumns{there, of_part}.expression(part, depth);
        if (of_part.empty()) return;
        of_all.insert(of_all.end(), of_part.begin(), of_part.end());
      }
      missing.insert(missing.end(), of_all.begin(), of_all.end());
    }
  };

  template <class T>
  static T& mark(std::vector<T>& marks, std::uint32_t at) {
    if (at >= marks.size()) marks.resize(std::size_t{at} + 64);
    return marks[at];
  }

  void count_columns(const Record& record) {
    const auto& nodes = record.nodes();
    for (std::uint32_t node = 1; node < nodes.size(); node = nodes[node].end) ++mark(seen_, nodes[node].key);
  }

  static constexpr std::string_view unsaid_separator = ";";

  [[nodiscard]] static bool is_list(std::string_view text, const PutRule& put) {
    const std::string_view separator = put.split ? std::string_view{*put.split} : unsaid_separator;
    return !separator.empty() && text.find(separator) != std::string_view::npos;
  }

  // A text that is a list: one put for each part that is not empty.
  void put_parts(const PutRule& put, std::size_t place, const RecordScope& scope, std::uint32_t node,
                 std::string_view text) {
    const std::string_view separator = put.split ? std::string_view{*put.split} : unsaid_separator;
    if (!put.split) problems_.add("split_text", method_.name, kind_name(put.kind), put.for_each->text, "", text);
    std::uint64_t position = 0;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find(separator, begin), text.size());
      std::string_view part = text.substr(begin, end - begin);
      while (part.starts_with(' ')) part.remove_prefix(1);
      while (part.ends_with(' ')) part.remove_suffix(1);
      const Datum element = Datum::text(part);
      if (!part.empty() && !Evaluator::is_empty(element, profile_.empty))
        put_one(put, place, {scope.record, node, position++, scope.command, &scope, &element});
      begin = end + separator.size();
    }
  }

  // An id of Salesforce has 15 letters, or 18: the last three are a checksum of which of the 15 are capitals. Both are
  // one id. Source: Salesforce, "Database 15 and 18 character IDs": a bit for each of five letters, A-Z and 0-5.
  [[nodiscard]] static std::string_view without_checksum(std::string_view id) noexcept {
    constexpr std::size_t size = 15;
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    if (id.size() != size + 3) return id;
    for (std::size_t group = 0; group < 3; ++group) {
      std::size_t capitals = 0;
      for (std::size_t i = 0; i < 5; ++i) {
        const char letter = id[group * 5 + i];
        const bool capital = letter >= 'A' && letter <= 'Z';
        if (!capital && !(letter >= 'a' && letter <= 'z') && !(letter >= '0' && letter <= '9')) return id;
        capitals |= (capital ? std::size_t{1} : std::size_t{0}) << i;
      }
      if (id[size + group] != letters[capitals]) return id;
    }
    return id.substr(0, size);
  }

  // The text of an id or link with its prefix; null when it means "none".
  [[nodiscard]] Datum prefixed(const Expression& expression, const Datum& value, std::string_view name) {
    if (value.is_null() || Evaluator::is_false(value)) return {};
    const std::string_view text = without_checksum(evaluator_.text_of(value));
    // The first position is 0 and means a record.
    const bool may_mean_none = !names_position(expression);
    if (text.empty() || (may_mean_none && Evaluator::is_empty(Datum::text(text), profile_.empty_links))) return {};
    if (has_point(value) && whole_number(value)) {
      evaluator_.complain(ValueTrouble::id_as_real,
                          expression.op == Operator::column ? std::string_view{expression.column.text} : name, value);
    }
    const std::string_view prefix =
        expression.prefix ? std::string_view{*expression.prefix} : std::string_view{prefix_};
    if (prefix.empty()) return Datum::text(text);
    joined_ = prefix;
    joined_ += text;
    return Datum::text(evaluator_.keep(joined_));
  }

  [[nodiscard]] static bool names_position(const Expression& expression) {
    if (expression.op == Operator::column) return expression.column.special == ColumnPath::Special::position;
    return std::any_of(expression.parts.begin(), expression.parts.end(), names_position);
  }

  [[nodiscard]] Datum field_value(FieldType type, const Expression& expression, const RecordScope& scope,
                                  std::string_view name) {
    const Datum value = evaluator_.evaluate(expression, scope);
    if (type == FieldType::link) return prefixed(expression, value, name);
    return evaluator_.as(type, value,
                         expression.op == Operator::column ? std::string_view{expression.column.text} : name);
  }

  void put_one(const PutRule& put, std::size_t place, const RecordScope& scope) {
    kind_at_hand_ = kind_name(put.kind);
    id_at_hand_ = {};
    if (put.when && !evaluator_.holds(*put.when, scope)) return;
    draft_.clear(put.kind);
    draft_.source = profile_.source;
    draft_.stub = put.stub;
    if (put.id) {
      const Datum id = prefixed(*put.id, evaluator_.evaluate(*put.id, scope), "id");
      if (id.is_null()) {
        // A stub of nothing is nothing; a fact without the id it should have is listed.
        if (!put.stub)
          problems_.add("missing_id", method_.name, kind_at_hand_, "id", "#" + std::to_string(scope.position), "");
        return;
      }
      draft_.id = id.as_text();
      id_at_hand_ = draft_.id;
      if (!put.stub && !put.for_each)
        record_ids_ = (record_ids_.value_or(0) + place + 1) * 0x9E37'79B9'7F4A'7C15U ^ stable_hash64(draft_.id);
    }
    if (put.version) draft_.version = version_of(evaluator_.evaluate(*put.version, scope));
    const auto fields = fields_of(put.kind);
    bool has_money = false;
    bool names_currency = false;  // an amount with a currency of its own, as "5.00 USD"
    for (const FieldSetting& setting : put.set) {
      Datum value;
      if (setting.expression) value = field_value(setting.type, *setting.expression, scope, fields[setting.field].name);
      if (value.is_null() && setting.fallback) value = setting.fallback->datum();
      if (value.is_null()) continue;
      draft_.set(setting.field, value);
      if (setting.type != FieldType::money) continue;
      has_money = true;
      names_currency = names_currency || ends_with_code(value);
    }
    if (has_money && !names_currency && !profile_.currency.empty()) {
      const auto field = currency_fields_[place];
      if (field && draft_[*field].is_null()) draft_.set(*field, Datum::text(profile_.currency.code()));
    }
    for (const OwnSetting& setting : put.own) {
      const Datum value = field_value(setting.type, setting.expression, scope, setting.name);
      if (!value.is_null()) draft_.set_own(setting.name, value);
    }
    sink_(draft_);
  }

  [[nodiscard]] static bool ends_with_code(const Datum& value) {
    if (value.kind() != DatumKind::text || value.as_text().size() < 4 || is_digit(value.as_text().back())) return false;
    return Currency::find(value.as_text().substr(value.as_text().size() - 3)).has_value();
  }

  [[nodiscard]] std::optional<std::int64_t> version_of(const Datum& value) {
    if (value.is_null() || Evaluator::is_false(value)) return std::nullopt;
    if (value.kind() == DatumKind::text) {
      if (const auto number = plain_number(value.as_text())) {
        if (const auto whole = to_units(*number, 0)) return whole;
      }
      const Datum at = evaluator_.as(FieldType::time, value, "version");
      if (at.kind() == DatumKind::time) return at.as_time_us();
      if (at.kind() == DatumKind::local_time) return at.as_local_time_us();
      return std::nullopt;
    }
    if (value.kind() == DatumKind::time) return value.as_time_us();
    if (value.kind() == DatumKind::local_time) return value.as_local_time_us();
    const Datum whole = evaluator_.as(FieldType::integer, value, "version");
    return whole.is_null() ? std::nullopt : std::optional(whole.as_integer());
  }

  const ProfileData& profile_;
  MethodRule method_;  // a copy whose names are bound
  ProblemLog& problems_;
  Sink sink_;
  std::string prefix_;
  std::string joined_{};
  Evaluator evaluator_;
  Draft draft_{};
  std::optional<std::uint64_t> record_ids_{};
  std::string_view kind_at_hand_{};
  std::string_view id_at_hand_{};
  std::vector<std::uint32_t> read_{};
  std::vector<std::uint8_t> wanted_{};  // by canonical name
  std::vector<std::uint64_t> seen_{};   // by name
  std::vector<std::optional<std::size_t>> currency_fields_{};
};

}  // namespace dealtrail::detail
