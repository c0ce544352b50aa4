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

/// A subset of the points, with other positive weights, that integrates every polynomial of total degree ≤ `degree` as all of them do (to rounding):
/// at most (degree + 1)(degree + 2)(degree + 3)/6 points. Neighbours in the list form groups, and weights move between groups along
/// null vectors of their moments until half of the groups are empty (Carathéodory; Tchernychova 2015, "recombination"). Coordinates within [−1, 1];
/// weights positive. Points near one another in the list should be near one another in space.
std::vector<WeightedPoint> compress(std::span<const WeightedPoint> points, int degree);

/// Moments up to a total degree in Legendre products, the order in which compress() keeps them.
std::vector<double> moments(std::span<const WeightedPoint> points, int degree);

}  // namespace winze::mesh
