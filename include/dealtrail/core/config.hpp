#pragma once

// One switch and one macro (docs/decisions/0001-plain-cpp.md).
//
// Headers declare. A function that is not called for each cell or fact has its body in detail/<noun>.ipp, an ordinary
// function behind DEALTRAIL_INLINE. The bodies come in one of three ways, and a program uses one of them throughout:
//
//   dealtrail::compiled           a static library with all bodies; nothing to define
//   dealtrail/bodies.hpp          included in one .cpp of the host; nothing to define
//   DEALTRAIL_HEADER_ONLY         defined for each file of the program; the target dealtrail::dealtrail defines it

#if __cplusplus < 202002L
#error "dealtrail needs C++20: compile with -std=c++20 or later"
#endif

#if defined(DEALTRAIL_HEADER_ONLY)
/// Stands before each definition in a detail/*.ipp file: `inline` when header-only, nothing when compiled once.
#define DEALTRAIL_INLINE inline
#else
#define DEALTRAIL_INLINE
#endif
