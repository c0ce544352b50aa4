// Triangulated shapes with known volumes, and ways to spoil them.
#pragma once
#include <cmath>
#include <functional>
#include <numbers>

#include "geometry/triangles.hpp"

namespace winze::geometry {

// A box of n × n squares a side.
inline Triangles box_shape(const Vector3& low, const Vector3& high, int n = 3) {
  Triangles t;
  for (int d = 0; d < 3; ++d)
    for (int side = 0; side < 2; ++side) {
      const Index first = Index(t.points.size());
      const int u = (d + 1) % 3, v = (d + 2) % 3;
      for (int j = 0; j <= n; ++j)
        for (int i = 0; i <= n; ++i) {
          Vector3 x{};
          x[d] = side ? high[d] : low[d];
          x[u] = low[u] + (high[u] - low[u]) * i / n;
          x[v] = low[v] + (high[v] - low[v]) * j / n;
          t.points.push_back(x);
        }
      for (int j = 0; j < n; ++j)
        for (int i = 0; i < n; ++i) {
          const Index a = first + j * (n + 1) + i, b = a + 1, c = a + n + 1, e = c + 1;
          if (side)
            t.faces.insert(t.faces.end(), {{a, b, e}, {a, e, c}});
          else
            t.faces.insert(t.faces.end(), {{a, e, b}, {a, c, e}});
        }
    }
  return t;
}

// Closed surface of revolution-like grids: n × m squares over the torus of angles (both periodic).
inline Triangles torus_shape(double big, double small, int n, int m) {
  Triangles t;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < m; ++j) {
      const double a = 2 * std::numbers::pi * i / n, b = 2 * std::numbers::pi * j / m, r = big + small * std::cos(b);
      t.points.push_back({r * std::cos(a), r * std::sin(a), small * std::sin(b)});
    }
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < m; ++j) {
      const Index a = i * m + j, b = (i + 1) % n * m + j, c = (i + 1) % n * m + (j + 1) % m, d = i * m + (j + 1) % m;
      t.faces.insert(t.faces.end(), {{a, b, c}, {a, c, d}});
    }
  return t;
}

// A ball with a radius that may depend on direction: rings of latitude between two poles.
inline Triangles ball_shape(const Vector3& centre, const std::function<double(const Vector3&)>& radius, int n = 12) {
  Triangles t;
  const auto add = [&](double polar, double round) {
    const Vector3 d = {std::sin(polar) * std::cos(round), std::sin(polar) * std::sin(round), std::cos(polar)};
    const double r = radius(d);
    t.points.push_back({centre[0] + r * d[0], centre[1] + r * d[1], centre[2] + r * d[2]});
  };
  add(0, 0);
  for (int i = 1; i < n; ++i)
    for (int j = 0; j < 2 * n; ++j) add(std::numbers::pi * i / n, std::numbers::pi * j / n);
  add(std::numbers::pi, 0);
  const Index south = Index(t.points.size()) - 1;
  const auto at = [&](int i, int j) { return Index(1 + (i - 1) * 2 * n + j % (2 * n)); };
  for (int j = 0; j < 2 * n; ++j) {
    t.faces.push_back({0, at(1, j), at(1, j + 1)});
    t.faces.push_back({south, at(n - 1, j + 1), at(n - 1, j)});
    for (int i = 1; i + 1 < n; ++i)
      t.faces.insert(t.faces.end(), {{at(i, j), at(i + 1, j), at(i + 1, j + 1)}, {at(i, j), at(i + 1, j + 1), at(i, j + 1)}});
  }
  return t;
}

inline Triangles joined(Triangles a, const Triangles& b) {
  const Index n = Index(a.points.size());
  a.points.insert(a.points.end(), b.points.begin(), b.points.end());
  for (const Face& f : b.faces) a.faces.push_back({f[0] + n, f[1] + n, f[2] + n});
  return a;
}

inline Triangles moved(Triangles a, const Vector3& by) {
  for (Vector3& x : a.points) x = {x[0] + by[0], x[1] + by[1], x[2] + by[2]};
  return a;
}

}  // namespace winze::geometry
