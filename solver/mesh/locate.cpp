#include "mesh/locate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mesh/shape_functions.hpp"

namespace winze::mesh {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double distance_outside(Shape shape, const Vector3& xi) {
  if (linear(shape) == Shape::hex8) return std::max({0.0, std::abs(xi[0]) - 1, std::abs(xi[1]) - 1, std::abs(xi[2]) - 1});
  return std::max({0.0, -xi[0], -xi[1], -xi[2], xi[0] + xi[1] + xi[2] - 1});
}

/// Into the reference cell; from less than slack outside this moves by as little.
Vector3 clamped(Shape shape, Vector3 xi) {
  if (linear(shape) == Shape::hex8) {
    for (double& x : xi) x = std::clamp(x, -1.0, 1.0);
    return xi;
  }
  for (double& x : xi) x = std::max(x, 0.0);
  const double sum = xi[0] + xi[1] + xi[2];
  if (sum > 1)
    for (double& x : xi) x /= sum;
  return xi;
}

}  // namespace

bool invert_map(Shape shape, const double (*x)[3], const Vector3& point, Vector3& xi, double& outside) {
  xi = reference_centre(shape);
  double size = 0, magnitude = 0;  // far from the origin, rounding of the coordinates limits ξ
  for (int axis = 0; axis < 3; ++axis) {
    size = std::max(size, std::abs(x[info(shape).n_nodes - 1][axis] - x[0][axis]));
    magnitude = std::max(magnitude, std::abs(point[axis]));
  }
  const double tolerance = std::max(1e-12, 16 * std::numeric_limits<double>::epsilon() * magnitude / size);
  for (int step = 0; step < 50; ++step) {
    Matrix3 j;
    const Vector3 at = map_point(shape, x, xi, &j);
    const double det = determinant(j);
    if (!(std::abs(det) > 0)) return false;
    const Vector3 r = {point[0] - at[0], point[1] - at[1], point[2] - at[2]};
    const Vector3 columns[3] = {{j[0][0], j[1][0], j[2][0]}, {j[0][1], j[1][1], j[2][1]}, {j[0][2], j[1][2], j[2][2]}};
    double change = 0;
    for (int axis = 0; axis < 3; ++axis) {
      const double d = dot(r, cross(columns[(axis + 1) % 3], columns[(axis + 2) % 3])) / det;
      xi[axis] += std::clamp(d, -1.0, 1.0);
      change = std::max(change, std::abs(d));
    }
    outside = distance_outside(shape, xi);
    if (change < tolerance) return true;
    if (outside > 3) return false;
  }
  return false;
}

Locator::Locator(const Mesh& mesh) : mesh_(mesh) {
  const int n_nodes = info(mesh.shape).n_nodes;
  std::vector<Box>& elements = boxes_.emplace_back(size_t(mesh.n_elements()));
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    Box& box = elements[e] = {{infinity, infinity, infinity}, {-infinity, -infinity, -infinity}};
    for (int i = 0; i < n_nodes; ++i) {
      const Vector3 x = mesh.point(mesh.nodes_of(e)[i]);
      for (int axis = 0; axis < 3; ++axis) box.low[axis] = std::min(box.low[axis], x[axis]), box.high[axis] = std::max(box.high[axis], x[axis]);
    }
    // A curved side may bulge beyond its nodes by an eighth of its own sagitta; a tenth of the box covers that and the slack.
    double size = 0;
    for (int axis = 0; axis < 3; ++axis) size = std::max(size, box.high[axis] - box.low[axis]);
    for (int axis = 0; axis < 3; ++axis) box.low[axis] -= 0.1 * size, box.high[axis] += 0.1 * size;
  }
  while (boxes_.back().size() > 1) {
    const std::vector<Box>& finer = boxes_.back();
    std::vector<Box> coarser((finer.size() + 7) / 8, {{infinity, infinity, infinity}, {-infinity, -infinity, -infinity}});
    for (size_t i = 0; i < finer.size(); ++i)
      for (int axis = 0; axis < 3; ++axis) {
        coarser[i / 8].low[axis] = std::min(coarser[i / 8].low[axis], finer[i].low[axis]);
        coarser[i / 8].high[axis] = std::max(coarser[i / 8].high[axis], finer[i].high[axis]);
      }
    boxes_.push_back(std::move(coarser));
  }
}

void Locator::search(int level, Index box, const Vector3& x, const std::vector<char>& active_region, Located& best, double& outside) const {
  if (outside == 0 || !boxes_[level][box].holds(x)) return;
  if (level > 0) {
    const Index end = std::min<Index>(8 * box + 8, Index(boxes_[level - 1].size()));
    for (Index finer = 8 * box; finer < end; ++finer) search(level - 1, finer, x, active_region, best, outside);
    return;
  }
  if (!active_region.empty() && !active_region[mesh_.region[box]]) return;
  double nodes[max_nodes][3];
  for (int i = 0; i < info(mesh_.shape).n_nodes; ++i) std::copy_n(mesh_.points.data() + 3 * size_t(mesh_.nodes_of(box)[i]), 3, nodes[i]);
  Vector3 xi;
  double here;
  if (!invert_map(mesh_.shape, nodes, x, xi, here)) return;
  if (here < 1e-9) here = 0;  // rounding: a point on a face belongs to both sides alike
  if (here >= outside) return;
  outside = here;
  best = {true, box, clamped(mesh_.shape, xi)};
}

std::vector<Located> Locator::locate(const std::vector<Vector3>& points, const std::vector<char>& active_region) const {
  std::vector<Located> result(points.size());
  struct Claim {
    double outside;
    int rank;
  };
  std::vector<Claim> mine(points.size()), best(points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    double outside = slack;
    if (!boxes_[0].empty()) search(int(boxes_.size()) - 1, 0, points[i], active_region, result[i], outside);
    mine[i] = {result[i].found ? outside : infinity, mesh_.comm.rank()};
  }
  MPI_Allreduce(mine.data(), best.data(), int(points.size()), MPI_DOUBLE_INT, MPI_MINLOC, mesh_.comm.handle());
  for (size_t i = 0; i < points.size(); ++i)
    if (best[i].rank != mesh_.comm.rank() || std::isinf(best[i].outside)) result[i] = {};
  return result;
}

}  // namespace winze::mesh
