/// Blocks of rock that hang together by faces.
#pragma once
#include <vector>

#include "mesh/mesh.hpp"

namespace winze::mesh {

/// Collective. Active elements (one flag per owned element) that are joined through shared faces have the same component, 0 … n_components − 1;
/// blocks that touch only along edges or at vertices are different components. Per owned element, −1 where inactive. Components are numbered by their
/// first element.
std::vector<std::int32_t> face_connected_components(const Mesh& mesh, const std::vector<char>& active_element, int& n_components);

}  // namespace winze::mesh
