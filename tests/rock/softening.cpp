// Softening rock: work per area of a band must not depend on the cells it crosses.
#include <gtest/gtest.h>

#include "model.hpp"

using namespace winze;
using namespace winze::testing;

namespace {

/// A bar of 1 m and n cubic cells is pulled apart by 1.5 mm; tension falls from 1 MPa to 0 over κ = 0.01, the first cell starts at 0.98 MPa. Work
/// dissipated per area, J/m². reference_length 0.1 m, or the size of the cell: tables read as they stand.
double work_of_fracture(int n, bool scaled) {
  const double h = 1.0 / n;
  run::MeshInput input;
  input.box.emplace();
  input.box->high = {1, h, h}, input.box->cells = {n, 1, 1}, input.box->shape = run::CellShape::hex8;
  input.paint = {{"weak", {-1, -1, -1}, {h, 1, 1}}};
  const mesh::Mesh mesh = run::make_mesh(Comm::self(), input, "");
  const auto rock_of = [&](double tension) {
    material::MohrCoulomb law{10e9, 0, input::Curve(20e6), input::Curve(0.6)};
    law.tension.x = {0, 0.01}, law.tension.y = {tension, 0};
    law.reference_length = scaled ? 0.1 : h;
    material::Material m;
    m.law.value = law;
    return m;
  };
  std::vector<int> of_region(2, 0);
  of_region[size_t(mesh.region_index("weak"))] = 1;
  rock::Options options;
  options.tolerance = 1e-7, options.steps = 40;
  rock::Rock rock(mesh, {{{"rock", rock_of(1e6)}, {"weak", rock_of(0.98e6)}}}, of_region, constant_stress({}),
                  {on<rock::Roller>("x_min"), on<rock::Roller>("y_min"), on<rock::Roller>("z_min")}, options);
  rock.prescribe("x_max", [](const Vector3&) -> Vector3 { return {1.5e-3, 0, 0}; });
  const rock::Report report = rock.advance({}, 0, nullptr);
  EXPECT_LT(report.energy.imbalance, 1e-5);
  return report.energy.dissipated / (h * h);
}

}  // namespace

// ½ T · 0.1 m · 0.01 · √(3/2): κ = √(2/3) of the plastic elongation. Without the length the work halves with the cell.
TEST(Softening, WorkPerAreaOfABandDoesNotDependOnCells) {
  const double exact = 0.5 * 0.98e6 * 0.1 * 0.01 * std::sqrt(1.5);
  for (const int n : {4, 8, 16}) EXPECT_NEAR(work_of_fracture(n, true), exact, 0.01 * exact) << n;
  const double coarse = work_of_fracture(8, false), fine = work_of_fracture(16, false);
  EXPECT_NEAR(coarse, 2 * fine, 0.02 * coarse);
}
