#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/io/detail/record.hpp"

namespace dealtrail::detail {

/// What the values at a path of the envelope are.
enum class PathRole : std::uint8_t { record, error, next, total, page, page_count, batch_next, batch_total };

struct PathStep {
  enum class Sort : std::uint8_t { name, any, element };
  Sort sort = Sort::name;
  std::string name{};
};

/// A path of the envelope: `result.items[]`, `result.result.*`, `.`, `[]`.
struct PagePath {
  PathRole role = PathRole::record;
  std::string text{};
  std::vector<PathStep> steps{};
};

/// Reads a path as it is written in a profile. Nothing when it is not one.
[[nodiscard]] inline std::optional<PagePath> parse_page_path(PathRole role, std::string_view text) {
  PagePath path{role, std::string(text), {}};
  if (text == ".") return path;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    std::size_t cut = text.find_first_of(".[");
    const std::string_view name = text.substr(0, cut);
    if (!name.empty()) {
      path.steps.push_back(name == "*" ? PathStep{PathStep::Sort::any, {}}
                                       : PathStep{PathStep::Sort::name, std::string(name)});
    } else if (cut != 0 || text[0] == '.') {
      return std::nullopt;
    }
    if (cut == std::string_view::npos) break;
    text.remove_prefix(cut);
    while (text.starts_with("[]")) {
      path.steps.push_back({PathStep::Sort::element, {}});
      text.remove_prefix(2);
    }
    if (text.empty()) break;
    if (text[0] != '.' || text.size() == 1) return std::nullopt;
    text.remove_prefix(1);
    if (text[0] == '.' || text[0] == '[') return std::nullopt;
  }
  return path;
}

struct Envelope {
  std::vector<PagePath> paths{};  // at most 64

  // `[]` first: the file's own list is the page, not a list of pages.
  [[nodiscard]] bool list_is_page() const {
    for (const PagePath& path : paths) {
      if (path.role == PathRole::record && !path.steps.empty() && path.steps.front().sort == PathStep::Sort::element)
        return true;
    }
    return false;
  }
};

/// What a page said about itself, beside its records.
struct PageReport {
  struct Command {  // of a batch; a plain page is one without a name
    std::string name{};
    std::uint64_t records = 0;
    std::optional<std::int64_t> total{};
    bool next = false;
    std::string error{};
  };
  std::vector<Command> commands{};
  std::optional<std::int64_t> page{};
  std::optional<std::int64_t> page_count{};
  std::uint64_t not_records = 0;     // values where records should be
  bool found = false;                // the place of the records was there, be it empty
  std::vector<std::string> names{};  // at the top of the page, the first few

  [[nodiscard]] Command& command(std::string_view name) {
    if (!commands.empty() && commands.back().name == name) return commands.back();
    for (Command& each : commands) {
      if (each.name == name) return each;
    }
    if (commands.size() >= 4096) throw Error(ErrorCode::limit_exceeded, "a batch has more than 4096 commands");
    commands.push_back({});
    commands.back().name = name;
    return commands.back();
  }
};

/// Takes the events of a parser, finds the records of a page by the envelope's paths and hands each on as it ends.
/// Knows no parser; memory is one record and the envelope.
class PageEvents {
 public:
  static constexpr std::size_t max_depth = 64;
  using OnRecord = std::function<void(const Record&, std::string_view command)>;
  using OnPage = std::function<void(PageReport&)>;

  PageEvents(Envelope envelope, KeyTable& keys, OnRecord on_record, OnPage on_page)
      : envelope_(std::move(envelope)), record_(keys), on_record_(std::move(on_record)), on_page_(std::move(on_page)) {
    if (envelope_.paths.size() > 64) throw Error(ErrorCode::limit_exceeded, "an envelope has more than 64 paths");
    for (std::size_t i = 0; i < envelope_.paths.size(); ++i) all_ |= std::uint64_t{1} << i;
    list_is_page_ = envelope_.list_is_page();
  }

  /// A new value at the top of a file begins.
  void restart() {
    frames_.clear();
    stop_recording();
    error_depth_ = 0;
  }

  void key(std::string_view name) {
    Frame& frame = frames_.back();
    if (frame.mask != 0) frame.name = name;
    if (recording_) key_ = record_.keys().intern(name);
    if (frames_.size() == base_ + 1 && report_.names.size() < 8) report_.names.emplace_back(name.substr(0, 64));
  }

  void scalar(Datum value) {
    const std::uint64_t mask = enter(NodeShape::value);
    if (recording_) {
      const std::uint32_t key = key_at_hand();
      if (value.kind() == DatumKind::text) {
        record_.text(key, value.as_text());
      } else {
        record_.value(key, value);
      }
    }
    if (error_depth_ != 0 && !says_nothing(value)) append_error(report_.command(error_command_).error, value);
    if (mask != 0) meet_scalar(mask, value);
    if (frames_.size() == base_) on_page_(report_);
  }

  void open(NodeShape shape) {
    if (frames_.size() >= max_depth) {
      throw Error(ErrorCode::limit_exceeded, "JSON is nested deeper than " + std::to_string(max_depth));
    }
    const std::uint64_t mask = enter(shape);
    if (recording_) record_.open(key_at_hand(), shape);
    frames_.push_back({mask, 0, shape, {}});
    if (mask != 0) meet_container(mask, shape);
  }

  void close() {
    if (recording_) {
      record_.close();
      if (frames_.size() == record_depth_) emit();
    }
    if (frames_.size() == error_depth_) error_depth_ = 0;
    frames_.pop_back();
    if (frames_.size() == base_) on_page_(report_);
  }

 private:
  struct Frame {
    std::uint64_t mask;  // paths that lead here or deeper
    std::uint64_t index;
    NodeShape shape;
    std::string name;  // of the part at hand, kept only where a path may need it
  };

  [[nodiscard]] std::uint32_t key_at_hand() const noexcept {
    return frames_.back().shape == NodeShape::object ? key_ : no_index;
  }

  // Begins a value; gives the paths that are still alive at it.
  std::uint64_t enter(NodeShape shape) {
    if (frames_.empty()) {
      base_ = shape == NodeShape::list && !list_is_page_ ? 1 : 0;
      if (base_ == 1) return 0;  // the list of pages itself
    }
    if (frames_.size() == base_) {
      report_ = {};
      stop_recording();
      error_depth_ = 0;
      return all_;
    }
    Frame& parent = frames_.back();
    const std::uint64_t index = parent.index++;
    std::uint64_t alive = 0;
    const std::size_t depth = frames_.size() - base_ - 1;
    for (std::uint64_t rest = parent.mask; rest != 0; rest &= rest - 1) {
      const auto at = static_cast<std::size_t>(__builtin_ctzll(rest));
      const auto& steps = envelope_.paths[at].steps;
      if (steps.size() <= depth) continue;
      const PathStep& step = steps[depth];
      const bool in_list = parent.shape == NodeShape::list;
      const bool fits = step.sort == PathStep::Sort::any || (step.sort == PathStep::Sort::element && in_list) ||
                        (step.sort == PathStep::Sort::name && !in_list && parent.name == step.name);
      if (fits) alive |= std::uint64_t{1} << at;
    }
    if (alive != 0 && parent.shape == NodeShape::list) parent.name = std::to_string(index);
    return alive;
  }

  // What the last `*` of a path stands for, now that the path is met.
  [[nodiscard]] std::string_view star_of(const PagePath& path) const {
    for (std::size_t step = path.steps.size(); step > 0; --step) {
      if (path.steps[step - 1].sort == PathStep::Sort::any) return frames_[base_ + step - 1].name;
    }
    return {};
  }

  [[nodiscard]] static bool says_nothing(const Datum& value) {
    switch (value.kind()) {
      case DatumKind::null: return true;
      case DatumKind::text: return value.as_text().empty();
      case DatumKind::boolean: return !value.as_boolean();
      default: return false;
    }
  }

  [[nodiscard]] static std::optional<std::int64_t> whole(const Datum& value) {
    if (value.kind() == DatumKind::integer) return value.as_integer();
    if (value.kind() != DatumKind::text) return std::nullopt;
    std::int64_t number = 0;
    for (const char c : value.as_text()) {
      if (c < '0' || c > '9' || number > 1'000'000'000'000) return std::nullopt;
      number = number * 10 + (c - '0');
    }
    return value.as_text().empty() ? std::nullopt : std::optional(number);
  }

  void meet_scalar(std::uint64_t mask, const Datum& value) {
    const std::size_t depth = frames_.size() - base_;
    for (std::uint64_t rest = mask; rest != 0; rest &= rest - 1) {
      const PagePath& path = envelope_.paths[static_cast<std::size_t>(__builtin_ctzll(rest))];
      if (path.steps.size() != depth) continue;
      switch (path.role) {
        case PathRole::record:
          if (!path.steps.empty() && path.steps.back().sort != PathStep::Sort::name && !value.is_null())
            ++report_.not_records;
          break;
        case PathRole::error:
          if (!says_nothing(value)) append_error(report_.command(star_of(path)).error, value);
          break;
        case PathRole::next: report_.command({}).next = !says_nothing(value); break;
        case PathRole::total: report_.command({}).total = whole(value); break;
        case PathRole::page: report_.page = whole(value); break;
        case PathRole::page_count: report_.page_count = whole(value); break;
        case PathRole::batch_next: report_.command(star_of(path)).next = !says_nothing(value); break;
        case PathRole::batch_total: report_.command(star_of(path)).total = whole(value); break;
      }
    }
  }

  void meet_container(std::uint64_t mask, NodeShape shape) {
    const std::size_t depth = frames_.size() - 1 - base_;
    const PagePath* record = nullptr;
    for (std::uint64_t rest = mask; rest != 0; rest &= rest - 1) {
      const PagePath& path = envelope_.paths[static_cast<std::size_t>(__builtin_ctzll(rest))];
      if (path.steps.size() == depth) {
        if (path.role == PathRole::record && shape == NodeShape::object) record = &path;
        if (path.role == PathRole::error) begin_error(path);
        continue;
      }
      // A list of records, or a map of commands, be it empty.
      const PathStep::Sort next = path.steps[depth].sort;
      if (next == PathStep::Sort::any || (next == PathStep::Sort::element && shape == NodeShape::list)) {
        if (recording_) stop_recording();
        if (path.role == PathRole::record) report_.found = true;
      }
    }
    if (record != nullptr) {
      stop_recording();
      begin_record(*record);
    }
  }

  void begin_record(const PagePath& path) {
    record_.clear();
    recording_ = true;
    record_depth_ = frames_.size();
    star_ = star_of(path);
    key_ = no_index;
    record_.open(no_index, NodeShape::object);
  }

  void stop_recording() {
    recording_ = false;
    record_depth_ = 0;
  }

  void emit() {
    recording_ = false;
    record_depth_ = 0;
    report_.found = true;
    ++report_.command(star_).records;
    on_record_(record_, star_);
  }

  void begin_error(const PagePath& path) {
    if (error_depth_ != 0) return;
    error_depth_ = frames_.size();
    error_command_ = star_of(path);
    if (recording_) stop_recording();
  }

  static void append_error(std::string& text, const Datum& value) {
    if (text.size() > 512) return;
    if (!text.empty()) text += ": ";
    if (value.kind() == DatumKind::text) text += value.as_text().substr(0, 256);
    if (value.kind() == DatumKind::integer) text += std::to_string(value.as_integer());
    if (value.kind() == DatumKind::boolean) text += "true";
  }

  Envelope envelope_;
  Record record_;
  OnRecord on_record_;
  OnPage on_page_;
  PageReport report_{};
  std::vector<Frame> frames_{};
  std::string star_{};
  std::string error_command_{};
  std::uint64_t all_ = 0;
  std::size_t base_ = 0;          // frames around a page: 1 in a list of pages
  std::size_t record_depth_ = 0;  // frames open while the record is, itself among them; 0 when none is
  std::size_t error_depth_ = 0;
  std::uint32_t key_ = no_index;
  bool recording_ = false;
  bool list_is_page_ = false;
};

}  // namespace dealtrail::detail
