#include "linear/info.hpp"

#include <petsc.h>

namespace winze::linear {

std::string library_versions() {
  char petsc[256] = "", mpi[MPI_MAX_LIBRARY_VERSION_STRING] = "";
  PetscGetVersion(petsc, sizeof petsc);
  int length = 0;
  MPI_Get_library_version(mpi, &length);
  std::string text = std::string(petsc) + "\n" + mpi, packages;
#ifdef PETSC_HAVE_MUMPS
  packages += " MUMPS";
#endif
#ifdef PETSC_HAVE_HYPRE
  packages += " hypre";
#endif
#ifdef PETSC_HAVE_PTSCOTCH
  packages += " PT-Scotch";
#endif
  return text + "\nPETSc has:" + (packages.empty() ? " no external solver" : packages) + ", " + std::to_string(8 * sizeof(PetscInt)) + "-bit indices";
}

}  // namespace winze::linear
