/// Displacement and stress of rock under staged excavation, fill and temperature change. Quasi-static small strain; displacements count from the
/// initial state.
///
///   r(u) = boundary tractions + ∫ N b − ∫ Bᵀ σ(u) = 0 over the elements that stand,
///   σ = σ0 + law(ε(u) − ε_placed − α ΔT).
///
/// Taking elements away leaves their share out of the sums: the imbalance that appears is the released traction. Fill enters free of stress at the
/// displacement and temperature of its placement. Where a law is not linear the released traction, the change of temperature and prescribed
/// displacements grow together in sub-steps, each brought into balance by Newton's method.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "fem/levels.hpp"
#include "fem/points.hpp"
#include "fem/surface_points.hpp"
#include "fem/tangent_term.hpp"
#include "input/key.hpp"
#include "linear/solver.hpp"
#include "material/material.hpp"
#include "rock/boundaries.hpp"
#include "rock/energy.hpp"
#include "rock/in_situ.hpp"

namespace winze::rock {

enum class Preset { automatic, multigrid, direct };
constexpr std::array<const char*, 3> names(Preset) { return {"auto", "multigrid", "direct"}; }
enum class Start { hold, solve };
constexpr std::array<const char*, 2> names(Start) { return {"hold", "solve"}; }

struct Options {
  double tolerance = 1e-8;
  int max_iterations = 200, newton = 20, steps = 10;
  double smallest_step = 1e-3;
  Preset preset = Preset::automatic;
  Start start = Start::hold;
  double gravity = 9.81;
  static auto keys() {
    return input::keys(
        input::key("tolerance", &Options::tolerance, "1", "true residual over the out-of-balance force of the stage").above(0).below(0.1),
        input::key("max_iterations", &Options::max_iterations, "1", "of the linear solver").between(1, 100000),
        input::key("newton", &Options::newton, "1", "Newton steps per stage, or per sub-step of the release where rock yields").between(1, 1000),
        input::key("steps", &Options::steps, "1",
                   "sub-steps in which a stage is released once rock yields, at least; they shrink where equilibrium is hard to find and grow again")
            .between(1, 10000),
        input::key("smallest_step", &Options::smallest_step, "1", "share of a stage below which a sub-step without equilibrium counts as collapse")
            .above(0)
            .at_most(1),
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
  int steps = 1;                    ///< sub-steps of the release
  std::int64_t yielded = 0;         ///< points that yielded in this stage, of all ranks
  StageEnergy energy;
  double setup_seconds = 0, solve_seconds = 0;
};

/// A face of standing rock that looks into an opening, with the stage that bared it.
struct Wall {
  mesh::Face face;
  int stage;
};

class Collapse;

class Rock {
 public:
  static constexpr int gone = -1;  ///< material of an element that is dug out

  /// Collective. `material_of_region`: index into `materials` per region; `gone` for regions that are empty from the start. Throws InputError where
  /// the rock can move freely.
  Rock(const mesh::Mesh& mesh, input::Named<material::Material> materials, std::vector<int> material_of_region, InSituStress in_situ,
       const std::vector<Boundary>& boundaries, Options options);

  /// Collective. Before the first stage: holds the nodes of a surface at a displacement given as a function of position, m since the initial state.
  void prescribe(const std::string& surface, const std::function<Vector3(const Vector3&)>& displacement);

  /// Collective. Digs, fills and finds the new equilibrium. Elements between node copies stay empty when they are filled. temperature_change:
  /// [n_local nodes] K since the initial state with valid ghosts, or nullptr. Throws InputError for a change that cannot be made (region already
  /// gone, fill in standing rock, floating blocks, free rigid motions), SolverError when equilibrium is not found, Collapse when there is none; then
  /// the state is what it was before the call.
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
  /// Wall stress at surface points: tangential strain and traction-free normal (fem::wall_stress); on walls inside cut cells the strain is that of
  /// the displacement's trace (fem::trace_strain). Where the law is not linear it is the law that answers, from the memory of the nearest point of
  /// the element. Collective.
  std::vector<Sym3> wall_stress(const std::vector<fem::SurfacePoint>& at) const;
  Sym3 in_situ(const Vector3& x) const { return in_situ_(x); }
  /// ½ ∫ σ : C⁻¹ : σ per element, J (elastic energy stored, initial stress included).
  std::vector<double> stored_energy() const;

  /// What stands behind conjugate gradients, in the order in which they are tried: nested levels as the mesh has them, algebraic levels right below
  /// the linear elements (plates and voids thinner than a coarse cell, alternating stiff and soft layers), factors.
  enum class Method { nested, algebraic, factors };
  /// Doubles that every point remembers: the State of the largest law, then Yielded bits of all stages; 0 where all laws are linear.
  int memory_size() const { return memory_size_; }
  /// Per element, of elements whose law is not linear: Yielded bits of any point, means of equivalent plastic strain over the points, smallest
  /// strength/stress ratio of the points. 0, 0 and most_strength_ratio elsewhere; the last is 0 in openings.
  struct Yielding {
    std::vector<double> by, plastic_strain, strength_ratio;
  };
  Yielding yielding() const;
  /// Everything that a restart must carry; arrays as documented in State.
  struct State {
    std::vector<double> u;               ///< [n_local nodes][3]
    std::vector<double> start;           ///< [n_local nodes][3] displacement of the initial solve, empty with Start::hold
    std::vector<double> held;            ///< [n_local nodes][3] owned: nodal force not yet released, N
    std::vector<double> temperature;     ///< [n_local nodes] last temperature change, K; empty when never given
    std::vector<std::int32_t> material;  ///< [n_elements]
    std::vector<std::uint8_t> placed;    ///< [n_elements] 1 where the element is fill
    std::vector<double> placed_strain;   ///< [n_points][6] total − thermal strain at placement; zero elsewhere; empty while nothing was filled
    std::vector<double> memory;          ///< [n_points][memory_size]; empty where all laws are linear
    std::vector<Wall> walls;
    std::vector<std::int32_t> changed;  ///< [n_elements] stage that dug or filled the element last, 0: none
    std::vector<double> tie_start;      ///< [n_local nodes][3] displacement from which the ghost penalty counts; empty until something is filled
    Method method = Method::nested;     ///< what worked last
  };
  const State& state() const { return state_; }
  void restore(State state);

 private:
  class System;    ///< operator and preconditioner of one stage
  struct Loads;    ///< what changes in a stage, as functions of its share
  struct Substep;  ///< the answer of every point to a displacement
  bool between(Index e) const { return !mesh_.cuts.copies.between.empty() && mesh_.cuts.copies.between[e]; }
  bool nonlinear(Index element) const { return state_.material[element] != gone && state_size_[state_.material[element]] > 0; }
  void check_initial_strength() const;
  /// thermal [n_points][6] or empty. Stress and memory at state_.u from the accepted state_.memory.
  void respond(const std::vector<double>& thermal, Substep& at) const;
  std::vector<double> stress_at_points(const std::vector<double>& thermal) const;
  std::vector<double> loads() const;  ///< boundary tractions + body forces of standing rock, nodal, owned
  std::vector<double> internal_forces(const std::vector<double>& stress) const;
  std::vector<double> tie_forces() const;  ///< of the ghost penalty on the rock, nodal; empty on meshes without cut cells. Collective
  double tie_energy() const;               ///< J, what the penalty stores, of this rank. Collective
  void solve(System& system, Report& report, const std::vector<double>& r0);
  /// The stage at its beginning: loads.stress of all rock before the change on entry. The energy gets what rock lost before anything moved.
  void begin(Loads& loads, const State& before, double release, StageEnergy& energy) const;
  /// Adds what happened between two shares of a stage, state_ being the later one, on this rank; loads.stress becomes the later one.
  void add_energy(Loads& loads, double from, double to, const std::vector<double>& memory_from, const std::vector<double>& u_from,
                  std::vector<double> stress, StageEnergy& energy) const;
  void end(const Loads& loads, StageEnergy& energy) const;  ///< sums over ranks
  void move_supports(const Loads& loads, double share);
  void follow(System& system, Loads& loads, Report& report);
  /// Newton's method at a share of the stage from state_.u; false where it does not arrive. report.residual becomes a force.
  /// Where Newton's method finds nothing: lets the rock run, damped by its own stiffness, memory following, until it stands again at this share.
  /// state_ and loads.stress hold the last equilibrium on entry and the new one on return; false where it keeps running.
  bool settle(System& system, Loads& loads, double share, double tolerance, Substep& at, Report& report);
  Collapse collapse(const Loads& loads, double share, const std::vector<double>& u, Report report);
  bool balance(System& system, const Loads& loads, double share, double tolerance, Substep& at, Report& report);
  void initial_state();
  void free_openings();
  void lose_outer_faces();  ///< the in-situ traction on outer faces goes with the rock that carried it
  void change_elements(const Change& change, int stage);
  void find_walls(int stage);
  /// `strain`: elastic at the start and total since; `elastic`: the answer without yielding. Stress of the nearest point where the law has no answer.
  Sym3 yielding_wall_stress(const fem::SurfacePoint& at, const Sym3& strain, const Sym3& elastic, const std::vector<double>& stress_at_points) const;
  /// Boundary tractions + body forces − internal forces at state_; owned entries, zero where held. Collective.
  std::vector<double> out_of_balance() const;
  std::vector<double> out_of_balance(const Loads& loads, double share, const std::vector<double>& stress) const;
  std::vector<double> thermal_strain_at_points(const std::vector<double>& temperature) const;
  double force_scale() const;
  const mesh::Mesh& mesh_;
  input::Named<material::Material> materials_;
  std::vector<int> material_of_region_;
  InSituStress in_situ_;
  Options options_;
  fem::Points points_;
  BoundaryState boundary_;
  std::vector<Moduli> moduli_, compliance_;
  std::vector<int> state_size_;  ///< per material; 0: linear
  int memory_size_ = 0;
  std::vector<double> length_;  ///< [n_elements] m, cube root of the volume; empty where all laws are linear
  std::vector<Sym3> expansion_;
  std::vector<double> initial_stress_;  ///< [n_points][6]
  std::vector<double> initial_weight_;  ///< [n_points][3] body force of the original rock, N/m³
  std::vector<double> initial_boundary_force_,
      boundary_force_;  ///< [n_local nodes][3] owned: what the outer boundary carries in the initial state, N
  State state_;
  std::shared_ptr<fem::LevelStructure> levels_;
};

/// A stage that has no equilibrium beyond a share of its release.
class Collapse : public SolverError {
 public:
  using SolverError::SolverError;
  double share = 0;                         ///< of the stage, of the last equilibrium
  Vector3 at{};                             ///< m, where the last attempt moved farthest
  std::string region;                       ///< of the rock there
  double increment = 0;                     ///< m, by which it moved
  Report report;                            ///< of the part of the stage that was reached
  std::shared_ptr<const Rock::State> last;  ///< the last equilibrium, for Rock::restore
};

}  // namespace winze::rock
