#include "base/session.hpp"

#include <petscsys.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "base/kokkos.hpp"

namespace winze {

Session::Session(int argc, char** argv) {
  setenv("SCOTCH_PTHREAD_NUMBER", "1", 0);  // PT-Scotch 7 calls MPI from several threads at once, which hangs under MPI_Init on 3 and more ranks
  MPI_Init(&argc, &argv);
  int kokkos_argc = 1;
  char* kokkos_argv[] = {argv[0], nullptr};
  Kokkos::initialize(kokkos_argc, kokkos_argv);
  std::vector<char*> petsc = {argv[0]};
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], "--") == 0) petsc.insert(petsc.end(), argv + i + 1, argv + argc), i = argc;
  petsc.push_back(nullptr);
  int petsc_argc = int(petsc.size()) - 1;
  char** petsc_argv = petsc.data();
  PetscInitialize(&petsc_argc, &petsc_argv, nullptr, nullptr);
  PetscPopSignalHandler();
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond ulimit -f then fails with EFBIG, which is reported, instead of killing the run
}

Session::~Session() {
  PetscFinalize();
  Kokkos::finalize();
  MPI_Finalize();
}

}  // namespace winze
