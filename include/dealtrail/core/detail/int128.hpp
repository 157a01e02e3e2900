#pragma once

namespace dealtrail::detail {

// The compiler's own 128-bit integers; __extension__ keeps hosts that build with -Wpedantic quiet.
__extension__ using int128 = __int128;
__extension__ using uint128 = unsigned __int128;

}  // namespace dealtrail::detail
