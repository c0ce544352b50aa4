#include "linear/assembled.hpp"

#include "base/log.hpp"
#include "linear/aij.hpp"
#include "linear/algebraic.hpp"
#include "linear/petsc.hpp"

namespace winze::linear {
namespace {

OwnedMat assemble(const Triplets& triplets, const SharedNodes& nodes, int width) {
  OwnedMat a;
  const PetscInt n = nodes.n_owned() * width;
  petsc_index(nodes.n_global() * width);
  WINZE_PETSC(MatCreate(nodes.comm().handle(), &a));
  WINZE_PETSC(MatSetSizes(a, n, n, PETSC_DETERMINE, PETSC_DETERMINE));
  WINZE_PETSC(MatSetBlockSize(a, width));
  WINZE_PETSC(MatSetType(a, MATAIJ));
  std::vector<PetscInt> rows(triplets.row.begin(), triplets.row.end()), columns(triplets.column.begin(), triplets.column.end());
  WINZE_PETSC(MatSetPreallocationCOO(a, PetscCount(rows.size()), rows.data(), columns.data()));
  WINZE_PETSC(MatSetValuesCOO(a, triplets.value.data(), ADD_VALUES));
  return a;
}

/// Copies owned entries between a view and a PETSc vector.
void copy(const View<double>& from, Vec to, Index n) {
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), from);
  PetscScalar* array = nullptr;
  WINZE_PETSC(VecGetArrayWrite(to, &array));
  std::copy(host.data(), host.data() + n, array);
  WINZE_PETSC(VecRestoreArrayWrite(to, &array));
}
void copy(Vec from, const View<double>& to, Index n) {
  const auto host = Kokkos::create_mirror_view(to);
  const PetscScalar* array = nullptr;
  WINZE_PETSC(VecGetArrayRead(from, &array));
  std::copy(array, array + n, host.data());
  WINZE_PETSC(VecRestoreArrayRead(from, &array));
  Kokkos::deep_copy(to, host);
}

class Direct : public Preconditioner {
 public:
  Direct(const Triplets& matrix, const SharedNodes& nodes, int width, bool symmetric, const std::string& prefix)
      : n_(nodes.n_owned() * width), a_(assemble(matrix, nodes, width)) {
    WINZE_PETSC(MatSetOption(a_, MAT_SYMMETRIC, symmetric ? PETSC_TRUE : PETSC_FALSE));
    WINZE_PETSC(MatCreateVecs(a_, &x_, &b_));
    WINZE_PETSC(KSPCreate(nodes.comm().handle(), &ksp_));
    WINZE_PETSC(KSPSetOptionsPrefix(ksp_, (prefix + "direct_").c_str()));
    WINZE_PETSC(KSPSetOperators(ksp_, a_, a_));
    WINZE_PETSC(KSPSetType(ksp_, KSPPREONLY));
    PC pc = nullptr;
    WINZE_PETSC(KSPGetPC(ksp_, &pc));
    WINZE_PETSC(PCSetType(pc, symmetric ? PCCHOLESKY : PCLU));
    WINZE_PETSC(PCFactorSetMatSolverType(pc, MATSOLVERMUMPS));
    WINZE_PETSC(KSPSetFromOptions(ksp_));
    WINZE_PETSC(KSPSetUp(ksp_));
    PCFailedReason failed = PC_NOERROR;
    WINZE_PETSC(PCGetFailedReason(pc, &failed));
    if (nodes.comm().any(failed != PC_NOERROR))
      throw SolverError("The direct solver could not factorise {} unknowns: look for a body without supports, or give it more memory.",
                        nodes.n_global() * width);
  }
  void apply(const View<double>& r, const View<double>& z) override {
    copy(r, b_, n_);
    WINZE_PETSC(KSPSolve(ksp_, b_, x_));
    copy(x_, z, n_);
  }

 private:
  Index n_;
  OwnedMat a_;
  OwnedVec x_, b_;
  OwnedKsp ksp_;
};

}  // namespace

std::unique_ptr<Preconditioner> make_direct(const Triplets& matrix, const SharedNodes& nodes, int width, bool symmetric, const std::string& prefix) {
  return std::make_unique<Direct>(matrix, nodes, width, symmetric, prefix);
}

struct AssembledSystem::Petsc {
  Comm comm;
  Index n;
  OwnedMat a;
  OwnedVec x, b;
  double seconds;  ///< of the assembly
};

AssembledSystem::AssembledSystem(const BlockMatrix<double>& matrix, const std::vector<double>& points) {
  const double start = wall_time();
  const LiveNodes all = all_nodes(matrix.nodes());
  petsc_ = std::make_unique<Petsc>(Petsc{matrix.nodes().comm(), matrix.n_owned_unknowns(), make_aij(matrix, all), {}, {}, 0});
  Petsc& p = *petsc_;
  WINZE_PETSC(MatSetOption(p.a, MAT_SPD, PETSC_TRUE));
  WINZE_PETSC(MatCreateVecs(p.a, &p.x, &p.b));
  set_near_null_space(p.a, points, all.kept, matrix.held(), matrix.width());
  p.seconds = wall_time() - start;
}
AssembledSystem::~AssembledSystem() = default;

void AssembledSystem::multiply(const View<double>& x, const View<double>& y) const {
  copy(x, petsc_->x, petsc_->n);
  WINZE_PETSC(MatMult(petsc_->a, petsc_->x, petsc_->b));
  copy(petsc_->b, y, petsc_->n);
}

SolveReport AssembledSystem::solve(const View<double>& b, const View<double>& x, Method method, double tolerance) {
  Petsc& p = *petsc_;
  double start = wall_time();
  OwnedKsp ksp;
  const std::string prefix = "assembled_";
  WINZE_PETSC(KSPCreate(p.comm.handle(), &ksp));
  WINZE_PETSC(KSPSetOptionsPrefix(ksp, prefix.c_str()));
  WINZE_PETSC(KSPSetOperators(ksp, p.a, p.a));
  WINZE_PETSC(KSPSetType(ksp, KSPCG));
  WINZE_PETSC(KSPSetNormType(ksp, KSP_NORM_UNPRECONDITIONED));
  WINZE_PETSC(KSPSetTolerances(ksp, tolerance, PETSC_DEFAULT, PETSC_DEFAULT, 1000));
  PC pc = nullptr;
  WINZE_PETSC(KSPGetPC(ksp, &pc));
  PetscInt width = 1;
  WINZE_PETSC(MatGetBlockSize(p.a, &width));
  if (method == Method::gamg || !use_boomer(pc, prefix, int(width))) use_gamg(pc, prefix);
  WINZE_PETSC(KSPSetFromOptions(ksp));
  WINZE_PETSC(KSPSetUp(ksp));
  SolveReport report;
  report.setup_seconds = p.seconds + wall_time() - start;
  start = wall_time();
  copy(b, p.b, p.n);
  WINZE_PETSC(KSPSolve(ksp, p.b, p.x));
  copy(p.x, x, p.n);
  report.solve_seconds = wall_time() - start;
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  PetscInt iterations = 0;
  PetscReal norm = 0, reference = 0;
  WINZE_PETSC(KSPGetConvergedReason(ksp, &reason));
  WINZE_PETSC(KSPGetIterationNumber(ksp, &iterations));
  WINZE_PETSC(KSPGetResidualNorm(ksp, &norm));
  WINZE_PETSC(VecNorm(p.b, NORM_2, &reference));
  report.converged = reason > 0;
  report.iterations = int(iterations);
  report.relative_residual = reference > 0 ? norm / reference : 0;
  if (!report.converged) report.reason = KSPConvergedReasons[reason];
  return report;
}

}  // namespace winze::linear
