#include "fem/wall_trace.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "geometry/box.hpp"

namespace winze::fem {
namespace {

using namespace geometry;  // arithmetic of points

constexpr double reach = 1.5;  ///< of a fit, in edges of the cell
constexpr int n_terms = 10;

double edge_of(const mesh::Mesh& mesh, Index element) {
  const Index* nodes = mesh.nodes_of(element);
  return mesh.point(nodes[mesh::info(mesh.shape).n_nodes - 1])[0] - mesh.point(nodes[0])[0];
}

/// Wall points of this rank and those near it, found by place.
class Cloud {
 public:
  struct Point {
    Vector3 at, normal, u;
    double area;
    std::int32_t surface, patch;
  };
  /// Collective.
  Cloud(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& wall, const std::vector<SurfacePoint>& at, const double* u) {
    Box box;
    double least = Box::inf, most = 0;
    for (const SurfacePoint& p : at) {
      const double h = edge_of(mesh, p.element);
      box.add(Box{p.position, p.position}.grown(reach * h));
      least = std::min(least, h), most = std::max(most, h);
    }
    const std::vector<Vector3> moved = u ? vector_at(mesh, wall, u) : std::vector<Vector3>(wall.size(), Vector3{});
    for (std::size_t i = 0; i < wall.size(); ++i)
      points_.push_back({wall[i].position, wall[i].normal, moved[i], wall[i].weight, wall[i].surface, wall[i].patch});
    fetch(mesh.comm, box);
    cell_ = at.empty() ? 1 : std::max(least, most / 8);
    for (std::size_t i = 0; i < points_.size(); ++i) grid_[key(place(points_[i].at))].push_back(Index(i));
  }
  /// body(point) for the points within r of x.
  template <class Body>
  void near(const Vector3& x, double r, const Body& body) const {
    const auto low = place(x - Vector3{r, r, r}), high = place(x + Vector3{r, r, r});
    for (std::int64_t k = low[2]; k <= high[2]; ++k)
      for (std::int64_t j = low[1]; j <= high[1]; ++j)
        for (std::int64_t i = low[0]; i <= high[0]; ++i) {
          const auto at = grid_.find(key({i, j, k}));
          if (at == grid_.end()) continue;
          for (Index p : at->second)
            if (norm(points_[p].at - x) <= r) body(points_[p]);
        }
  }

 private:
  void fetch(const Comm& comm, const Box& box) {
    if (comm.size() == 1) return;
    const std::vector<double> boxes = comm.all_gather(std::vector<double>{box.low[0], box.low[1], box.low[2], box.high[0], box.high[1], box.high[2]});
    std::vector<std::vector<double>> send(comm.size());
    for (int r = 0; r < comm.size(); ++r) {
      const double* b = &boxes[6 * std::size_t(r)];
      const Box of{{b[0], b[1], b[2]}, {b[3], b[4], b[5]}};
      if (r == comm.rank() || of.empty()) continue;
      for (const Point& p : points_)
        if (of.contains(p.at))
          send[r].insert(send[r].end(), {p.at[0], p.at[1], p.at[2], p.normal[0], p.normal[1], p.normal[2], p.u[0], p.u[1], p.u[2], p.area,
                                         double(p.surface), double(p.patch)});
    }
    for (const auto& from : comm.all_to_all(send))
      for (std::size_t i = 0; i < from.size(); i += 12) {
        const double* v = &from[i];
        points_.push_back(
            {{v[0], v[1], v[2]}, {v[3], v[4], v[5]}, {v[6], v[7], v[8]}, v[9], std::int32_t(std::lround(v[10])), std::int32_t(std::lround(v[11]))});
      }
  }
  std::array<std::int64_t, 3> place(const Vector3& x) const {
    return {std::int64_t(std::floor(x[0] / cell_)), std::int64_t(std::floor(x[1] / cell_)), std::int64_t(std::floor(x[2] / cell_))};
  }
  static std::uint64_t key(const std::array<std::int64_t, 3>& c) {
    return (std::uint64_t(c[0]) & 0x1fffff) | (std::uint64_t(c[1]) & 0x1fffff) << 21 | (std::uint64_t(c[2]) & 0x1fffff) << 42;
  }
  std::vector<Point> points_;
  double cell_ = 1;
  std::unordered_map<std::uint64_t, std::vector<Index>> grid_;
};

/// Normal equations of a fit: the lower half of the matrix, three right sides.
struct Fit {
  double matrix[n_terms][n_terms] = {}, right[n_terms][3] = {};
  void add(double x, double y, const Vector3& u, double weight) {
    const double b[n_terms] = {1, x, y, x * x, x * y, y * y, x * x * x, x * x * y, x * y * y, y * y * y};
    for (int i = 0; i < n_terms; ++i) {
      for (int j = 0; j <= i; ++j) matrix[i][j] += weight * b[i] * b[j];
      for (int c = 0; c < 3; ++c) right[i][c] += weight * b[i] * u[c];
    }
  }
  /// Slopes at the middle along x and y from the first n terms; false where the points do not determine them.
  bool slopes(int n, Vector3& along_x, Vector3& along_y) const {
    double l[n_terms][n_terms], scale[n_terms];
    for (int i = 0; i < n; ++i) {
      if (!(matrix[i][i] > 0)) return false;
      scale[i] = 1 / std::sqrt(matrix[i][i]);
    }
    for (int j = 0; j < n; ++j)
      for (int i = j; i < n; ++i) {
        double s = matrix[i][j] * scale[i] * scale[j];
        for (int k = 0; k < j; ++k) s -= l[i][k] * l[j][k];
        if (i == j && s < 1e-6) return false;
        l[i][j] = i == j ? std::sqrt(s) : s / l[j][j];
      }
    for (int c = 0; c < 3; ++c) {
      double y[n_terms];
      for (int i = 0; i < n; ++i) {
        y[i] = right[i][c] * scale[i];
        for (int k = 0; k < i; ++k) y[i] -= l[i][k] * y[k];
        y[i] /= l[i][i];
      }
      for (int i = n - 1; i >= 0; --i) {
        for (int k = i + 1; k < n; ++k) y[i] -= l[k][i] * y[k];
        y[i] /= l[i][i];
      }
      along_x[c] = y[1] * scale[1], along_y[c] = y[2] * scale[2];
    }
    return true;
  }
};

}  // namespace

std::vector<Sym3> trace_strain(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& wall, const std::vector<SurfacePoint>& at, const double* u) {
  const Cloud cloud(mesh, wall, at, u);
  std::vector<Sym3> strain(at.size());
  std::vector<Sym3> raw;
  for (std::size_t i = 0; i < at.size(); ++i) {
    const SurfacePoint& p = at[i];
    int least = 0;
    for (int d = 1; d < 3; ++d)
      if (std::abs(p.normal[d]) < std::abs(p.normal[least])) least = d;
    Vector3 axis{};
    axis[least] = 1;
    Vector3 s = cross(axis, p.normal);
    s = (1 / norm(s)) * s;
    const Vector3 t = cross(p.normal, s);
    Vector3 along_s, along_t;
    bool found = false;
    const double edge = edge_of(mesh, p.element);
    for (double r = reach * edge; !found && r < 4 * edge; r *= 1.5) {
      Fit fit;
      cloud.near(p.position, r, [&](const Cloud::Point& q) {
        if (q.surface != p.surface || q.patch != p.patch || dot(q.normal, p.normal) < 0.5) return;
        const Vector3 d = q.at - p.position;
        fit.add(dot(d, s) / r, dot(d, t) / r, q.u, q.area);
      });
      for (int n : {10, 6, 3})
        if (!found && fit.slopes(n, along_s, along_t)) {
          found = true;
          for (int c = 0; c < 3; ++c) along_s[c] /= r, along_t[c] /= r;
        }
    }
    if (!found) {  // a speck of wall: what its element says
      strain[i] = strain_at(mesh, {p}, u)[0];
      continue;
    }
    Matrix3 h{};
    for (int c = 0; c < 3; ++c)
      for (int k = 0; k < 3; ++k) h[c][k] = along_s[c] * s[k] + along_t[c] * t[k];
    Matrix3 e;
    for (int c = 0; c < 3; ++c)
      for (int k = 0; k < 3; ++k) e[c][k] = 0.5 * (h[c][k] + h[k][c]);
    strain[i] = from_matrix(e);
  }
  return strain;
}

std::vector<BareFacet> bare_facets(const mesh::Mesh& mesh, const std::vector<char>& standing) {
  const std::vector<mesh::WallPoint>& walls = mesh.cuts.walls;
  const auto stands = [&](Index e) { return e >= 0 && standing[e]; };
  std::vector<Index> point(walls.size(), -1);
  Index n = 0;
  for (std::size_t w = 0; w < walls.size(); ++w)
    if (stands(walls[w].inside) != stands(walls[w].outside)) point[w] = n++;
  std::vector<BareFacet> bare;
  for (std::size_t f = 0; f < mesh.cuts.facets.size(); ++f) {
    const Index w = mesh.cuts.facets[f].wall;
    if (point[w] >= 0) bare.push_back({Index(f), stands(walls[w].inside) ? walls[w].inside : walls[w].outside, point[w]});
  }
  return bare;
}

std::vector<char> beside_creases(const mesh::Mesh& mesh, const std::vector<SurfacePoint>& wall, const std::vector<SurfacePoint>& at) {
  const Cloud cloud(mesh, wall, at, nullptr);
  std::vector<char> beside(at.size(), 0);
  for (std::size_t i = 0; i < at.size(); ++i)
    cloud.near(at[i].position, 0.5 * edge_of(mesh, at[i].element), [&](const Cloud::Point& q) {
      if ((q.surface != at[i].surface || q.patch != at[i].patch) && dot(q.normal, at[i].normal) < 0.643) beside[i] = 1;  // cos 50°
    });
  return beside;
}

}  // namespace winze::fem
