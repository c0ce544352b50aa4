#include <exception>

#include "linear/krylov.hpp"
#include "linear/petsc.hpp"

namespace winze::linear {
namespace {

constexpr bool on_host = Kokkos::SpaceAccessibility<Kokkos::HostSpace, Device::memory_space>::accessible;
using HostArray = Kokkos::View<double*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>>;

struct Shell {
  const Operator<double>& a;
  Preconditioner& m;
  View<double> in, out;        ///< on the device, where PETSc's vectors are not
  std::exception_ptr failure;  ///< thrown again outside PETSc
};

/// Runs action(in, out) on the memory of two PETSc vectors whose arrays have room for the ghosts behind the owned entries.
template <class Action>
PetscErrorCode on_vectors(Shell& shell, Vec from, Vec to, const Action& action) {
  const PetscScalar* in = nullptr;
  PetscScalar* out = nullptr;
  const size_t n = size_t(shell.a.n_local_unknowns());
  PetscCall(VecGetArrayRead(from, &in));
  PetscCall(VecGetArrayWrite(to, &out));
  try {
    if constexpr (on_host) {
      action(View<double>(const_cast<double*>(in), n), View<double>(out, n));
    } else {
      Kokkos::deep_copy(shell.in, HostArray(const_cast<double*>(in), n));
      action(shell.in, shell.out);
      Kokkos::deep_copy(HostArray(out, n), shell.out);
    }
  } catch (...) {
    shell.failure = std::current_exception();
  }
  PetscCall(VecRestoreArrayWrite(to, &out));
  PetscCall(VecRestoreArrayRead(from, &in));
  return shell.failure ? PETSC_ERR_LIB : 0;
}

PetscErrorCode multiply(Mat matrix, Vec x, Vec y) {
  Shell* shell = nullptr;
  PetscCall(MatShellGetContext(matrix, &shell));
  return on_vectors(*shell, x, y, [&](const View<double>& in, const View<double>& out) { shell->a.apply(in, out); });
}
PetscErrorCode precondition(PC pc, Vec r, Vec z) {
  Shell* shell = nullptr;
  PetscCall(PCShellGetContext(pc, &shell));
  return on_vectors(*shell, r, z, [&](const View<double>& in, const View<double>& out) { shell->m.apply(in, out); });
}

/// A PETSc vector on the memory of `array`; its duplicates have the same room for ghosts.
OwnedVec wrap(const Operator<double>& a, const HostArray& array) {
  const SharedNodes& nodes = a.nodes();
  std::vector<PetscInt> ghosts(nodes.ghosts().size());
  for (size_t i = 0; i < ghosts.size(); ++i) ghosts[i] = petsc_index(nodes.ghosts()[i]);
  OwnedVec v;
  WINZE_PETSC(VecCreateGhostBlockWithArray(nodes.comm().handle(), a.width(), a.n_owned_unknowns(), petsc_index(nodes.n_global() * a.width()),
                                           PetscInt(ghosts.size()), ghosts.data(), array.data(), &v));
  return v;
}

std::string in_words(KSPConvergedReason reason, int max_iterations) {
  switch (reason) {
    case KSP_DIVERGED_ITS:
      return fmt::format("{} iterations were not enough", max_iterations);
    case KSP_DIVERGED_INDEFINITE_PC:
      return "the preconditioner is not positive definite; raise the smoother's eigenvalue bound or take the direct preset";
    case KSP_DIVERGED_INDEFINITE_MAT:
      return "the operator is not positive definite; look for a body without supports or for negative moduli";
    case KSP_DIVERGED_NANORINF:
      return "numbers that are not finite appeared; check moduli and coordinates";
    default:
      return fmt::format("PETSc stopped with {}", KSPConvergedReasons[reason]);
  }
}

}  // namespace

bool ksp_requested(const std::string& prefix) {
  PetscBool given = PETSC_FALSE;
  PetscOptionsHasName(nullptr, nullptr, ("-" + prefix + "ksp_type").c_str(), &given);
  return given == PETSC_TRUE;
}

KrylovRun run_ksp(const Operator<double>& a, Preconditioner& m, const View<double>& b, const View<double>& x, double target, int max_iterations,
                  bool symmetric, const std::string& prefix) {
  const MPI_Comm comm = a.nodes().comm().handle();
  const PetscInt n = a.n_owned_unknowns(), n_global = petsc_index(a.nodes().n_global() * a.width());
  Shell shell{a, m, {}, {}, {}};
  if constexpr (!on_host) {
    shell.in = View<double>("in", size_t(a.n_local_unknowns()));
    shell.out = View<double>("out", size_t(a.n_local_unknowns()));
  }
  const auto host_b = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), b),
             host_x = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), x);
  const OwnedVec vec_b = wrap(a, HostArray(host_b.data(), host_b.extent(0))), vec_x = wrap(a, HostArray(host_x.data(), host_x.extent(0)));
  OwnedMat matrix;
  WINZE_PETSC(MatCreateShell(comm, n, n, n_global, n_global, &shell, &matrix));
  WINZE_PETSC(MatShellSetOperation(matrix, MATOP_MULT, reinterpret_cast<void (*)(void)>(multiply)));
  OwnedKsp ksp;
  WINZE_PETSC(KSPCreate(comm, &ksp));
  WINZE_PETSC(KSPSetOptionsPrefix(ksp, prefix.c_str()));
  WINZE_PETSC(KSPSetOperators(ksp, matrix, matrix));
  WINZE_PETSC(KSPSetInitialGuessNonzero(ksp, PETSC_TRUE));
  WINZE_PETSC(KSPSetType(ksp, symmetric ? KSPFCG : KSPFGMRES));
  if (symmetric) {
    WINZE_PETSC(KSPFCGSetMmax(ksp, 1));
    WINZE_PETSC(KSPFCGSetNprealloc(ksp, 2));
    WINZE_PETSC(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  }
  WINZE_PETSC(KSPSetTolerances(ksp, 1e-50, target, PETSC_DEFAULT, max_iterations));
  PC pc = nullptr;
  WINZE_PETSC(KSPGetPC(ksp, &pc));
  WINZE_PETSC(PCSetType(pc, PCSHELL));
  WINZE_PETSC(PCShellSetContext(pc, &shell));
  WINZE_PETSC(PCShellSetApply(pc, precondition));
  WINZE_PETSC(KSPSetFromOptions(ksp));
  PetscErrorCode code = 0;
  {
    QuietErrors quiet;
    code = KSPSolve(ksp, vec_b, vec_x);
  }
  if (shell.failure) std::rethrow_exception(shell.failure);
  check(code, "KSPSolve");
  Kokkos::deep_copy(x, host_x);
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  PetscInt iterations = 0;
  WINZE_PETSC(KSPGetConvergedReason(ksp, &reason));
  WINZE_PETSC(KSPGetIterationNumber(ksp, &iterations));
  return {int(iterations), reason > 0 ? "" : in_words(reason, max_iterations)};
}

}  // namespace winze::linear
