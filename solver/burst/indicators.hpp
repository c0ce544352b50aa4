/// The list of rockburst indicators. Adding one is one file and one name here.
#pragma once
#include "burst/depth_of_failure.hpp"
#include "burst/energy.hpp"
#include "burst/far_field.hpp"
#include "burst/tangential_stress.hpp"
#include "burst/turchaninov.hpp"
#include "input/key.hpp"

namespace winze::burst {

template <IndicatorStruct... I>
using IndicatorList = input::Choice<I...>;

using Indicator =
    IndicatorList<Russenes, Wang, Hoek, Turchaninov, Barton, Tao, StrainEnergy, PotentialEnergy, BurstPotential, DepthOfFailure, FailureContour>;

}  // namespace winze::burst
