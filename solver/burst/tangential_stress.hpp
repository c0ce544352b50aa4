/// σθ/σc: the largest compressive stress on the wall over the uniaxial compressive strength, with three tables of limits.
#pragma once
#include <array>

#include "burst/indicator.hpp"

namespace winze::burst {

/// σθ: the most compressive principal stress at the excavation surface of the elastic solution. At a circular opening 3 σ1 − σ3 (Kirsch 1898).
struct TangentialStress {
  static constexpr const char* title = "sigma_theta / sigma_c";
  static constexpr const char* unit = "1";
  static constexpr Place place = Place::surface;
  static constexpr Severity severity = Severity::rises;
  static auto keys() { return input::keys(); }
  Needs needs() const { return {.wall = true, .elastic = true, .ucs = true}; }
  double value(const Sample& s) const { return major_compression(s.stress) / *s.rock->ucs; }
};

struct Russenes : TangentialStress {
  static constexpr const char* name = "russenes";
  static constexpr const char* doc = "Elastic tangential stress on the wall over uniaxial compressive strength, limits of Norwegian road tunnels.";
  static constexpr Source source = {"Russenes 1974", Confidence::recalled};
  static constexpr std::array limits = {0.20, 0.30, 0.55};
  static constexpr std::array labels = {"none", "light", "moderate", "strong"};
};

struct Wang : TangentialStress {
  static constexpr const char* name = "wang";
  static constexpr const char* doc = "Elastic tangential stress on the wall over uniaxial compressive strength, limits of Chinese tunnels and mines.";
  static constexpr Source source = {"Wang Yuanhan et al. 1998", Confidence::published};
  static constexpr std::array limits = {0.3, 0.5, 0.7};
  static constexpr std::array labels = {"none", "light", "moderate", "strong"};
};

struct Hoek : TangentialStress {
  static constexpr const char* name = "hoek";
  static constexpr const char* doc =
      "Elastic tangential stress on the wall over uniaxial compressive strength, limits of South African square tunnels.";
  static constexpr Source source = {"Hoek and Brown 1980", Confidence::published};
  static constexpr std::array limits = {0.34, 0.42, 0.56, 0.70};
  static constexpr std::array labels = {"none", "light spalling", "severe spalling", "heavy support", "strong burst"};
};

}  // namespace winze::burst
