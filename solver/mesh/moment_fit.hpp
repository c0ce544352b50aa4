/// Fewer quadrature points with the same moments.
#pragma once
#include <span>
#include <vector>

#include "base/tensor.hpp"

namespace winze::mesh {

struct WeightedPoint {
  Vector3 at;
  double weight;
};

/// A subset of the points, with other positive weights, that integrates every polynomial of total degree ≤ `degree` (1 … 5) as all of them do: to
/// 1e-12 of the total weight, and to rounding of the coordinates for sets much smaller than the cube. At most (degree + 1)(degree + 2)(degree + 3)/6
/// points. Long lists are first thinned: one point for each stretch of equal weight, whose weights a polynomial near 1 brings back to the moments;
/// then one point after the other gives its weight to a basis of the moments (Carathéodory, in the manner of the simplex method). Coordinates within
/// [−1, 1]; weights positive. Points near one another in the list should be near one another in space. Keeps its memory per thread.
std::vector<WeightedPoint> compress(std::span<const WeightedPoint> points, int degree);

/// Moments up to a total degree in Legendre products, the order in which compress() keeps them.
std::vector<double> moments(std::span<const WeightedPoint> points, int degree);

}  // namespace winze::mesh
