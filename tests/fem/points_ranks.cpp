// Points and surfaces on 1, 2 and 4 ranks: what is added across ranks must be what one rank would add.
#include <gtest/gtest.h>

#include "block.hpp"
#include "fem/recovery.hpp"
#include "fem/surface_points.hpp"

using namespace winze;
using namespace winze::fem;
using namespace winze::test;
using mesh::Mesh;
using mesh::Shape;

namespace {

double owned_sum(const Mesh& m, const std::vector<double>& f, int width, int c) {
  double sum = 0;
  for (Index i = 0; i < m.nodes.n_owned(); ++i) sum += f[size_t(i) * width + c];
  return m.comm.sum(sum);
}

}  // namespace

// ∫ Bᵀσ = ∮ N σ·n at the owners of every node, with the surface of the active region found across ranks; the ghosts are zeroed.
TEST(PointsRanks, ConstantStressIsHeldByItsTractions) {
  const Sym3 stress = {-30e6, -60e6, -45e6, 5e6, -8e6, 12e6};
  for (Shape shape : all_shapes)
    for (const bool excavated : {false, true}) {
      Mesh m = block(shape, 3, Comm::world());
      bend(m);
      if (shape == Shape::tet10) straighten(m);
      const Points points = make_points(m);
      const std::vector<char> regions = {1, !excavated}, removed = {0, excavated};
      std::vector<mesh::Face> faces = mesh::surface_between(m, regions, removed);
      for (const mesh::Face& f : hull(m, regions))
        if (m.face_region[size_t(f.element) * mesh::info(shape).n_faces + f.face] < 0) faces.push_back(f);
      std::vector<double> at_points, inner(m.points.size()), outer(m.points.size());
      for (size_t q = 0; q < points.n_points(); ++q) at_points.insert(at_points.end(), stress.begin(), stress.end());
      add_internal_forces(m, points, active_elements(m, regions), at_points.data(), inner.data());
      const std::vector<SurfacePoint> surface = make_surface_points(m, faces, 0, 0);
      std::vector<Vector3> tractions;
      for (const SurfacePoint& p : surface) tractions.push_back(traction(stress, p.normal));
      add_tractions(m, surface, tractions, outer.data());
      double largest = 0, difference = 0;
      for (size_t i = 0; i < inner.size(); ++i) {
        largest = std::max(largest, std::abs(outer[i]));
        difference = std::max(difference, std::abs(inner[i] - outer[i]));
      }
      EXPECT_GT(m.comm.max(largest), 1e5) << mesh::info(shape).name;
      EXPECT_LT(difference, 1e-13 * 60e6) << mesh::info(shape).name;
      for (size_t i = 3 * size_t(m.nodes.n_owned()); i < inner.size(); ++i) EXPECT_EQ(inner[i], 0);
    }
}

// Weight of the bent block and heat through its hull: sums of nodal loads are the integrals (partition of unity).
TEST(PointsRanks, LoadsAddUpToTheirIntegrals) {
  for (Shape shape : all_shapes) {
    Mesh m = block(shape, 3, Comm::world());
    bend(m);
    const Points points = make_points(m);
    const std::vector<char> active(m.n_elements(), 1);
    std::vector<double> weight, source, f(m.points.size()), g(m.points.size() / 3), h(g.size());
    double force = 0, heat = 0, flux = 0, area = 0;
    for (size_t q = 0; q < points.n_points(); ++q) {
      const double density = 2700 + 100 * points.position[3 * q];
      weight.insert(weight.end(), {0, 0, -9.81 * density});
      source.push_back(density);
      force -= 9.81 * density * points.volume[q];
      heat += density * points.volume[q];
    }
    std::vector<double> through;
    const std::vector<SurfacePoint> at = make_surface_points(m, hull(m, {1, 1}), 0, 0);
    for (const SurfacePoint& p : at) through.push_back(60 + p.position[1]), flux += p.weight * through.back(), area += p.weight;
    add_body_forces(m, points, active, weight.data(), f.data());
    add_sources(m, points, active, source.data(), g.data());
    add_fluxes(m, at, through, h.data());
    EXPECT_GT(m.comm.sum(area), 5);
    EXPECT_NEAR(owned_sum(m, f, 3, 2), m.comm.sum(force), 1e-12 * std::abs(m.comm.sum(force)));
    EXPECT_NEAR(owned_sum(m, f, 3, 0), 0, 1e-9);
    EXPECT_NEAR(owned_sum(m, g, 1, 0), m.comm.sum(heat), 1e-12 * m.comm.sum(heat));
    EXPECT_NEAR(owned_sum(m, h, 1, 0), m.comm.sum(flux), 1e-12 * m.comm.sum(flux));
  }
}

// Linear fields return to nodes, ghosts included; regions weigh equally however the ranks cut the elements around a node.
TEST(PointsRanks, NodesGetTheMeanOfTheRegions) {
  for (Shape shape : all_shapes) {
    Mesh m = block(shape, 4, Comm::world());
    const std::vector<double> flat = m.points;
    bend(m);
    const Points points = make_points(m);
    std::vector<double> values;
    for (Index e = 0; e < m.n_elements(); ++e)
      for (GlobalIndex q = points.offset[e]; q < points.offset[e + 1]; ++q) {
        const double* x = &points.position[3 * q];
        values.insert(values.end(), {3 + 2 * x[0] - x[1] + x[2], m.region[e] == 0 ? 1.0 : 5.0});
      }
    const std::vector<double> nodal = points_to_nodes(m, points, std::vector<char>(m.n_elements(), 1), values, 2);
    for (Index i = 0; i < m.nodes.n_local(); ++i) {
      const Vector3 x = m.point(i);
      const double linear = 3 + 2 * x[0] - x[1] + x[2];
      EXPECT_NEAR(nodal[2 * i], linear, shape == Shape::tet4 ? 0.7 : 1e-12) << mesh::info(shape).name;  // tet4 takes the means of its cells
      EXPECT_NEAR(nodal[2 * i + 1], flat[3 * i] < 0.49 ? 1 : flat[3 * i] < 0.51 ? 3 : 5, 1e-13) << mesh::info(shape).name;
    }
  }
}

// Patches gather their samples from all ranks: the estimate is that of one rank.
TEST(PointsRanks, ErrorEstimateDoesNotDependOnRanks) {
  for (Shape shape : all_shapes) {
    const auto estimate = [&](const Comm& comm) {
      Mesh m = block(shape, 4, comm);
      bend(m);
      const Points points = make_points(m);
      ElasticModuli moduli;
      moduli.table.assign(2, Moduli{});
      for (int i = 0; i < 6; ++i) moduli.table[0][i][i] = 50e9, moduli.table[1][i][i] = 20e9;
      moduli.of_element.assign(m.region.begin(), m.region.end());
      std::vector<double> stress;
      for (size_t q = 0; q < points.n_points(); ++q)
        for (int c = 0; c < 6; ++c) stress.push_back(1e6 * std::sin(3 * points.position[3 * q] + c) * std::cos(2 * points.position[3 * q + 1]));
      return estimate_stress_error(m, points, moduli, stress);
    };
    const StressError shared = estimate(Comm::world()), alone = estimate(Comm::self());
    EXPECT_EQ(shared.unreached, 0);
    EXPECT_GT(shared.total, 1e-3 * shared.norm);
    EXPECT_NEAR(shared.total, alone.total, 1e-11 * alone.total) << mesh::info(shape).name;
    EXPECT_NEAR(shared.norm, alone.norm, 1e-12 * alone.norm) << mesh::info(shape).name;
  }
}
