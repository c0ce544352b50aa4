/// Edges and faces of the unrefined cells of one rank, and which of them other ranks hold too.
#pragma once
#include <array>
#include <vector>

#include "mesh/partition.hpp"
#include "mesh/raw_nodes.hpp"

namespace winze::mesh {

/// "Node" here is the place of a raw node in `used`: ascending raw numbers, so that comparing nodes gives the same answer on every rank.
struct Topology {
  struct EdgeRecord {
    Index low, high, middle;  ///< vertices in ascending order; middle node of a quadratic shape, else −1
    Index next;               ///< next edge with the same low vertex
  };
  struct FaceRecord {
    std::array<Index, 4> vertices;  ///< ascending; triangles end with the largest Index
    Index middle;                   ///< hex27, else −1
    Index next;                     ///< next face with the same lowest vertex
    Index side[2];                  ///< cell · n_faces + face on either side; −1: no second cell on this rank
  };
  explicit Topology(Shape shape) : shape(shape), n_nodes_(info(shape).n_nodes), vertex_nodes_(vertex_nodes(shape)) {}
  Shape shape;
  std::vector<GlobalIndex> used;  ///< raw numbers of the nodes of this rank's cells, ascending
  std::vector<double> points;     ///< [used][3], m
  std::vector<Index> cell_nodes;  ///< [cells][n_nodes]
  std::vector<Index> cell_edges;  ///< [cells][n_edges]
  std::vector<Index> cell_faces;  ///< [cells][n_faces]
  std::vector<EdgeRecord> edges;
  std::vector<FaceRecord> faces;
  std::vector<Index> first_face;  ///< [used] first face whose lowest vertex this is; −1

  Index n_cells() const { return Index(cell_faces.size()) / info(shape).n_faces; }
  Vector3 centre(Index cell) const;  ///< mean of the vertices
  Vector3 point(Index node) const { return {points[3 * size_t(node)], points[3 * size_t(node) + 1], points[3 * size_t(node) + 2]}; }
  Index vertex(Index cell, int v) const { return cell_nodes[size_t(cell) * n_nodes_ + vertex_nodes_[v]]; }
  /// Face with these vertices (ascending as in FaceRecord), −1 if no cell here has it.
  Index find_face(const std::array<Index, 4>& v) const {
    const auto same = [&](const std::array<Index, 4>& w) { return w[1] == v[1] && w[2] == v[2] && w[3] == v[3]; };
    Index face = first_face[v[0]];
    while (face >= 0 && !same(faces[face].vertices)) face = faces[face].next;
    return face;
  }

 private:
  int n_nodes_;
  const int* vertex_nodes_;
};

/// Local, except for fetching the points. `with_edges` false leaves edges and cell_edges empty. Throws InputError (on all ranks alike) for cells that
/// do not conform: a face of three cells, or cells that share the vertices of an edge or face but not its middle node.
Topology topology(const Comm& comm, Shape shape, const Cells& cells, const NumberSet& used, std::vector<double> points, bool with_edges);

struct Entity {
  enum Kind : std::int8_t { vertex, edge, face } kind;
  Index number;
};
/// What this rank shares with one other rank. Every list is in an order both ranks agree on.
struct SharedWith {
  int rank;
  std::vector<Entity> given;  ///< entities whose nodes this rank owns
  std::vector<Entity> taken;  ///< entities whose nodes the other rank owns
  std::vector<Index> faces;   ///< faces between a cell here and a cell there
};
/// Collective. Neighbours ascending by rank. Every shared entity belongs to the lowest rank that holds it. Throws InputError as topology() does.
std::vector<SharedWith> shared_entities(const Comm& comm, const Topology& t);

}  // namespace winze::mesh
