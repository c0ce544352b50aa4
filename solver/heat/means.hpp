/// Means of tables over an interval of time, exact; over an interval of no length the value there.
#pragma once
#include "input/key.hpp"

namespace winze::heat {

double mean(const input::Curve& a, double from, double to);
/// Mean of a(t) b(t).
double mean_of_product(const input::Curve& a, const input::Curve& b, double from, double to);

}  // namespace winze::heat
