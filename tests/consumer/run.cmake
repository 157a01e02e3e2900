# Configures, builds and runs one consumer project; what each of its programs prints must equal EXPECTED.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "${command}\n${output}")
  endif()
endfunction()

set(ENV{PKG_CONFIG_PATH} "${PREFIX}/${LIBDIR}/pkgconfig")
set(ENV{CCACHE_SLOPPINESS} pch_defines,time_macros)
find_program(CCACHE ccache)
set(launcher "")
if(CCACHE)
  set(launcher "-DCMAKE_CXX_COMPILER_LAUNCHER=${CCACHE}")
endif()

run("${CMAKE_COMMAND}" --fresh -G Ninja -S "${SOURCE}" -B "${BUILD}" "-DCMAKE_CXX_COMPILER=${CXX}"
    "-DCMAKE_CXX_FLAGS=${FLAGS} -O0 -g0 -Wall -Wextra -Wconversion -Wshadow -Werror" "-DCMAKE_PREFIX_PATH=${PREFIX}"
    "-DDEALTRAIL_SOURCE=${DEALTRAIL_SOURCE}" "-DNLOHMANN=${NLOHMANN}" ${launcher}
)
run("${CMAKE_COMMAND}" --build "${BUILD}")

file(READ "${EXPECTED}" expected)
file(STRINGS "${BUILD}/programs.txt" programs)
foreach(program IN LISTS programs)
  execute_process(COMMAND "${BUILD}/${program}" RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE errors)
  if(NOT status EQUAL 0 OR NOT output STREQUAL expected)
    message(FATAL_ERROR "${program} ended with ${status}\n--- printed\n${output}${errors}--- expected\n${expected}")
  endif()
endforeach()
