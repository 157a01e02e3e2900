# g++ -std=c++20 -I<prefix>/include card.cpp bodies.cpp -o card, and what it prints.
file(MAKE_DIRECTORY "${BUILD}")
separate_arguments(flags UNIX_COMMAND "${FLAGS}")
execute_process(
  COMMAND
    "${CXX}" -std=c++20 ${flags} -O0 -g0 "-I${PREFIX}/${INCLUDEDIR}" "${SOURCE}/card.cpp"
    "${SOURCE}/two_files/bodies.cpp" -o "${BUILD}/card"
  RESULT_VARIABLE status
  ERROR_VARIABLE errors
)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${errors}")
endif()
file(READ "${SOURCE}/card.txt" expected)
execute_process(COMMAND "${BUILD}/card" OUTPUT_VARIABLE output)
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "--- printed\n${output}--- expected\n${expected}")
endif()
