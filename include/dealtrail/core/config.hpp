#pragma once

// Header-only or compiled: the same bodies, one switch (docs/decisions/0001-header-only-and-compiled.md).
//
// A function that is not called for each cell or fact is declared in its header and defined in detail/<noun>.ipp. The
// header ends with
//
//   #if DEALTRAIL_HEADER_ONLY
//   #include <dealtrail/io/detail/profile.ipp>
//   #endif
//
// and src/io.cpp includes each .ipp of its room once. The target `dealtrail::compiled` defines DEALTRAIL_COMPILED for
// itself and for whoever links it, so its users parse neither the bodies nor the libraries that some need (nlohmann in
// io, Eigen in attribution). A program uses one of the two ways, not both: the bodies would be defined twice.

#if defined(DEALTRAIL_COMPILED)
/// 1 when headers bring their bodies along, 0 when the target `dealtrail::compiled` holds them.
#define DEALTRAIL_HEADER_ONLY 0
/// Stands before every definition in a detail/*.ipp file: `inline` when header-only, nothing when compiled once.
#define DEALTRAIL_INLINE
/// Stands before the declaration of a function whose body lies in an .ipp file: when header-only, the body is compiled
/// only in programs that call it, and costs the others no more than its parsing.
#define DEALTRAIL_LAZY
/// Stands before the definition of such a function.
#define DEALTRAIL_LAZY_INLINE
#else
#define DEALTRAIL_HEADER_ONLY 1
#define DEALTRAIL_INLINE inline
#define DEALTRAIL_LAZY template <class = void>
#define DEALTRAIL_LAZY_INLINE \
  template <class>            \
  inline
#endif
