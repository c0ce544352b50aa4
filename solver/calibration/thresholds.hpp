/// The limits of an index that part the classes with the least cost.
#pragma once
#include <span>
#include <vector>

namespace winze::calibration {

/// Cost of saying a class: [true][said].
struct Cost {
  int n_classes = 0;
  std::vector<double> of;
  /// 0 where right, 1 where the class said is too severe, `miss` where it is too mild: with 1 the least cost is the largest accuracy.
  Cost(int n_classes, double miss);
  double at(int truth, int said) const { return of[std::size_t(truth) * std::size_t(n_classes) + std::size_t(said)]; }
};

/// n_classes − 1 ascending limits, limits[i] parting class i from class i + 1 (its value belongs to the upper), with the least total cost of all:
/// exact, by dynamic programming over the sorted values, in time n (log n + n_classes). A limit lies half-way between two values; −∞ or +∞ where a
/// class is not said for any row; the lowest limits among equals.
std::vector<double> best_limits(std::span<const double> index, std::span<const int> truth, const Cost& cost);

/// Class of each value by ascending limits.
std::vector<int> classify(std::span<const double> index, std::span<const double> limits);

}  // namespace winze::calibration
