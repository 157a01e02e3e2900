# dealtrail::dealtrail: the headers. dealtrail::compiled: the bodies of the headers, compiled once.
set(headers "")
set(fragments "")
file(GLOB headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/dealtrail/*.hpp")
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

add_library(dealtrail INTERFACE)
add_library(dealtrail::dealtrail ALIAS dealtrail)
target_compile_features(dealtrail INTERFACE cxx_std_20)
target_sources(
  dealtrail
  INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${headers}
  # Installed with the headers, but no page of its own: a fragment is included in the middle of one.
  INTERFACE FILE_SET fragments TYPE HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${fragments}
)
set_target_properties(
  dealtrail
  PROPERTIES VERIFY_INTERFACE_HEADER_SETS ${PROJECT_IS_TOP_LEVEL} INTERFACE_HEADER_SETS_TO_VERIFY HEADERS
)

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

if(DEALTRAIL_BUILD_COMPILED)
  if(NOT DEALTRAIL_NLOHMANN_INCLUDE_DIR)
    message(
      FATAL_ERROR
      "dealtrail::compiled needs nlohmann/json.hpp: install nlohmann-json3-dev, "
      "or set DEALTRAIL_BUILD_COMPILED=OFF to use the headers alone"
    )
  endif()
  if(NOT DEALTRAIL_EIGEN_INCLUDE_DIR)
    message(
      FATAL_ERROR
      "dealtrail::compiled needs Eigen: install libeigen3-dev, "
      "or set DEALTRAIL_BUILD_COMPILED=OFF to use the headers alone"
    )
  endif()
  file(GLOB compiled_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/src/*.cpp")
  add_library(dealtrail_compiled STATIC ${compiled_sources})
  add_library(dealtrail::compiled ALIAS dealtrail_compiled)
  set_target_properties(
    dealtrail_compiled
    PROPERTIES EXPORT_NAME compiled POSITION_INDEPENDENT_CODE ON VERIFY_INTERFACE_HEADER_SETS OFF
  )
  if(NOT PROJECT_IS_TOP_LEVEL)
    set_target_properties(dealtrail_compiled PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
  target_link_libraries(dealtrail_compiled PUBLIC dealtrail)
  target_compile_definitions(dealtrail_compiled PUBLIC DEALTRAIL_COMPILED=1)
  target_include_directories(
    dealtrail_compiled
    SYSTEM
    PRIVATE ${DEALTRAIL_NLOHMANN_INCLUDE_DIR} ${DEALTRAIL_EIGEN_INCLUDE_DIR}
  )
endif()
