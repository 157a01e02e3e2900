# install(), find_package(dealtrail CONFIG) and pkg-config. Component `development`: a wheel installs only `python`.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/dealtrail")

set(installed_targets dealtrail dealtrail_headers)
if(TARGET dealtrail_compiled)
  list(APPEND installed_targets dealtrail_compiled)
endif()
install(
  TARGETS ${installed_targets}
  EXPORT dealtrail-targets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development
  FILE_SET fragments DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development
)
install(EXPORT dealtrail-targets NAMESPACE dealtrail:: DESTINATION "${package_dir}" COMPONENT development)

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/dealtrail-config.cmake.in"
  "${PROJECT_BINARY_DIR}/dealtrail-config.cmake"
  INSTALL_DESTINATION "${package_dir}"
)
set(architecture_independence "")
if(NOT TARGET dealtrail_compiled)
  set(architecture_independence ARCH_INDEPENDENT)
endif()
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/dealtrail-config-version.cmake"
  COMPATIBILITY SameMinorVersion # before 1.0 a minor version may change the interface
  ${architecture_independence}
)
install(
  FILES "${PROJECT_BINARY_DIR}/dealtrail-config.cmake" "${PROJECT_BINARY_DIR}/dealtrail-config-version.cmake"
  DESTINATION "${package_dir}"
  COMPONENT development
)

# pkg-config gives the compiled library, and the header-only way only where that was not built.
set(pkg_config_libs "Libs: -L\${libdir} -ldealtrail")
set(pkg_config_definition "")
if(NOT TARGET dealtrail_compiled)
  set(pkg_config_libs "")
  set(pkg_config_definition " -DDEALTRAIL_HEADER_ONLY")
endif()
configure_file("${PROJECT_SOURCE_DIR}/cmake/dealtrail.pc.in" "${PROJECT_BINARY_DIR}/dealtrail.pc" @ONLY)
install(
  FILES "${PROJECT_BINARY_DIR}/dealtrail.pc"
  DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
  COMPONENT development
)
install(
  FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/THIRD_PARTY_NOTICES"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/dealtrail"
  COMPONENT development
)
