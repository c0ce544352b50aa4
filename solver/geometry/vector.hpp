/// Arithmetic of points and directions in space and in a plane, as geometry writes it.
#pragma once
#include <array>
#include <cmath>

#include "base/tensor.hpp"

namespace winze::geometry {

using Vector2 = std::array<double, 2>;

inline Vector3 operator+(const Vector3& a, const Vector3& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }
inline Vector3 operator-(const Vector3& a, const Vector3& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
inline Vector3 operator-(const Vector3& a) { return {-a[0], -a[1], -a[2]}; }
inline Vector3 operator*(double s, const Vector3& a) { return {s * a[0], s * a[1], s * a[2]}; }
inline Vector3 unit(const Vector3& a) { return (1 / norm(a)) * a; }
inline bool finite(const Vector3& a) { return std::isfinite(a[0]) && std::isfinite(a[1]) && std::isfinite(a[2]); }

inline Vector2 operator+(const Vector2& a, const Vector2& b) { return {a[0] + b[0], a[1] + b[1]}; }
inline Vector2 operator-(const Vector2& a, const Vector2& b) { return {a[0] - b[0], a[1] - b[1]}; }
inline Vector2 operator*(double s, const Vector2& a) { return {s * a[0], s * a[1]}; }
inline double dot(const Vector2& a, const Vector2& b) { return a[0] * b[0] + a[1] * b[1]; }
inline double cross(const Vector2& a, const Vector2& b) { return a[0] * b[1] - a[1] * b[0]; }
inline double norm(const Vector2& a) { return std::sqrt(dot(a, a)); }

using winze::cross;
using winze::dot;
using winze::norm;

}  // namespace winze::geometry
