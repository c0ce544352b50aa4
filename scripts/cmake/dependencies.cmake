# Every foreign library winze links, each as one imported target. find_package first, pkg-config second; nothing is downloaded.
find_package(PkgConfig REQUIRED)
find_package(MPI REQUIRED COMPONENTS C CXX)

pkg_check_modules(PETSC REQUIRED IMPORTED_TARGET PETSc)

set(HDF5_PREFER_PARALLEL ON)
find_package(HDF5 REQUIRED COMPONENTS C)
if(NOT HDF5_IS_PARALLEL)
  message(FATAL_ERROR "HDF5 was found without MPI (${HDF5_C_INCLUDE_DIRS}). Install libhdf5-openmpi-dev, or set HDF5_ROOT to a parallel build.")
endif()
add_library(winze_hdf5 INTERFACE)
target_include_directories(winze_hdf5 SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
target_link_libraries(winze_hdf5 INTERFACE ${HDF5_C_LIBRARIES} MPI::MPI_C)

find_package(Kokkos REQUIRED)
add_library(winze_kokkos INTERFACE)
if(Kokkos_INCLUDE_DIRS AND "${Kokkos_LIBRARIES}" MATCHES trilinos)
  # Debian's package names a wrong include folder in its target.
  target_include_directories(winze_kokkos SYSTEM INTERFACE ${Kokkos_INCLUDE_DIRS})
  target_link_libraries(winze_kokkos INTERFACE ${Kokkos_LIBRARIES})
else()
  target_link_libraries(winze_kokkos INTERFACE Kokkos::kokkos)
endif()

find_package(yaml-cpp REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)

find_path(UDUNITS2_INCLUDE udunits2.h PATH_SUFFIXES udunits2 REQUIRED)
find_library(UDUNITS2_LIBRARY udunits2 REQUIRED)
add_library(winze_udunits INTERFACE)
target_include_directories(winze_udunits SYSTEM INTERFACE ${UDUNITS2_INCLUDE})
target_link_libraries(winze_udunits INTERFACE ${UDUNITS2_LIBRARY})

find_path(AMD_INCLUDE amd.h PATH_SUFFIXES suitesparse REQUIRED)
find_library(AMD_LIBRARY amd REQUIRED)
find_library(SUITESPARSE_CONFIG_LIBRARY suitesparseconfig REQUIRED)
add_library(winze_amd INTERFACE)
target_include_directories(winze_amd SYSTEM INTERFACE ${AMD_INCLUDE})
target_link_libraries(winze_amd INTERFACE ${AMD_LIBRARY} ${SUITESPARSE_CONFIG_LIBRARY})
