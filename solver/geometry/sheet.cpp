#include "geometry/sheet.hpp"

#include <limits>

#include "base/error.hpp"
#include "geometry/repair.hpp"
#include "geometry/topology.hpp"

namespace winze::geometry {
namespace {

constexpr int raster = 200;

/// True where the segment a–b meets the rectangle of the block (Liang and Barsky 1984).
bool enters(const Vector3& a, const Vector3& b, const Box& block) {
  double from = 0, to = 1;
  for (int d = 0; d < 2; ++d) {
    const double way = b[d] - a[d], low = block.low[d] - a[d], high = block.high[d] - a[d];
    if (way == 0) {
      if (low > 0 || high < 0) return false;
      continue;
    }
    from = std::max(from, std::min(low / way, high / way));
    to = std::min(to, std::max(low / way, high / way));
  }
  return from <= to;
}

}  // namespace

Sheet::Sheet(Triangles t, const Box& block) : block_(block), box_(block) {
  if (t.faces.empty()) throw InputError("there is no face; a surface needs at least one");
  for (const Vector3& x : t.points)
    if (!finite(x)) throw InputError("a corner of the surface is not finite; write the file again");
  for (const Face& f : t.faces)
    for (Index p : f)
      if (p < 0 || p >= Index(t.points.size())) throw InputError("a face names corner {} of {}", p + 1, t.points.size());
  weld(t, 1e-7 * t.box().diagonal());
  std::erase_if(t.faces, [&](const Face& f) { return f[0] == f[1] || f[1] == f[2] || f[2] == f[0]; });
  for (Face& f : t.faces) {
    Vector3 n = t.area_vector(f);
    if (n[2] < 0) std::swap(f[1], f[2]), n = -n;
    if (!(n[2] > 1e-6 * norm(n))) {
      const Vector3& x = t.points[f[0]];
      throw InputError("the surface stands upright at ({:.3f}, {:.3f}, {:.3f}); it must have one height over every point of the plan", x[0], x[1],
                       x[2]);
    }
    normal_.push_back(unit(n));
  }
  tree_ = FaceTree(t);
  check_single(t);
  check_reach(t);
  box_.high[2] = std::min(box_.high[2], tree_.box().high[2]);
}

void Sheet::check_single(const Triangles& t) const {
  for (const Face& f : t.faces) {
    const Vector3 x = (1.0 / 3) * (t.points[f[0]] + t.points[f[1]] + t.points[f[2]]);
    double low = Box::inf, high = -Box::inf;
    tree_.vertical(x[0], x[1], [&](Index, double z, bool) { low = std::min(low, z), high = std::max(high, z); });
    if (high - low > 1e-6 * block_.diagonal())
      throw InputError("the surface has two heights, {:.3f} m and {:.3f} m, at ({:.3f}, {:.3f}): give one layer per file, without overhangs", low,
                       high, x[0], x[1]);
  }
}

void Sheet::check_reach(const Triangles& t) const {
  const std::vector<EdgeUse> uses = edge_uses(t.faces);
  for_each_edge(uses, [&](std::span<const EdgeUse> edge) {
    const Vector3 &a = t.points[edge[0].low], &b = t.points[edge[0].high];
    if (edge.size() == 1 && enters(a, b, block_))
      throw InputError(
          "the surface ends inside the block, between ({:.3f}, {:.3f}) and ({:.3f}, {:.3f}); extend it past the block or close its holes", a[0], a[1],
          b[0], b[1]);
  });
  const Vector3 c = block_.centre();
  if (std::isnan(height(c[0], c[1])))
    throw InputError("the surface lies beside the block: it has no height at its centre ({:.3f}, {:.3f}); check shift and unit", c[0], c[1]);
}

double Sheet::height(double x, double y) const {
  double found = std::numeric_limits<double>::quiet_NaN();
  tree_.vertical(x, y, [&](Index, double z, bool) { found = z; });
  return found;
}

Wall Sheet::nearest(const Vector3& x, double within) const {
  const FaceTree::Hit hit = tree_.nearest(x, within);
  if (hit.face < 0) return {};
  Wall wall;
  wall.distance = inside(x) ? -std::sqrt(hit.distance2) : std::sqrt(hit.distance2);
  wall.point = hit.point;
  wall.normal = normal_[hit.face];
  wall.patch = 0;
  return wall;
}

double Sheet::volume() const {
  const Vector3 size = block_.high - block_.low;
  double sum = 0;
  for (int i = 0; i < raster * raster; ++i) {
    const double z = height(block_.low[0] + size[0] * (i % raster + 0.5) / raster, block_.low[1] + size[1] * (i / raster + 0.5) / raster);
    sum += std::clamp(z, block_.low[2], block_.high[2]) - block_.low[2];
  }
  return sum * size[0] * size[1] / (raster * raster);
}

double Sheet::area() const {
  const Vector3 size = block_.high - block_.low;
  double sum = 0;
  for (int i = 0; i < raster * raster; ++i) {
    Index face = -1;
    tree_.vertical(block_.low[0] + size[0] * (i % raster + 0.5) / raster, block_.low[1] + size[1] * (i / raster + 0.5) / raster,
                   [&](Index f, double, bool) { face = f; });
    if (face >= 0) sum += 1 / normal_[face][2];
  }
  return sum * size[0] * size[1] / (raster * raster);
}

}  // namespace winze::geometry
