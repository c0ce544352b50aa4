#include "linear/coarse_solver.hpp"

#include <algorithm>

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

/// Global numbers [n_local nodes] among the nodes that have an unknown; −1 for the others. Collective.
std::vector<GlobalIndex> number_live_nodes(const SharedNodes& nodes, const std::vector<std::uint8_t>& held, int width, std::vector<Index>& kept) {
  std::vector<GlobalIndex> number(nodes.n_local(), -1);
  kept.clear();
  for (Index node = 0; node < nodes.n_owned(); ++node) {
    bool live = false;
    for (int c = 0; c < width; ++c) live |= !held[size_t(node) * width + c];
    if (live) kept.push_back(node);
  }
  GlobalIndex next = nodes.comm().exclusive_scan<GlobalIndex>(GlobalIndex(kept.size()));
  for (Index node : kept) number[node] = next++;
  nodes.update_ghosts(number.data(), 1);
  return number;
}

/// Room for the rows of the live part: this rank's columns, and what the ranks that share a node may add.
void preallocate(const BlockMatrix<float>& a, const std::vector<GlobalIndex>& number, const std::vector<Index>& kept, Mat matrix) {
  const SharedNodes& nodes = a.nodes();
  std::vector<std::int32_t> others(nodes.n_local(), 0);
  for (Index node = nodes.n_owned(); node < nodes.n_local(); ++node) others[node] = a.pattern().length[node];
  nodes.add_to_owners(others.data(), 1);
  std::vector<PetscInt> here(kept.size(), 0), elsewhere(kept.size(), 0);
  for (size_t row = 0; row < kept.size(); ++row) {
    const Index node = kept[row];
    const Index* column = a.pattern().column.data() + size_t(a.pattern().row[node]) * BlockPattern::chunk;
    for (int k = 0; k < a.pattern().length[node]; ++k)
      if (number[column[k]] >= 0) ++(column[k] < nodes.n_owned() ? here : elsewhere)[row];
    here[row] = std::min<PetscInt>(here[row] + others[node], PetscInt(kept.size()));
    elsewhere[row] += others[node];
  }
  WINZE_PETSC(MatXAIJSetPreallocation(matrix, a.width(), here.data(), elsewhere.data(), nullptr, nullptr));
  WINZE_PETSC(MatSetOption(matrix, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_FALSE));
}

/// The live part of the matrix, the ranks' shares of a row summed. Held dofs of live nodes get a diagonal of the size of the others.
void assemble(const BlockMatrix<float>& a, const std::vector<GlobalIndex>& number, Mat matrix) {
  const SharedNodes& nodes = a.nodes();
  const int w = a.width(), stride = a.row_stride();
  View<float> diagonal("diagonal", size_t(a.n_owned_unknowns()));
  a.diagonal(diagonal);
  const std::vector<float> d = to_host(diagonal);
  float largest = 0;
  for (size_t i = 0; i < d.size(); ++i)
    if (!a.held()[i]) largest = std::max(largest, d[i]);
  largest = nodes.comm().max(largest);
  std::vector<PetscInt> columns;
  std::vector<PetscScalar> values;
  for (Index node = 0; node < nodes.n_local(); ++node) {
    if (number[node] < 0) continue;
    const Index* column = a.pattern().column.data() + size_t(a.pattern().row[node]) * BlockPattern::chunk;
    columns.clear();
    for (int k = 0; k < a.pattern().length[node]; ++k)
      if (number[column[k]] >= 0) columns.push_back(PetscInt(number[column[k]]));
    values.assign(columns.size() * w * w, 0);
    for (int k = 0, to = 0; k < a.pattern().length[node]; ++k) {
      if (number[column[k]] < 0) continue;
      const float* block = a.block(node, k);
      for (int c = 0; c < w; ++c)
        for (int e = 0; e < w; ++e) {
          const bool unit = column[k] == node && c == e && node < nodes.n_owned() && a.held()[size_t(node) * w + c];
          values[(size_t(c) * columns.size() + to) * w + e] = unit ? largest : block[c * stride + e];
        }
      ++to;
    }
    const PetscInt row = PetscInt(number[node]);
    WINZE_PETSC(MatSetValuesBlocked(matrix, 1, &row, PetscInt(columns.size()), columns.data(), values.data(), ADD_VALUES));
  }
  WINZE_PETSC(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY));
  WINZE_PETSC(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY));
}

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
  const std::vector<GlobalIndex> number = number_live_nodes(nodes, p.held, p.width, p.kept);
  const PetscInt n = PetscInt(p.kept.size()) * p.width;
  p.n_unknowns = nodes.comm().sum(GlobalIndex(n));
  petsc_index(p.n_unknowns);
  p.direct = options.coarse == MultigridOptions::Coarse::direct ||
             (options.coarse == MultigridOptions::Coarse::automatic && p.n_unknowns <= options.direct_limit);
  WINZE_PETSC(MatCreate(comm, &p.a));
  WINZE_PETSC(MatSetSizes(p.a, n, n, PETSC_DETERMINE, PETSC_DETERMINE));
  WINZE_PETSC(MatSetBlockSize(p.a, p.width));
  WINZE_PETSC(MatSetType(p.a, MATAIJ));
  preallocate(a, number, p.kept, p.a);
  assemble(a, number, p.a);
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
