/// Matrices of linear elements (8 or 4 vertices), W of them at a time in single precision, one lane per element: stiffness, capacity, the Galerkin
/// sum over children, and the eigenvalue bound of the smoother. Host code of the multigrid set-up.
#pragma once
#include <array>
#include <cmath>

#include "base/simd.hpp"
#include "base/tensor.hpp"
#include "base/types.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::fem {

inline constexpr int level_lanes = pack_width<float>;
using LevelPack = Pack<float, level_lanes>;

/// Symmetric matrices by blocks: k[pair(a, b)] for a ≤ b is the width × width block of vertices a and b.
template <int nv, int width>
struct ElementPack {
  static constexpr int n_pairs = nv * (nv + 1) / 2, n_values = n_pairs * width * width;
  LevelPack k[n_pairs][width][width];
  static constexpr int pair(int a, int b) { return b * (b + 1) / 2 + a; }
  const LevelPack& entry(int a, int c, int b, int d) const { return a <= b ? k[pair(a, b)][c][d] : k[pair(b, a)][d][c]; }
};

/// Gradients of the shape functions at the points of the rule of a linear shape.
template <int nv>
struct LinearRule {
  static constexpr int n_points = nv == 8 ? 8 : 4;
  double weight[n_points], n[n_points][nv], dn[n_points][nv][3];
  LinearRule() {
    const mesh::Shape shape = nv == 8 ? mesh::Shape::hex8 : mesh::Shape::tet4;
    // hex: 2×2×2 Gauss; tet: 4 points of degree 2 (Hammer & Stroud 1956), exact for the capacity.
    const double g = 1 / std::sqrt(3.0), near = 0.58541019662496845446, far = 0.13819660112501051518;
    for (int q = 0; q < n_points; ++q) {
      Vector3 xi;
      for (int d = 0; d < 3; ++d) xi[d] = nv == 8 ? (q >> d & 1 ? g : -g) : (q == d + 1 ? near : far);
      weight[q] = nv == 8 ? 1.0 : 1.0 / 24;
      mesh::shape_functions(shape, xi, n[q], dn[q]);
    }
  }
};

/// g[pair(a, b)][j][l] = ∫ ∂N_a/∂x_j ∂N_b/∂x_l and, unless null, m[pair(a, b)] = ∫ N_a N_b, for vertices x[nv][3]. Returns the smallest det J.
template <int nv>
LevelPack gradient_products(const LevelPack (&x)[nv][3], LevelPack (&g)[nv * (nv + 1) / 2][3][3], LevelPack* m) {
  static const LinearRule<nv> rule;
  constexpr int n_pairs = nv * (nv + 1) / 2;
  for (int p = 0; p < n_pairs; ++p)
    for (int j = 0; j < 3; ++j)
      for (int l = 0; l < 3; ++l) g[p][j][l] = LevelPack{};
  if (m)
    for (int p = 0; p < n_pairs; ++p) m[p] = LevelPack{};
  LevelPack smallest = LevelPack{} + 1e30f;
  for (int q = 0; q < LinearRule<nv>::n_points; ++q) {
    LevelPack jacobian[3][3] = {};
    for (int v = 0; v < nv; ++v)
      for (int c = 0; c < 3; ++c)
        for (int d = 0; d < 3; ++d) jacobian[c][d] += float(rule.dn[q][v][d]) * x[v][c];
    LevelPack cofactor[3][3];
    for (int c = 0; c < 3; ++c)
      for (int d = 0; d < 3; ++d) {
        const int c1 = (c + 1) % 3, c2 = (c + 2) % 3, d1 = (d + 1) % 3, d2 = (d + 2) % 3;
        cofactor[c][d] = jacobian[c1][d1] * jacobian[c2][d2] - jacobian[c1][d2] * jacobian[c2][d1];
      }
    const LevelPack det = jacobian[0][0] * cofactor[0][0] + jacobian[0][1] * cofactor[0][1] + jacobian[0][2] * cofactor[0][2];
    smallest = det < smallest ? det : smallest;
    const LevelPack scale = 1.f / det, w = float(rule.weight[q]) * scale;
    LevelPack b[nv][3];  // gradient · det
    for (int v = 0; v < nv; ++v)
      for (int c = 0; c < 3; ++c) {
        b[v][c] = LevelPack{};
        for (int d = 0; d < 3; ++d) b[v][c] += float(rule.dn[q][v][d]) * cofactor[c][d];
      }
    for (int v = 0; v < nv; ++v) {
      const LevelPack wb[3] = {w * b[v][0], w * b[v][1], w * b[v][2]};
      for (int u = 0; u <= v; ++u)
        for (int j = 0; j < 3; ++j)
          for (int l = 0; l < 3; ++l) g[ElementPack<nv, 1>::pair(u, v)][j][l] += b[u][j] * wb[l];
    }
    if (m)
      for (int v = 0; v < nv; ++v)
        for (int u = 0; u <= v; ++u) m[ElementPack<nv, 1>::pair(u, v)] += float(rule.weight[q] * rule.n[q][u] * rule.n[q][v]) * det;
  }
  return smallest;
}

/// K[(a, i), (b, k)] = Σ C_ijkl g_jl; c in the order [i][j][k][l].
template <int nv>
void elastic_stiffness(const LevelPack (&g)[nv * (nv + 1) / 2][3][3], const LevelPack (&c)[3][3][3][3], ElementPack<nv, 3>& k) {
  for (int p = 0; p < ElementPack<nv, 3>::n_pairs; ++p)
    for (int i = 0; i < 3; ++i)
      for (int m = 0; m < 3; ++m) {
        LevelPack sum = {};
        for (int j = 0; j < 3; ++j)
          for (int l = 0; l < 3; ++l) sum += c[i][j][m][l] * g[p][j][l];
        k.k[p][i][m] = sum;
      }
}

/// coarse = Tᵀ K T lane by lane; t[v][c]: weight of the parent's vertex c at the child's vertex v.
template <int nv, int width>
void to_parent(const ElementPack<nv, width>& k, const LevelPack (&t)[nv][nv], ElementPack<nv, width>& coarse) {
  for (int b = 0; b < nv; ++b) {
    LevelPack half[nv][width][width];  // Σ_v K[a][v] t[v][b]
    for (int a = 0; a < nv; ++a)
      for (int c = 0; c < width; ++c)
        for (int d = 0; d < width; ++d) {
          LevelPack sum = {};
          for (int v = 0; v < nv; ++v) sum += k.entry(a, c, v, d) * t[v][b];
          half[a][c][d] = sum;
        }
    for (int a = 0; a <= b; ++a)
      for (int c = 0; c < width; ++c)
        for (int d = 0; d < width; ++d) {
          LevelPack sum = {};
          for (int v = 0; v < nv; ++v) sum += t[v][a] * half[v][c][d];
          coarse.k[ElementPack<nv, width>::pair(a, b)][c][d] = sum;
        }
  }
}

/// Largest eigenvalue of the pencils (K, diag K), by power iteration, over the first n lanes.
template <int nv, int width>
double eigenvalue_bound(const ElementPack<nv, width>& k, int n_lanes) {
  constexpr int steps = 12;
  constexpr float safety = 1.02f;  ///< twelve steps come from below
  LevelPack u[nv][width], inverse[nv][width], diagonal[nv][width], largest = {};
  for (int a = 0; a < nv; ++a)
    for (int c = 0; c < width; ++c) {
      const LevelPack d = k.entry(a, c, a, c);
      diagonal[a][c] = d;
      inverse[a][c] = d > 0.f ? 1.f / d : LevelPack{};
      u[a][c] = LevelPack{} + float(std::sin(1.7 * (a * width + c) + 0.3));
    }
  for (int step = 0; step < steps; ++step) {
    LevelPack w[nv][width], top = {}, bottom = LevelPack{} + 1e-30f;
    for (int a = 0; a < nv; ++a)
      for (int c = 0; c < width; ++c) {
        LevelPack sum = {};
        for (int b = 0; b < nv; ++b)
          for (int d = 0; d < width; ++d) sum += k.entry(a, c, b, d) * u[b][d];
        w[a][c] = sum;
        top += u[a][c] * sum;
        bottom += u[a][c] * diagonal[a][c] * u[a][c];
      }
    largest = top / bottom;
    const LevelPack scale = largest > 0.f ? 1.f / largest : LevelPack{};
    for (int a = 0; a < nv; ++a)
      for (int c = 0; c < width; ++c) u[a][c] = scale * w[a][c] * inverse[a][c];
  }
  double bound = 0;
  for (int lane = 0; lane < n_lanes; ++lane) bound = std::max(bound, double(safety * largest[lane]));
  return bound;
}

/// C_ijkl of Kelvin-form moduli.
inline std::array<float, 81> plain_moduli(const Moduli& kelvin) {
  constexpr int index[3][3] = {{0, 5, 4}, {5, 1, 3}, {4, 3, 2}};
  std::array<float, 81> c;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 3; ++k)
        for (int l = 0; l < 3; ++l)
          c[27 * i + 9 * j + 3 * k + l] = float(kelvin[index[i][j]][index[k][l]] / ((i == j ? 1 : sqrt2) * (k == l ? 1 : sqrt2)));
  return c;
}

}  // namespace winze::fem
