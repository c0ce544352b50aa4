#include "material/softening.hpp"

namespace winze::material {

Rated rated(const input::Curve& table, double x) {
  if (table.y.empty()) return {};
  if (table.constant() || x < table.x.front()) return {table.y.front(), 0};
  if (x >= table.x.back()) return {table.y.back(), 0};
  const std::size_t i = std::size_t(std::upper_bound(table.x.begin(), table.x.end(), x) - table.x.begin());
  const double slope = (table.y[i] - table.y[i - 1]) / (table.x[i] - table.x[i - 1]);
  return {table.y[i - 1] + slope * (x - table.x[i - 1]), slope};
}

double next_knot(std::initializer_list<const input::Curve*> tables, double x) {
  double next = std::numeric_limits<double>::infinity();
  for (const input::Curve* t : tables)
    if (t->y.size() > 1) {
      const auto beyond = std::upper_bound(t->x.begin(), t->x.end(), x);
      if (beyond != t->x.end()) next = std::min(next, *beyond);
    }
  return next;
}

bool any_falling(std::initializer_list<const input::Curve*> tables) {
  for (const input::Curve* t : tables)
    if (!std::is_sorted(t->y.begin(), t->y.end())) return true;
  return false;
}

}  // namespace winze::material
