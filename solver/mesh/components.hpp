/// Bodies: sets of active elements joined by faces. Blocks that touch only at edges or corners are different bodies.
#pragma once
#include <vector>

#include "mesh/mesh.hpp"

namespace winze::mesh {

/// Collective. Number of the body of every owned element, −1 where inactive; bodies are numbered 0 … n_components−1 over all ranks.
std::vector<std::int32_t> face_connected_components(const Mesh& mesh, const std::vector<char>& active_element, int& n_components);

}  // namespace winze::mesh
