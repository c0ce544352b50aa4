// The units a mine's case is written in, as UDUNITS-2 and its conversion factors give them (BIPM SI brochure).
#include "base/units.hpp"

#include <gtest/gtest.h>

#include <numbers>

using namespace winze;

TEST(Units, OfACaseFileConvertToSi) {
  EXPECT_NEAR(convert(30, "deg", "rad"), std::numbers::pi / 6, 1e-15);
  EXPECT_NEAR(convert(30, "degree", "rad"), std::numbers::pi / 6, 1e-15);
  EXPECT_NEAR(convert(28, "degC", "K"), 301.15, 1e-12);
  EXPECT_DOUBLE_EQ(convert(45, "GPa", "Pa"), 45e9);
  EXPECT_DOUBLE_EQ(convert(90, "d", "s"), 7776000);
  EXPECT_NEAR(convert(22, "K/km", "K/m"), 0.022, 1e-16);
  EXPECT_FALSE(convertible("deg", "K"));
}
