#include <map>

#include "fem/points.hpp"
#include "operator_cases.hpp"

using namespace winze;
using namespace winze::fem;
using namespace winze::test;
using mesh::Shape;

// Energy of u = G x + quadratic part over the unit cube, by hand: the linear part gives volume · ε : C : ε on any mesh (patch test); for the
// quadratic shapes u = (x², 0, y z) has ε_xx = 2x, ε_zz = y, ε_yz = z/2, hence ∫ λ tr² + 2 μ ε : ε = 8/3 λ + 11/3 μ.
TEST(AssembleRanks, EnergiesOfPolynomialsAreExact) {
  const double lambda = 24e9, mu = 24e9;  // E = 60 GPa, ν = 0.25
  for (Shape shape : operator_shapes)
    for (Form form : {Form::box, Form::distorted, Form::bent}) {
      SCOPED_TRACE(fmt::format("{} form {}", mesh::info(shape).name, int(form)));
      const mesh::Mesh m = operator_mesh(shape, form);
      const ElasticModuli rock{{isotropic_moduli(60e9, 0.25)}, std::vector<std::int32_t>(m.n_elements(), 0)};
      const linear::Mask free = make_mask(m, active(rock.of_element), std::vector<std::uint8_t>(3 * m.nodes.n_local(), 0), 3);
      const linear::Triplets k = assemble_elastic(m, rock, free);
      const auto energy = [&](const auto& field) {
        View<double> u("u", 3 * m.nodes.n_local()), f("f", 3 * m.nodes.n_local());
        for (Index node = 0; node < m.nodes.n_local(); ++node) {
          const Vector3 value = field(m.point(node));
          for (int c = 0; c < 3; ++c) u(3 * node + c) = value[c];
        }
        const std::vector<double> ku = product(m, k, u, 3);
        for (std::size_t i = 0; i < ku.size(); ++i) f(i) = ku[i];
        return product(m, u, f, 3);
      };
      const Points points = make_points(m);
      double volume = 0;
      for (double v : points.volume) volume += v;
      volume = m.comm.sum(volume);
      // ε_xx = 1, ε_yy = −2, ε_xy = 1.5: λ + 2 μ (1 + 4 + 2 · 2.25).
      const double linear_part = volume * (lambda + 2 * mu * 9.5);
      EXPECT_NEAR(energy([](const Vector3& x) { return Vector3{x[0] + x[1], 2 * x[0] - 2 * x[1], 0}; }), linear_part, 1e-12 * linear_part);
      EXPECT_NEAR(energy([](const Vector3& x) { return Vector3{3 - x[1], 1 + x[0] - x[2], x[1]}; }), 0, 1e-12 * linear_part);
      if (form == Form::box && mesh::info(shape).degree == 2) {
        const double quadratic = 8.0 / 3 * lambda + 11.0 / 3 * mu;
        EXPECT_NEAR(energy([](const Vector3& x) { return Vector3{x[0] * x[0], 0, x[1] * x[2]}; }), quadratic, 1e-12 * quadratic);
      }
    }
}

// ∫ ρc over the active elements and ∫ h over the surface are the sums of all entries; conduction adds nothing to them.
TEST(AssembleRanks, HeatMatrixSumsToCapacityAndConvection) {
  for (Shape shape : operator_shapes) {
    SCOPED_TRACE(mesh::info(shape).name);
    const mesh::Mesh m = operator_mesh(shape, Form::box);
    HeatCoefficients heat{{{3, 3, 3, 0, 0, 0}}, {2e6}, std::vector<std::int32_t>(m.n_elements(), 0), {}};
    const linear::Mask free = make_mask(m, active(heat.of_element), std::vector<std::uint8_t>(m.nodes.n_local(), 0), 1);
    Convection wall;
    wall.at = make_surface_points(m, m.find_surface("z_max")->faces, 0, 0);
    wall.h.assign(wall.at.size(), 10.0);
    const linear::Triplets k = assemble_heat(m, heat, {wall}, 7.0, 0.5, free);
    double sum = 0;
    for (double value : k.value) sum += value;
    EXPECT_NEAR(m.comm.sum(sum), 0.5 * 2e6 + 7.0 * 10, 1e-12 * 1e6);
    const linear::Triplets surface = assemble_heat(m, heat, {wall}, 7.0, 0.0, free);
    sum = 0;
    for (double value : surface.value) sum += value;
    EXPECT_NEAR(m.comm.sum(sum), 7.0 * 10, 1e-11 * 70);
  }
}

TEST(AssembleRanks, HeldRowsAndColumnsAreTheIdentity) {
  const mesh::Mesh m = operator_mesh(Shape::hex8, Form::bent);
  const ElasticModuli rock = elastic_rocks(m);
  const linear::Mask mask = mask_of(m, rock.of_element, 3);
  const linear::Triplets k = assemble_elastic(m, rock, mask);
  std::map<std::pair<std::int64_t, std::int64_t>, double> sum;
  for (std::size_t i = 0; i < k.value.size(); ++i) sum[{k.row[i], k.column[i]}] += k.value[i];
  const auto held = [&](std::int64_t global) { return mask.held[std::size_t(m.nodes.local(global / 3)) * 3 + global % 3] != 0; };
  Index identity = 0, expected = 0;
  for (const auto& [at, value] : sum)
    if (held(at.first) || held(at.second)) {
      EXPECT_EQ(at.first, at.second);
      EXPECT_EQ(value, 1);
      ++identity;
    }
  for (Index i = 0; i < 3 * m.nodes.n_owned(); ++i) expected += mask.held[i] != 0;
  EXPECT_EQ(identity, expected);
}

// Hole 0.6 < x, y, z of the 4 × 3 × 3 cells: two hex8 cells (centres 0.625 and 0.875, 0.833, 0.833); no
// other cell touches the two nodes at y = z = 1, x > 0.5.
TEST(MaskRanks, KnowsDeadFromPrescribedOnEveryRank) {
  const mesh::Mesh m = operator_mesh(Shape::hex8, Form::box);
  const std::vector<std::int32_t> of = rocks(m);
  std::vector<std::uint8_t> fixed(3 * m.nodes.n_local(), 0);
  // Only the owner of an element at x = 0 says so: ranks that merely share its nodes must learn it.
  for (Index e = 0; e < m.n_elements(); ++e)
    for (int i = 0; i < 8; ++i)
      if (m.points[3 * m.nodes_of(e)[i]] == 0 && centre(m, e)[1] < 0.4) fixed[3 * m.nodes_of(e)[i] + 1] = 1;
  const linear::Mask mask = make_mask(m, active(of), fixed, 3);
  ASSERT_EQ(mask.held.size(), 3 * std::size_t(m.nodes.n_local()));
  for (Index node = 0; node < m.nodes.n_local(); ++node) {
    const Vector3 x = m.point(node);
    const bool dead = x[0] > 0.6 && x[1] == 1 && x[2] == 1, prescribed = x[0] == 0 && x[1] < 0.4;
    for (int c = 0; c < 3; ++c)
      EXPECT_EQ(mask.held[3 * node + c], (dead ? linear::Mask::dead : 0) + (prescribed && c == 1 ? linear::Mask::prescribed : 0))
          << x[0] << " " << x[1] << " " << x[2];
  }
}
