#include "fem/points.hpp"

#include "base/error.hpp"
#include "fem/point_tables.hpp"

namespace winze::fem {
namespace {

/// Coordinates of the element's nodes relative to its first node, which keeps the digits of small cells far from the origin.
template <class Table>
void gather_coordinates(const mesh::Mesh& mesh, Index element, double (*x)[3]) {
  const Index* nodes = mesh.nodes_of(element);
  const double* origin = &mesh.points[3 * std::size_t(nodes[0])];
  for (int a = 0; a < Table::n_nodes; ++a)
    for (int c = 0; c < 3; ++c) x[a][c] = mesh.points[3 * std::size_t(nodes[a]) + c] - origin[c];
}

/// gradient[axis][c] = ∂(nodal c)/∂ξ_axis at the points of pack p.
template <class Table, int n>
void gradients(const Table& table, const double (*nodal)[n], int p, typename Table::Lanes (*gradient)[n]) {
  typename Table::Lanes sum[3][n] = {};
  for (int a = 0; a < Table::n_nodes; ++a)
    for (int axis = 0; axis < 3; ++axis)
      for (int c = 0; c < n; ++c) sum[axis][c] += table.gradient[a][axis][p] * nodal[a][c];
  for (int axis = 0; axis < 3; ++axis)
    for (int c = 0; c < n; ++c) gradient[axis][c] = sum[axis][c];
}

/// cofactor[j][k] = det J · ∂ξ_j/∂x_k from g[j][i] = ∂x_i/∂ξ_j (only the first three columns are read); returns det J.
template <class Lanes, int n>
Lanes cofactors(const Lanes (*g)[n], Lanes (*cofactor)[3]) {
  for (int j = 0; j < 3; ++j) {
    const Lanes *a = g[(j + 1) % 3], *b = g[(j + 2) % 3];
    for (int k = 0; k < 3; ++k) cofactor[j][k] = a[(k + 1) % 3] * b[(k + 2) % 3] - a[(k + 2) % 3] * b[(k + 1) % 3];
  }
  return g[0][0] * cofactor[0][0] + g[0][1] * cofactor[0][1] + g[0][2] * cofactor[0][2];
}

/// body(point, n[27], slope[27][3]) at the points of a cut element: shape functions and their slopes in space.
template <class Body>
void at_cut_points(const mesh::Mesh& mesh, const Points& points, Index e, const Body& body) {
  const Index cut = mesh.cuts.of_element[e], *nodes = mesh.nodes_of(e);
  const double stretch = 2 / (mesh.points[3 * std::size_t(nodes[26])] - mesh.points[3 * std::size_t(nodes[0])]);
  double n[mesh::max_nodes], dn[mesh::max_nodes][3];
  for (GlobalIndex q = points.offset[e]; q < points.offset[e + 1]; ++q) {
    mesh::shape_functions(mesh::Shape::hex27, mesh.cuts.points[mesh.cuts.offset[cut] + q - points.offset[e]].at, n, dn);
    for (auto& slope : dn)
      for (double& d : slope) d *= stretch;
    body(std::size_t(q), n, dn);
  }
}

/// f[node][width] += Σ over points N · load[point][width], over active elements.
template <int width>
void add_loads(const mesh::Mesh& mesh, const Points& points, const std::vector<char>& active, const double* load, double* f) {
  with_point_table(mesh.shape, [&](const auto& table) {
    using Table = std::decay_t<decltype(table)>;
    for (Index e = 0; e < mesh.n_elements(); ++e) {
      if (!active[e]) continue;
      if (!mesh.cuts.whole(e)) {
        double sum[mesh::max_nodes][width] = {};
        at_cut_points(mesh, points, e, [&](std::size_t q, const double* n, const double(*)[3]) {
          for (int a = 0; a < mesh::max_nodes; ++a)
            for (int c = 0; c < width; ++c) sum[a][c] += n[a] * points.volume[q] * load[q * width + c];
        });
        for (int a = 0; a < mesh::max_nodes; ++a)
          for (int c = 0; c < width; ++c) f[std::size_t(mesh.nodes_of(e)[a]) * width + c] += sum[a][c];
        continue;
      }
      typename Table::Lanes sum[width][Table::node_packs] = {};
      for (int q = 0; q < Table::n_points; ++q) {
        const std::size_t point = points.offset[e] + q;
        for (int c = 0; c < width; ++c) {
          const double s = points.volume[point] * load[point * width + c];
          for (int p = 0; p < Table::node_packs; ++p) sum[c][p] += table.value_by_node[q][p] * s;
        }
      }
      const Index* nodes = mesh.nodes_of(e);
      for (int a = 0; a < Table::n_nodes; ++a)
        for (int c = 0; c < width; ++c) f[std::size_t(nodes[a]) * width + c] += sum[c][a / Table::width][a % Table::width];
    }
  });
  mesh.add_to_owners(f, width);
}

}  // namespace

Points make_points(const mesh::Mesh& mesh) {
  Points points;
  const GlobalIndex n_elements = mesh.n_elements();
  Index inverted = -1;
  with_point_table(mesh.shape, [&](const auto& table) {
    using Table = std::decay_t<decltype(table)>;
    using Lanes = typename Table::Lanes;
    points.offset.assign(n_elements + 1, 0);
    for (GlobalIndex e = 0; e < n_elements; ++e) {
      const Index cut = mesh.cuts.whole(Index(e)) ? -1 : mesh.cuts.of_element[e];
      points.offset[e + 1] = points.offset[e] + (cut < 0 ? Table::n_points : mesh.cuts.offset[cut + 1] - mesh.cuts.offset[cut]);
    }
    points.position.resize(std::size_t(points.offset.back()) * 3);
    points.volume.resize(std::size_t(points.offset.back()));
    for (Index e = 0; e < n_elements; ++e) {
      if (!mesh.cuts.whole(e)) {
        const Vector3 low = mesh.point(mesh.nodes_of(e)[0]), high = mesh.point(mesh.nodes_of(e)[Table::n_nodes - 1]);
        const mesh::WeightedPoint* own = &mesh.cuts.points[mesh.cuts.offset[mesh.cuts.of_element[e]]];
        for (GlobalIndex q = points.offset[e]; q < points.offset[e + 1]; ++q, ++own) {
          points.volume[q] = own->weight;
          for (int c = 0; c < 3; ++c) points.position[3 * q + c] = low[c] + 0.5 * (own->at[c] + 1) * (high[c] - low[c]);
        }
        continue;
      }
      double x[Table::n_nodes][3];
      gather_coordinates<Table>(mesh, e, x);
      const double* origin = &mesh.points[3 * std::size_t(mesh.nodes_of(e)[0])];
      for (int p = 0; p < Table::point_packs; ++p) {
        Lanes g[3][3], cofactor[3][3], position[3] = {};
        gradients(table, x, p, g);
        const Lanes volume = table.weight[p] * cofactors(g, cofactor);
        for (int a = 0; a < Table::n_nodes; ++a)
          for (int c = 0; c < 3; ++c) position[c] += table.value[a][p] * x[a][c];
        for (int q = p * Table::width; q < std::min((p + 1) * Table::width, Table::n_points); ++q) {
          const std::size_t point = points.offset[e] + q;
          points.volume[point] = volume[q % Table::width];
          if (!(points.volume[point] > 0) && inverted < 0) inverted = e;
          for (int c = 0; c < 3; ++c) points.position[3 * point + c] = origin[c] + position[c][q % Table::width];
        }
      }
    }
  });
  mesh.comm.together([&] {
    if (inverted < 0) return;
    const Vector3 at = mesh.point(mesh.nodes_of(inverted)[0]);
    throw InputError("cell near ({:g}, {:g}, {:g}) m is inverted at an integration point: its nodes must span a positive volume everywhere", at[0],
                     at[1], at[2]);
  });
  return points;
}

void strain_at_points(const mesh::Mesh& mesh, const Points& points, const std::vector<char>& active, const double* u, double* strain) {
  with_point_table(mesh.shape, [&](const auto& table) {
    using Table = std::decay_t<decltype(table)>;
    using Lanes = typename Table::Lanes;
    for (Index e = 0; e < mesh.n_elements(); ++e) {
      if (!active[e]) continue;
      const Index* nodes = mesh.nodes_of(e);
      if (!mesh.cuts.whole(e)) {
        at_cut_points(mesh, points, e, [&](std::size_t q, const double*, const double(*slope)[3]) {
          double h[3][3] = {};
          for (int a = 0; a < mesh::max_nodes; ++a)
            for (int c = 0; c < 3; ++c)
              for (int k = 0; k < 3; ++k) h[c][k] += u[3 * std::size_t(nodes[a]) + c] * slope[a][k];
          constexpr double half = 1 / sqrt2;
          const double kelvin[6] = {h[0][0], h[1][1], h[2][2], (h[1][2] + h[2][1]) * half, (h[0][2] + h[2][0]) * half, (h[0][1] + h[1][0]) * half};
          std::copy_n(kelvin, 6, strain + 6 * q);
        });
        continue;
      }
      double nodal[Table::n_nodes][6];  // coordinates, displacement
      const double* origin = &mesh.points[3 * std::size_t(nodes[0])];
      for (int a = 0; a < Table::n_nodes; ++a)
        for (int c = 0; c < 3; ++c) {
          nodal[a][c] = mesh.points[3 * std::size_t(nodes[a]) + c] - origin[c];
          nodal[a][3 + c] = u[3 * std::size_t(nodes[a]) + c];
        }
      for (int p = 0; p < Table::point_packs; ++p) {
        Lanes g[3][6], cofactor[3][3], h[3][3];
        gradients(table, nodal, p, g);
        const Lanes inverse = 1.0 / cofactors(g, cofactor);
        for (int c = 0; c < 3; ++c)
          for (int k = 0; k < 3; ++k)
            h[c][k] = (g[0][3 + c] * cofactor[0][k] + g[1][3 + c] * cofactor[1][k] + g[2][3 + c] * cofactor[2][k]) * inverse;
        constexpr double half = 1 / sqrt2;
        const Lanes kelvin[6] = {h[0][0], h[1][1], h[2][2], (h[1][2] + h[2][1]) * half, (h[0][2] + h[2][0]) * half, (h[0][1] + h[1][0]) * half};
        double* out = strain + 6 * (points.offset[e] + p * Table::width);
        for (int i = 0; i < std::min(Table::width, Table::n_points - p * Table::width); ++i)
          for (int c = 0; c < 6; ++c) out[6 * i + c] = kelvin[c][i];
      }
    }
  });
}

void add_internal_forces(const mesh::Mesh& mesh, const Points& points, const std::vector<char>& active, const double* stress, double* f) {
  with_point_table(mesh.shape, [&](const auto& table) {
    using Table = std::decay_t<decltype(table)>;
    using Lanes = typename Table::Lanes;
    for (Index e = 0; e < mesh.n_elements(); ++e) {
      if (!active[e]) continue;
      if (!mesh.cuts.whole(e)) {
        double sum[mesh::max_nodes][3] = {};
        at_cut_points(mesh, points, e, [&](std::size_t q, const double*, const double(*slope)[3]) {
          const double *s = stress + 6 * q, w = points.volume[q], shear = w / sqrt2;
          for (int a = 0; a < mesh::max_nodes; ++a) {
            const double* d = slope[a];
            sum[a][0] += w * s[0] * d[0] + shear * (s[5] * d[1] + s[4] * d[2]);
            sum[a][1] += w * s[1] * d[1] + shear * (s[5] * d[0] + s[3] * d[2]);
            sum[a][2] += w * s[2] * d[2] + shear * (s[4] * d[0] + s[3] * d[1]);
          }
        });
        for (int a = 0; a < mesh::max_nodes; ++a)
          for (int c = 0; c < 3; ++c) f[3 * std::size_t(mesh.nodes_of(e)[a]) + c] += sum[a][c];
        continue;
      }
      double x[Table::n_nodes][3];
      gather_coordinates<Table>(mesh, e, x);
      Lanes flux[Table::point_packs][3][3];  // [axis][c]: weight · det J · ∂ξ_axis/∂x_k · σ_ck
      for (int p = 0; p < Table::point_packs; ++p) {
        Lanes g[3][3], cofactor[3][3], s[6] = {};
        gradients(table, x, p, g);
        cofactors(g, cofactor);
        const double* in = stress + 6 * (points.offset[e] + p * Table::width);
        for (int i = 0; i < std::min(Table::width, Table::n_points - p * Table::width); ++i)
          for (int c = 0; c < 6; ++c) s[c][i] = in[6 * i + c];
        for (int c = 0; c < 6; ++c) s[c] *= c < 3 ? table.weight[p] : table.weight[p] * (1 / sqrt2);
        for (int axis = 0; axis < 3; ++axis) {
          const Lanes* k = cofactor[axis];
          flux[p][axis][0] = k[0] * s[0] + k[1] * s[5] + k[2] * s[4];
          flux[p][axis][1] = k[0] * s[5] + k[1] * s[1] + k[2] * s[3];
          flux[p][axis][2] = k[0] * s[4] + k[1] * s[3] + k[2] * s[2];
        }
      }
      Lanes sum[3][Table::node_packs] = {};
      for (int q = 0; q < Table::n_points; ++q)
        for (int axis = 0; axis < 3; ++axis)
          for (int c = 0; c < 3; ++c)
            for (int p = 0; p < Table::node_packs; ++p)
              sum[c][p] += table.gradient_by_node[q][axis][p] * flux[q / Table::width][axis][c][q % Table::width];
      const Index* nodes = mesh.nodes_of(e);
      for (int a = 0; a < Table::n_nodes; ++a)
        for (int c = 0; c < 3; ++c) f[3 * std::size_t(nodes[a]) + c] += sum[c][a / Table::width][a % Table::width];
    }
  });
  mesh.add_to_owners(f, 3);
}

void add_body_forces(const mesh::Mesh& mesh, const Points& points, const std::vector<char>& active, const double* b, double* f) {
  add_loads<3>(mesh, points, active, b, f);
}

void add_sources(const mesh::Mesh& mesh, const Points& points, const std::vector<char>& active, const double* s, double* f) {
  add_loads<1>(mesh, points, active, s, f);
}

void value_at_points(const mesh::Mesh& mesh, const Points& points, const double* nodal, double* value) {
  with_point_table(mesh.shape, [&](const auto& table) {
    using Table = std::decay_t<decltype(table)>;
    for (Index e = 0; e < mesh.n_elements(); ++e) {
      const Index* nodes = mesh.nodes_of(e);
      if (!mesh.cuts.whole(e)) {
        at_cut_points(mesh, points, e, [&](std::size_t q, const double* n, const double(*)[3]) {
          value[q] = 0;
          for (int a = 0; a < mesh::max_nodes; ++a) value[q] += n[a] * nodal[nodes[a]];
        });
        continue;
      }
      typename Table::Lanes sum[Table::point_packs] = {};
      for (int a = 0; a < Table::n_nodes; ++a)
        for (int p = 0; p < Table::point_packs; ++p) sum[p] += table.value[a][p] * nodal[nodes[a]];
      for (int q = 0; q < Table::n_points; ++q) value[points.offset[e] + q] = sum[q / Table::width][q % Table::width];
    }
  });
}

}  // namespace winze::fem
