#include "fem/tie_term.hpp"

#include <algorithm>
#include <map>

#include "fem/batch.hpp"
#include "fem/constrained.hpp"

namespace winze::fem {
namespace {

constexpr int n_nodes = 45;
using mesh::TiedFace;

/// [quarter bit][row][column]: values at the three nodes of a half of a line from those of the whole line.
constexpr double half_line[2][3][3] = {{{1, 0, 0}, {0.375, 0.75, -0.125}, {0, 1, 0}}, {{0, 1, 0}, {-0.125, 0.75, 0.375}, {0, 0, 1}}};
constexpr double mass[3][3] = {{4.0 / 15, 2.0 / 15, -1.0 / 15}, {2.0 / 15, 16.0 / 15, 2.0 / 15}, {-1.0 / 15, 2.0 / 15, 4.0 / 15}};
/// Slope and bend, in edges of a, of the lines of a at its face from its nodes (the last one on the face), and of b from its nodes (the first on the
/// face), b as large as a.
constexpr double of_a[2][3] = {{1, -4, 3}, {4, -8, 4}}, of_b[2][3] = {{-3, 4, -1}, {4, -8, 4}};

/// out = M in along the first axis (stride 1) or the second (3) of [3][3] values.
template <int stride, bool transposed, class S, class V>
KOKKOS_FORCEINLINE_FUNCTION void along(const double (&m)[3][3], const V* in, V* out) {
  for (int line = 0; line < 3; ++line)
    for (int i = 0; i < 3; ++i) {
      V sum{};
      for (int j = 0; j < 3; ++j) sum += S(transposed ? m[j][i] : m[i][j]) * in[line * (4 - stride) + j * stride];
      out[line * (4 - stride) + i * stride] = sum;
    }
}

/// r = K u for c h = 1; u, r [45]. `whole`: quarter is TiedFace::whole.
template <bool whole, class S, class V>
KOKKOS_FORCEINLINE_FUNCTION void apply(int quarter, const V* u, V* r) {
  const double(&first)[3][3] = half_line[quarter & 1], (&second)[3][3] = half_line[quarter >> 1 & 1];
  V force[2][9], there[2][9], part[9];
  constexpr double shrink[2] = {whole ? 1 : 0.5, whole ? 1 : 0.25};  // slopes and bends in edges of a: those of a larger b count half, a quarter
  constexpr double gamma[2] = {tie_slope, tie_bend};
  for (int k = 0; k < 2; ++k) {
    V jump[9];
    for (int i = 0; i < 9; ++i)
      jump[i] = S(of_a[k][2] - shrink[k] * of_b[k][0]) * u[18 + i] - S(shrink[k] * of_b[k][1]) * u[27 + i] - S(shrink[k] * of_b[k][2]) * u[36 + i];
    if constexpr (!whole) along<1, false, S>(first, jump, part), along<3, false, S>(second, part, jump);
    for (int i = 0; i < 9; ++i) jump[i] += S(of_a[k][0]) * u[i] + S(of_a[k][1]) * u[9 + i];
    along<1, false, S>(mass, jump, part), along<3, false, S>(mass, part, force[k]);
    for (int i = 0; i < 9; ++i) force[k][i] *= S(0.25 * gamma[k]);  // a quarter: the face from [−1, 1]²
    if constexpr (!whole)
      along<1, true, S>(first, force[k], part), along<3, true, S>(second, part, there[k]);
    else
      for (int i = 0; i < 9; ++i) there[k][i] = force[k][i];
  }
  for (int i = 0; i < 9; ++i) {
    r[i] = S(of_a[0][0]) * force[0][i] + S(of_a[1][0]) * force[1][i];
    r[9 + i] = S(of_a[0][1]) * force[0][i] + S(of_a[1][1]) * force[1][i];
    r[18 + i] = S(of_a[0][2] - shrink[0] * of_b[0][0]) * there[0][i] + S(of_a[1][2] - shrink[1] * of_b[1][0]) * there[1][i];
    r[27 + i] = -(S(shrink[0] * of_b[0][1]) * there[0][i] + S(shrink[1] * of_b[1][1]) * there[1][i]);
    r[36 + i] = -(S(shrink[0] * of_b[0][2]) * there[0][i] + S(shrink[1] * of_b[1][2]) * there[1][i]);
  }
}
template <class V, class S>
KOKKOS_INLINE_FUNCTION void apply(int quarter, const V* u, V* r) {
  quarter == TiedFace::whole ? apply<true, S>(quarter, u, r) : apply<false, S>(quarter, u, r);
}

std::vector<double> dense(int quarter) {
  std::vector<double> k(n_nodes * n_nodes);
  double u[n_nodes], r[n_nodes];
  for (int j = 0; j < n_nodes; ++j) {
    std::fill_n(u, n_nodes, 0.0);
    u[j] = 1;
    apply<double, double>(quarter, u, r);
    for (int i = 0; i < n_nodes; ++i) k[i * n_nodes + j] = r[i];
  }
  return k;
}

}  // namespace

std::vector<Tie> active_ties(const mesh::Mesh& mesh, const std::vector<double>& cells) {
  std::vector<Tie> ties;
  const auto& faces = mesh.cuts.tied.faces;
  for (Index f = 0; f < Index(faces.size()); ++f) {
    const double *a = &cells[2 * std::size_t(faces[f].a)], *b = &cells[2 * std::size_t(faces[f].b)];
    if (a[0] > 0 && b[0] > 0 && std::min(a[0], b[0]) < 1 - 1e-12) ties.push_back({f, 0.5 * (a[1] / a[0] + b[1] / b[0])});
  }
  return ties;
}

void tie_nodes(const mesh::TiedCells& cells, const TiedFace& face, Index* nodes) {
  static constexpr int stride[3] = {1, 3, 9};
  const int n = stride[face.axis], s = stride[(face.axis + 1) % 3], t = stride[(face.axis + 2) % 3];
  const Index *a = &cells.nodes[27 * std::size_t(face.a)], *b = &cells.nodes[27 * std::size_t(face.b)];
  for (int j = 0; j < 3; ++j)
    for (int i = 0; i < 3; ++i) {
      const int at = i * s + j * t, place = 3 * j + i;
      nodes[place] = a[at + (face.side ? 0 : 2) * n];
      nodes[9 + place] = a[at + n];
      nodes[18 + place] = b[at + (face.side ? 0 : 2) * n];
      nodes[27 + place] = b[at + n];
      nodes[36 + place] = b[at + (face.side ? 2 : 0) * n];
    }
}

SurfaceMatrix tie_matrix(const mesh::TiedCells& cells, const TiedFace& face) {
  static const std::vector<double> of_quarter[5] = {dense(0), dense(1), dense(2), dense(3), dense(TiedFace::whole)};
  SurfaceMatrix matrix{std::vector<Index>(n_nodes), of_quarter[face.quarter]};
  tie_nodes(cells, face, matrix.nodes.data());
  for (double& v : matrix.value) v *= cells.edge[face.a];
  return matrix;
}

template <class T, int width>
TieTerm<T, width>::TieTerm(const mesh::Mesh& mesh, const std::vector<Tie>& ties) {
  constexpr int W = pack_width<T>;
  const mesh::TiedCells& cells = mesh.cuts.tied;
  std::vector<Index> connectivity;
  std::vector<T> coefficients;
  std::vector<std::int8_t> quarters;
  for (int quarter = 0; quarter < 5; ++quarter) {
    std::vector<Tie> of_kind;
    for (const Tie& tie : ties)
      if (cells.faces[tie.face].quarter == quarter) of_kind.push_back(tie);
    for (std::size_t first = 0; first < of_kind.size(); first += W) {
      const std::size_t batch = quarters.size();
      quarters.push_back(std::int8_t(quarter));
      connectivity.resize((batch + 1) * n_nodes * W);
      for (std::size_t lane = 0; lane < W; ++lane) {
        const Tie& tie = of_kind[std::min(first + lane, of_kind.size() - 1)];
        Index nodes[n_nodes];
        tie_nodes(cells, cells.faces[tie.face], nodes);
        for (int i = 0; i < n_nodes; ++i) connectivity[(batch * n_nodes + i) * W + lane] = nodes[i];
        coefficients.push_back(first + lane < of_kind.size() ? T(tie.coefficient * cells.edge[cells.faces[tie.face].a]) : T(0));
      }
    }
  }
  n_batches_ = Index(quarters.size());
  connectivity_ = to_device(connectivity, "ties"), coefficients_ = to_device(coefficients, "ties"), quarter_ = to_device(quarters, "ties");

  const std::vector<Index> row = rows_of_nodes(mesh.hanging, mesh.nodes.n_local());
  std::vector<double> diagonal(mesh.nodes.n_local(), 0), bounded(diagonal);
  std::map<int, double> bound_of_quarter;
  for (const Tie& tie : ties) {
    const TiedFace& face = cells.faces[tie.face];
    const SurfaceMatrix raw = tie_matrix(cells, face), matrix = reduced(mesh.hanging, row, raw);
    const std::size_t n = matrix.nodes.size();
    double bound = 0;
    if (matrix.nodes == raw.nodes) {
      const auto [at, fresh] = bound_of_quarter.try_emplace(face.quarter, 0);
      if (fresh) at->second = measure(matrix.value, int(n)).bound;
      bound = at->second;
    } else {
      bound = measure(matrix.value, int(n)).bound;
    }
    bound_ = std::max(bound_, bound);
    for (std::size_t i = 0; i < n; ++i) {
      diagonal[matrix.nodes[i]] += tie.coefficient * matrix.value[i * n + i];
      bounded[matrix.nodes[i]] += bound * tie.coefficient * matrix.value[i * n + i];
    }
  }
  std::vector<Index> at;
  std::vector<T> values, bounds;
  for (Index n = 0; n < Index(diagonal.size()); ++n)
    if (diagonal[n] != 0) at.push_back(n), values.push_back(T(diagonal[n])), bounds.push_back(T(bounded[n]));
  at_ = to_device(at, "ties"), diagonal_ = to_device(values, "ties"), bounded_ = to_device(bounds, "ties");
}

template <class T, int width>
void TieTerm<T, width>::add(const View<T>& x, const View<T>& y) const {
  constexpr int W = pack_width<T>;
  using V = Pack<T, W>;
  const View<Index> connectivity = connectivity_;
  const View<T> coefficients = coefficients_;
  const View<std::int8_t> quarter = quarter_;
  parallel_for(
      "ties", n_batches_, KOKKOS_LAMBDA(Index batch) {
        V u[width][n_nodes], r[width][n_nodes];
        const Index* nodes = connectivity.data() + std::size_t(batch) * n_nodes * W;
        gather<T, W>(x.data(), nodes, u);
        const V c = Lanes<T, W>::load(coefficients.data() + std::size_t(batch) * W);
        for (int component = 0; component < width; ++component) {
          apply<V, T>(quarter(batch), u[component], r[component]);
          for (int i = 0; i < n_nodes; ++i) r[component][i] *= c;
        }
        scatter<T, W>(y.data(), nodes, r);
      });
}

template <class T, int width>
void TieTerm<T, width>::add_nodal(const View<T>& values, const View<T>& d) const {
  const View<Index> at = at_;
  parallel_for(
      "ties", Index(at.size()), KOKKOS_LAMBDA(Index i) {
        for (int c = 0; c < width; ++c) d(std::size_t(at(i)) * width + c) += values(i);
      });
}
template <class T, int width>
void TieTerm<T, width>::add_diagonal(const View<T>& d) const {
  add_nodal(diagonal_, d);
}
template <class T, int width>
void TieTerm<T, width>::add_bounded_diagonal(const View<T>& d) const {
  add_nodal(bounded_, d);
}

template <int width>
void subtract_ties(const mesh::Mesh& mesh, const std::vector<Tie>& ties, const std::vector<double>& u, double* f) {
  const mesh::TiedCells& cells = mesh.cuts.tied;
  double in[n_nodes], out[n_nodes];
  Index nodes[n_nodes];
  for (const Tie& tie : ties) {
    const TiedFace& face = cells.faces[tie.face];
    tie_nodes(cells, face, nodes);
    for (int c = 0; c < width; ++c) {
      for (int i = 0; i < n_nodes; ++i) in[i] = u[std::size_t(nodes[i]) * width + c];
      apply<double, double>(face.quarter, in, out);
      for (int i = 0; i < n_nodes; ++i) f[std::size_t(nodes[i]) * width + c] -= tie.coefficient * cells.edge[face.a] * out[i];
    }
  }
  mesh.add_to_owners(f, width);
}

template class TieTerm<double, 1>;
template class TieTerm<float, 1>;
template class TieTerm<double, 3>;
template class TieTerm<float, 3>;
template void subtract_ties<1>(const mesh::Mesh&, const std::vector<Tie>&, const std::vector<double>&, double*);
template void subtract_ties<3>(const mesh::Mesh&, const std::vector<Tie>&, const std::vector<double>&, double*);

}  // namespace winze::fem
