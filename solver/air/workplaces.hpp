/// Workplaces of a network: heat stress, and what rule sets say.
#pragma once
#include <string>
#include <vector>

#include "air/air.hpp"
#include "air/rule_set.hpp"

namespace winze::air {

/// The state at every workplace after a solve with climate, in file order. Mean radiant temperature: that of the walls beside it, the air's where
/// there is no rock.
std::vector<Workplace> workplaces(const Air& air);
/// Air speed m/s, temperatures °C, cooling powers W/m², per workplace in file order. What has no value there (heat stress out of its range) is NAN.
std::vector<Column> workplace_table(const std::vector<Workplace>& places, Psychrometry route);

}  // namespace winze::air
