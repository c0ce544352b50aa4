/// How deep brittle failure eats into the wall. σci is the uniaxial compressive strength of intact rock, not its crack initiation stress.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "burst/indicator.hpp"

namespace winze::burst {

/// Df/a = 1.25 σmax/σci − 0.51 (± 0.1), a: radius of the (equivalent circular) opening, Df measured from its wall, σmax: tangential stress at the
/// wall, 3σ1 − σ3 for a circle. Zero where the line is below zero or σmax/σci below 0.4, where it has no data.
struct DepthOfFailure {
  static constexpr const char* name = "depth_of_failure";
  static constexpr const char* title = "D_f / a = 1.25 sigma_max / sigma_ci - 0.51 (sigma_ci = UCS)";
  static constexpr const char* doc = "Depth of brittle failure over the radius of the opening, by the empirical line through observed notches.";
  static constexpr const char* unit = "1";
  static constexpr Source source = {"Martin, Kaiser and McCreath 1999", Confidence::published};
  static constexpr Place place = Place::surface;
  static constexpr Severity severity = Severity::rises;
  static constexpr double spread = 0.1;  ///< of the observations about the line
  static constexpr std::array limits = {spread};
  static constexpr std::array labels = {"none beyond the spread of the line", "failure"};

  double slope = 1.25, intercept = -0.51, valid_above = 0.4;

  static auto keys() {
    using D = DepthOfFailure;
    return input::keys(input::key("slope", &D::slope, "1", "depth over radius gained per unit of sigma_max/sigma_ci").above(0),
                       input::key("intercept", &D::intercept, "1", "depth over radius at sigma_max = 0").below(0),
                       input::key("valid_above", &D::valid_above, "1", "sigma_max/sigma_ci below which no failure was observed").at_least(0));
  }
  Needs needs() const { return {.wall = true, .elastic = true, .ucs = true}; }
  double value(const Sample& s) const {
    const double ratio = major_compression(s.stress) / *s.rock->ucs;
    return ratio < valid_above ? 0.0 : std::max(0.0, slope * ratio + intercept);
  }
};

/// (σ1 − σ3)/(σci √s): at least 1 inside the elastic contour of the brittle parameters m = 0, s = 0.11. s = 1/9 is the form σ1 − σ3 = σci/3.
struct FailureContour {
  static constexpr const char* name = "failure_contour";
  static constexpr const char* title = "(sigma_1 - sigma_3) / (sigma_ci sqrt(s)) (sigma_ci = UCS)";
  static constexpr const char* doc = "Elastic stress difference over that of brittle failure with m = 0: the rock inside the contour 1 is the notch.";
  static constexpr const char* unit = "1";
  static constexpr Source source = {"Martin, Kaiser and McCreath 1999", Confidence::published};
  static constexpr Place place = Place::volume;
  static constexpr Severity severity = Severity::rises;
  static constexpr std::array limits = {1.0};
  static constexpr std::array labels = {"outside the contour", "inside the contour"};

  double s = 0.11;

  static auto keys() {
    return input::keys(
        input::key("s", &FailureContour::s, "1", "Hoek-Brown s of brittle failure with m = 0; 0.1111 gives sigma_ci/3").above(0).at_most(1));
  }
  Needs needs() const { return {.elastic = true, .ucs = true}; }
  double value(const Sample& sample) const { return stress_difference(sample.stress) / (*sample.rock->ucs * std::sqrt(s)); }
};

/// Depth of the contour value = 1 along a line from the wall into the rock: `distance` from the wall increases, `value` as of FailureContour; linear
/// between neighbours. 0 where the wall itself is below 1. The depth of an opening is the largest over its lines, which need not be the one along
/// σ3. Throws InputError where the line ends inside the contour.
double contour_depth(std::span<const double> distance, std::span<const double> value);

}  // namespace winze::burst
