/// Where coolers in a network would do most: positional.csv and a few lines for people.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "air/air.hpp"
#include "base/comm.hpp"

namespace winze::run {

/// Collective. Around the last solve of `air`, before it is accepted: a row per workplace and airway, best airways first. Returns a table of the
/// three best places for every workplace. Throws InputError without climate.
std::vector<std::string> write_positional(const Comm& comm, const std::filesystem::path& folder, air::Air& air);

}  // namespace winze::run
