// Mohr–Coulomb: return against brute force over every combination of planes, tangents everywhere, closed forms, softening.
#include "material/mohr_coulomb.hpp"

#include "plastic.hpp"

using namespace winze;
using namespace winze::material;
using input::Curve;

namespace {

/// Itasca's verification rock (Salençon hole): UCS 11.95115 MPa, σ1 = 41.95115 MPa at σ3 = 10 MPa, apex 5.97558 MPa.
MohrCoulomb itasca(double dilation = 0) { return {6.7779e9, 0.210345, Curve(3.45e6), Curve(30 * degree), Curve(dilation * degree)}; }
MohrCoulomb with_tension(double dilation, double tension) {
  MohrCoulomb m = itasca(dilation);
  m.tension = Curve(tension);
  return m;
}
/// Cohesion falls, friction rises, tension vanishes, dilation rises and falls: CWFS (Hajiabdolmajid et al. 2002).
MohrCoulomb cwfs() {
  MohrCoulomb m{60e9, 0.2, Curve(50e6), Curve(0), Curve(0)};
  m.cohesion.x = {0, 0.002}, m.cohesion.y = {50e6, 15e6};
  m.friction.x = {0, 0.005}, m.friction.y = {0, 48 * degree};
  m.dilation.x = {0, 0.005, 0.02}, m.dilation.y = {0, 20 * degree, 5 * degree};
  m.tension.x = {0, 0.001}, m.tension.y = {10e6, 0};
  m.reference_length = 0.5;
  return m;
}

struct Plane6 {
  Vector3 n, m;
  double limit;
};
/// Every plane of the pyramid without any ordering: six of shear, three of tension.
std::vector<Plane6> planes(double kphi, double ucs, double kpsi, double tension) {
  std::vector<Plane6> all;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      if (i != j) {
        Plane6 p{{}, {}, ucs};
        p.n[i] = kphi, p.n[j] = -1, p.m[i] = kpsi, p.m[j] = -1;
        all.push_back(p);
      }
  for (int i = 0; i < 3; ++i) {
    Plane6 p{{}, {}, tension};
    p.n[i] = p.m[i] = 1;
    all.push_back(p);
  }
  return all;
}

/// Solves Koiter's problem by trying every set of up to three planes: all admissible answers (stress inside, multipliers ≥ 0).
std::vector<Vector3> brute_force(const std::vector<Plane6>& all, const Vector3& trial, const PrincipalElasticity& el, double size) {
  std::vector<Vector3> found;
  const int n = int(all.size());
  const auto inside = [&](const Vector3& s) {
    for (const Plane6& p : all)
      if (dot(p.n, s) > p.limit + 1e-9 * size) return false;
    return true;
  };
  const auto attempt = [&](std::initializer_list<int> set) {
    Moduli a{};
    Sym3 b{};
    int rows = 0;
    for (int i : set) {
      int columns = 0;
      for (int j : set) a[rows][columns++] = dot(all[i].n, el.stress(all[j].m));
      b[rows++] = dot(all[i].n, trial) - all[i].limit;
    }
    if (!solve_small(rows, a, b)) return;
    Vector3 s = trial;
    int at = 0;
    for (int i : set) {
      if (!(b[at] >= -1e-9 * size / el.shear)) return;
      const Vector3 cm = el.stress(all[i].m);
      for (int k = 0; k < 3; ++k) s[k] -= b[at] * cm[k];
      ++at;
    }
    if (inside(s)) found.push_back(s);
  };
  for (int i = 0; i < n; ++i) {
    attempt({i});
    for (int j = i + 1; j < n; ++j) {
      attempt({i, j});
      for (int k = j + 1; k < n; ++k) attempt({i, j, k});
    }
  }
  return found;
}

double excess(const MohrCoulomb& m, const PlasticState& state, const Sym3& stress, const Conditions& at = {}) {
  return m.surface(m.softening().place(state.equivalent, at)).excess(principal(stress).value);
}

}  // namespace

// The return against brute force: thousands of trial stresses, equal principal values among them, from every side and far beyond the apex. The
// smallest relative tolerance that brute force itself supports is 1e-9.
TEST(MohrCoulombReturn, IsTheOnlyAnswerThatAnyCombinationOfPlanesGives) {
  Random random(1);
  int by_region[4] = {};
  for (int n = 0; n < 6000; ++n) {
    const double phi = uniform(random, 1, 60), psi = n % 3 == 0 ? phi : n % 3 == 1 ? 0 : uniform(random, 0, phi);
    MohrCoulomb m{60e9, uniform(random, 0, 0.45), Curve(uniform(random, 0.1, 30) * MPa), Curve(phi * degree), Curve(psi * degree)};
    const double apex = m.cohesion.y[0] / std::tan(phi * degree);
    if (n % 2) m.tension = Curve(uniform(random, 0, 1.2) * apex);
    const auto surface = m.surface(0);
    const PrincipalElasticity el(m.moduli());
    Vector3 trial = random_principal(random, 150 * MPa, uniform(random, -100, 150) * MPa);
    std::sort(trial.begin(), trial.end(), std::greater<>());
    if (!(surface.excess(trial) > 0)) continue;
    const PrincipalReturn r = surface.back(trial, el);
    const double size = norm(trial) + m.cohesion.y[0];
    const auto answers =
        brute_force(planes(surface.curve.k.value, surface.curve.ucs.value, surface.dilation.value, surface.tension.value), trial, el, size);
    ASSERT_FALSE(answers.empty()) << n;
    for (const Vector3& s : answers)
      for (int i = 0; i < 3; ++i) ASSERT_NEAR(s[i], r.stress[i], 2e-7 * size) << n << " psi " << psi << " phi " << phi;
    EXPECT_LE(surface.excess(r.stress), 1e-12 * size);
    EXPECT_GE(r.stress[0], r.stress[1] - 1e-12 * size);
    EXPECT_GE(r.stress[1], r.stress[2] - 1e-12 * size);
    ++by_region[r.yielded];
  }
  for (int y = 1; y < 4; ++y) EXPECT_GT(by_region[y], 100) << "the sample must visit shear, tension and both";
}

// Associated flow returns to the closest point in the energy norm: no admissible stress of a fine random cloud is closer.
TEST(MohrCoulombReturn, AssociatedIsTheClosestPoint) {
  Random random(2);
  const MohrCoulomb m = with_tension(30, 2e6);
  const auto surface = m.surface(0);
  const PrincipalElasticity el(m.moduli());
  const auto energy = [&](const Vector3& a, const Vector3& b) {
    const Vector3 d = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    return dot(d, el.strain(d));
  };
  for (int n = 0; n < 300; ++n) {
    Vector3 trial = random_principal(random, 40 * MPa, uniform(random, -60, 30) * MPa);
    std::sort(trial.begin(), trial.end(), std::greater<>());
    if (!(surface.excess(trial) > 0)) continue;
    const Vector3 s = surface.back(trial, el).stress;
    for (int k = 0; k < 300; ++k) {
      const double reach = std::pow(10, uniform(random, 2, 7));
      Vector3 other = {s[0] + uniform(random, -reach, reach), s[1] + uniform(random, -reach, reach), s[2] + uniform(random, -reach, reach)};
      std::sort(other.begin(), other.end(), std::greater<>());
      if (surface.excess(other) > 0) continue;
      EXPECT_GE(energy(other, trial), energy(s, trial) * (1 - 1e-12));
    }
  }
}

// Every law, random paths of large and small steps with unloading: inside to 1e-10, dissipation never negative, same answer in a turned frame.
TEST(MohrCoulombPaths, StayInsideDissipateAndTurnWithTheFrame) {
  Random random(3);
  for (const MohrCoulomb& m : {itasca(), itasca(30), with_tension(10, 1e6), with_tension(0, 0), cwfs()}) {
    const Moduli c = m.moduli();
    const double unit = m.cohesion.y[0] / m.young;
    int yielded = 0;
    for (int path = 0; path < 300; ++path) {
      const Matrix3 q = random_frame(random);
      PlasticState state, turned;
      Sym3 strain{};
      for (int step = 0; step < 12; ++step) {
        const double size = unit * std::pow(10, uniform(random, -2, 2)) * (step % 4 == 3 ? -1 : 1);
        const Sym3 by = in_frame(random_principal(random, size, uniform(random, -1, 0.6) * size), random_frame(random));
        for (int i = 0; i < 6; ++i) strain[i] += by[i];
        const Response r = m.update(c, strain, {}, state), t = m.update(c, winze::rotate(strain, q), {}, turned);
        const double scale = std::sqrt(dot(r.stress, r.stress)) + m.cohesion.y[0];
        ASSERT_LE(excess(m, state, r.stress), 1e-10 * scale + 1e-14 * m.young * std::sqrt(dot(strain, strain)));
        ASSERT_GE(r.dissipated, -1e-12 * m.young * dot(strain, strain)) << m.cohesion.y[0] << " path " << path << " step " << step;
        yielded += r.yielded != 0;
        const Sym3 expected = winze::rotate(r.stress, q);
        for (int i = 0; i < 6; ++i) ASSERT_NEAR(t.stress[i], expected[i], 1e-9 * m.young * std::sqrt(dot(strain, strain)));
        for (const auto& row : r.tangent)
          for (double x : row) ASSERT_TRUE(std::isfinite(x));
        for (int i = 0; i < 6; ++i)
          for (int j = 0; j < i; ++j) ASSERT_NEAR(r.symmetric ? r.tangent[i][j] : 0, r.symmetric ? r.tangent[j][i] : 0, 1e-11 * c[0][0]);
      }
    }
    EXPECT_GT(yielded, 800);
  }
}

// Central differences. Where the two sides straddle an edge of the surface they differ by a finite amount, which happens for a share of random points
// that falls with h; all others agree to rounding of h.
TEST(MohrCoulombTangent, IsTheDerivativeOfTheStress) {
  Random random(4);
  for (const MohrCoulomb& m : {itasca(), itasca(30), with_tension(10, 1e6), cwfs()}) {
    const Moduli c = m.moduli();
    const double unit = m.cohesion.y[0] / m.young;
    int bad = 0, tried = 0, seen[4] = {};
    for (int n = 0; n < 3000; ++n) {
      Vector3 v = {uniform(random, -1, 1), uniform(random, -1, 1), uniform(random, -1, 1)};
      const double shift = uniform(random, -2.5, 0.8), size = unit * std::pow(10, uniform(random, -0.5, 1));
      for (double& x : v) x = (x + shift) * size;
      const Sym3 strain = in_frame(v, random_frame(random));
      PlasticState from, after;
      if (n % 2) from.equivalent = uniform(random, 0, 0.006);
      after = from;
      const Response r = m.update(c, strain, {}, after);
      if (!r.yielded) continue;
      ++tried, ++seen[r.yielded];
      if (tangent_error(m, c, strain, {}, from, size * 1e-6) > 1e-6) ++bad;
    }
    EXPECT_LE(bad, tried / 200) << tried;
    EXPECT_GT(seen[1], 50);
    EXPECT_GT(seen[2] + seen[3], 20);
  }
}

// Two and three equal principal strains: axes are arbitrary and edges are where such points return to; the derivative still exists.
TEST(MohrCoulombTangent, HoldsAtEqualPrincipalStresses) {
  Random random(5);
  for (const MohrCoulomb& m : {itasca(), itasca(30), with_tension(10, 1e6)}) {
    const Moduli c = m.moduli();
    for (const Vector3& v : std::vector<Vector3>{{0, 0, -2e-2}, {3e-3, -3e-3, -3e-3}, {2e-3, 2e-3, 2e-3}, {1e-3, 1e-3, -8e-3}, {6e-3, 1e-5, 1e-5}})
      for (int k = 0; k < 5; ++k) {
        const Sym3 strain = in_frame(v, random_frame(random));
        PlasticState from, after;
        ASSERT_NE(m.update(c, strain, {}, after).yielded, 0) << v[0] << " " << v[1] << " " << v[2];
        EXPECT_LT(tangent_error(m, c, strain, {}, from, 1e-10), 2e-5) << v[0] << " " << v[1] << " " << v[2];
      }
  }
}

// σ1 = UCS + Kp σ3 (Itasca's rock: 11.95115 and 41.95115 MPa), whatever the dilation; the plastic volume follows Kψ: dεv/dε1 = Kψ − 1 in triaxial
// flow.
TEST(MohrCoulombClosedForms, TriaxialStrengthAndDilation) {
  for (const double psi : {0.0, 15.0, 30.0})
    for (const double cell : {0.0, 10e6}) {
      const auto path = drive(itasca(psi), {hydrostatic_stress(-cell), triaxial(2, -0.02, -cell, 8)});
      EXPECT_NEAR(path.back().stress[2], -(11.95115e6 + 3 * cell), 10);
      const Sym3 &a = path[path.size() - 2].strain, &b = path.back().strain;
      const double k = (1 + std::sin(psi * degree)) / (1 - std::sin(psi * degree));
      EXPECT_NEAR((trace(b) - trace(a)) / (a[2] - b[2]), k - 1, 1e-9);
    }
  // Extension: the lateral stress pair is the larger one.
  const auto extension = drive(itasca(), {hydrostatic_stress(-41.95115e6), triaxial(2, 0.02, -41.95115e6, 8)});
  EXPECT_NEAR(extension.back().stress[2], -10e6, 20);
}

// Uniaxial tension and hydrostatic tension stop at the cut-off; without one at c/tan φ = 5.97558 MPa. A cut-off beyond the apex is the apex.
TEST(MohrCoulombClosedForms, Tension) {
  EXPECT_NEAR(drive(with_tension(0, 1e6), {uniaxial_stress(0, 0.01, 4)}).back().stress[0], 1e6, 1e-3);
  const double apex = 3.45e6 / std::tan(30 * degree);
  for (const MohrCoulomb& m : {itasca(), itasca(30), with_tension(10, 50e6)}) {
    PlasticState state;
    const Response r = m.update(m.moduli(), {0.01, 0.01, 0.01, 0, 0, 0}, {}, state);
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(r.stress[i], apex, 1e-6);
    EXPECT_NEAR(apex, 5.97558e6, 10);
  }
}

// Simple shear at constant normal stresses (direct shear along a plane, the in-plane stresses free to find their way is not wanted here):
// τ = √(σc-circle): centre −p, radius c cos φ + p sin φ with all normal stresses held at −p.
TEST(MohrCoulombClosedForms, PureShearUnderPressure) {
  const double p = 10e6;
  Leg shear{{-p, -p, -p, 0, 0, 0.02}, {true, true, true, true, true, false}, 10};
  const auto end = drive(itasca(10), {hydrostatic_stress(-p), shear}).back();
  EXPECT_NEAR(end.stress[5] / sqrt2, 3.45e6 * std::cos(30 * degree) + p * 0.5, 10);
}

// Oedometer: elastic until σ1 − Kp σ3 = UCS; beyond it the axis follows dσ1/dε1 of flow on the edge, K-ratio → (with no dilation) Kp.
TEST(MohrCoulombClosedForms, OedometerYieldsWhenItsRatioDoes) {
  const MohrCoulomb m{10e9, 0.2, Curve(1e6), Curve(20 * degree), Curve(0)};  // K0 = 0.25 < 1/Kp = 0.49: it yields
  const double kp = (1 + std::sin(20 * degree)) / (1 - std::sin(20 * degree)), ucs = 2e6 * std::sqrt(kp);
  const auto path = drive(m, {uniaxial_strain(2, -0.01, 50)});
  for (const auto& p : path) {
    EXPECT_NEAR(-p.stress[2], p.yielded ? ucs - kp * p.stress[0] : -4 * p.stress[0], 1e-3);
  }
  // Isochoric flow leaves the bulk modulus: dσm/dε = E/(3 (1 − 2ν)); with σ1 = UCS + Kp σ3 the axis stiffness is 3 K Kp/(Kp + 2).
  const auto &a = path[path.size() - 2], &b = path.back();
  EXPECT_NEAR((b.stress[2] - a.stress[2]) / (b.strain[2] - a.strain[2]), 10e9 / (1 - 0.4) * kp / (kp + 2), 10);
}

// Cohesion 10 → 4 MPa over κ = 0.004, no friction, no dilation: UCS = 2 c, and in uniaxial compression κ is the plastic shortening.
TEST(MohrCoulombSoftening, FollowsItsTableAndKeepsWorkPerAreaForEverySize) {
  MohrCoulomb m{20e9, 0.2, Curve(), Curve(0), Curve(0), Curve(0.0)};
  m.cohesion.x = {0, 0.004}, m.cohesion.y = {10e6, 4e6};
  m.tension = Curve(1e6);
  m.reference_length = 0.5;
  for (const double size : {0.25, 0.5, 1.0}) {
    PlasticState end;
    const auto path = drive(m, {uniaxial_stress(2, -0.02, 2000)}, 1e-12, {.length = size}, &end);
    double work = 0;
    for (const auto& p : path) {
      work += p.dissipated;
      if (!p.yielded) continue;
      const double shortening = -p.strain[2] + p.stress[2] / m.young;  // plastic
      EXPECT_NEAR(-p.stress[2], 2 * std::max(4e6, 10e6 - 6e6 * shortening * size / 0.5 / 0.004), 1e-3);
    }
    // Work of softening above the residual: ½ · 12 MPa · 0.004 · 0.5 m = 12 kJ/m², end-stress sums lose at most a step of it.
    const double beyond = work - 8e6 * end.equivalent;
    EXPECT_NEAR(beyond * size, 12e3, 0.02 * 12e3) << size;
    EXPECT_NEAR(end.dissipated, work, 1e-9 * work);
  }
  // Negative control: without the element's size the same element of 1 m would dissipate as much per volume, twice as much per area.
  PlasticState end;
  double work = 0;
  for (const auto& p : drive(m, {uniaxial_stress(2, -0.02, 2000)}, 1e-12, {}, &end)) work += p.dissipated;
  EXPECT_NEAR((work - 8e6 * end.equivalent) * 1.0, 24e3, 0.02 * 24e3);
}

// E L/|dσc/dκ| = 20 GPa · 0.5 m/3 GPa: one third beyond it the point snaps to its residual strength and dissipates less, but never fails.
TEST(MohrCoulombSoftening, KnowsTheLongestElementThatFollows) {
  MohrCoulomb m{20e9, 0.2, Curve(), Curve(0), Curve(0), Curve(1e6)};
  m.cohesion.x = {0, 0.004}, m.cohesion.y = {10e6, 4e6};
  m.reference_length = 0.5;
  EXPECT_NEAR(m.longest_element(), 20.0 / 3 * 0.5, 1e-12);
  EXPECT_TRUE(std::isinf(itasca().longest_element()));
}

TEST(MohrCoulombSoftening, CwfsStartsCohesiveAndEndsFrictional) {
  const MohrCoulomb m = cwfs();
  const auto path = drive(m, {hydrostatic_stress(-5e6), triaxial(2, -0.03, -5e6, 400)});
  // the first yield: c = 50 MPa and φ = 0 give 105 MPa, less what one step of 4.5 MPa softens
  const auto first = std::find_if(path.begin(), path.end(), [](const DriverPoint& p) { return p.yielded != 0; });
  ASSERT_NE(first, path.end());
  EXPECT_NEAR(-first->stress[2], 105e6, 5e6);
  const double k = (1 + std::sin(48 * degree)) / (1 - std::sin(48 * degree));
  EXPECT_NEAR(-path.back().stress[2], 2 * 15e6 * std::sqrt(k) + k * 5e6, 10);
}

TEST(MohrCoulombSoftening, BrittleDropsAtOnce) {
  MohrCoulomb m{20e9, 0.2, Curve(), Curve(30 * degree), Curve(0)};
  m.cohesion.x = {0, 1}, m.cohesion.y = {10e6, 2e6};
  m.brittle = true;
  const double root3 = std::sqrt(3.0);
  const auto path = drive(m, {uniaxial_stress(2, -0.004, 100)});
  double peak = 0;
  for (const auto& p : path) {
    peak = std::max(peak, -p.stress[2]);
    if (p.yielded) {
      EXPECT_NEAR(-p.stress[2], 4e6 * root3, 1);
    }
  }
  EXPECT_NEAR(peak, 20e6 * root3, 0.9e6);  // within one step of 0.8 MPa below the peak strength
  EXPECT_LE(peak, 20e6 * root3);
}
