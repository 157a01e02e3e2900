#pragma once

// The only place where the version is written: CMake and pyproject.toml read it from these three lines.
#define DEALTRAIL_VERSION_MAJOR 0
#define DEALTRAIL_VERSION_MINOR 1
#define DEALTRAIL_VERSION_PATCH 0

#include <string_view>

#define DEALTRAIL_DETAIL_STRINGIFY_(x) #x
#define DEALTRAIL_DETAIL_STRINGIFY(x) DEALTRAIL_DETAIL_STRINGIFY_(x)

namespace dealtrail {

/// The library's version, "major.minor.patch". Within one major version what compiled goes on compiling.
inline constexpr std::string_view library_version =
    DEALTRAIL_DETAIL_STRINGIFY(DEALTRAIL_VERSION_MAJOR) "." DEALTRAIL_DETAIL_STRINGIFY(
        DEALTRAIL_VERSION_MINOR) "." DEALTRAIL_DETAIL_STRINGIFY(DEALTRAIL_VERSION_PATCH);

}  // namespace dealtrail

#undef DEALTRAIL_DETAIL_STRINGIFY
#undef DEALTRAIL_DETAIL_STRINGIFY_
