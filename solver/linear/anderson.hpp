/// Anderson's acceleration of a fixed-point iteration x ← g(x) on one rank.
#pragma once
#include <deque>
#include <vector>

namespace winze::linear {

/// Combines the last rounds so that the residual g(x) − x of the combination is least (Anderson 1965; Walker & Ni 2011, SIAM J. Numer. Anal. 49,
/// 1715, the unconstrained form). Rounds whose residual differences depend on later ones to `dependent` are left out.
class Anderson {
 public:
  explicit Anderson(int depth) : depth_(depth) {}
  /// Next x from x and its residual; both of the same size in every call.
  std::vector<double> next(const std::vector<double>& x, const std::vector<double>& residual);

 private:
  static constexpr double dependent = 1e-7;
  int depth_;
  std::deque<std::vector<double>> steps_, changes_;  // differences of x and of the residual, the latest first
  std::vector<double> last_x_, last_residual_;
};

}  // namespace winze::linear
