#pragma once

#include <string_view>

#include "dealtrail/core/config.hpp"
#include "dealtrail/facts/kinds.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

class Trail;

/// Which cards of people (or companies) are one, and by what. A row per present card and per card that a contact or a
/// verdict joins to another, by cluster, then by id: `member`, `cluster` (the smallest id of the cluster), `size`
/// (cards in it), `key_kind` and `key` (what joined the card first: verdict, inn, phone, email, telegram, client_id;
/// null for a card by itself, `key` for a verdict). How cards are joined: docs/identity/identity.md. O(cards and
/// contacts).
/// @throws Error invalid_argument for a kind other than people and companies.
[[nodiscard]] Table identities(const Trail& trail, Kind kind);

/// Why two cards are one, or are not: the shortest chain of pairs from `one` to `other`, a row per pair: `one`,
/// `other`, `key_kind`, `key`, `joined`, `reason` (null when joined; different, two_inns, names_differ, ambiguous_name,
/// not_at_once, or of a key that identifies nobody crowded_key, free_mail, business_line). Chains of joined pairs come
/// before others; a single row with the reason no_shared_key when there is none; no rows for a card with itself.
/// O(component).
/// @throws Error invalid_argument for another kind, unknown_name for an id that no fact names.
[[nodiscard]] Table explain_identity(const Trail& trail, Kind kind, std::string_view one, std::string_view other);

/// Cards that share a key, or a verdict same, and are not one: for people to look at. A row per key and reason, by key:
/// `reason` (as in `explain_identity`), `key_kind`, `key`, `count` (cards that it concerns), `first_ids` (five at
/// most). A switchboard of a million contacts is one row. O(cards and contacts).
/// @throws Error invalid_argument for another kind.
[[nodiscard]] Table identity_review(const Trail& trail, Kind kind);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/identities.ipp"
#endif
