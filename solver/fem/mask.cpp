#include "base/error.hpp"
#include "fem/operators.hpp"

namespace winze::fem {

linear::Mask make_mask(const mesh::Mesh& mesh, const std::vector<char>& active, const std::vector<std::uint8_t>& fixed, int width) {
  const std::size_t n_local = std::size_t(mesh.nodes.n_local());
  mesh.comm.together([&] {
    if (active.size() != std::size_t(mesh.n_elements()))
      throw InputError("mask: {} activity flags given for {} elements: one per element is needed", active.size(), mesh.n_elements());
    if (fixed.size() != n_local * width)
      throw InputError("mask: {} fixed flags given for {} unknowns: one per local node and component is needed", fixed.size(), n_local * width);
  });
  const int n_flags = width + 1;
  std::vector<std::uint8_t> flags(n_local * n_flags, 0);
  const int n_nodes = mesh::info(mesh.shape).n_nodes;
  for (Index e = 0; e < mesh.n_elements(); ++e)
    if (active[e])
      for (int i = 0; i < n_nodes; ++i) flags[std::size_t(mesh.nodes_of(e)[i]) * n_flags] = 1;
  for (std::size_t node = 0; node < n_local; ++node)
    for (int c = 0; c < width; ++c) flags[node * n_flags + 1 + c] = fixed[node * width + c] != 0;
  // A master lives through the nodes that hang on it, even if its own cell is gone.
  const HangingNodes& hanging = mesh.hanging;
  for (std::size_t i = 0; i < hanging.node.size(); ++i)
    if (flags[std::size_t(hanging.node[i]) * n_flags])
      for (Index k = hanging.offset[i]; k < hanging.offset[i + 1]; ++k) flags[std::size_t(hanging.master[k]) * n_flags] = 1;
  mesh.nodes.add_to_owners(flags.data(), n_flags);
  mesh.nodes.update_ghosts(flags.data(), n_flags);
  linear::Mask mask;
  mask.held.resize(n_local * width);
  for (std::size_t node = 0; node < n_local; ++node)
    for (int c = 0; c < width; ++c)
      mask.held[node * width + c] =
          (flags[node * n_flags] == 0 ? linear::Mask::dead : 0) + (flags[node * n_flags + 1 + c] != 0 ? linear::Mask::prescribed : 0);
  for (Index node : hanging.node)
    for (int c = 0; c < width; ++c) mask.held[std::size_t(node) * width + c] |= linear::Mask::hanging;
  return mask;
}

}  // namespace winze::fem
