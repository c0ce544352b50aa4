#include "fem/constrained.hpp"
#include "fem/element_lists.hpp"
#include "fem/element_matrix.hpp"
#include "fem/operators.hpp"
#include "fem/tie_term.hpp"
#include "mesh/shape_functions.hpp"

namespace winze::fem {
namespace {

/// Adds dense blocks to triplets; entries of held rows and columns are left out.
class Collector {
 public:
  Collector(const SharedNodes& nodes, const linear::Mask& mask, int width) : nodes_(nodes), mask_(mask), width_(width) {}

  void add(const Index* nodes, int n_nodes, const double* k, double scale) {
    const int size = n_nodes * width_;
    local_.resize(size), global_.resize(size);
    for (int i = 0; i < size; ++i) {
      local_[i] = std::size_t(nodes[i / width_]) * width_ + i % width_;
      global_[i] = nodes_.global(nodes[i / width_]) * width_ + i % width_;
    }
    for (int i = 0; i < size; ++i) {
      if (mask_.held[local_[i]]) continue;
      for (int j = 0; j < size; ++j)
        if (!mask_.held[local_[j]]) add(global_[i], global_[j], scale * k[i * size + j]);
    }
  }
  linear::Triplets finish() {
    for (std::size_t i = 0; i < std::size_t(nodes_.n_owned()) * width_; ++i)
      if (mask_.held[i]) {
        const std::int64_t global = nodes_.begin() * width_ + std::int64_t(i);
        add(global, global, 1.0);
      }
    return std::move(triplets_);
  }

 private:
  void add(std::int64_t row, std::int64_t column, double value) {
    triplets_.row.push_back(row);
    triplets_.column.push_back(column);
    triplets_.value.push_back(value);
  }
  const SharedNodes& nodes_;
  const linear::Mask& mask_;
  int width_;
  std::vector<std::size_t> local_;
  std::vector<std::int64_t> global_;
  linear::Triplets triplets_;
};

/// Adds element matrices, elements ascending, those with hanging nodes in terms of unknowns.
class ElementsOf {
 public:
  ElementsOf(const mesh::Mesh& mesh, Collector& collector, int width) : mesh_(mesh), collector_(collector), width_(width), constrained_(mesh) {}
  void operator()(Index element, const std::vector<double>& k) {
    const int n = mesh::info(mesh_.shape).n_nodes;
    while (next_ < constrained_.elements.size() && constrained_.elements[next_] < element) ++next_;
    if (next_ == constrained_.elements.size() || constrained_.elements[next_] != element)
      return collector_.add(mesh_.nodes_of(element), n, k.data(), 1);
    reduced_.resize(k.size());
    reduce(constrained_.patterns[constrained_.pattern[next_]], n, width_, k.data(), reduced_.data());
    collector_.add(constrained_.nodes.data() + next_ * n, n, reduced_.data(), 1);
  }

 private:
  const mesh::Mesh& mesh_;
  Collector& collector_;
  int width_;
  Constrained constrained_;
  std::size_t next_ = 0;
  std::vector<double> reduced_;
};

void add_ties(const mesh::Mesh& mesh, const std::vector<Tie>& ties, int width, Collector& collector) {
  const std::vector<Index> row = rows_of_nodes(mesh.hanging, mesh.nodes.n_local());
  std::vector<double> k;
  for (const Tie& tie : ties) {
    const SurfaceMatrix m = reduced(mesh.hanging, row, tie_matrix(mesh.cuts.tied, mesh.cuts.tied.faces[tie.face]));
    const std::size_t n = m.nodes.size(), size = n * width;
    k.assign(size * size, 0.0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        for (int c = 0; c < width; ++c) k[(i * width + c) * size + j * width + c] = m.value[i * n + j];
    collector.add(m.nodes.data(), int(n), k.data(), tie.coefficient);
  }
}

}  // namespace

linear::Triplets assemble_elastic(const mesh::Mesh& mesh, const ElasticModuli& moduli, const linear::Mask& mask) {
  check_lists(mesh, moduli.of_element, moduli.table.size(), mask, 3);
  const int n = mesh::info(mesh.shape).n_nodes;
  Collector collector(mesh.nodes, mask, 3);
  ElementsOf add(mesh, collector, 3);
  double x[mesh::max_nodes][3];
  std::vector<double> k(9 * n * n);
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    if (moduli.of_element[e] < 0) continue;
    gather_points(mesh, e, x);
    Rule own;
    if (!mesh.cuts.whole(e)) own = cut_rule(mesh, e);
    elastic_matrix(mesh.shape, x, moduli.table[moduli.of_element[e]], k.data(), mesh.cuts.whole(e) ? nullptr : &own);
    add(e, k);
  }
  if (mesh.comm.any(!mesh.cuts.tied.faces.empty())) add_ties(mesh, elastic_ties(mesh, moduli), 3, collector);
  return collector.finish();
}

linear::Triplets assemble_heat(const mesh::Mesh& mesh, const HeatCoefficients& heat, const std::vector<Convection>& convection,
                               double stiffness_weight, double mass_weight, const linear::Mask& mask) {
  check_heat(mesh, heat, mask);
  const int n = mesh::info(mesh.shape).n_nodes;
  Collector collector(mesh.nodes, mask, 1);
  ElementsOf add(mesh, collector, 1);
  double x[mesh::max_nodes][3];
  std::vector<double> k(n * n), c(n * n);
  for (Index e = 0; e < mesh.n_elements(); ++e) {
    const std::int32_t index = heat.of_element[e];
    if (index < 0) continue;
    gather_points(mesh, e, x);
    Rule own;
    if (!mesh.cuts.whole(e)) own = cut_rule(mesh, e);
    conduction_matrix(mesh.shape, x, heat.conductivity[index], k.data(), mesh.cuts.whole(e) ? nullptr : &own);
    capacity_matrix(mesh.shape, x, heat.capacity[index], c.data(), mesh.cuts.whole(e) ? nullptr : &own);
    const double factor = heat.factor.empty() ? 1 : heat.factor[e];
    for (int i = 0; i < n * n; ++i) k[i] = stiffness_weight * factor * k[i] + mass_weight * c[i];
    add(e, k);
  }
  if (mesh.comm.any(!mesh.cuts.tied.faces.empty())) add_ties(mesh, heat_ties(mesh, heat, stiffness_weight, mass_weight), 1, collector);
  for (const Convection& surface : convection)
    for (const SurfaceMatrix& matrix : surface_matrices(mesh, surface.at, surface.h))
      collector.add(matrix.nodes.data(), int(matrix.nodes.size()), matrix.value.data(), stiffness_weight);
  return collector.finish();
}

}  // namespace winze::fem
