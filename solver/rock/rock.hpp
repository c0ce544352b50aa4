/// Displacement and stress of rock under staged excavation, fill and temperature change. Quasi-static small strain; displacements count from the
/// initial state.
///
///   r(u) = boundary tractions + ∫ N b − ∫ Bᵀ σ(u) = 0 over the elements that stand,
///   σ = σ0 + law(ε(u) − ε_placed − α ΔT).
///
/// Taking elements away leaves their share out of the sums: the imbalance that appears is the released traction. Fill enters free of stress at the
/// displacement and temperature of its placement.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fem/levels.hpp"
#include "fem/points.hpp"
#include "fem/surface_points.hpp"
#include "input/key.hpp"
#include "linear/solver.hpp"
#include "material/material.hpp"
#include "rock/boundaries.hpp"
#include "rock/in_situ.hpp"

namespace winze::rock {

enum class Preset { automatic, multigrid, direct };
constexpr std::array<const char*, 3> names(Preset) { return {"auto", "multigrid", "direct"}; }
enum class Start { hold, solve };
constexpr std::array<const char*, 2> names(Start) { return {"hold", "solve"}; }

struct Options {
  double tolerance = 1e-8;
  int max_iterations = 200, newton = 20;
  Preset preset = Preset::automatic;
  Start start = Start::hold;
  double gravity = 9.81;
  static auto keys() {
    return input::keys(
        input::key("tolerance", &Options::tolerance, "1", "true residual over the out-of-balance force of the stage").above(0).below(0.1),
        input::key("max_iterations", &Options::max_iterations, "1", "of the linear solver").between(1, 100000),
        input::key("newton", &Options::newton, "1", "Newton steps per stage").between(1, 1000),
        input::key(
            "preset", &Options::preset,
            "multigrid: conjugate gradients with multigrid; direct: MUMPS, for small or nasty cases; auto: multigrid, and MUMPS where that does "
            "not converge and the mesh has at most 100 000 unknowns"),
        input::key("start", &Options::start,
                   "hold: the given stress is the initial state as it stands, whatever its gradients; solve: it is first brought into balance with "
                   "gravity and the boundary conditions, then displacements count from there"),
        input::key("gravity", &Options::gravity, "m/s^2", "acceleration of gravity").at_least(0));
  }
};

/// What a stage does to the rock. Regions by index into mesh.region_names, materials by index into the materials given to Rock.
struct Change {
  std::vector<int> excavate;
  struct Fill {
    int region, material;
  };
  std::vector<Fill> fill;
  double release = 1;  ///< fraction of the out-of-balance force released now; the rest is held on the nodes until a later stage releases it
};

struct Report {
  int newton_steps = 0, linear_iterations = 0;
  double residual = 0;              ///< |r| / |r at the beginning of the stage|
  double out_of_balance = 0;        ///< |r| at the beginning, N
  double largest_displacement = 0;  ///< m, over standing rock
  double work = 0;                  ///< ½ (release force)·Δu of the stage, J
  double setup_seconds = 0, solve_seconds = 0;
};

/// A face of standing rock that looks into an opening, with the stage that bared it.
struct Wall {
  mesh::Face face;
  int stage;
};

class Rock {
 public:
  static constexpr int gone = -1;  ///< material of an element that is dug out

  /// Collective. `material_of_region`: index into `materials` per region; `gone` for regions that are empty from the start. Throws InputError where
  /// the rock can move freely.
  Rock(const mesh::Mesh& mesh, input::Named<material::Material> materials, std::vector<int> material_of_region, InSituStress in_situ,
       const std::vector<Boundary>& boundaries, Options options);

  /// Collective. Before the first stage: holds the nodes of a surface at a displacement given as a function of position, m since the initial state.
  void prescribe(const std::string& surface, const std::function<Vector3(const Vector3&)>& displacement);

  /// Collective. Digs, fills and finds the new equilibrium. temperature_change: [n_local nodes] K since the initial state with valid ghosts, or
  /// nullptr. Throws InputError for a change that cannot be made (region already gone, fill in standing rock, floating blocks, free rigid motions),
  /// SolverError when equilibrium is not found; then the state is what it was before the call.
  Report advance(const Change& change, int stage, const double* temperature_change);

  const mesh::Mesh& mesh() const { return mesh_; }
  const fem::Points& points() const { return points_; }
  const input::Named<material::Material>& materials() const { return materials_; }
  /// Per element: index of its material, or `gone`.
  const std::vector<std::int32_t>& material_of_element() const { return state_.material; }
  std::vector<char> active() const;
  /// Collective. Throws InputError if, with only these elements standing, a body hangs in the air or the rock can move freely.
  void check_supported(const std::vector<char>& standing) const;
  /// [n_local nodes][3] m, ghosts valid. Nodes in openings keep the last displacement they had.
  const std::vector<double>& displacement() const { return state_.u; }
  /// [n_points][6] Kelvin, Pa; zero in openings.
  std::vector<double> stress_at_points() const;
  const std::vector<Wall>& walls() const { return state_.walls; }
  /// Surface points of the walls with their stage: those of walls() face by face (surface 0), then those of walls inside cut cells (surface 1 +
  /// number of the solid).
  std::vector<fem::SurfacePoint> wall_points() const;
  /// Per wall point, 1 where it is beside a crease of the walls (an edge or corner where normals differ by more than about 50°; a face that touches
  /// one, with all its points): elastic stress has no limit at re-entrant creases, and what a mesh gives there depends on its cells. Collective.
  std::vector<char> at_creases() const;
  /// Elastic wall stress at surface points: tangential strain and traction-free normal (fem::wall_stress); on walls inside cut cells the strain is
  /// that of the displacement's trace (fem::trace_strain). Collective.
  std::vector<Sym3> wall_stress(const std::vector<fem::SurfacePoint>& at) const;
  Sym3 in_situ(const Vector3& x) const { return in_situ_(x); }
  /// ½ ∫ σ : C⁻¹ : σ per element, J (elastic energy stored, initial stress included).
  std::vector<double> stored_energy() const;

  /// What stands behind conjugate gradients, in the order in which they are tried: nested levels as the mesh has them, algebraic levels right below
  /// the linear elements (plates and voids thinner than a coarse cell, alternating stiff and soft layers), factors.
  enum class Method { nested, algebraic, factors };
  /// Everything that a restart must carry; arrays as documented in State.
  struct State {
    std::vector<double> u;               ///< [n_local nodes][3]
    std::vector<double> start;           ///< [n_local nodes][3] displacement of the initial solve, empty with Start::hold
    std::vector<double> held;            ///< [n_local nodes][3] owned: nodal force not yet released, N
    std::vector<double> temperature;     ///< [n_local nodes] last temperature change, K; empty when never given
    std::vector<std::int32_t> material;  ///< [n_elements]
    std::vector<std::uint8_t> placed;    ///< [n_elements] 1 where the element is fill
    std::vector<double> placed_strain;   ///< [n_points][6] total − thermal strain at placement; zero elsewhere; empty while nothing was filled
    std::vector<Wall> walls;
    std::vector<std::int32_t> changed;  ///< [n_elements] stage that dug or filled the element last, 0: none
    std::vector<double> tie_start;      ///< [n_local nodes][3] displacement from which the ghost penalty counts; empty until something is filled
    Method method = Method::nested;     ///< what worked last
  };
  const State& state() const { return state_; }
  void restore(State state);

 private:
  void initial_state();
  void free_openings();
  void lose_outer_faces();  ///< the in-situ traction on outer faces goes with the rock that carried it
  void change_elements(const Change& change, int stage);
  void find_walls(int stage);
  /// Boundary tractions + body forces − internal forces at state_; owned entries, zero where held. Collective.
  std::vector<double> out_of_balance() const;
  std::vector<double> thermal_strain_at_points() const;
  double force_scale() const;
  void solve(Report& report, const std::vector<double>& r0);

  const mesh::Mesh& mesh_;
  input::Named<material::Material> materials_;
  std::vector<int> material_of_region_;
  InSituStress in_situ_;
  Options options_;
  fem::Points points_;
  BoundaryState boundary_;
  std::vector<Moduli> moduli_;
  std::vector<Sym3> expansion_;
  std::vector<double> initial_stress_;  ///< [n_points][6]
  std::vector<double> initial_weight_;  ///< [n_points][3] body force of the original rock, N/m³
  std::vector<double> initial_boundary_force_,
      boundary_force_;  ///< [n_local nodes][3] owned: what the outer boundary carries in the initial state, N
  State state_;
  std::shared_ptr<fem::LevelStructure> levels_;
};

}  // namespace winze::rock
