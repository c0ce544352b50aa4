#include "geometry/profile.hpp"

#include <algorithm>
#include <numbers>

#include "base/error.hpp"

namespace winze::geometry {
namespace {

using std::numbers::pi;

ProfileEdge line(const Vector2& a, const Vector2& b) { return {.a = a, .b = b}; }
ProfileEdge arc(const Vector2& centre, double radius, double begin, double angle) {
  ProfileEdge e{.radius = radius, .centre = centre, .begin = begin, .angle = angle};
  e.a = e.at(0);
  e.b = e.at(1);
  return e;
}
Vector2 direction(double angle) { return {std::cos(angle), std::sin(angle)}; }

/// Angle from the beginning of an arc to the direction of x, 0 … 2π.
double along(const ProfileEdge& e, const Vector2& x) {
  const Vector2 arm = x - e.centre;
  const double angle = std::fmod(std::atan2(arm[1], arm[0]) - e.begin + 4 * pi, 2 * pi);
  return angle;
}

void check_positive(double x, const char* what) {
  if (!(std::isfinite(x) && x > 0)) throw InputError("the {} of a profile must be positive; it is {} m", what, x);
}

bool cross_properly(const Vector2& a, const Vector2& b, const Vector2& c, const Vector2& d) {
  const double c1 = cross(b - a, c - a), c2 = cross(b - a, d - a), c3 = cross(d - c, a - c), c4 = cross(d - c, b - c);
  return c1 * c2 <= 0 && c3 * c4 <= 0 && !(c1 == 0 && c2 == 0);
}

}  // namespace

Vector2 ProfileEdge::at(double fraction) const { return is_arc() ? centre + radius * direction(begin + fraction * angle) : a + fraction * (b - a); }

Vector2 ProfileEdge::nearest(const Vector2& x) const {
  if (!is_arc()) {
    const Vector2 side = b - a;
    return a + std::clamp(dot(x - a, side) / dot(side, side), 0.0, 1.0) * side;
  }
  const Vector2 arm = x - centre;
  const double r = norm(arm);
  if (!(r > 0)) return a;
  if (angle < 2 * pi && along(*this, x) > angle) return dot(x - a, x - a) < dot(x - b, x - b) ? a : b;
  return centre + (radius / r) * arm;
}

Vector2 ProfileEdge::normal(const Vector2& on) const {
  if (is_arc()) return (1 / norm(on - centre)) * (on - centre);
  const Vector2 side = b - a;
  return (1 / norm(side)) * Vector2{side[1], -side[0]};
}

Vector2 ProfileEdge::mean() const {
  if (!is_arc()) return 0.5 * (a + b);
  return centre + (radius * std::sin(angle / 2) / (angle / 2)) * direction(begin + angle / 2);
}

Profile::Profile(std::vector<ProfileEdge> edges) : edges_(std::move(edges)) {
  Vector2 moment{};
  for (const ProfileEdge& e : edges_) {
    const double triangle = cross(e.a, e.b) / 2;
    area_ += triangle;
    moment = moment + (triangle / 3) * (e.a + e.b);
    if (!e.is_arc()) continue;
    const double cap = e.radius * e.radius / 2 * (e.angle - std::sin(e.angle));  // circular segment beyond the chord
    const double out = 4 * e.radius * std::pow(std::sin(e.angle / 2), 3) / (3 * (e.angle - std::sin(e.angle)));
    area_ += cap;
    moment = moment + cap * (e.centre + out * direction(e.begin + e.angle / 2));
  }
  centroid_ = (1 / area_) * moment;
  const int n = int(edges_.size());
  const auto turns = [&](int i) {  // between edge i and the next
    const ProfileEdge &e = edges_[i], &f = edges_[(i + 1) % n];
    const Vector2 p = e.normal(e.b), q = f.normal(f.a);
    return std::abs(std::atan2(cross(p, q), dot(p, q))) > crease;
  };
  int patch = 0;
  for (int i = 0; i < n; ++i) {
    edges_[i].patch = patch;
    if (i + 1 < n && turns(i)) ++patch;
  }
  n_patches_ = patch + 1;
  if (patch > 0 && !turns(n - 1)) {  // the last patch runs on into the first
    for (ProfileEdge& e : edges_)
      if (e.patch == patch) e.patch = 0;
    n_patches_ = patch;
  }
}

Profile Profile::circle(double diameter) {
  check_positive(diameter, "diameter");
  return Profile({arc({0, 0}, diameter / 2, -pi / 2, 2 * pi)});
}

Profile Profile::rectangle(double width, double height, Anchor anchor) {
  check_positive(width, "width");
  check_positive(height, "height");
  const double x = width / 2, low = anchor == Anchor::floor ? 0 : -height / 2, high = low + height;
  return Profile({line({-x, low}, {x, low}), line({x, low}, {x, high}), line({x, high}, {-x, high}), line({-x, high}, {-x, low})});
}

Profile Profile::horseshoe(double width, double height, Anchor anchor) {
  check_positive(width, "width");
  check_positive(height, "height");
  if (height < width / 2) throw InputError("a horseshoe must be at least half as high as wide; it is {} m high and {} m wide", height, width);
  return d_shape(width, height, height - width / 2, anchor);
}

Profile Profile::d_shape(double width, double height, double wall, Anchor anchor) {
  check_positive(width, "width");
  check_positive(height, "height");
  const double x = width / 2, rise = height - wall, low = anchor == Anchor::floor ? 0 : -height / 2, springing = low + wall;
  if (!(wall >= 0 && rise > 0 && rise <= x * (1 + 1e-12)))
    throw InputError("the roof of a profile must rise by more than 0 and at most half the width above its walls; width {} m, height {} m, wall {} m",
                     width, height, wall);
  const double radius = (x * x + rise * rise) / (2 * rise), half = std::asin(std::min(1.0, x / radius));
  std::vector<ProfileEdge> edges = {line({-x, low}, {x, low})};
  if (wall > 0) edges.push_back(line({x, low}, {x, springing}));
  edges.push_back(arc({0, low + height - radius}, radius, pi / 2 - half, 2 * half));
  if (wall > 0) edges.push_back(line({-x, springing}, {-x, low}));
  return Profile(std::move(edges));
}

Profile Profile::polygon(std::span<const Vector2> corners) {
  const std::size_t n = corners.size();
  if (n < 3 || n > 1000) throw InputError("the polygon of a profile needs 3 to 1000 corners; it has {}", n);
  double twice = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Vector2 &a = corners[i], &b = corners[(i + 1) % n];
    if (!(std::isfinite(a[0]) && std::isfinite(a[1]))) throw InputError("corner {} of the profile is not a pair of finite numbers", i + 1);
    if (!(norm(b - a) > 0)) throw InputError("corners {} and {} of the profile are the same point; leave one out", i + 1, (i + 1) % n + 1);
    twice += cross(a - corners[0], b - corners[0]);
    for (std::size_t j = i + 2; j < n; ++j)
      if (!(i == 0 && j == n - 1) && cross_properly(a, b, corners[j], corners[(j + 1) % n]))
        throw InputError("sides {} and {} of the profile cross; give the corners in order", i + 1, j + 1);
  }
  if (!(std::abs(twice) > 0)) throw InputError("the corners of the profile lie on one line; they must enclose an area");
  std::vector<ProfileEdge> edges;
  for (std::size_t i = 0; i < n; ++i)
    edges.push_back(twice > 0 ? line(corners[i], corners[(i + 1) % n]) : line(corners[n - 1 - i], corners[(2 * n - 2 - i) % n]));
  return Profile(std::move(edges));
}

Profile::Near Profile::nearest(const Vector2& x) const {
  Near near{std::numeric_limits<double>::infinity(), {}, 0};
  for (int i = 0; i < int(edges_.size()); ++i) {
    const Vector2 p = edges_[i].nearest(x);
    const double d2 = dot(x - p, x - p);
    if (d2 < near.distance) near = {d2, p, i};
  }
  near.distance = std::sqrt(near.distance);
  return near;
}

bool Profile::inside(const Vector2& x) const {
  bool odd = false;
  for (const ProfileEdge& e : edges_) {
    if (e.is_arc()) {  // beyond the chord, within the circle
      const bool in_circle = dot(x - e.centre, x - e.centre) <= e.radius * e.radius;
      if (round()) return in_circle;
      if (in_circle && cross(e.b - e.a, x - e.a) <= 0) return true;
    }
    if ((e.a[1] > x[1]) != (e.b[1] > x[1]) && x[0] < e.a[0] + (x[1] - e.a[1]) / (e.b[1] - e.a[1]) * (e.b[0] - e.a[0])) odd = !odd;
  }
  return odd;
}

double Profile::perimeter() const {
  double sum = 0;
  for (const ProfileEdge& e : edges_) sum += e.length();
  return sum;
}

double Profile::support(const Vector2& way) const {
  double most = -std::numeric_limits<double>::infinity();
  for (const ProfileEdge& e : edges_) {
    most = std::max({most, dot(way, e.a), dot(way, e.b)});
    const double size = norm(way);
    if (!e.is_arc() || !(size > 0)) continue;
    const Vector2 top = e.centre + (e.radius / size) * way;
    if (along(e, top) <= e.angle) most = std::max(most, dot(way, top));
  }
  return most;
}

}  // namespace winze::geometry
