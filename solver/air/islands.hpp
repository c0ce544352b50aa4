/// Connected parts of a network.
#pragma once
#include <string>
#include <vector>

#include "air/network.hpp"

namespace winze::air {

struct Islands {
  struct Part {
    Index n_nodes = 0, n_open = 0;
    Index first = -1;        ///< a node of it
    std::string some_names;  ///< up to five junctions, for messages
  };
  std::vector<Part> parts;
  std::vector<Index> of_node;  ///< [nodes] part
};

/// fixed_too: branches of fixed flow join parts as others do.
Islands find_islands(const Graph& graph, bool fixed_too);

}  // namespace winze::air
