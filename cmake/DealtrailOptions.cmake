# How our own targets are compiled. Nothing here reaches a project that uses dealtrail.
if(DEALTRAIL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(DEALTRAIL_CCACHE_PROGRAM ccache)
  mark_as_advanced(DEALTRAIL_CCACHE_PROGRAM)
  if(DEALTRAIL_CCACHE_PROGRAM)
    # A precompiled header is cached only when ccache may trust its defines and times.
    set(
      CMAKE_CXX_COMPILER_LAUNCHER
      "${CMAKE_COMMAND}"
      -E
      env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      "${DEALTRAIL_CCACHE_PROGRAM}"
    )
  endif()
endif()

if(DEALTRAIL_WARNINGS)
  add_compile_options(-Wall -Wextra -Wconversion -Wshadow)
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # std::stable_sort of libstdc++ 12 calls what libstdc++ 12 itself calls deprecated.
    add_compile_options(-Wno-deprecated-declarations)
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # g++ 12 sees overlaps and overruns in `literal + std::string` that are not there (mended in 13).
    add_compile_options(-Wno-array-bounds -Wno-restrict -Wno-stringop-overflow)
  endif()
  if(DEALTRAIL_WARNINGS_AS_ERRORS)
    add_compile_options(-Werror)
  endif()
endif()

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  set(CMAKE_CXX_EXTENSIONS OFF)
endif()
