#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/facts/put_report.hpp"
#include "dealtrail/io/profile.hpp"
#include "dealtrail/io/read_facts.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

struct LoadOptions {
  std::string as{};      // the method of every source; empty: chosen by file name
  std::string source{};  // replaces the profile's source in ids and links; empty: the profile's
  /// This is the whole of what the source has of the kinds it puts: facts of the source that are not in it are removed
  /// (M5.5).
  bool full = false;
  /// Of a full load: the greatest share of a kind's facts that may vanish, 0 to 1; more stops the load.
  double max_shrinkage = 0.2;
  /// Of a full load: the caller's word that answers without a total are whole (a dump that contradicts its total is
  /// not).
  bool whole = false;
  /// Nothing is kept when the report has a problem that is an error or a warning; the report tells.
  bool strict = false;
};

/// What a load read, put, left out, and why.
struct LoadReport {
  ReadReport read{};
  PutReport put{};
  struct Removed {
    Kind kind = Kind::channels;
    std::uint64_t before = 0;  // whole facts of this source in the Trail
    std::uint64_t removed = 0;
    std::vector<std::string> first_ids{};  // up to five
  };
  std::vector<Removed> removed{};  // by a full load, a row per kind it speaks of

  /// Of one kind: what was put, and what never came to the Trail because reading left it out.
  [[nodiscard]] PutReport::Counts counts_of(Kind kind) const;
  /// kind, read, put, distinct, left_out: a row per kind that had facts, put or left out by reading.
  [[nodiscard]] Table counts_table() const;
  /// Whether records, values, columns or files are lost: a problem is an error or a warning.
  [[nodiscard]] bool is_lossy() const;
  /// Whether a problem has this severity.
  [[nodiscard]] bool has(std::string_view severity) const;
  /// code, severity, method, kind, column, count, left_out, first_ids, first_values, message, hint: troubles of
  /// reading, then those of putting.
  [[nodiscard]] Table problems_table() const;
  /// kind, before, removed, first_ids.
  [[nodiscard]] Table removed_table() const;
};

/// Loads sources into a Trail by a profile: own columns of the profile are declared, every record becomes facts, what
/// cannot be kept is in the report. All or nothing: when it throws, the Trail is as it was (the load works on a copy of
/// it). A full load removes the source's facts that were not read (of kinds that the methods read put whole, and with
/// ids of the source; facts without an id of their own cannot be told by source and stay), and refuses to when the dump
/// is not whole, or has no total that proves it and the caller does not say `whole`. O(facts read + facts in the
/// Trail).
/// @throws Error limit_exceeded when a full load would remove more than `max_shrinkage` of a kind; corrupt_data when a
/// full load is not whole (a truncated dump, an error of the source, a refused page); invalid_argument for a share
/// outside 0 to 1 and for a full load that is not proven whole; else as `read_facts`.
LoadReport load(Trail& trail, std::span<const FactSource> sources, const Profile& profile,
                const LoadOptions& options = {});

/// The same for one file or folder.
LoadReport load(Trail& trail, const std::string& path, const Profile& profile, const LoadOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/io/detail/load.ipp"  // IWYU pragma: keep
#endif
