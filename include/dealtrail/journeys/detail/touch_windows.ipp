#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/facts/lookback.hpp"
#include "dealtrail/journeys/detail/journeys_remade.hpp"
#include "dealtrail/journeys/partition/channel_names.hpp"
#include "dealtrail/journeys/touch_windows.hpp"
#include "dealtrail/table/arrow.hpp"
#include "dealtrail/table/column.hpp"

// A look-back per kind of touch. Kinds travel as a part of the channel's name through the making of journeys, which
// knows nothing of them; then journeys are cut once more, and the names are channels again.

namespace dealtrail {

namespace detail {

// Places of kinds are written from here on, so that they have one length and are ordered as texts are.
inline constexpr std::size_t first_kind = 1'000'000'000;

// The look-backs by name of kind; the last is that of all others.
struct KindWindows {
  std::vector<std::string> kinds{};
  std::vector<std::optional<std::int64_t>> days{};

  [[nodiscard]] std::size_t size() const noexcept { return days.size(); }
  [[nodiscard]] std::size_t place_of(std::string_view kind) const noexcept {
    return static_cast<std::size_t>(std::find(kinds.begin(), kinds.end(), kind) - kinds.begin());
  }
  [[nodiscard]] std::string text() const {
    std::string text;
    for (std::size_t i = 0; i < kinds.size(); ++i) text += kinds[i] + ' ' + std::to_string(*days[i]) + ", ";
    const std::string other = days.back() ? std::to_string(*days.back()) : "none";
    return text.empty() ? other : text + "other " + other;
  }
};

[[nodiscard]] inline KindWindows kind_windows(const TouchOptions& options, const TouchWindows& windows) {
  auto sorted = windows.lookback_days_of;
  std::sort(sorted.begin(), sorted.end());
  KindWindows made;
  const auto add = [&](std::optional<std::int64_t> days) {
    if (days) check_lookback_days(*days);
    made.days.push_back(days);
  };
  for (const auto& [kind, days] : sorted) {
    if (!made.kinds.empty() && made.kinds.back() == kind)
      throw Error(ErrorCode::invalid_argument, "a kind of touch has two look-backs: " + kind);
    made.kinds.push_back(kind);
    add(days);
  }
  add(options.lookback_days);
  return made;
}

// The columns of a table of touches, borrowed, with another column in the place of the channel: its name, then a zero
// and the place of the touch's kind. It must outlive the table it gives.
class KindedTouches {
 public:
  KindedTouches(const TableInput& table, const TouchOptions& options, const TouchWindows& windows,
                const KindWindows& kinds) {
    read(table, options, windows, kinds);
    add(table, options.channel, true);
    for (const std::string* const name : {&options.subject, &options.at, &options.converted, &options.value}) {
      if (name->empty()) continue;
      if (*name == options.channel) {
        throw Error(ErrorCode::invalid_argument, "a column is the channel and something else: " + *name,
                    {table.schema().table(), *name, -1}, "give the channel a column of its own");
      }
      const auto same = [&](const ArrowSchema& one) { return *name == one.name; };
      if (std::none_of(schemas_.begin(), schemas_.end(), same)) add(table, *name, false);
    }
  }
  KindedTouches(const KindedTouches&) = delete;
  KindedTouches& operator=(const KindedTouches&) = delete;

  [[nodiscard]] TableInput table(const std::string& name) {
    ArrowSchema root{};
    root.format = "+s";
    root.n_children = static_cast<std::int64_t>(schemas_.size());
    root.children = pointers_of(schemas_, schema_pointers_);
    root.release = [](ArrowSchema* one) { one->release = nullptr; };
    std::vector<OwnedArray> batches;
    for (auto& columns : arrays_) {
      ArrowArray batch{};
      batch.length = columns.front().length;
      batch.n_buffers = 1;
      batch.buffers = no_buffer_;
      batch.n_children = root.n_children;
      batch.children = pointers_of(columns, array_pointers_.emplace_back());
      batch.release = released;
      batches.push_back(OwnedArray::take(&batch));
    }
    return TableInput::from_batches(OwnedSchema::take(&root), std::move(batches), name);
  }

 private:
  static void released(ArrowArray* one) { one->release = nullptr; }

  template <class Struct>
  static Struct** pointers_of(std::vector<Struct>& structs, std::vector<Struct*>& pointers) {
    pointers.clear();
    for (Struct& one : structs) pointers.push_back(&one);
    return pointers.data();
  }

  void read(const TableInput& table, const TouchOptions& options, const TouchWindows& windows,
            const KindWindows& kinds) {
    const auto reader = [&](const std::string& name) {
      table.schema().require({RequiredColumn{name, {ColumnType::text}}});
      return ColumnReader{table, name};
    };
    const ColumnReader channel = reader(options.channel);
    const ColumnReader kind = reader(windows.kind);
    ChannelNames names;
    codes_.reserve(static_cast<std::size_t>(table.rows()));
    const auto most = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
    kind.for_each([&](std::int64_t, const Datum& of) {
      const std::size_t place = kinds.place_of(of.is_null() ? std::string_view{} : of.as_text());
      codes_.push_back(static_cast<std::int32_t>(place));
    });
    channel.for_each([&](std::int64_t row, const Datum& name) {
      std::int32_t& both = codes_[static_cast<std::size_t>(row)];
      const std::uint32_t code = name.is_null() ? no_code : names.code_of(name.as_text());
      const std::size_t wide = code == no_code         ? 0
                               : code == bad_code      ? 1
                               : code == reserved_code ? 2
                                                       : 3 + code * kinds.size() + static_cast<std::size_t>(both);
      if (wide > most) throw Error(ErrorCode::limit_exceeded, "too many channels and kinds of touch");
      both = static_cast<std::int32_t>(wide);
    });
    const auto say = [&](std::string_view text) {
      texts_ += text;
      ends_.push_back(static_cast<std::int64_t>(texts_.size()));
    };
    say("");      // no channel
    say("\xFF");  // not UTF-8
    say("(total)");
    for (const std::string_view name : names.names()) {
      for (std::size_t place = 0; place < kinds.size(); ++place)
        say(std::string{name} + '\0' + std::to_string(first_kind + place));
    }
    names_.length = static_cast<std::int64_t>(ends_.size()) - 1;
    names_.n_buffers = 3;
    names_.buffers = name_buffers_;
    names_.release = released;
    name_buffers_[1] = ends_.data();
    name_buffers_[2] = texts_.data();
    names_schema_.format = "U";
    names_schema_.name = "";
    names_schema_.release = [](ArrowSchema* one) { one->release = nullptr; };
  }

  // A column of each batch: as it came, or the one with the names of channels and kinds.
  void add(const TableInput& table, const std::string& name, bool channel) {
    const std::size_t place = table.schema().index_of(name);
    ArrowSchema schema = *table.arrow_schema().children[place];
    if (channel) {
      schema.format = "i";
      schema.dictionary = &names_schema_;
      schema.n_children = 0;
      schema.children = nullptr;
    }
    schema.release = [](ArrowSchema* one) { one->release = nullptr; };
    schemas_.push_back(schema);
    arrays_.resize(table.batches().size());
    std::size_t row = 0;
    for (std::size_t i = 0; i < arrays_.size(); ++i) {
      const ArrowArray& batch = table.batches()[i].view();
      ArrowArray column = *batch.children[place];
      column.length = batch.length;
      column.offset += batch.offset;
      if (column.null_count != 0) column.null_count = -1;
      if (channel) {
        auto& buffers = code_buffers_.emplace_back();
        buffers[0] = nullptr;
        buffers[1] = codes_.data() + row;
        column = ArrowArray{};
        column.length = batch.length;
        column.n_buffers = 2;
        column.buffers = buffers;
        column.dictionary = &names_;
      }
      column.release = released;
      arrays_[i].push_back(column);
      row += static_cast<std::size_t>(batch.length);
    }
  }

  struct TwoBuffers {
    const void* pointers[2];
    operator const void**() noexcept { return pointers; }  // NOLINT(google-explicit-constructor)
    const void*& operator[](std::size_t i) noexcept { return pointers[i]; }
  };

  std::vector<std::int32_t> codes_{};
  std::string texts_{};
  std::vector<std::int64_t> ends_{0};
  const void* name_buffers_[3] = {nullptr, nullptr, nullptr};
  const void* no_buffer_[1] = {nullptr};
  ArrowArray names_{};
  ArrowSchema names_schema_{};
  std::vector<ArrowSchema> schemas_{};
  std::vector<ArrowSchema*> schema_pointers_{};
  std::vector<std::vector<ArrowArray>> arrays_{};  // by batch
  std::deque<std::vector<ArrowArray*>> array_pointers_{};
  std::deque<TwoBuffers> code_buffers_{};
};

// Journeys whose channels end with a kind, cut by the windows of kinds; then the channels alone.
[[nodiscard]] inline JourneyColumns cut_by_kind(const JourneyColumns& in, const KindWindows& windows) {
  std::vector<std::string> names;
  std::vector<std::uint32_t> code_of;
  std::vector<std::size_t> kind_of;
  std::map<std::string, std::uint32_t> codes;
  for (const std::string& both : in.channels) {
    const std::size_t end = both.rfind('\0');
    const auto [code, is_new] = codes.try_emplace(both.substr(0, end), static_cast<std::uint32_t>(names.size()));
    if (is_new) names.push_back(code->first);
    code_of.push_back(code->second);
    kind_of.push_back(static_cast<std::size_t>(std::stoul(both.substr(end + 1))) - first_kind);
  }
  JourneyColumns out;
  out.of = in.of;
  out.subject_type = in.subject_type;
  out.currency = in.currency;
  out.options = in.options;
  for (auto& [option, value] : out.options) {
    if (option == "lookback_days") value = windows.text();
  }
  out.subject_numbers = in.subject_numbers;
  out.subject_texts = in.subject_texts;
  out.rows = in.rows;
  out.problems = in.problems;
  out.touch_channel.reserve(in.touch_channel.size());
  out.touch_at.reserve(in.touch_at.size());
  const auto take = [&](std::size_t touch) {
    out.touch_channel.push_back(code_of[in.touch_channel[touch]]);
    out.touch_at.push_back(in.touch_at[touch]);
  };
  const auto end_journey = [&](std::size_t journey, bool converts) {
    out.journey_first.push_back(out.touch_channel.size());
    out.converted.push_back(converts ? in.converted[journey] : std::uint8_t{0});
    if (!in.values.empty()) out.values.push_back(converts ? in.values[journey] : 0);
  };
  out.journey_first.push_back(0);
  out.subject_first.push_back(0);
  std::vector<std::size_t> before;
  std::vector<std::size_t> inside;
  for (std::size_t subject = 0; subject < in.subjects(); ++subject) {
    for (std::size_t journey = in.subject_first[subject]; journey < in.subject_first[subject + 1]; ++journey) {
      before.clear();
      inside.clear();
      const std::size_t end = in.journey_first[journey + 1];
      for (std::size_t touch = in.journey_first[journey]; touch < end; ++touch) {
        const auto& days = windows.days[kind_of[in.touch_channel[touch]]];
        std::int64_t first = 0;
        const bool counts = in.converted[journey] == 0 || !days ||
                            __builtin_sub_overflow(in.touch_at[end - 1], *days * us_per_day, &first) ||
                            in.touch_at[touch] >= first;
        (counts ? inside : before).push_back(touch);
      }
      const bool later = !before.empty() && before.front() > inside.front();  // a journey stands where it begins
      if (later) {
        for (const std::size_t touch : inside) take(touch);
        end_journey(journey, true);
      }
      for (const std::size_t touch : before) take(touch);
      if (!before.empty()) end_journey(journey, false);
      if (later) continue;
      for (const std::size_t touch : inside) take(touch);
      end_journey(journey, true);
    }
    out.subject_first.push_back(out.journeys());
  }
  name_channels(out, names);
  return out;
}

}  // namespace detail

DEALTRAIL_INLINE Journeys journeys_in_windows(const TableInput& table, const TouchOptions& options,
                                              const TouchWindows& windows) {
  using namespace detail;
  const KindWindows looked_back = kind_windows(options, windows);
  KindedTouches kinded{table, options, windows, looked_back};
  TouchOptions without = options;
  without.lookback_days.reset();
  const TableInput touches = kinded.table(table.schema().table());
  const Journeys uncut = Journeys::from_touches(touches, without);
  return JourneysMaker::of(cut_by_kind(uncut.columns(), looked_back));
}

}  // namespace dealtrail
