#pragma once

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/bytes.hpp"
#include "dealtrail/core/detail/currency_words.hpp"
#include "dealtrail/core/encoding.hpp"
#include "dealtrail/core/hash.hpp"
#include "dealtrail/journeys/detail/journey_order.hpp"
#include "dealtrail/journeys/journeys.hpp"

// Journeys as a state: merged, brought down to their paths, to bytes and back.

namespace dealtrail {

namespace detail {

inline constexpr std::string_view journeys_tag = "JRN1";

template <class T>
void append_numbers(std::string& bytes, const Numbers<T>& numbers) {
  append_little_endian(bytes, static_cast<std::uint64_t>(numbers.size()));
  if constexpr (std::endian::native == std::endian::little) {
    bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T));
  } else {
    for (const T number : numbers) append_little_endian(bytes, number);
  }
}
inline void append_texts(std::string& bytes, const TextColumn& texts) {
  append_numbers(bytes, texts.ends);
  append_text(bytes, texts.bytes);
}

template <class T>
void read_numbers(ByteReader& reader, Numbers<T>& numbers) {
  const auto count = reader.read<std::uint64_t>();
  if (count > reader.left() / sizeof(T)) reader.fail("is cut short");
  numbers.resize(static_cast<std::size_t>(count));
  if constexpr (std::endian::native == std::endian::little) {
    const std::string_view bytes = reader.take(numbers.size() * sizeof(T));
    if (!bytes.empty()) std::memcpy(numbers.data(), bytes.data(), bytes.size());
  } else {
    for (T& number : numbers) number = reader.read<T>();
  }
}
inline void read_texts(ByteReader& reader, TextColumn& texts) {
  read_numbers(reader, texts.ends);
  texts.bytes = read_text(reader);
  if (!std::is_sorted(texts.ends.begin(), texts.ends.end()) ||
      (texts.ends.empty() ? 0 : texts.ends.back()) != texts.bytes.size())
    reader.fail("has texts that do not fit their ends");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!utf8_valid(texts[i])) reader.fail("has a text that is not UTF-8");
  }
}
// A count that a list in the bytes may have: none of its elements is empty of bytes.
[[nodiscard]] inline std::size_t read_count(ByteReader& reader) {
  const auto count = reader.read<std::uint64_t>();
  if (count > reader.left()) reader.fail("is cut short");
  return static_cast<std::size_t>(count);
}

// Columns that no maker of ours makes are refused, so that views built on them need no checks.
inline void check_columns(const JourneyColumns& columns, const ByteReader& reader) {
  const std::size_t journeys = columns.journeys();
  const std::size_t touches = columns.touch_channel.size();
  const auto expect = [&](bool holds, std::string_view trouble) {
    if (!holds) reader.fail(trouble);
  };
  const auto places = [&](const Numbers<std::uint64_t>& first, std::size_t end) {
    expect(first.empty() ? end == 0
                         : first.front() == 0 && first.back() == end && std::is_sorted(first.begin(), first.end()),
           "has places out of order");
  };
  const bool paths = columns.of == JourneysOf::paths;
  const auto each = [&](const auto& column, bool wanted) {
    expect(column.size() == (wanted ? journeys : 0), "has columns of different lengths");
  };
  places(columns.journey_first, touches);
  const bool dated = columns.of == JourneysOf::touches && !columns.converted_at.empty();  // touches may have gone
  if (columns.of == JourneysOf::touches && !dated) {  // what converts in a table of touches is one of them
    for (std::size_t j = 0; j < journeys; ++j)
      expect(columns.journey_first[j] < columns.journey_first[j + 1], "has a journey without touches");
  }
  places(columns.subject_first, columns.subject_type == SubjectType::none ? 0 : journeys);
  expect(columns.subject_numbers.size() == (columns.subject_type == SubjectType::integer ? columns.subjects() : 0) &&
             columns.subject_texts.size() == (columns.subject_type == SubjectType::text ? columns.subjects() : 0),
         "has columns of different lengths");
  expect((columns.subject_type == SubjectType::none) == (paths || columns.of == JourneysOf::nothing),
         "has subjects where none can be");
  expect(columns.touch_at.size() == (paths ? 0 : touches), "has columns of different lengths");
  each(columns.converted, !paths);
  each(columns.conversions, paths);
  each(columns.nulls, paths);
  each(columns.values, !columns.values.empty());
  each(columns.converted_at, columns.of == JourneysOf::trail || dated);
  each(columns.facts, columns.of == JourneysOf::trail);
  for (const auto& times : columns.milestone_at) each(times, true);
  for (const std::uint8_t converted : columns.converted) expect(converted <= 1, "has an outcome that is none");
  for (std::size_t j = 0; j < columns.conversions.size(); ++j)
    expect(columns.conversions[j] >= 0 && columns.nulls[j] >= 0, "has a negative count");
  for (std::size_t i = 0; i < columns.channels.size(); ++i) {
    expect(utf8_valid(columns.channels[i]) && (i == 0 || columns.channels[i - 1] < columns.channels[i]),
           "has channels out of order");
  }
  std::vector<bool> used(columns.channels.size());
  for (const std::uint32_t channel : columns.touch_channel) {
    expect(channel < used.size(), "has a touch of no channel");
    used[channel] = true;
  }
  expect(std::find(used.begin(), used.end(), false) == used.end(), "has a channel without touches");
  for (std::size_t s = 1; s < columns.subjects(); ++s)
    expect(subject_order(columns, s - 1, columns, s) < 0, "has subjects out of order");
  expect(columns.rows >= 0, "has a negative count");
}

// What must be equal for two to be merged.
inline void expect_same_making(const JourneyColumns& ours, const JourneyColumns& theirs) {
  if (!(ours.currency == theirs.currency)) {
    throw Error(ErrorCode::currency_mismatch,
                "journeys with values in " + currency_words(ours.currency) + " were given values in " +
                    currency_words(theirs.currency),
                {}, ours.currency.empty() && theirs.currency.empty() ? "fix the places with places=" : "");
  }
  const auto differ = [&](const auto& one, const auto& other) {  // a column that only one of them has
    return ours.journeys() > 0 && theirs.journeys() > 0 && one.empty() != other.empty();
  };
  if (ours.of != theirs.of || ours.subject_type != theirs.subject_type || ours.options != theirs.options ||
      ours.milestones != theirs.milestones || differ(ours.values, theirs.values) ||
      differ(ours.converted_at, theirs.converted_at)) {
    throw Error(ErrorCode::invalid_argument, "journeys made in another way cannot be merged", {},
                "make both with the same options and the same type of subject");
  }
}

inline void merge_problems(std::vector<JourneyProblem>& problems, const std::vector<JourneyProblem>& more) {
  for (JourneyProblem& note : problems) note.first_rows.clear();
  for (const JourneyProblem& note : more) {
    const auto same = std::find_if(problems.begin(), problems.end(), [&](const JourneyProblem& ours) {
      return ours.code == note.code && ours.column == note.column;
    });
    if (same != problems.end()) {
      same->count += note.count;
    } else {
      problems.push_back(note);
      problems.back().first_rows.clear();
    }
  }
}

}  // namespace detail

DEALTRAIL_INLINE void Journeys::merge(const Journeys& other) {
  using namespace detail;
  if (other.columns_.of == JourneysOf::nothing) return;
  if (columns_.of == JourneysOf::nothing) {
    columns_ = other.columns_;
    return;
  }
  const JourneyColumns& left = columns_;
  const JourneyColumns& right = other.columns_;
  expect_same_making(left, right);
  JourneyColumns out;
  out.of = left.of;
  out.subject_type = left.subject_type;
  out.currency = left.currency;
  out.options = left.options;
  out.milestones = left.milestones;
  out.milestone_at.resize(left.milestones.size());
  out.rows = checked_add(left.rows, right.rows);
  out.problems = left.problems;
  merge_problems(out.problems, right.problems);
  std::sort(out.problems.begin(), out.problems.end(), [](const JourneyProblem& lhs, const JourneyProblem& rhs) {
    return lhs.code != rhs.code ? lhs.code < rhs.code : lhs.column < rhs.column;
  });
  JoinedChannels channels = joined_channels(left.channels, right.channels);
  JourneyWriter writer{out};
  const auto l = [&](std::size_t journey) { return JourneyRef{left, journey, channels.left}; };
  const auto r = [&](std::size_t journey) { return JourneyRef{right, journey, channels.right}; };
  // Two runs of journeys as one, by `order`; equal paths add up.
  const auto merge_runs = [&](std::size_t left_at, std::size_t left_end, std::size_t right_at, std::size_t right_end,
                              auto order) {
    while (left_at < left_end || right_at < right_end) {
      const auto first = left_at == left_end     ? std::strong_ordering::greater
                         : right_at == right_end ? std::strong_ordering::less
                                                 : order(l(left_at), r(right_at));
      if (first == 0 && out.of == JourneysOf::paths) {
        writer.add(l(left_at++));
        writer.add_up(r(right_at++));
      } else {
        writer.add(first <= 0 ? l(left_at++) : r(right_at++));
      }
    }
  };
  if (out.subject_type == SubjectType::none) {
    merge_runs(0, left.journeys(), 0, right.journeys(), path_order);
  } else {
    out.subject_first.push_back(0);
    std::size_t ls = 0;
    std::size_t rs = 0;
    while (ls < left.subjects() || rs < right.subjects()) {
      const auto first = ls == left.subjects()    ? std::strong_ordering::greater
                         : rs == right.subjects() ? std::strong_ordering::less
                                                  : subject_order(left, ls, right, rs);
      const JourneyColumns& named = first <= 0 ? left : right;
      const std::size_t name = first <= 0 ? ls : rs;
      if (out.subject_type == SubjectType::integer) {
        out.subject_numbers.push_back(named.subject_numbers[name]);
      } else {
        out.subject_texts.push_back(named.subject_texts[name]);
      }
      merge_runs(first <= 0 ? left.subject_first[ls] : 0, first <= 0 ? left.subject_first[ls + 1] : 0,
                 first >= 0 ? right.subject_first[rs] : 0, first >= 0 ? right.subject_first[rs + 1] : 0, journey_order);
      out.subject_first.push_back(out.journeys());
      if (first <= 0) ++ls;
      if (first >= 0) ++rs;
    }
  }
  out.channels = std::move(channels.names);
  check_totals(out);
  columns_ = std::move(out);
}

DEALTRAIL_INLINE Journeys Journeys::by_path() const {
  using namespace detail;
  if (columns_.of == JourneysOf::paths || columns_.of == JourneysOf::nothing) return *this;
  // Each different path once, with what its journeys add up to; then in order.
  struct Path {
    std::size_t journey;
    std::int64_t conversions = 0;
    std::int64_t nulls = 0;
    std::int64_t value = 0;
  };
  constexpr std::uint32_t none = 0xFFFFFFFF;
  std::vector<Path> paths;
  std::vector<std::uint32_t> table(1024, none);
  const auto hash_of = [&](std::size_t journey) {
    const auto channels = path(journey);
    return stable_hash64({reinterpret_cast<const char*>(channels.data()), channels.size_bytes()});
  };
  for (std::size_t journey = 0; journey < size(); ++journey) {
    const auto channels = path(journey);
    std::size_t slot = hash_of(journey) & (table.size() - 1);
    while (table[slot] != none && !std::ranges::equal(path(paths[table[slot]].journey), channels))
      slot = (slot + 1) & (table.size() - 1);
    if (table[slot] == none) {
      table[slot] = static_cast<std::uint32_t>(paths.size());
      paths.push_back({journey});
    }
    Path& same = paths[table[slot]];
    same.conversions = checked_add(same.conversions, conversions(journey));
    same.nulls = checked_add(same.nulls, nulls(journey));
    same.value = checked_add(same.value, value_minor(journey));
    if (paths.size() * 2 < table.size()) continue;
    table.assign(table.size() * 4, none);
    for (std::uint32_t i = 0; i < paths.size(); ++i) {
      std::size_t place = hash_of(paths[i].journey) & (table.size() - 1);
      while (table[place] != none) place = (place + 1) & (table.size() - 1);
      table[place] = i;
    }
  }
  const std::vector<std::uint32_t> places = same_places(columns_.channels.size());
  std::sort(paths.begin(), paths.end(), [&](const Path& lhs, const Path& rhs) {
    return path_order({columns_, lhs.journey, places}, {columns_, rhs.journey, places}) < 0;
  });
  JourneyColumns out;
  out.of = JourneysOf::paths;
  out.currency = columns_.currency;
  out.options = columns_.options;
  if (!out.options.empty()) out.options.front().second = "paths of " + out.options.front().second;
  out.channels = columns_.channels;
  out.rows = columns_.rows;
  out.problems = columns_.problems;
  out.journey_first.push_back(0);
  for (const Path& one : paths) {
    const auto channels = path(one.journey);
    out.touch_channel.insert(out.touch_channel.end(), channels.begin(), channels.end());
    out.journey_first.push_back(out.touch_channel.size());
    out.conversions.push_back(one.conversions);
    out.nulls.push_back(one.nulls);
    if (has_values()) out.values.push_back(one.value);
  }
  return Journeys{std::move(out)};
}

DEALTRAIL_INLINE std::string Journeys::to_bytes() const {
  using namespace detail;
  const JourneyColumns& c = columns_;
  std::string fields;
  fields.reserve(c.touch_at.size() * 12 + c.journeys() * 32 + c.subjects() * 16 + c.subject_texts.bytes.size() + 4096);
  fields += journeys_tag;
  append_little_endian(fields, static_cast<std::uint8_t>(c.of));
  append_little_endian(fields, static_cast<std::uint8_t>(c.subject_type));
  append_text(fields, stored_currency(c.currency));
  append_little_endian(fields, c.rows);
  append_little_endian(fields, static_cast<std::uint64_t>(c.options.size()));
  for (const auto& [name, value] : c.options) {
    append_text(fields, name);
    append_text(fields, value);
  }
  append_little_endian(fields, static_cast<std::uint64_t>(c.problems.size()));
  std::vector<const JourneyProblem*> problems;
  for (const JourneyProblem& note : c.problems) problems.push_back(&note);
  std::sort(problems.begin(), problems.end(), [](const JourneyProblem* lhs, const JourneyProblem* rhs) {
    return lhs->code != rhs->code ? lhs->code < rhs->code : lhs->column < rhs->column;
  });
  for (const JourneyProblem* note : problems) {
    append_text(fields, note->code);
    append_text(fields, note->column);
    append_little_endian(fields, note->count);
    append_text(fields, note->message);
    append_text(fields, note->hint);
  }
  append_little_endian(fields, static_cast<std::uint64_t>(c.channels.size()));
  for (const std::string& channel : c.channels) append_text(fields, channel);
  append_numbers(fields, c.subject_numbers);
  append_texts(fields, c.subject_texts);
  append_numbers(fields, c.subject_first);
  append_numbers(fields, c.journey_first);
  append_numbers(fields, c.touch_channel);
  append_numbers(fields, c.touch_at);
  append_numbers(fields, c.converted);
  append_numbers(fields, c.conversions);
  append_numbers(fields, c.nulls);
  append_numbers(fields, c.values);
  append_numbers(fields, c.converted_at);
  append_texts(fields, c.facts);
  append_little_endian(fields, static_cast<std::uint64_t>(c.milestones.size()));
  for (std::size_t k = 0; k < c.milestones.size(); ++k) {
    append_text(fields, c.milestones[k]);
    append_numbers(fields, c.milestone_at[k]);
  }
  append_little_endian(fields, static_cast<std::uint32_t>(stable_hash64(fields)));
  return fields;
}

DEALTRAIL_INLINE Journeys Journeys::from_bytes(std::string_view bytes) {
  using namespace detail;
  const ByteReader whole{bytes, "journeys"};
  if (bytes.size() < journeys_tag.size() + 4) whole.fail("are cut short");
  if (!bytes.starts_with(journeys_tag)) whole.fail("are of another kind or version");
  const std::string_view sealed = bytes.substr(0, bytes.size() - 4);
  if (load_little_endian<std::uint32_t>(bytes.data() + sealed.size()) !=
      static_cast<std::uint32_t>(stable_hash64(sealed)))
    whole.fail("do not match their checksum");
  ByteReader reader{sealed.substr(journeys_tag.size()), "journeys"};
  JourneyColumns c;
  const auto of = reader.read<std::uint8_t>();
  const auto subject_type = reader.read<std::uint8_t>();
  if (of > 3 || subject_type > 2) reader.fail("are of an unknown making");
  c.of = static_cast<JourneysOf>(of);
  c.subject_type = static_cast<SubjectType>(subject_type);
  const auto currency = currency_stored(read_text(reader));
  if (!currency) reader.fail("have no currency code where one must be");
  c.currency = *currency;
  c.rows = reader.read<std::int64_t>();
  for (std::size_t left = read_count(reader); left > 0; --left) {
    std::string name = read_text(reader);
    c.options.emplace_back(std::move(name), read_text(reader));
  }
  for (std::size_t left = read_count(reader); left > 0; --left) {
    JourneyProblem note;
    note.code = read_text(reader);
    note.column = read_text(reader);
    note.count = reader.read<std::int64_t>();
    note.message = read_text(reader);
    note.hint = read_text(reader);
    c.problems.push_back(std::move(note));
  }
  for (std::size_t left = read_count(reader); left > 0; --left) c.channels.push_back(read_text(reader));
  read_numbers(reader, c.subject_numbers);
  read_texts(reader, c.subject_texts);
  read_numbers(reader, c.subject_first);
  read_numbers(reader, c.journey_first);
  read_numbers(reader, c.touch_channel);
  read_numbers(reader, c.touch_at);
  read_numbers(reader, c.converted);
  read_numbers(reader, c.conversions);
  read_numbers(reader, c.nulls);
  read_numbers(reader, c.values);
  read_numbers(reader, c.converted_at);
  read_texts(reader, c.facts);
  for (std::size_t left = read_count(reader); left > 0; --left) {
    c.milestones.push_back(read_text(reader));
    read_numbers(reader, c.milestone_at.emplace_back());
  }
  reader.expect_end();
  check_columns(c, reader);
  check_totals(c);
  return Journeys{std::move(c)};
}

}  // namespace dealtrail
