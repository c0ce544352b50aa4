/// σc/σ1: uniaxial compressive strength over the largest compressive stress before any excavation. Smaller is worse.
#pragma once
#include <algorithm>
#include <array>

#include "burst/indicator.hpp"

namespace winze::burst {

/// A far field without compression, or with less than σc/1000, counts as σc/σ1 = 1000.
struct FarField {
  static constexpr const char* title = "sigma_c / sigma_1 (in situ)";
  static constexpr const char* unit = "1";
  static constexpr Place place = Place::surface;
  static constexpr Severity severity = Severity::falls;
  static auto keys() { return input::keys(); }
  Needs needs() const { return {.ucs = true, .in_situ = true}; }
  double value(const Sample& s) const { return *s.rock->ucs / std::max(major_compression(*s.in_situ), *s.rock->ucs / 1000); }
};

struct Barton : FarField {
  static constexpr const char* name = "barton";
  static constexpr const char* doc =
      "Uniaxial compressive strength over in-situ major stress, limits of the stress reduction factor of the Q system.";
  static constexpr Source source = {"Barton et al. 1974", Confidence::published};
  static constexpr std::array limits = {5.0, 2.5};
  static constexpr std::array labels = {"none", "mild", "heavy"};
};

struct Tao : FarField {
  static constexpr const char* name = "tao";
  static constexpr const char* doc = "Uniaxial compressive strength over in-situ major stress, limits of Chinese underground powerhouses.";
  static constexpr Source source = {"Tao Zhenyu 1987", Confidence::published};
  static constexpr std::array limits = {14.5, 5.5, 2.5};
  static constexpr std::array labels = {"none", "light", "moderate", "strong"};
};

}  // namespace winze::burst
