#include "linear/anderson.hpp"

#include <cmath>
#include <numeric>

namespace winze::linear {
namespace {

double dot(const std::vector<double>& a, const std::vector<double>& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

void add(double factor, const std::vector<double>& a, std::vector<double>& to) {
  for (size_t i = 0; i < to.size(); ++i) to[i] += factor * a[i];
}

}  // namespace

std::vector<double> Anderson::next(const std::vector<double>& x, const std::vector<double>& residual) {
  if (!last_x_.empty()) {
    steps_.push_front(x);
    changes_.push_front(residual);
    add(-1, last_x_, steps_.front());
    add(-1, last_residual_, changes_.front());
    if (int(steps_.size()) > depth_) steps_.pop_back(), changes_.pop_back();
  }
  last_x_ = x;
  last_residual_ = residual;
  // Modified Gram–Schmidt over the changes, carrying the steps along: what is left of the residual is least.
  std::vector<double> result = x, left = residual;
  std::vector<std::vector<double>> base, move;
  for (size_t k = 0; k < changes_.size(); ++k) {
    std::vector<double> q = changes_[k], s = steps_[k];
    const double before = std::sqrt(dot(q, q));
    for (size_t j = 0; j < base.size(); ++j) {
      const double c = dot(base[j], q);
      add(-c, base[j], q);
      add(-c, move[j], s);
    }
    const double norm = std::sqrt(dot(q, q));
    if (!(norm > dependent * before)) continue;
    for (size_t i = 0; i < q.size(); ++i) q[i] /= norm, s[i] /= norm;
    const double c = dot(q, left);
    add(-c, q, left);
    add(-c, s, result);
    base.push_back(std::move(q));
    move.push_back(std::move(s));
  }
  add(1, left, result);
  return result;
}

}  // namespace winze::linear
