#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "dealtrail/cohort/detail/amount_column.hpp"
#include "dealtrail/cohort/detail/falling_signals.hpp"
#include "dealtrail/cohort/detail/fit_purchases.hpp"
#include "dealtrail/cohort/detail/history_groups.hpp"
#include "dealtrail/cohort/falling.hpp"
#include "dealtrail/core/detail/text_hash.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/table/detail/subject_rows.hpp"

namespace dealtrail::cohort {

namespace detail {

using dealtrail::detail::SubjectInput;
using dealtrail::detail::SubjectRow;

struct SoldPayload {
  std::int64_t amount = 1;
};
struct EventPayload {
  std::int64_t amount = 1;
  std::uint64_t event = 0;
  std::int64_t event_day = no_day;
};

inline void check_falling(const FallingOptions& options) {
  const auto refuse = [](const char* name, const std::string& what) {
    throw Error(ErrorCode::invalid_argument, what, {"falling", name, -1});
  };
  const auto at_least = [&](const char* name, std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value < least || value > most)
      refuse(name, std::string{name} + " is " + std::to_string(least) + " to " + std::to_string(most) + ", found " +
                       std::to_string(value));
  };
  at_least("window_weeks", options.window_weeks, 1, 52);
  at_least("watch_weeks", options.watch_weeks, 1, 104);
  at_least("least_weeks", options.least_weeks, 2, 520);
  at_least("least_purchases", options.least_purchases, 2, 1'000'000);
  at_least("least_events", options.least_events, 2, 1'000'000);
  at_least("least_signals", options.least_signals, 1, 3);
  if (!(options.drop > 0) || !(options.drop < 1)) refuse("drop", "the drop is between 0 and 1");
  if (!(options.level > 0) || !(options.level < 0.5)) refuse("level", "the level is between 0 and 0.5");
  if (!(options.run_length > 1) || !std::isfinite(options.run_length))
    refuse("run_length", "the run length is above 1");
  if (!(options.alive >= 0) || !(options.alive <= 1)) refuse("alive", "P(alive) is 0 to 1");
  if (options.event.empty() != options.event_at.empty())
    refuse("event_at", "events need both an id and a time: name event and event_at, or neither");
}

template <class Payload>
class FallingSearch {
 public:
  FallingSearch(const TableInput& table, const FallingOptions& options)
      : table_(table),
        options_(options),
        input_(table, options.client, options.at, options.zone),
        amounts_(table, options.amount, {}, options.currency, options.places) {
    if (options.event.empty()) return;
    event_.emplace(SubjectInput::reader(table, options.event, {ColumnType::integer, ColumnType::text}));
    event_at_.emplace(
        SubjectInput::reader(table, options.event_at, {ColumnType::time, ColumnType::local_time, ColumnType::date}));
  }

  [[nodiscard]] Falling found() {
    const std::size_t workers = std::max<std::size_t>(1, options_.threads);
    std::vector<std::int64_t> latest(workers, std::numeric_limits<std::int64_t>::min());
    const auto rows = dealtrail::detail::partition_rows<Payload>(
        input_, workers, [&](std::size_t worker) { return BlockReader{*this, latest[worker]}; });
    const std::int64_t last_row = *std::max_element(latest.begin(), latest.end());
    end_day_ = (options_.end                                           ? day_of(to_us(*options_.end) - 1)
                : last_row == std::numeric_limits<std::int64_t>::min() ? 0
                                                                       : day_of(last_row)) +
               1;
    std::vector<Worker> at_work(workers, Worker{options_, end_day_});
    dealtrail::detail::for_each_subject(
        input_, rows, workers,
        [&](std::size_t worker, std::span<SubjectRow<Payload>> of) { add_client(at_work[worker], of); });
    Falling result;
    result.problems = rows.problems;
    for (Worker& one : at_work) result.problems.merge(one.problems);
    tell(result, at_work);
    return result;
  }

 private:
  // A client with its figures for P(alive).
  struct Candidate {
    FallingClient client{};
    std::size_t place = 0;  // in `base` of its worker
  };
  struct Worker {
    Worker(const FallingOptions& options, std::int64_t end_day) : signals(options, end_day) {}
    FallingSignals signals;
    std::vector<ClientPurchase> purchases{};
    Summary base{};
    std::vector<Candidate> candidates{};
    std::int64_t judged = 0;
    RowProblems problems{};
  };

  class BlockReader {
   public:
    BlockReader(const FallingSearch& search, std::int64_t& latest) : search_(search), latest_(latest) {}
    void read(const dealtrail::detail::SubjectBlock& block, std::span<std::uint8_t> keep, RowProblems& problems) {
      for (std::size_t i = 0; i < block.count; ++i) {
        if (keep[i] == 0) continue;
        if (search_.options_.end && block.at[i] >= to_us(*search_.options_.end)) {
          keep[i] = 0;
          problems.note({"after_end",
                         "info",
                         search_.options_.at,
                         0,
                         {},
                         "purchases at or after the end do not count",
                         "give a later end, or none"},
                        block.row + static_cast<std::int64_t>(i));
          continue;
        }
        latest_ = std::max(latest_, block.at[i]);
      }
      if (const auto& value = search_.amounts_.value())
        read_amounts(*value, search_.amounts_.currency(), block, keep, amounts_, problems);
      if constexpr (std::is_same_v<Payload, EventPayload>) read_events(block);
    }
    [[nodiscard]] Payload payload(std::size_t i) const noexcept {
      Payload made;
      if (search_.amounts_.value()) made.amount = amounts_[i];
      if constexpr (std::is_same_v<Payload, EventPayload>) {
        made.event = events_[i];
        made.event_day = event_days_[i];
      }
      return made;
    }

   private:
    // Events by the hash of their name; a row without an event or without its time is for none.
    void read_events(const dealtrail::detail::SubjectBlock& block) {
      std::array<std::uint8_t, dealtrail::detail::subject_block_rows> known;
      std::array<std::uint8_t, dealtrail::detail::subject_block_rows> timed;
      std::array<std::int64_t, dealtrail::detail::subject_block_rows> at;
      const std::size_t count = block.count;
      dealtrail::detail::read_utc(*search_.event_at_, search_.options_.zone, block.piece, block.first,
                                  std::span{at}.first(count), std::span{timed}.first(count));
      if (search_.event_->info().type == ColumnType::integer) {
        std::array<std::int64_t, dealtrail::detail::subject_block_rows> numbers;
        search_.event_->read_integers(block.piece, block.first, std::span{numbers}.first(count),
                                      std::span{known}.first(count));
        for (std::size_t i = 0; i < count; ++i) events_[i] = static_cast<std::uint64_t>(numbers[i]);
      } else {
        std::array<std::string_view, dealtrail::detail::subject_block_rows> texts;
        search_.event_->read_texts(block.piece, block.first, std::span{texts}.first(count));
        for (std::size_t i = 0; i < count; ++i) {
          known[i] = texts[i].empty() ? 0 : 1;
          events_[i] = dealtrail::detail::text_hash(texts[i]);
        }
      }
      for (std::size_t i = 0; i < count; ++i)
        event_days_[i] = known[i] != 0 && timed[i] != 0 ? search_.day_of(at[i]) : no_day;
    }

    const FallingSearch& search_;
    std::int64_t& latest_;
    std::array<std::int64_t, dealtrail::detail::subject_block_rows> amounts_{};
    std::array<std::uint64_t, dealtrail::detail::subject_block_rows> events_{};
    std::array<std::int64_t, dealtrail::detail::subject_block_rows> event_days_{};
  };

  [[nodiscard]] std::int64_t day_of(std::int64_t at) const noexcept {
    return dealtrail::detail::floor_divide(options_.zone.to_local(from_us(at)), us_per_day);
  }

  void add_client(Worker& worker, std::span<SubjectRow<Payload>> rows) const {
    std::vector<ClientPurchase>& purchases = worker.purchases;
    purchases.clear();
    for (const auto& row : rows) {
      ClientPurchase one{.day = day_of(row.at), .amount = row.payload.amount};
      if constexpr (std::is_same_v<Payload, EventPayload>) {
        one.event = row.payload.event;
        one.event_day = row.payload.event_day;
      }
      purchases.push_back(one);
    }
    std::sort(purchases.begin(), purchases.end(), [](const ClientPurchase& l, const ClientPurchase& r) {
      return l.day != r.day               ? l.day < r.day
             : l.event_day != r.event_day ? l.event_day < r.event_day
                                          : l.event < r.event;
    });
    std::size_t kept = 0;  // one for each day and event, refunds taken off
    for (const ClientPurchase& one : purchases) {
      if (kept > 0 && purchases[kept - 1].day == one.day && purchases[kept - 1].event_day == one.event_day &&
          purchases[kept - 1].event == one.event) {
        purchases[kept - 1].amount = checked_add(purchases[kept - 1].amount, one.amount);
      } else {
        purchases[kept++] = one;
      }
    }
    purchases.resize(kept);
    add_to_base(worker.base, purchases);
    auto client = worker.signals.of(purchases);
    if (!client) {
      worker.problems.note(short_history_, rows.front().row);
      return;
    }
    ++worker.judged;
    if (client->signals() + (client->bursts || client->silence ? 0 : 1) < options_.least_signals) return;
    client->row = rows.front().row;
    worker.candidates.push_back({*client, worker.base.size() - 1});
  }

  // The four figures of a client; days with a purchase after the first.
  static void add_to_base(Summary& base, std::span<const ClientPurchase> purchases, std::int64_t end_day) {
    std::int64_t first = no_day;
    std::int64_t last = no_day;
    std::int64_t repeats = 0;
    for (const ClientPurchase& one : purchases) {
      if (one.amount <= 0 || one.day == last) continue;
      if (first == no_day) {
        first = one.day;
      } else {
        ++repeats;
      }
      last = one.day;
    }
    if (first == no_day) return;
    base.frequency.push_back(repeats);
    base.recency.push_back(static_cast<double>(last - first) / 7);
    base.age.push_back(static_cast<double>(end_day - 1 - first) / 7);
  }
  void add_to_base(Summary& base, std::span<const ClientPurchase> purchases) const {
    add_to_base(base, purchases, end_day_);
  }

  // P(alive) of all clients, by MBG/NBD: it tells of those who bought once, too. Fitted to whole weeks, so that clients
  // with equal histories are many.
  [[nodiscard]] std::optional<PurchaseModel> fit(Falling& result, const std::vector<Worker>& at_work) const {
    Lifetime fitted;
    fitted.options.model = PurchasesModel::mbg_nbd;
    fitted.options.threads = options_.threads;
    Summary& base = fitted.base;
    for (const Worker& one : at_work) {
      base.frequency.insert(base.frequency.end(), one.base.frequency.begin(), one.base.frequency.end());
      for (const double recency : one.base.recency) base.recency.push_back(std::floor(recency));
      for (const double age : one.base.age) base.age.push_back(std::floor(age));
    }
    try {
      // In one order, whoever read the clients.
      HistoryGroups histories = history_groups(base);
      std::sort(histories.groups.begin(), histories.groups.end(), [](const HistoryGroup& l, const HistoryGroup& r) {
        return l.repeats != r.repeats   ? l.repeats < r.repeats
               : l.recency != r.recency ? l.recency < r.recency
                                        : l.age < r.age;
      });
      fit_purchases(fitted, histories.groups);
      return purchases_of(fitted);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_converged) throw;
      result.problems.note_count({"no_p_alive",
                                  "info",
                                  options_.client,
                                  0,
                                  {},
                                  "P(alive) cannot be told of these clients; silence is judged by their rhythm alone",
                                  "nothing to do"},
                                 1);
      return std::nullopt;
    }
  }

  void tell(Falling& result, const std::vector<Worker>& at_work) const {
    const auto model = fit(result, at_work);
    std::int64_t clients = 0;
    std::int64_t judged = 0;
    for (const Worker& worker : at_work) {
      clients += static_cast<std::int64_t>(worker.base.size());
      judged += worker.judged;
      for (const Candidate& candidate : worker.candidates) {
        FallingClient one = candidate.client;
        if (model) {
          const std::size_t i = candidate.place;
          one.p_alive = model->p_alive({worker.base.frequency[i], worker.base.recency[i], worker.base.age[i], 1, 0});
          one.unlikely = !one.bursts && *one.p_alive < options_.alive;
          one.silence = one.silence || one.unlikely;
        }
        if (one.signals() >= options_.least_signals) result.clients.push_back(one);
      }
    }
    result.of_numbers = input_.of_numbers();
    std::vector<std::pair<Datum, FallingClient>> named;
    for (const FallingClient& one : result.clients) named.emplace_back(input_.subject.read(one.row), one);
    std::sort(named.begin(), named.end(), [&](const auto& l, const auto& r) {
      if (l.second.at_stake() != r.second.at_stake()) return l.second.at_stake() > r.second.at_stake();
      return result.of_numbers ? l.first.as_integer() < r.first.as_integer() : l.first.as_text() < r.first.as_text();
    });
    result.clients.clear();
    for (const auto& [name, one] : named) {
      result.clients.push_back(one);
      if (result.of_numbers) {
        result.numbers.push_back(name.as_integer());
      } else {
        result.texts.emplace_back(name.as_text());
      }
    }
    result.has_amount = amounts_.value().has_value();
    result.currency = amounts_.currency();
    const bool any = clients > 0;
    result.meta = {{"end", any ? to_text(Period{PeriodKind::day, static_cast<std::int32_t>(end_day_ - 1)}) : "none"},
                   {"zone", options_.zone.name()},
                   {"window_weeks", std::to_string(options_.window_weeks)},
                   {"watch_weeks", std::to_string(options_.watch_weeks)},
                   {"least_signals", std::to_string(options_.least_signals)},
                   {"drop", to_text(Datum::real(options_.drop))},
                   {"level", to_text(Datum::real(options_.level))},
                   {"run_length", to_text(Datum::real(options_.run_length))},
                   {"alive", to_text(Datum::real(options_.alive))},
                   {"at_stake", "what the window, or the events of the watch, lack of the usual"},
                   {"currency", amounts_.currency().empty() ? "none" : std::string{amounts_.currency().code()}},
                   {"clients", std::to_string(clients)},
                   {"judged", std::to_string(judged)},
                   {"listed", std::to_string(result.clients.size())},
                   {"rows", std::to_string(table_.rows())},
                   {"left_out", std::to_string(result.problems.left_out())}};
  }

  const TableInput& table_;
  const FallingOptions& options_;
  const RowProblem short_history_{"short_history",
                                  "info",
                                  options_.client,
                                  0,
                                  {},
                                  "clients whose history is too short, or who bought nothing, are not judged",
                                  "least_weeks, least_purchases and least_events say what is enough"};
  SubjectInput input_;
  AmountColumns amounts_;
  std::optional<ColumnReader> event_{};
  std::optional<ColumnReader> event_at_{};
  std::int64_t end_day_ = 0;
};

// Why a client is on the list, in words.
[[nodiscard]] inline std::string reason_of(const FallingClient& of, Currency currency, bool has_amount) {
  const auto amount = [&](std::int64_t minor) {
    return has_amount ? to_decimal_text(minor, decimals(currency)) : std::to_string(minor);
  };
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (of.past) {
    std::string part = "past: " + amount(of.last) + " of " + amount(of.usual);
    part += of.bursts ? " that earlier events had at the same days to go" : " that is usual";
    if (of.last_year) part += ", a year ago " + amount(*of.last_year);
    add(part);
  }
  if (of.silence) {
    std::string part = "silence: " + std::to_string(of.silent_days) + " days";
    if (of.silent_days > of.longest_days && of.longest_days > 0)
      part += ", up to " + std::to_string(of.longest_days) + " would be no surprise";
    if (of.unlikely)
      part += ", chance to be a client still " + to_text(Datum::real(std::round(*of.p_alive * 100) / 100));
    add(part);
  }
  if (of.cusum) add("cusum: what is missing adds up beyond chance");
  return text;
}

}  // namespace detail

DEALTRAIL_INLINE Falling falling(const TableInput& table, const FallingOptions& options) {
  detail::check_falling(options);
  if (options.event.empty()) return detail::FallingSearch<detail::SoldPayload>{table, options}.found();
  return detail::FallingSearch<detail::EventPayload>{table, options}.found();
}

DEALTRAIL_INLINE Table Falling::table() const {
  TableBuilder builder{"falling"};
  if (of_numbers) {
    builder.integers("client", numbers);
  } else {
    ColumnBuilder& client = builder.text("client");
    for (const std::string& name : texts) client.append_text(name);
  }
  ColumnBuilder& signals = builder.text("signals");
  const auto amount = [&](const char* name) -> ColumnBuilder& {
    return has_amount ? builder.money(name, currency) : builder.integer(name);
  };
  const auto append = [&](ColumnBuilder& to, std::int64_t value) {
    has_amount ? to.append_minor(value) : to.append_integer(value);
  };
  ColumnBuilder& last = amount("last");
  ColumnBuilder& usual = amount("usual");
  ColumnBuilder& change = builder.real("change", "ratio");
  ColumnBuilder& silent = builder.integer("silent_days");
  ColumnBuilder& alive = builder.real("p_alive", "ratio");
  ColumnBuilder& at_stake = amount("at_stake");
  ColumnBuilder& reason = builder.text("reason");
  for (const FallingClient& one : clients) {
    std::string names;
    for (const auto& [given, name] : {std::pair{one.past, "past"}, {one.silence, "silence"}, {one.cusum, "cusum"}})
      if (given) names += (names.empty() ? "" : ", ") + std::string{name};
    signals.append_text(names);
    append(last, one.last);
    append(usual, one.usual);
    change.append_real(one.usual > 0 ? std::optional{static_cast<double>(one.last) / static_cast<double>(one.usual) - 1}
                                     : std::nullopt);
    silent.append_integer(one.silent_days);
    alive.append_real(one.p_alive);
    append(at_stake, one.at_stake());
    reason.append_text(detail::reason_of(one, currency, has_amount));
  }
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

}  // namespace dealtrail::cohort
