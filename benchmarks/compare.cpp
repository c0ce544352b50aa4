// Twelve designs of cooling for twelve months of a mine of 156 airways, as `winze compare` runs them: read, run, written and ranked. The baseline is
// what is asked for: 20 s on two cores.
//
//   compare [MONTHS]       12 by default
//
// Nine levels, each with two haulages, four stopes, their returns, a door and a heading behind a leaking duct, as in cases/cooling_study.
#include "run/compare.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "mine_plans.hpp"

using namespace winze;

namespace {

constexpr int n_levels = 9, n_options = 12;

struct Plans {
  std::ofstream junctions, airways, mine, study;
  int n_airways = 0;
  void junction(const std::string& name, double x, double y, double z, const char* surface = "") {
    junctions << fmt::format("{},{},{},{},{}\n", name, x, y, z, surface);
  }
  void airway(const std::string& name, const std::string& from, const std::string& to, double area, double k, double shock, double age,
              double wetness, const char* strata = "") {
    airways << fmt::format("{},{},{},{},{:.4g},{},{},{},{},{}\n", name, from, to, area, 3.8 * std::sqrt(area), k, shock, age, wetness, strata);
    ++n_airways;
  }
};

/// Writes the junctions, airways and devices of a level; `places` gathers its workplaces.
void write_level(Plans& plans, int depth, double age, std::string& places) {
  const auto named = [&](const std::string& what) { return fmt::format("{} {}", what, depth); };
  const double hot = 17 + depth / 107.0;
  plans.junction(named("station"), 0, 0, -depth);
  plans.junction(named("return"), 400, 0, -depth);
  for (const int side : {1, -1}) {
    const std::string wing = side > 0 ? "east" : "west";
    for (const int part : {1, 2}) {
      const std::string at = fmt::format("{} {}", wing, part);
      plans.junction(named(at), 0, side * (500 * part - 300), -depth);
      plans.junction(named(wing + fmt::format(" return {}", part)), 180, side * (500 * part - 300), 40 - depth);
      plans.airway(named("haulage " + at), named(part == 1 ? "station" : wing + " 1"), named(at), 20, 0.012, 1, age, 0.15);
      plans.airway(named("stope " + at), named(at), named(wing + fmt::format(" return {}", part)), 7.5, 0.035, 3, 0.1 * age, 0.35);
      plans.airway(named("return " + at), named(wing + fmt::format(" return {}", part)), named(part == 1 ? "return" : wing + " return 1"), 14, 0.014,
                   1, age, 0.3);
      plans.mine << fmt::format(
          "    {}: {{devices: [{{electric: {{power: 60 kW}}}}, {{people: {{number: 12}}}}, {{broken_rock: {{rate: 4 kg/s, from: {:.1f} degC, to: 28 "
          "degC}}}}]}}\n",
          named("stope " + at), hot);
      places += fmt::format("    {0}: {{airway: {0}, kind: drift_stope, people: 12, metabolic: 300 W}}\n", named("stope " + at));
    }
    plans.mine << fmt::format(
        "    {}: {{devices: [{{spray_cooler: {{water: 0 kg/s, temperature: 8 degC, merit: 0.55}}}}, {{fissure_water: {{flow: 2 kg/s, from: {:.1f} "
        "degC, "
        "to: 28 degC}}}}]}}\n",
        named("haulage " + wing + " 1"), hot);
    plans.mine << fmt::format("    {}: {{devices: [{{regulator: {{resistance: 0.1 kg/m^7}}}}]}}\n", named("return " + wing + " 1"));
  }
  plans.junction(named("face"), 0, 950, -depth);
  plans.airway(named("door crosscut"), named("station"), named("return"), 16, 0.012, 1, age, 0.1);
  plans.airway(named("duct"), named("east 2"), named("face"), 1.131, 0.0037, 0.5, 90, 0, "false");
  plans.airway(named("heading"), named("face"), named("east 2"), 20, 0.014, 1, 90, 0.3);
  plans.mine
      << fmt::format("    {}: {{devices: [{{door: {{leakage: 0.12 m^2}}}}]}}\n", named("door crosscut"))
      << fmt::format(
             "    {}: {{devices: [{{fan: {{points: [[0 m^3/s, 2600 Pa], [10 m^3/s, 2300 Pa], [20 m^3/s, 1500 Pa], [28 m^3/s, 200 Pa]], efficiency: "
             "0.7, motor: in_air}}}}, {{duct: {{beside: {}, leakage: 1e-4 m^2/m, parts: 10}}}}]}}\n",
             named("duct"), named("heading"))
      << fmt::format("    {}: {{devices: [{{diesel: {{power: 60 kW}}}}, {{people: {{number: 5}}}}]}}\n", named("heading"));
  places += fmt::format("    {0}: {{airway: {0}, kind: heading, people: 5, metabolic: 250 W}}\n", named("heading"));
}

/// The study and its mine, in a folder; the number of airways.
int write_study(const std::filesystem::path& folder, int months) {
  Plans plans{std::ofstream(folder / "junctions.csv"), std::ofstream(folder / "airways.csv"), std::ofstream(folder / "mine.yaml"),
              std::ofstream(folder / "study.yaml")};
  plans.junctions << "name,x [m],y [m],z [m],surface\n";
  plans.airways << "name,from,to,area [m^2],perimeter [m],k [kg/m^3],shock,age [d],wetness,strata\n";
  plans.mine << R"(case: mine
materials:
  rock: {density: 2700 kg/m^3, law: {elastic: {young: 70 GPa, poisson: 0.2}}, thermal: {conductivity: 5.5 W/m/K, heat_capacity: 850 J/kg/K}}
air:
  climate: {cell: 200 m}
  step: 30.5 d
  weather:
    temperature: [[0 d, 27 degC], [122 d, 21 degC], [183 d, 17 degC], [305 d, 26 degC], [365.25 d, 27 degC]]
    wet_bulb: [[0 d, 18 degC], [122 d, 12 degC], [183 d, 7 degC], [305 d, 15 degC], [365.25 d, 18 degC]]
    pressure: 85 kPa
    repeat: 365.25 d
  rock: rock
  virgin: [[-3000 m, 45 degC], [0 m, 17 degC]]
  tables: {junctions: junctions.csv, airways: airways.csv}
  junctions: {}
  plants: {surface: {coolers: [cooler drift], chilled: 4 degC, approach: 8 K, efficiency: 0.6}}
  airways:
    cooler drift: {devices: [{spray_cooler: {water: 0 kg/s, temperature: 4 degC, merit: 0.63}}]}
    fan drift:
      devices:
        - {fan: {points: [[0 m^3/s, 5200 Pa], [150 m^3/s, 5000 Pa], [250 m^3/s, 4200 Pa], [330 m^3/s, 2600 Pa], [400 m^3/s, 300 Pa]],
                 density: 1 kg/m^3, parallel: 3, efficiency: 0.78, motor_efficiency: 0.95}}
)";
  plans.junction("weather cooler", -60, 0, 0, "true");
  plans.junction("weather collar", 0, 20, 0, "true");
  plans.junction("weather fans", 460, 0, 0, "true");
  plans.junction("collar", 0, 0, 0);
  plans.junction("upcast collar", 400, 0, 0);
  plans.airway("cooler drift", "weather cooler", "collar", 30, 0.009, 1, 3650, 0, "false");
  plans.airway("headgear leak", "weather collar", "collar", 6, 0.012, 8, 3650, 0, "false");
  plans.airway("fan drift", "upcast collar", "weather fans", 36, 0.004, 1, 7300, 0, "false");
  std::string places, above = "collar", above_return = "upcast collar", sprays;
  for (int l = 0; l < n_levels; ++l) {
    const int depth = 1500 + 125 * l;
    const double age = 5500 - 500 * l;
    write_level(plans, depth, age, places);
    plans.airway(fmt::format("downcast {}", depth), above, fmt::format("station {}", depth), 50.265, 0.0065, 0.2, age, 0.05);
    plans.airway(fmt::format("upcast {}", depth), fmt::format("return {}", depth), above_return, 38.485, 0.004, 0.2, age, 0.3);
    above = fmt::format("station {}", depth), above_return = fmt::format("return {}", depth);
  }
  plans.mine << "  workplaces:\n"
             << places << fmt::format("  rules: [{}/cases/rules/south_africa.yaml]\n", WINZE_SOURCE_DIR)
             << fmt::format("stages: [{{name: months, duration: {} d}}]\n", 30.5 * months);
  plans.study << R"(study: designs
case: mine.yaml
clauses: ["south_africa/programme, wet bulb"]
currency: USD
prices: {electricity: {all day: {price: 0.1, share: 1}}, carbon: 0.95, water: 1.5, discount: 0.1}
weights: {cost: 1, beyond: 20000}
options:
)";
  for (int i = 0; i < n_options; ++i) {
    plans.study << fmt::format("  design {}:\n    capital: {}e6\n    air:\n      cooler drift.spray_cooler.water: {} kg/s\n", i, i, 50 * (i % 6));
    for (int l = n_levels - 3; l < n_levels && i >= 6; ++l)
      plans.study << fmt::format("      haulage east 1 {}.spray_cooler.water: {} kg/s\n", 1500 + 125 * l, 20 + 5 * (i - 6));
  }
  for (std::ofstream* file : {&plans.junctions, &plans.airways, &plans.mine, &plans.study})
    if (!file->flush()) throw EnvironmentError("{}: cannot be written", folder.string());
  return plans.n_airways;
}

}  // namespace

int main(int argc, char** argv) {
  Session session(argc, argv);
  try {
    const int months = argc > 1 ? std::atoi(argv[1]) : 12;
    if (months < 1) throw InputError("usage: compare [MONTHS], above 0");
    const Comm comm = Comm::world();
    log::start(comm.root(), 0);
    const Folder folder;
    const std::filesystem::path path = comm.broadcast(folder.path.string());
    int n_airways = 0;
    comm.together([&] {
      if (comm.root()) n_airways = write_study(path, months);
    });
    const double begin = wall_time();
    run::compare(comm, {(path / "study.yaml").string(), (path / "out").string(), {}, "compare"});
    const double done = comm.max(wall_time()), bytes = comm.sum(resident_peak_bytes());
    if (comm.root())
      std::printf(
          "{\"problem\": \"%d designs, %d months\", \"element\": \"airways\", \"unknowns\": %d, \"ranks\": %d, \"total_s\": %.3g, \"rss_mb\": %.0f, "
          "\"baseline\": {\"total_s\": 20}}\n",
          n_options, months, n_airways, comm.size(), done - begin, bytes / 1e6);
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.exit_code;
  }
}
