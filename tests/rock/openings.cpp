// Openings in elastic rock against closed forms.
#include <gtest/gtest.h>

#include <numbers>

#include "model.hpp"

using namespace winze;
using namespace winze::testing;

namespace {

struct WallError {
  double displacement, hoop;  ///< rms over rms of the exact one
};

/// Quarter of a slice of a drive, as thick as the cells at the wall are wide, in the stress of /reference set E1/: p1 = 15 MPa along x, p2 = 30 MPa
/// along y, a = 1 m, K = 3.9, G = 2.8 GPa.
WallError kirsch_error(const Comm& comm, mesh::Shape shape, int n, double hole_stress_sign = 1) {
  const double k = 3.9e9, g = 2.8e9, young = 9 * k * g / (3 * k + g), poisson = (3 * k - 2 * g) / (2 * (3 * k + g));
  const Kirsch exact{1, 15e6, 30e6, young, poisson};
  mesh::QuarterDrive drive;
  drive.radius = 1, drive.side = 6, drive.height = 2.0 / n, drive.cells = {2 * n, 2 * n, 1};
  const mesh::Mesh mesh = mesh::build(comm, mesh::quarter_drive(comm, shape, drive), {});
  rock::Rock rock(mesh, rock_material(young, poisson), {0}, constant_stress({15e6 * hole_stress_sign, 30e6, 20e6, 0, 0, 0}),
                  {on<rock::Roller>("x_symmetry"), on<rock::Roller>("y_symmetry"), on<rock::Roller>("z_min"), on<rock::Roller>("z_max"),
                   on<rock::Opening>("wall")},
                  {});
  for (const char* s : {"x_far", "y_far"}) rock.prescribe(s, [&](const Vector3& x) { return exact.displacement(x); });
  rock.advance({}, 0, nullptr);
  double du = 0, u2 = 0, ds = 0, s2 = 0;
  for (Index i = 0; i < mesh.nodes.n_owned(); ++i) {
    const Vector3 u = exact.displacement(mesh.point(i));
    for (int d = 0; d < 3; ++d) du += std::pow(rock.displacement()[3 * i + d] - u[d], 2), u2 += u[d] * u[d];
  }
  const auto at = rock.wall_points();
  const auto stress = rock.wall_stress(at);
  for (size_t i = 0; i < at.size(); ++i) {
    const double theta = std::atan2(at[i].position[1], at[i].position[0]);
    const Vector3 t = {-std::sin(theta), std::cos(theta), 0};
    const double hoop = -dot(t, traction(stress[i], t));
    ds += at[i].weight * std::pow(hoop - exact.hoop(theta), 2), s2 += at[i].weight * std::pow(exact.hoop(theta), 2);
  }
  return {std::sqrt(comm.sum(du) / comm.sum(u2)), std::sqrt(comm.sum(ds) / comm.sum(s2))};
}

}  // namespace

TEST(KirschRanks, DisplacementAndHoopStressConverge) {
  const Comm world = Comm::world();
  const WallError coarse = kirsch_error(world, mesh::Shape::hex27, 4), fine = kirsch_error(world, mesh::Shape::hex27, 8);
  EXPECT_LT(fine.displacement, 2e-4);
  EXPECT_LT(fine.hoop, 2e-3);
  EXPECT_GT(std::log2(coarse.displacement / fine.displacement), 2.8);  // third order
  EXPECT_GT(std::log2(coarse.hoop / fine.hoop), 1.9);                  // second order
}

TEST(KirschRanks, QuadraticTetrahedraConvergeAlike) {
  const Comm world = Comm::world();
  const WallError coarse = kirsch_error(world, mesh::Shape::tet10, 8), fine = kirsch_error(world, mesh::Shape::tet10, 16);
  EXPECT_LT(fine.displacement, 1e-5);
  EXPECT_LT(fine.hoop, 4e-4);
  EXPECT_GT(std::log2(coarse.displacement / fine.displacement), 2.8);  // third order
  EXPECT_GT(std::log2(coarse.hoop / fine.hoop), 1.8);                  // second order
}

TEST(Kirsch, WrongFarStressIsSeen) { EXPECT_GT(kirsch_error(Comm::self(), mesh::Shape::hex27, 4, -1).hoop, 0.3); }

// Lamé, thick cylinder under inner pressure (a = 1, b is replaced by exact displacement on the outer block): p = 10 MPa, E = 70 GPa, ν = 0.2, b = 2.
TEST(Lame, WallStressOfPressurisedCylinder) {
  const Comm comm = Comm::self();
  const double a = 1, b = 2, p = 10e6, young = 70e9, poisson = 0.2, big_a = p * a * a / (b * b - a * a), big_b = big_a * b * b;
  mesh::QuarterDrive drive;
  drive.radius = 1, drive.side = 2, drive.height = 1, drive.cells = {8, 8, 1};
  const mesh::Mesh mesh = mesh::build(comm, mesh::quarter_drive(comm, mesh::Shape::hex27, drive), {});
  rock::Pressure pressure;
  pressure.surface = "wall", pressure.pressure = p;
  rock::Boundary wall;
  wall.value = pressure;
  rock::Rock rock(mesh, rock_material(young, poisson), {0}, constant_stress({}),
                  {on<rock::Roller>("x_symmetry"), on<rock::Roller>("y_symmetry"), on<rock::Roller>("z_min"), on<rock::Roller>("z_max"), wall}, {});
  const auto exact = [&](const Vector3& x) -> Vector3 {
    const double r = std::hypot(x[0], x[1]), u = (1 + poisson) / young * ((1 - 2 * poisson) * big_a * r + big_b / r);
    return {u * x[0] / r, u * x[1] / r, 0};
  };
  for (const char* s : {"x_far", "y_far"}) rock.prescribe(s, exact);
  rock.advance({}, 0, nullptr);
  for (Index i = 0; i < mesh.nodes.n_owned(); ++i) {
    const Vector3 x = mesh.point(i), u = exact(x);
    if (std::abs(std::hypot(x[0], x[1]) - 1) < 1e-9) {
      EXPECT_NEAR(std::hypot(rock.displacement()[3 * i], rock.displacement()[3 * i + 1]), 262.8571e-6, 0.05e-6);  // mesh: 8 cells a quarter
    }
    EXPECT_NEAR(rock.displacement()[3 * i], u[0], 0.05e-6);
  }
}

// Circular drive along the strike of a transversely isotropic rock (Lekhnitskii 1963, §37; plane strain by the reduced compliances
// βij = aij − ai3 aj3/a33): under p along x the hoop stress is p (1 + n) at the roof and −p √(β11/β22) at the side, n = √(2√(β22/β11) + (2β12 +
// β66)/β11).
TEST(TransverselyIsotropicRock, HoopStressRoundADrive) {
  const Comm comm = Comm::self();
  material::TransverselyIsotropic law;
  law.young = 60e9, law.young_normal = 20e9, law.poisson = 0.2, law.poisson_normal = 0.15, law.shear_normal = 8e9;
  mesh::QuarterDrive drive;
  drive.radius = 1, drive.side = 40, drive.height = 0.5, drive.grading = 5.5, drive.cells = {20, 16, 1};
  const mesh::Mesh mesh = mesh::build(comm, mesh::quarter_drive(comm, mesh::Shape::hex27, drive), {});
  const double p = 30e6;
  for (const bool bedding_across_load : {false, true}) {
    // The drive runs along z; planes of isotropy contain z. Normal along y, or along x.
    law.dip = std::numbers::pi / 2, law.dip_direction = bedding_across_load ? std::numbers::pi / 2 : 0;
    material::Material m;
    m.law.value = law;
    rock::Rock rock(mesh, {{{"rock", m}}}, {0}, constant_stress({p, 0, 0, 0, 0, 0}),
                    {on<rock::Roller>("x_symmetry"), on<rock::Roller>("y_symmetry"), on<rock::Roller>("z_min"), on<rock::Roller>("z_max"),
                     on<rock::Opening>("wall")},
                    {});
    rock.advance({}, 0, nullptr);
    const double e = law.young, en = law.young_normal, along = law.poisson / e, across = law.poisson_normal / en;
    // Compliances in the frame (along the plane, its normal, along the drive).
    const double a_p = 1 / e, a_n = 1 / en, a_pn = -across, a_pz = -along, a_nz = -across, a_z = 1 / e;
    double b11 = a_p - a_pz * a_pz / a_z, b22 = a_n - a_nz * a_nz / a_z;
    const double b12 = a_pn - a_pz * a_nz / a_z, b66 = 1 / law.shear_normal;
    if (bedding_across_load) std::swap(b11, b22);
    const double k = std::sqrt(b22 / b11), n = std::sqrt(2 * k + (2 * b12 + b66) / b11);
    const auto at = rock.wall_points();
    const auto stress = rock.wall_stress(at);
    double roof = 0, side = 0, nearest_roof = 1, nearest_side = 1;
    for (size_t i = 0; i < at.size(); ++i) {
      const double theta = std::atan2(at[i].position[1], at[i].position[0]);
      const Vector3 t = {-std::sin(theta), std::cos(theta), 0};
      const double hoop = -dot(t, traction(stress[i], t));
      if (std::abs(theta - std::numbers::pi / 2) < nearest_roof) nearest_roof = std::abs(theta - std::numbers::pi / 2), roof = hoop;
      if (std::abs(theta) < nearest_side) nearest_side = std::abs(theta), side = hoop;
    }
    EXPECT_NEAR(roof, p * (1 + n), 0.02 * p * (1 + n)) << bedding_across_load;
    EXPECT_NEAR(side, -p / k, 0.03 * p / k) << bedding_across_load;
    EXPECT_GT(std::abs(side / p + 1), 0.2);  // negative control: isotropic rock has −1
  }
}
