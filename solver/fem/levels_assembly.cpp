#include "fem/levels_assembly.hpp"

#include <algorithm>

namespace winze::fem {
namespace {

/// Adds one lane to the rows of a level.
template <int nv, int width>
void scatter(const ElementPack<nv, width>& k, int lane, const Index* nodes, const std::uint16_t* slots, linear::BlockMatrix<float>& matrix) {
  const int stride = matrix.row_stride();
  for (int a = 0; a < nv; ++a)
    for (int b = 0; b < nv; ++b) {
      float* block = matrix.block(nodes[a], slots[a * nv + b]);
      for (int c = 0; c < width; ++c)
        for (int d = 0; d < width; ++d) block[c * stride + d] += k.entry(a, c, b, d)[lane];
    }
}

}  // namespace

double coarse_share(const mesh::Mesh& mesh, Index element) {
  constexpr double least = 1e-2;  // 1e-3 to 5e-2 take equally many iterations
  return mesh.share.empty() ? 1 : std::max(mesh.share[element], least);
}

LevelStructure::LevelStructure(const mesh::Mesh& mesh, GlobalIndex fewest, bool assemble_first) {
  const int nv = mesh::info(mesh::linear(mesh.shape)).n_nodes;
  size_t n_levels = 1;
  while (n_levels < mesh.levels.size() && mesh.levels[n_levels].nodes.n_global() >= fewest) ++n_levels;
  levels.resize(n_levels);
  for (size_t l = 0; l < n_levels; ++l) {
    const mesh::Level& from = mesh.levels[l];
    Level& level = levels[l];
    if (l > 0 || assemble_first || n_levels == 1) {
      if (!from.hanging.empty()) {
        level.constrained = std::make_shared<Constrained>(from.hanging, from.nodes.n_local(), from.element_nodes, nv);
        level.unknown_nodes = from.element_nodes;
        for (size_t i = 0; i < level.constrained->elements.size(); ++i)
          std::copy_n(level.constrained->nodes.begin() + i * nv, nv, level.unknown_nodes.begin() + size_t(level.constrained->elements[i]) * nv);
      }
      level.pattern =
          std::make_shared<linear::BlockPattern>(from.nodes.n_local(), level.unknown_nodes.empty() ? from.element_nodes : level.unknown_nodes, nv);
    }
    level.coincident.assign(from.nodes.n_local(), -1);
    const mesh::MeanOf& mean = from.to_finer;
    for (size_t node = 0; node + 1 < mean.offset.size(); ++node)
      if (mean.offset[node + 1] - mean.offset[node] == 1) level.coincident[mean.masters[mean.offset[node]]] = Index(node);
    if (l + 1 == n_levels) break;
    const std::vector<Index>& begin = mesh.levels[l + 1].child_begin;
    level.parent.resize(from.n_elements());
    for (size_t e = 0; e + 1 < begin.size(); ++e) std::fill(level.parent.begin() + begin[e], level.parent.begin() + begin[e + 1], Index(e));
  }
  const mesh::Level& first = mesh.levels[0];
  same_nodes = mesh::info(mesh.shape).degree == 1 && first.nodes.n_owned() == mesh.nodes.n_owned() && first.nodes.n_local() == mesh.nodes.n_local();
  for (size_t i = 0; same_nodes && i < first.to_finer.masters.size(); ++i) same_nodes = first.to_finer.masters[i] == Index(i);
  same_nodes = mesh.comm.all(same_nodes);
  if (levels[0].pattern || same_nodes) return;
  vertex_mesh = std::make_unique<mesh::Mesh>(mesh.comm);
  vertex_mesh->shape = mesh::linear(mesh.shape);
  vertex_mesh->nodes = first.nodes;
  vertex_mesh->points = first.points;
  vertex_mesh->element_nodes = first.element_nodes;
  vertex_mesh->hanging = first.hanging;
  vertex_mesh->region = mesh.region;
  for (Index e = 0; e < mesh.n_elements() && !mesh.share.empty(); ++e) vertex_mesh->share.push_back(coarse_share(mesh, e));
  vertex_mesh->region_names = mesh.region_names;
}

LevelActivity::LevelActivity(const mesh::Mesh& mesh, const LevelStructure& structure, std::vector<char> fine_active, const linear::Mask& fine,
                             int width) {
  const int nv = mesh::info(mesh::linear(mesh.shape)).n_nodes;
  active.push_back(std::move(fine_active));
  for (size_t l = 0; l < structure.levels.size(); ++l) {
    const mesh::Level& level = mesh.levels[l];
    if (l > 0) {
      active.emplace_back(level.n_elements(), 0);
      const std::vector<Index>& parent = structure.levels[l - 1].parent;
      for (size_t e = 0; e < parent.size(); ++e)
        if (active[l - 1][e]) active[l][parent[e]] = 1;
    }
    std::vector<std::uint8_t> live(level.nodes.n_local(), 0);
    for (Index e = 0; e < level.n_elements(); ++e)
      if (active[l][e])
        for (int v = 0; v < nv; ++v) live[level.element_nodes[size_t(e) * nv + v]] = 1;
    const HangingNodes& hanging = level.hanging;
    for (size_t i = 0; i < hanging.node.size(); ++i)
      if (live[hanging.node[i]])
        for (Index k = hanging.offset[i]; k < hanging.offset[i + 1]; ++k) live[hanging.master[k]] = 1;
    level.nodes.add_to_owners(live.data(), 1);
    level.nodes.update_ghosts(live.data(), 1);
    const std::vector<std::uint8_t>& finer = l > 0 ? masks[l - 1].held : fine.held;
    linear::Mask mask;
    mask.held.resize(live.size() * width);
    for (size_t node = 0; node < live.size(); ++node) {
      const Index under = structure.levels[l].coincident[node];
      for (int c = 0; c < width; ++c)
        mask.held[node * width + c] =
            (live[node] ? 0 : linear::Mask::dead) | (under >= 0 ? finer[size_t(under) * width + c] & linear::Mask::prescribed : 0);
    }
    for (Index node : hanging.node)
      for (int c = 0; c < width; ++c) mask.held[size_t(node) * width + c] |= linear::Mask::hanging;
    level.nodes.update_ghosts(mask.held.data(), width);  // ghosts that are only masters have no finer node here
    masks.push_back(std::move(mask));
  }
}

template <int nv>
void load_vertices(const mesh::Level& level, const Index* elements, int n_lanes, LevelPack (&x)[nv][3]) {
  for (int lane = 0; lane < level_lanes; ++lane) {
    const Index* nodes = level.element_nodes.data() + size_t(elements[std::min(lane, n_lanes - 1)]) * nv;
    const double* origin = level.points.data() + 3 * size_t(nodes[0]);
    for (int v = 0; v < nv; ++v)
      for (int c = 0; c < 3; ++c) x[v][c][lane] = float(level.points[3 * size_t(nodes[v]) + c] - origin[c]);
  }
}

template <int nv, int width>
std::vector<std::shared_ptr<linear::BlockMatrix<float>>> assemble_levels(const mesh::Mesh& mesh, const LevelStructure& structure,
                                                                         const LevelActivity& activity, const FillPack<nv, width>& fill) {
  using Element = ElementPack<nv, width>;
  const mesh::Shape shape = mesh::linear(mesh.shape);
  std::vector<std::shared_ptr<linear::BlockMatrix<float>>> matrices;
  std::vector<float> stored, parents;  // [n_elements][n_values] of this level (not level 0) and of the next
  for (size_t l = 0; l < structure.levels.size(); ++l) {
    const mesh::Level& level = mesh.levels[l];
    const LevelStructure::Level& own = structure.levels[l];
    const bool last = l + 1 == structure.levels.size();
    std::shared_ptr<linear::BlockMatrix<float>> matrix;
    if (own.pattern) matrix = std::make_shared<linear::BlockMatrix<float>>(level.nodes, width, own.pattern);
    stored.swap(parents);
    parents.assign(last ? 0 : size_t(mesh.levels[l + 1].n_elements()) * Element::n_values, 0.f);
    // Elements with hanging vertices last: they enter the matrix in terms of unknowns, their parents as they are.
    std::vector<Index> elements, hung, place(own.constrained ? level.n_elements() : 0, -1);
    for (size_t i = 0; own.constrained && i < own.constrained->elements.size(); ++i) place[own.constrained->elements[i]] = Index(i);
    for (Index e = 0; e < level.n_elements(); ++e)
      if (activity.active[l][e]) (own.constrained && place[e] >= 0 ? hung : elements).push_back(e);
    const std::vector<Index>& unknown_nodes = own.unknown_nodes.empty() ? level.element_nodes : own.unknown_nodes;
    double bound = 0;
    mesh.comm.together([&] {
      Element k, coarse;
      const auto add = [&](const Index* lane_element, int n_lanes, bool hangs) {
        if (l == 0) {
          fill(lane_element, n_lanes, k);
        } else {
          LevelPack* values = &k.k[0][0][0];
          for (int lane = 0; lane < level_lanes; ++lane) {
            const float* from = stored.data() + size_t(lane_element[std::min(lane, n_lanes - 1)]) * Element::n_values;
            for (int i = 0; i < Element::n_values; ++i) values[i][lane] = from[i];
          }
        }
        LevelPack t[nv][nv];
        if (matrix && hangs) {
          for (int v = 0; v < nv; ++v)
            for (int c = 0; c < nv; ++c) t[v][c] = LevelPack{};
          for (int lane = 0; lane < level_lanes; ++lane) {
            const auto& pattern = own.constrained->patterns[own.constrained->pattern[place[lane_element[std::min(lane, n_lanes - 1)]]]];
            for (int v = 0; v < nv; ++v)
              for (int m = pattern.offset[v]; m < pattern.offset[v + 1]; ++m) t[v][pattern.slot[m]][lane] += float(pattern.weight[m]);
          }
          to_parent(k, t, coarse);
        }
        const Element& in_unknowns = hangs ? coarse : k;
        if (matrix) bound = std::max(bound, eigenvalue_bound(in_unknowns, n_lanes));
        for (int lane = 0; matrix && lane < n_lanes; ++lane) {
          const size_t e = size_t(lane_element[lane]);
          scatter(in_unknowns, lane, unknown_nodes.data() + e * nv, own.pattern->slot.data() + e * nv * nv, *matrix);
        }
        if (last) return;
        for (int lane = 0; lane < level_lanes; ++lane) {
          const double* weights = mesh::child_weights(shape, mesh.levels[l + 1].child_place[lane_element[std::min(lane, n_lanes - 1)]]);
          for (int v = 0; v < nv; ++v)
            for (int c = 0; c < nv; ++c) t[v][c][lane] = float(weights[v * nv + c]);
        }
        to_parent(k, t, coarse);
        const LevelPack* values = &coarse.k[0][0][0];
        for (int lane = 0; lane < n_lanes; ++lane) {
          float* to = parents.data() + size_t(own.parent[lane_element[lane]]) * Element::n_values;
          for (int i = 0; i < Element::n_values; ++i) to[i] += values[i][lane];
        }
      };
      for (const std::vector<Index>* list : {&elements, &hung})
        for (size_t first = 0; first < list->size(); first += level_lanes)
          add(list->data() + first, int(std::min<size_t>(level_lanes, list->size() - first)), list == &hung);
    });
    if (matrix) matrix->finish(activity.masks[l], bound);
    matrices.push_back(std::move(matrix));
  }
  return matrices;
}

#define WINZE_INSTANTIATE(nv, width)                                                                                                     \
  template std::vector<std::shared_ptr<linear::BlockMatrix<float>>> assemble_levels<nv, width>(const mesh::Mesh&, const LevelStructure&, \
                                                                                               const LevelActivity&, const FillPack<nv, width>&);
WINZE_INSTANTIATE(8, 3)
WINZE_INSTANTIATE(8, 1)
WINZE_INSTANTIATE(4, 3)
WINZE_INSTANTIATE(4, 1)
template void load_vertices<8>(const mesh::Level&, const Index*, int, LevelPack (&)[8][3]);
template void load_vertices<4>(const mesh::Level&, const Index*, int, LevelPack (&)[4][3]);

}  // namespace winze::fem
