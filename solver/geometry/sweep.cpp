#include "geometry/sweep.hpp"

#include <numbers>

#include "base/error.hpp"

namespace winze::geometry {
namespace {

constexpr double same_point = 1e-6;  // m

/// Finite points without immediate repetitions.
std::vector<Vector3> cleaned(std::span<const Vector3> path) {
  std::vector<Vector3> points;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!finite(path[i])) throw InputError("point {} of the path is not three finite numbers", i + 1);
    if (points.empty() || norm(path[i] - points.back()) > same_point) points.push_back(path[i]);
  }
  if (points.size() < 2) throw InputError("a path needs at least two different points; it has {}", points.size());
  if (points.size() > 100000) throw InputError("a path may have at most 100000 points; it has {}: give fewer or split the drive", points.size());
  if (norm(points.front() - points.back()) <= same_point) throw InputError("the path ends where it begins: split the ring into two drives that meet");
  return points;
}

/// Nearest points of the rim that an arc leaves in the plane s = level + slope · (u, v), an arc of an ellipse: from every local minimum of a sampling
/// by golden section, then Newton. Calls found(fraction of the arc).
template <class Found>
void nearest_on_rim(const ProfileEdge& e, double level, const Vector2& slope, double s, const Vector2& uv, bool closed, Found found) {
  const auto d2 = [&](double f) {
    const Vector2 q = e.at(f);
    const double ds = level + dot(slope, q) - s;
    return ds * ds + dot(q - uv, q - uv);
  };
  const auto newton = [&](double f) {  // one step of d(d2)/df = 0; NaN away from a minimum
    const Vector2 q = e.at(f), arm = q - e.centre, turn = {-arm[1], arm[0]};
    const double ds = level + dot(slope, q) - s, rise = dot(slope, turn);
    const double first = ds * rise + dot(q - uv, turn), second = rise * rise + dot(turn, turn) - ds * dot(slope, arm) - dot(q - uv, arm);
    return second > 0 ? f - first / (second * e.angle) : std::numeric_limits<double>::quiet_NaN();
  };
  const int samples = std::max(3, int(e.angle / 0.5));
  const double h = 1.0 / samples;
  double before = closed ? d2(1 - h) : Box::inf, here = d2(0);
  for (int i = 0; i <= samples; ++i) {
    const double after = i < samples ? d2((i + 1) * h) : closed ? d2(h) : Box::inf;
    if (here <= before && here <= after) {
      double low = closed ? (i - 1) * h : std::max(0.0, (i - 1) * h), high = closed ? (i + 1) * h : std::min(1.0, (i + 1) * h);
      constexpr double golden = 0.6180339887498949;
      double a = high - golden * (high - low), b = low + golden * (high - low), fa = d2(a), fb = d2(b);
      const auto narrow = [&](int times) {
        for (int k = 0; k < times; ++k) {
          if (fa < fb) {
            high = b, b = a, fb = fa, a = high - golden * (high - low), fa = d2(a);
          } else {
            low = a, a = b, fa = fb, b = low + golden * (high - low), fb = d2(b);
          }
        }
      };
      narrow(8);
      double f = 0.5 * (low + high);
      for (int k = 0; k < 5 && f >= low && f <= high; ++k) f = newton(f);
      if (!(f >= low && f <= high)) narrow(30), f = 0.5 * (low + high);
      found(f);
    }
    before = here, here = after;
  }
}

}  // namespace

struct Sweep::Best {
  double d2;
  Wall wall{};
  void add(const Vector3& x, const Vector3& point, const Vector3& normal, int patch, double curvature_radius) {
    const Vector3 d = x - point;
    if (const double far2 = dot(d, d); far2 < d2 || (far2 == d2 && wall.patch < 0)) {
      d2 = far2;
      wall.point = point, wall.normal = normal, wall.patch = patch, wall.curvature_radius = curvature_radius;
    }
  }
};

Sweep::Sweep(Profile profile, std::span<const Vector3> path, double vertical_up)
    : Sweep(std::move(profile), cleaned(path), vertical_up, nullptr, nullptr) {}

Sweep::Sweep(Profile profile, std::vector<Vector3> path, double vertical_up, const Vector3* first_face, const Vector3* last_face)
    : profile_(std::move(profile)), path_(std::move(path)), chainage_{0}, vertical_up_(vertical_up) {
  const std::size_t n = path_.size() - 1;
  for (std::size_t i = 0; i < n; ++i) {
    chainage_.push_back(chainage_.back() + norm(path_[i + 1] - path_[i]));
    pieces_.push_back(piece(i));
  }
  joints_.push_back({path_[0], first_face ? *first_face : pieces_[0].along, true});
  for (std::size_t i = 1; i < n; ++i) {
    const Piece &a = pieces_[i - 1], &b = pieces_[i];
    const double turn = std::atan2(norm(cross(a.along, b.along)), dot(a.along, b.along));
    if (turn > 2.1)
      throw InputError("the path turns by {:.0f} degrees at point {} ({:.3f}, {:.3f}, {:.3f}); at most 120: add points that round the bend",
                       turn * 180 / std::numbers::pi, i + 1, path_[i][0], path_[i][1], path_[i][2]);
    const Vector3 m = unit(a.along + b.along);
    const Vector3 mirrored = a.right - 2 * dot(a.right, m) * m;
    const bool match = norm(mirrored - b.right) < 1e-9 || (profile_.round() && norm(profile_.centroid()) < 1e-12);
    all_match_ = all_match_ && match;
    joints_.push_back({path_[i], m, match});
    pieces_[i].smooth = a.smooth + (turn > crease ? 1 : 0);
    n_smooth_ = pieces_[i].smooth + 1;
  }
  joints_.push_back({path_[n], last_face ? *last_face : pieces_[n - 1].along, true});
  const auto cut = [](const Piece& p, const Joint& j, double s) {
    const double k = 1 / dot(j.normal, p.along);
    return Cut{s, {-k * dot(j.normal, p.right), -k * dot(j.normal, p.up)}};
  };
  for (std::size_t i = 0; i < n; ++i) {
    pieces_[i].low = cut(pieces_[i], joints_[i], 0);
    pieces_[i].high = cut(pieces_[i], joints_[i + 1], pieces_[i].length);
  }
  for (Piece& p : pieces_) {
    p.reach_low = p.low.s - profile_.support(-1.0 * p.low.slope);
    p.reach_high = p.high.s + profile_.support(p.high.slope);
  }
  check_pieces();
  std::vector<Box> boxes;
  for (const Piece& p : pieces_) boxes.push_back(box_of(p));
  tree_ = BoxTree(boxes, 1);
  check_apart();
}

Sweep::Piece Sweep::piece(std::size_t i) const {
  Piece p{};
  p.origin = path_[i];
  p.length = norm(path_[i + 1] - path_[i]);
  p.along = unit(path_[i + 1] - path_[i]);
  const Vector3 up = std::hypot(p.along[0], p.along[1]) > 1e-3 ? Vector3{0, 0, 1} : Vector3{std::sin(vertical_up_), std::cos(vertical_up_), 0};
  p.right = unit(cross(p.along, up));
  p.up = cross(p.right, p.along);
  return p;
}

void Sweep::check_pieces() const {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& p = pieces_[i];
    const double lost = profile_.support(p.low.slope - p.high.slope);  // most that the two cuts take off the length
    if (!(p.length > lost))
      throw InputError(
          "the path is too short between points {} and {} ({:.3f}, {:.3f}, {:.3f}): {:.3f} m, and its bends need more than {:.3f} m for "
          "this profile; widen the bend or leave points out",
          i + 1, i + 2, p.origin[0], p.origin[1], p.origin[2], p.length, lost);
  }
}

Box Sweep::box_of(const Piece& p) const {
  Box box;
  for (const Cut& cut : {p.low, p.high})
    for (int d = 0; d < 3; ++d) {
      const double base = p.origin[d] + cut.s * p.along[d];
      const Vector2 way = {p.right[d] + cut.slope[0] * p.along[d], p.up[d] + cut.slope[1] * p.along[d]};
      box.low[d] = std::min(box.low[d], base - profile_.support(-1.0 * way));
      box.high[d] = std::max(box.high[d], base + profile_.support(way));
    }
  return box;
}

/// Points of every piece's wall must not lie inside another piece: the walls inside would be no walls.
void Sweep::check_apart() const {
  for (std::size_t i = 0; i < pieces_.size(); ++i) {
    const Piece& p = pieces_[i];
    std::size_t other = i;
    const auto taken = [&](const Vector3& x) {
      tree_.search([&](const Box& b) { return b.contains(x); },
                   [&](std::int32_t j) { return (j + 1 < int(i) || j > int(i) + 1) && holds(std::size_t(j), x) && (other = std::size_t(j), true); });
      return other != i;
    };
    int near = 0;  // pieces that are no neighbours
    const Box box = box_of(p);
    tree_.search([&](const Box& b) { return b.overlaps(box); }, [&](std::int32_t j) { return near += j + 1 < int(i) || j > int(i) + 1, near > 0; });
    if (near == 0) continue;
    const int steps = int(std::clamp(4 * p.length / std::sqrt(profile_.area()), 2.0, 200.0));
    for (const ProfileEdge& e : profile_.edges())
      for (int k = 0; k < (e.is_arc() ? 12 : 2); ++k)
        for (int step = 0; step <= steps; ++step) {
          const Vector2 uv = 0.999 * e.at(k / (e.is_arc() ? 12.0 : 2.0)) + 0.001 * profile_.centroid();
          const double low = p.low.at(uv), high = p.high.at(uv);
          if (taken(p.at(low + (high - low) * step / steps, uv)))
            throw InputError(
                "the path runs into itself: the piece after point {} ({:.3f}, {:.3f}, {:.3f}) meets the piece after point {}; make them two "
                "drives",
                i + 1, p.origin[0], p.origin[1], p.origin[2], other + 1);
        }
  }
}

Sweep Sweep::part(double from, double to) const {
  if (!(from >= -1e-3 && to <= length() + 1e-3 && to > from))
    throw InputError("chainages must ascend within 0 … {:.3f} m; they are {} m and {} m", length(), from, to);
  struct End {
    double chainage;
    std::size_t joint;  ///< the joint it moved to, or 0
  };
  const auto end_at = [&](double chainage) {
    if (chainage <= same_point) return End{0, 0};
    if (chainage >= length() - same_point) return End{length(), 0};
    for (std::size_t j = 1; j + 1 < joints_.size(); ++j) {
      const Vector2 before = pieces_[j - 1].high.slope, after = pieces_[j].low.slope;
      const double reach = chainage < chainage_[j] ? profile_.support(-1.0 * before) : profile_.support(after);
      if (std::abs(chainage - chainage_[j]) <= reach + 1e-3) return End{chainage_[j], j};
    }
    return End{chainage, 0};
  };
  const End a = end_at(from), b = end_at(to);
  if (!(b.chainage > a.chainage)) throw InputError("the part from {} m to {} m lies within one bend of the path; choose longer parts", from, to);
  const auto point = [&](double c) {
    std::size_t i = 0;
    while (i + 1 < pieces_.size() && chainage_[i + 1] <= c) ++i;
    return pieces_[i].at(c - chainage_[i], {});
  };
  std::vector<Vector3> path = {point(a.chainage)};
  for (std::size_t j = 1; j + 1 < joints_.size(); ++j)
    if (chainage_[j] > a.chainage + same_point && chainage_[j] < b.chainage - same_point) path.push_back(path_[j]);
  path.push_back(point(b.chainage));
  const auto plane = [&](const End& e) -> const Vector3* {
    if (e.joint > 0) return &joints_[e.joint].normal;
    if (e.chainage == 0) return &joints_.front().normal;
    return e.chainage == length() ? &joints_.back().normal : nullptr;
  };
  return Sweep(profile_, std::move(path), vertical_up_, plane(a), plane(b));
}

void Sweep::cover(std::vector<Box>& boxes) const {
  for (const Piece& p : pieces_) boxes.push_back(box_of(p));
}

double Sweep::volume() const {
  double sum = 0;
  for (const Piece& p : pieces_) sum += profile_.area() * (p.high.at(profile_.centroid()) - p.low.at(profile_.centroid()));
  return sum;
}

double Sweep::area() const {
  double sum = 0;
  for (const Piece& p : pieces_)
    for (const ProfileEdge& e : profile_.edges()) sum += e.length() * (p.high.at(e.mean()) - p.low.at(e.mean()));
  const auto slant = [](const Cut& c) { return std::sqrt(1 + dot(c.slope, c.slope)); };
  sum += profile_.area() * (slant(pieces_.front().low) + slant(pieces_.back().high));
  for (std::size_t j = 1; j + 1 < joints_.size(); ++j) {
    if (joints_[j].match) continue;
    const Piece &a = pieces_[j - 1], &b = pieces_[j];
    const double left = -profile_.support({-1, 0}), low = -profile_.support({0, -1});
    const double du = profile_.support({1, 0}) - left, dv = profile_.support({0, 1}) - low;
    constexpr int n = 400;
    int only_first = 0;
    for (int i = 0; i < n * n; ++i) {
      const Vector2 p = {left + du * (i % n + 0.5) / n, low + dv * (i / n + 0.5) / n};
      only_first += profile_.inside(p) && !profile_.inside(b.across(a.at(a.high.at(p), p)));
    }
    sum += 2 * slant(a.high) * du * dv * only_first / (n * n);
  }
  return sum;
}

bool Sweep::holds(std::size_t i, const Vector3& x) const {
  return dot(x - joints_[i].point, joints_[i].normal) >= 0 && dot(x - joints_[i + 1].point, joints_[i + 1].normal) <= 0 &&
         profile_.inside(pieces_[i].across(x));
}

bool Sweep::inside(const Vector3& x) const {
  bool found = false;
  tree_.search([&](const Box& b) { return b.contains(x); }, [&](std::int32_t i) { return found = holds(std::size_t(i), x); });
  return found;
}

void Sweep::edge_of(const Piece& p, const ProfileEdge& e, double s, const Vector2& uv, Best& best) const {
  const Vector3 x = p.at(s, uv);
  const auto add = [&](double along, const Vector2& on) {
    const Vector2 n = e.normal(on);
    best.add(x, p.at(along, on), n[0] * p.right + n[1] * p.up, p.smooth * profile_.n_patches() + e.patch, e.is_arc() ? e.radius : Box::inf);
  };
  const Vector2 on = e.nearest(uv);
  if (s >= p.low.at(on) && s <= p.high.at(on)) return add(s, on);
  if (const Vector2 d = uv - on; dot(d, d) > best.d2) return;
  for (const Vector2& end : {e.a, e.b}) add(std::clamp(s, p.low.at(end), p.high.at(end)), end);
  for (const Cut& cut : {p.low, p.high}) {
    const double off = s - cut.at(uv);  // along the piece, from the plane of the cut
    if (off * off > best.d2 * (1 + dot(cut.slope, cut.slope))) continue;
    if (!e.is_arc()) {  // the rim is a line
      const Vector3 a = p.at(cut.at(e.a), e.a), side = p.at(cut.at(e.b), e.b) - a;
      const double f = std::clamp(dot(x - a, side) / dot(side, side), 0.0, 1.0);
      add(cut.at(e.at(f)), e.at(f));
    } else if (dot(cut.slope, cut.slope) == 0) {
      add(cut.s, on);
    } else {
      nearest_on_rim(e, cut.s, cut.slope, s, uv, profile_.round(), [&](double f) { add(cut.at(e.at(f)), e.at(f)); });
    }
  }
}

void Sweep::wall_of(std::size_t i, const Vector3& x, Best& best) const {
  const Piece& p = pieces_[i];
  const double s = dot(x - p.origin, p.along);
  const Vector2 uv = p.across(x);
  const Profile::Near near = profile_.nearest(uv);
  const double beyond = std::max({p.reach_low - s, s - p.reach_high, 0.0});
  if (near.distance * near.distance + beyond * beyond > best.d2) {  // no side wall is near enough
  } else if (s >= p.low.at(near.point) && s <= p.high.at(near.point)) {
    edge_of(p, profile_.edges()[std::size_t(near.edge)], s, uv, best);
  } else {
    for (const ProfileEdge& e : profile_.edges()) edge_of(p, e, s, uv, best);
  }
  if (i == 0 || !joints_[i].match) face(i, x, best);
  if (i + 1 == pieces_.size() || !joints_[i + 1].match) face(i + 1, x, best);
}

/// The end face or the step that lies in the plane of a joint, seen straight on; its rim belongs to the walls beside it.
void Sweep::face(std::size_t joint, const Vector3& x, Best& best) const {
  const Joint& j = joints_[joint];
  const double off = dot(x - j.point, j.normal);
  if (off * off > best.d2) return;
  const Vector3 on = x - off * j.normal;
  const bool before = joint > 0 && profile_.inside(pieces_[joint - 1].across(on));
  const bool after = joint < pieces_.size() && profile_.inside(pieces_[joint].across(on));
  if (before == after) return;
  const int patch = joint == 0 ? start_face() : joint == pieces_.size() ? end_face() : step_face();
  best.add(x, on, before ? j.normal : -j.normal, patch, Box::inf);
}

Wall Sweep::nearest(const Vector3& x, double within) const {
  Best best{within * within};
  tree_.nearest(x, best.d2, [&](std::int32_t i, double) {
    wall_of(std::size_t(i), x, best);
    return best.d2;
  });
  if (best.wall.patch < 0) return {};
  best.wall.distance = inside(x) ? -std::sqrt(best.d2) : std::sqrt(best.d2);
  return best.wall;
}

Sweep cylinder(const Vector3& from, const Vector3& to, double radius) {
  const Vector3 path[] = {from, to};
  return {Profile::circle(2 * radius), path};
}

}  // namespace winze::geometry
