/// The pressure law of one branch, put together by the devices of its airway:
///   p_from − p_to = Rt ρ Q|Q| + drop sign(Q) − gain − fans(Q) + ρ g (z_to − z_from),   or a fixed flow.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "air/fan_curve.hpp"

namespace winze::air {

struct FanLaw {
  std::shared_ptr<const FanCurve> curve;
  double density = 1.2;  ///< of the curve, kg/m³
  double speed = 1;      ///< over that of the curve
  double parallel = 1, series = 1;
  double outlet_area = 0;  ///< m²; above 0 the curve is of static pressure and ρu²/2 at this area is added
  double direction = 1;    ///< −1: blows from `to` to `from`
  int device = 0;          ///< place among the devices of the airway

  /// Total pressure gained along from → to, Pa, at flow q (m³/s, positive from → to) of air of density rho; slope: its derivative by q.
  double pressure(double q, double rho, double& slope) const;
};

struct BranchLaw {
  double resistance = 0;       ///< Rt, 1/m⁴
  double drop = 0;             ///< Pa, against the flow whichever way it goes
  double gain = 0;             ///< Pa, along from → to
  std::optional<double> flow;  ///< fixed, m³/s at the density of the branch
  bool only_throttle = false;  ///< the fixed flow must come from a resistance, not from a fan
  std::vector<FanLaw> fans;
};

}  // namespace winze::air
