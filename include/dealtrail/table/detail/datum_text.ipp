#pragma once

#include <string>

#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/table/detail/cell_text.hpp"

namespace dealtrail {

DEALTRAIL_INLINE std::string to_text(const Datum& cell) { return detail::plain_text(cell); }

}  // namespace dealtrail
