# cmake -DCOMPILER= -DINCLUDE= -DMUST_FAIL= -DMUST_COMPILE= -P run_pair.cmake
set(
  compile
  "${COMPILER}"
  -std=c++20
  -fsyntax-only
  "-I${INCLUDE}"
)

file(STRINGS "${MUST_FAIL}" expects REGEX "^// expects: " LIMIT_COUNT 1)
string(REGEX REPLACE "^// expects: " "" expects "${expects}")
if(expects STREQUAL "")
  message(FATAL_ERROR "${MUST_FAIL} lacks its line `// expects: <regex>`")
endif()

execute_process(COMMAND ${compile} "${MUST_COMPILE}" RESULT_VARIABLE status ERROR_VARIABLE output)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "must compile, but does not:\n${output}")
endif()
execute_process(COMMAND ${compile} "${MUST_FAIL}" RESULT_VARIABLE status ERROR_VARIABLE output)
if(status EQUAL 0)
  message(FATAL_ERROR "must not compile, but does: ${MUST_FAIL}")
endif()
if(NOT output MATCHES "${expects}")
  message(FATAL_ERROR "refused for another reason than `${expects}`:\n${output}")
endif()
