#include "linear/aij.hpp"

#include <algorithm>
#include <numeric>

namespace winze::linear {
namespace {

/// Room for the rows of the live part: this rank's columns, and what the ranks that share a node may add.
template <class T>
void preallocate(const BlockMatrix<T>& a, const std::vector<GlobalIndex>& number, const std::vector<Index>& kept, Mat matrix) {
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

template <class T>
void assemble(const BlockMatrix<T>& a, const std::vector<GlobalIndex>& number, Mat matrix) {
  const SharedNodes& nodes = a.nodes();
  const int w = a.width(), stride = a.row_stride();
  View<T> diagonal("diagonal", size_t(a.n_owned_unknowns()));
  a.diagonal(diagonal);
  const std::vector<T> d = to_host(diagonal);
  T largest = 0;
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
      const T* block = a.block(node, k);
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

}  // namespace

template <class T>
LiveNodes number_live_nodes(const BlockMatrix<T>& a) {
  const SharedNodes& nodes = a.nodes();
  LiveNodes live{std::vector<GlobalIndex>(nodes.n_local(), -1), {}};
  for (Index node = 0; node < nodes.n_owned(); ++node) {
    bool unknown = false;
    for (int c = 0; c < a.width(); ++c) unknown |= !a.held()[size_t(node) * a.width() + c];
    if (unknown) live.kept.push_back(node);
  }
  GlobalIndex next = nodes.comm().exclusive_scan<GlobalIndex>(GlobalIndex(live.kept.size()));
  for (Index node : live.kept) live.number[node] = next++;
  nodes.update_ghosts(live.number.data(), 1);
  return live;
}

LiveNodes all_nodes(const SharedNodes& nodes) {
  LiveNodes all{std::vector<GlobalIndex>(nodes.n_local()), std::vector<Index>(nodes.n_owned())};
  for (Index node = 0; node < nodes.n_local(); ++node) all.number[node] = nodes.global(node);
  std::iota(all.kept.begin(), all.kept.end(), 0);
  return all;
}

template <class T>
OwnedMat make_aij(const BlockMatrix<T>& a, const LiveNodes& live) {
  const Comm& comm = a.nodes().comm();
  const PetscInt n = PetscInt(live.kept.size()) * a.width();
  petsc_index(comm.sum(GlobalIndex(n)));
  OwnedMat matrix;
  WINZE_PETSC(MatCreate(comm.handle(), &matrix));
  WINZE_PETSC(MatSetSizes(matrix, n, n, PETSC_DETERMINE, PETSC_DETERMINE));
  WINZE_PETSC(MatSetBlockSize(matrix, a.width()));
  WINZE_PETSC(MatSetType(matrix, MATAIJ));
  preallocate(a, live.number, live.kept, matrix);
  assemble(a, live.number, matrix);
  return matrix;
}

template LiveNodes number_live_nodes(const BlockMatrix<float>&);
template LiveNodes number_live_nodes(const BlockMatrix<double>&);
template OwnedMat make_aij(const BlockMatrix<float>&, const LiveNodes&);
template OwnedMat make_aij(const BlockMatrix<double>&, const LiveNodes&);

}  // namespace winze::linear
