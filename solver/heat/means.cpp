#include "heat/means.hpp"

#include <algorithm>

namespace winze::heat {
namespace {

/// Abscissae between which both tables are linear.
std::vector<double> pieces(const input::Curve& a, const input::Curve& b, double from, double to) {
  std::vector<double> x = {from, to};
  for (const input::Curve* c : {&a, &b})
    for (double at : c->x)
      if (at > from && at < to) x.push_back(at);
  std::sort(x.begin(), x.end());
  return x;
}

}  // namespace

double mean(const input::Curve& a, double from, double to) {
  static const input::Curve one(1.0);
  return mean_of_product(a, one, from, to);
}

double mean_of_product(const input::Curve& a, const input::Curve& b, double from, double to) {
  if ((a.constant() && b.constant()) || from == to) return a(from) * b(from);
  const std::vector<double> x = pieces(a, b, from, to);
  double sum = 0;
  for (std::size_t i = 1; i < x.size(); ++i) {  // Simpson's rule, exact for products of linear functions
    const double middle = 0.5 * (x[i - 1] + x[i]);
    sum += (x[i] - x[i - 1]) / 6 * (a(x[i - 1]) * b(x[i - 1]) + 4 * a(middle) * b(middle) + a(x[i]) * b(x[i]));
  }
  return sum / (to - from);
}

}  // namespace winze::heat
