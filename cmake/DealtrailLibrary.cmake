# dealtrail::headers: the declarations. dealtrail::compiled: with the bodies, compiled once. dealtrail::dealtrail: with
# the bodies in each file that includes a header.
set(headers "")
set(fragments "")
file(GLOB headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/dealtrail/*.hpp")
set(bodies ${headers})
list(FILTER headers EXCLUDE REGEX "/bodies[a-z_]*\\.hpp$")
list(FILTER bodies INCLUDE REGEX "/bodies[a-z_]*\\.hpp$")
list(APPEND fragments ${bodies})
foreach(room IN LISTS dealtrail_rooms)
  file(GLOB_RECURSE room_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/dealtrail/${room}/*.hpp")
  file(
    GLOB_RECURSE room_fragments
    CONFIGURE_DEPENDS
    "${PROJECT_SOURCE_DIR}/include/dealtrail/${room}/*.ipp"
    "${PROJECT_SOURCE_DIR}/include/dealtrail/${room}/*.def"
  )
  list(APPEND headers ${room_headers})
  list(APPEND fragments ${room_fragments})
endforeach()

add_library(dealtrail_headers INTERFACE)
add_library(dealtrail::headers ALIAS dealtrail_headers)
set_target_properties(dealtrail_headers PROPERTIES EXPORT_NAME headers)
target_compile_features(dealtrail_headers INTERFACE cxx_std_20)
target_sources(
  dealtrail_headers
  INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${headers}
  # Installed with the headers, but not compiled alone: a fragment is included in the middle of a header or after it.
  INTERFACE FILE_SET fragments TYPE HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${fragments}
)
set_target_properties(
  dealtrail_headers
  PROPERTIES VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL} INTERFACE_HEADER_SETS_TO_VERIFY HEADERS
)

add_library(dealtrail INTERFACE)
add_library(dealtrail::dealtrail ALIAS dealtrail)
target_link_libraries(dealtrail INTERFACE dealtrail_headers)
target_compile_definitions(dealtrail INTERFACE DEALTRAIL_HEADER_ONLY)

# nlohmann/json is a header and no more: the system's first, else the one of the nlohmann-json wheel, which lies in the
# build environment of pip and has no CMake config.
find_package(nlohmann_json CONFIG QUIET)
if(nlohmann_json_FOUND)
  get_target_property(DEALTRAIL_NLOHMANN_INCLUDE_DIR nlohmann_json::nlohmann_json INTERFACE_INCLUDE_DIRECTORIES)
else()
  find_path(DEALTRAIL_NLOHMANN_INCLUDE_DIR nlohmann/json.hpp PATH_SUFFIXES nlohmann_json/include)
  mark_as_advanced(DEALTRAIL_NLOHMANN_INCLUDE_DIR)
endif()

# So is Eigen: the system's, else the one of the cmeel-eigen wheel.
find_package(Eigen3 CONFIG QUIET)
if(Eigen3_FOUND)
  get_target_property(DEALTRAIL_EIGEN_INCLUDE_DIR Eigen3::Eigen INTERFACE_INCLUDE_DIRECTORIES)
else()
  find_path(DEALTRAIL_EIGEN_INCLUDE_DIR Eigen/Core PATH_SUFFIXES eigen3 include/eigen3 cmeel.prefix/include/eigen3)
  mark_as_advanced(DEALTRAIL_EIGEN_INCLUDE_DIR)
endif()
if(PROJECT_IS_TOP_LEVEL AND DEALTRAIL_EIGEN_INCLUDE_DIR)
  include_directories(SYSTEM "${DEALTRAIL_EIGEN_INCLUDE_DIR}") # the header is compiled alone, too
endif()

set(missing "")
if(NOT DEALTRAIL_NLOHMANN_INCLUDE_DIR)
  list(APPEND missing "nlohmann/json.hpp (nlohmann-json3-dev)")
endif()
if(NOT DEALTRAIL_EIGEN_INCLUDE_DIR)
  list(APPEND missing "Eigen (libeigen3-dev)")
endif()
set(build_compiled ${DEALTRAIL_BUILD_COMPILED})
if(build_compiled AND missing)
  list(JOIN missing " and " missing)
  if(PROJECT_IS_TOP_LEVEL)
    message(
      FATAL_ERROR
      "dealtrail::compiled needs ${missing}: install it, or set DEALTRAIL_BUILD_COMPILED=OFF to use the headers alone"
    )
  endif()
  message(STATUS "dealtrail: no target dealtrail::compiled, which needs ${missing}")
  set(build_compiled OFF)
endif()

if(build_compiled)
  file(GLOB compiled_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/*.cpp")
  add_library(dealtrail_compiled STATIC ${compiled_sources})
  add_library(dealtrail::compiled ALIAS dealtrail_compiled)
  set_target_properties(
    dealtrail_compiled
    PROPERTIES
      EXPORT_NAME compiled
      OUTPUT_NAME dealtrail
      POSITION_INDEPENDENT_CODE ON
      CXX_VISIBILITY_PRESET hidden
      VISIBILITY_INLINES_HIDDEN ON
      VERIFY_INTERFACE_HEADER_SETS OFF
  )
  # A linker with --gc-sections then takes only what the program calls.
  target_compile_options(
    dealtrail_compiled
    PRIVATE $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-ffunction-sections;-fdata-sections>
  )
  if(NOT PROJECT_IS_TOP_LEVEL)
    set_target_properties(dealtrail_compiled PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
  target_link_libraries(dealtrail_compiled PUBLIC dealtrail_headers)
  target_include_directories(
    dealtrail_compiled
    SYSTEM
    PRIVATE ${DEALTRAIL_NLOHMANN_INCLUDE_DIR} ${DEALTRAIL_EIGEN_INCLUDE_DIR}
  )
endif()
