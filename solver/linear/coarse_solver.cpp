#include "linear/coarse_solver.hpp"

#include "linear/aij.hpp"
#include "linear/algebraic.hpp"
#include "linear/petsc.hpp"

namespace winze::linear {

struct CoarseSolver::Petsc {
  OwnedMat a;
  OwnedKsp ksp;
  OwnedVec b, x;
  std::vector<Index> kept;  ///< owned nodes with an unknown, in the order of the PETSc rows
  std::vector<std::uint8_t> held;
  int width = 1;
  bool direct = true;
  PCType method = "";
  GlobalIndex n_unknowns = 0;
};

namespace {

/// Cholesky factors by CHOLMOD where PETSc has it: ten times faster than PETSc's own.
void use_factors(PC pc) {
  WINZE_PETSC(PCSetType(pc, PCCHOLESKY));
  PetscBool available = PETSC_FALSE;
  Mat example = nullptr;
  WINZE_PETSC(MatCreateSeqAIJ(PETSC_COMM_SELF, 1, 1, 1, nullptr, &example));
  MatGetFactorAvailable(example, MATSOLVERCHOLMOD, MAT_FACTOR_CHOLESKY, &available);
  MatDestroy(&example);
  if (available)
    WINZE_PETSC(PCFactorSetMatSolverType(pc, MATSOLVERCHOLMOD));
  else
    WINZE_PETSC(PCFactorSetMatOrderingType(pc, MATORDERINGND));
}

}  // namespace

CoarseSolver::CoarseSolver(const BlockMatrix<float>& a, const std::vector<double>& points, const MultigridOptions& options)
    : petsc_(std::make_unique<Petsc>()) {
  const SharedNodes& nodes = a.nodes();
  const MPI_Comm comm = nodes.comm().handle();
  Petsc& p = *petsc_;
  p.width = a.width();
  p.held = a.held();
  LiveNodes live = number_live_nodes(a);
  p.n_unknowns = nodes.comm().sum(GlobalIndex(live.kept.size())) * p.width;
  p.direct = options.coarse == MultigridOptions::Coarse::direct ||
             (options.coarse == MultigridOptions::Coarse::automatic && p.n_unknowns <= options.direct_limit);
  p.a = make_aij(a, live);
  p.kept = std::move(live.kept);
  WINZE_PETSC(MatSetOption(p.a, MAT_SYMMETRIC, PETSC_TRUE));
  WINZE_PETSC(MatSetOption(p.a, MAT_SPD, PETSC_TRUE));
  WINZE_PETSC(MatCreateVecs(p.a, &p.x, &p.b));
  const std::string prefix = options.prefix + "coarse_";
  WINZE_PETSC(KSPCreate(comm, &p.ksp));
  WINZE_PETSC(KSPSetOptionsPrefix(p.ksp, prefix.c_str()));
  WINZE_PETSC(KSPSetOperators(p.ksp, p.a, p.a));
  WINZE_PETSC(KSPSetNormType(p.ksp, KSP_NORM_NONE));
  PC pc = nullptr;
  WINZE_PETSC(KSPGetPC(p.ksp, &pc));
  if (p.direct) {
    WINZE_PETSC(KSPSetType(p.ksp, KSPPREONLY));
    if (nodes.comm().size() > 1) {
      WINZE_PETSC(PCSetType(pc, PCREDUNDANT));
      KSP inner = nullptr;
      WINZE_PETSC(PCRedundantGetKSP(pc, &inner));
      WINZE_PETSC(KSPGetPC(inner, &pc));
    }
    use_factors(pc);
  } else {
    WINZE_PETSC(KSPSetType(p.ksp, options.cycles > 1 ? KSPRICHARDSON : KSPPREONLY));
    if (options.cycles > 1) WINZE_PETSC(KSPSetTolerances(p.ksp, 0, 0, PETSC_DEFAULT, options.cycles));
    if (options.coarse == MultigridOptions::Coarse::gamg || !use_boomer(pc, prefix, p.width)) {
      set_near_null_space(p.a, points, p.kept, p.held, p.width);
      use_gamg(pc, prefix);
    }
  }
  WINZE_PETSC(KSPSetFromOptions(p.ksp));
  WINZE_PETSC(PCGetType(pc, &p.method));
  if (!p.direct) {
    WINZE_PETSC(KSPSetUp(p.ksp));
    return;
  }
  QuietErrors quiet;
  PetscErrorCode code = KSPSetUp(p.ksp);
  PCFailedReason failed = PC_NOERROR;
  if (code == 0) PCGetFailedReason(pc, &failed);
  if (nodes.comm().any(code != 0 || failed != PC_NOERROR))
    throw SolverError(
        "The coarsest level ({} unknowns) could not be factorised: look for a body without supports, or for moduli that are not positive.",
        p.n_unknowns);
}

CoarseSolver::~CoarseSolver() = default;

void CoarseSolver::solve(const View<float>& b, const View<float>& x) {
  Petsc& p = *petsc_;
  const int w = p.width;
  const auto from = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), b);
  PetscScalar* to = nullptr;
  WINZE_PETSC(VecGetArrayWrite(p.b, &to));
  for (size_t k = 0; k < p.kept.size(); ++k)
    for (int c = 0; c < w; ++c) {
      const size_t i = size_t(p.kept[k]) * w + c;
      to[k * w + c] = p.held[i] ? 0 : from[i];
    }
  WINZE_PETSC(VecRestoreArrayWrite(p.b, &to));
  WINZE_PETSC(KSPSolve(p.ksp, p.b, p.x));
  const auto host = Kokkos::create_mirror_view(x);
  Kokkos::deep_copy(host, 0.f);
  const PetscScalar* result = nullptr;
  WINZE_PETSC(VecGetArrayRead(p.x, &result));
  for (size_t k = 0; k < p.kept.size(); ++k)
    for (int c = 0; c < w; ++c) {
      const size_t i = size_t(p.kept[k]) * w + c;
      host[i] = p.held[i] ? 0.f : float(result[k * w + c]);
    }
  WINZE_PETSC(VecRestoreArrayRead(p.x, &result));
  Kokkos::deep_copy(x, host);
}

std::string CoarseSolver::describe() const { return fmt::format("{} unknowns, {}", petsc_->n_unknowns, petsc_->method); }

}  // namespace winze::linear
