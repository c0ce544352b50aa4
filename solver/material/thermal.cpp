#include "material/thermal.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "material/check.hpp"

namespace winze::material {

void ConstantConductivity::check(const std::string& material) const { require_positive(material, "conductivity", value, "W/(m K)"); }

void ConductivityTable::check(const std::string& material) const {
  if (temperature.size() < 2 || temperature.size() != conductivity.size())
    throw InputError("material {}: conductivity table has {} temperatures and {} conductivities; it needs as many of one as of the other, at least 2",
                     material, temperature.size(), conductivity.size());
  for (std::size_t i = 0; i < temperature.size(); ++i) {
    require_positive(material, "conductivity", conductivity[i], "W/(m K)");
    require_positive(material, "temperature of the conductivity table", temperature[i], "K");
    if (i > 0 && !(temperature[i] > temperature[i - 1]))
      throw InputError("material {}: conductivity table: temperature {:.6g} K follows {:.6g} K; they must increase", material, temperature[i],
                       temperature[i - 1]);
  }
}

namespace {
/// Index of the segment's lower knot, or −1 beyond the ends.
int segment(const std::vector<double>& knots, double x) {
  if (!(x >= knots.front() && x < knots.back())) return -1;
  return int(std::upper_bound(knots.begin(), knots.end(), x) - knots.begin()) - 1;
}
}  // namespace

double ConductivityTable::at(double t) const {
  const int i = segment(temperature, t);
  if (i < 0) return t < temperature.front() ? conductivity.front() : conductivity.back();
  return conductivity[i] + derivative(t) * (t - temperature[i]);
}

double ConductivityTable::derivative(double t) const {
  const int i = segment(temperature, t);
  return i < 0 ? 0 : (conductivity[i + 1] - conductivity[i]) / (temperature[i + 1] - temperature[i]);
}

void ReciprocalConductivity::check(const std::string& material) const {
  require_positive(material, "conductivity", value, "W/(m K)");
  require_positive(material, "reference", reference, "K");
  for (const double limit : {250.0, 450.0})
    if (!(1 + decline * (limit - reference) > 0))
      throw InputError("material {}: decline {:.6g} 1/K makes the conductivity infinite or negative at {} K; it must stay positive from 250 to 450 K",
                       material, decline, limit);
}

void Thermal::check(const std::string& material) const {
  std::visit([&](const auto& k) { k.check(material); }, conductivity);
  require_positive(material, "heat_capacity", heat_capacity, "J/(kg K)");
  for (const double value : {expansion, expansion_normal.value_or(0)})
    if (!(std::abs(value) < 1e-3))
      throw InputError("material {}: expansion {:.6g} 1/K is not a rock's (about 1e-5 1/K); it must be below 1e-3 1/K", material, value);
}

double Thermal::conductivity_at(double temperature) const {
  return std::visit([=](const auto& k) { return k.at(temperature); }, conductivity);
}

double Thermal::conductivity_derivative(double temperature) const {
  return std::visit([=](const auto& k) { return k.derivative(temperature); }, conductivity);
}

}  // namespace winze::material
