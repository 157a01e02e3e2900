#pragma once

#include "dealtrail/core/config.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

/// Which facts `sources` lists.
struct SourceTableOptions {
  Kind kind = Kind::touches;  // or registrations, leads, deals
};

/// Where each fact came from and which rule said so (M3.2, M3.3; docs/sources/sources.md): a row per present fact of
/// the kind, by id.
///
/// Columns: id, at (created_at of leads and deals), rule (announcement: its own; touch: its touch's announcement;
/// promo_code, number, number_pool, form, utm, referrer: the key of its touch; registration, lead, sale: that fact's;
/// none, ambiguous), key (the key's text as it is stated), key_id (of source_keys; null for a short form on an
/// announcement), visit (whose source a pool's number has), channel, announcement, brand, pipeline (as `by="brand"` and
/// `by="pipeline"` see it; null: none), why (null where there is a source): tie, not_valid_then, no_visit,
/// missing_link, unknown_key, no_key, the first of these that was met. Empty without facts. O(facts).
/// @throws Error invalid_argument for another kind.
[[nodiscard]] Table source_table(const Trail& trail, const SourceTableOptions& options = {});

/// Announcements, out or planned, that nothing can be traced to (M1.13): without utm tags, promo code, phone number, a
/// row of source_keys that leads to them, and named by no touch, registration, lead, deal or invitation. A row each, by
/// id: announcement, name (its creative), channel, event, status, published_at, planned_cost, hint. O(facts).
[[nodiscard]] Table unmeasurable(const Trail& trail);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/source_table.ipp"
#endif
