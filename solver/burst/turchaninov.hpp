/// (σθ + σL)/σc.
#pragma once
#include <array>

#include "burst/indicator.hpp"

namespace winze::burst {

/// σθ and σL: the two principal stresses within the tangent plane of the wall, see tangential_sum().
struct Turchaninov {
  static constexpr const char* name = "turchaninov";
  static constexpr const char* title = "(sigma_theta + sigma_L) / sigma_c";
  static constexpr const char* doc = "Sum of the elastic tangential and axial stress on the wall over uniaxial compressive strength.";
  static constexpr const char* unit = "1";
  static constexpr Source source = {"Turchaninov et al. 1972", Confidence::published};
  static constexpr Place place = Place::surface;
  static constexpr Severity severity = Severity::rises;
  static constexpr std::array limits = {0.3, 0.5, 0.8};
  static constexpr std::array labels = {"none", "light", "moderate", "strong"};
  static auto keys() { return input::keys(); }
  Needs needs() const { return {.wall = true, .elastic = true, .ucs = true}; }
  double value(const Sample& s) const { return tangential_sum(s.stress, *s.normal) / *s.rock->ucs; }
};

}  // namespace winze::burst
