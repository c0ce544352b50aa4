// winze: a table of contents. Session, command, one place where every failure becomes a message and an exit code.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "base/comm.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/session.hpp"
#include "base/version.hpp"
#include "input/value.hpp"
#include "run/calibrate.hpp"
#include "run/commands.hpp"
#include "run/compare.hpp"
#include "run/run.hpp"

namespace {

int execute(int argc, char** argv, const winze::Comm& world) {
  using namespace winze;
  CLI::App app("winze: rock stress, rockburst indicators, heat and ventilation of deep mines", "winze");
  app.set_version_flag("--version", version);
  app.require_subcommand(1);
  int verbosity = 1;
  app.add_flag(
      "-v,--verbose", [&](std::int64_t) { verbosity = 2; }, "say more");
  app.add_flag(
      "-q,--quiet", [&](std::int64_t) { verbosity = 0; }, "warnings and errors only");
  app.fallthrough();

  run::RunOptions options;
  CLI::App* run = app.add_subcommand("run", "solve a case; options of PETSc go behind --");
  run->add_option("case", options.case_path, "YAML file")->required();
  run->add_option("--out", options.out, "folder of the results")->capture_default_str();
  run->add_option("--set", options.settings, "path.to.key=value, may be repeated")->take_all()->allow_extra_args(false);
  run->add_flag("--resume", options.resume, "go on from the restart in the folder, if there is one");

  run::CheckOptions check_options;
  CLI::App* check = app.add_subcommand("check", "find every error of a case; nothing is solved");
  check->add_option("case", check_options.case_path, "YAML file")->required();
  check->add_option("--set", check_options.settings, "path.to.key=value, may be repeated")->take_all()->allow_extra_args(false);
  check->add_flag("--no-mesh", check_options.without_mesh, "do not read the mesh");

  run::MeshOptions mesh_options;
  CLI::App* mesh = app.add_subcommand("mesh", "inspect and convert a mesh, or the mesh of a case");
  mesh->add_option("file", mesh_options.path, "mesh file or YAML case")->required();
  mesh->add_option("--scale", mesh_options.scale, "length of one unit of the file, m")->capture_default_str();
  mesh->add_option("--refine", mesh_options.refine, "split every cell into eight, so many times")->capture_default_str();
  mesh->add_option("--write", mesh_options.write, "write winze's native mesh file (.h5)");
  mesh->add_flag("--report", mesh_options.report, "sizes, volumes, areas, quality, and what a solve would need");

  run::CalibrateOptions calibrate_options;
  CLI::App* calibrate = app.add_subcommand("calibrate", "judge and fit rockburst criteria on a table of cases");
  calibrate->add_option("study", calibrate_options.study_path, "YAML file")->required();
  calibrate->add_option("--out", calibrate_options.out, "folder of the results; by default out/<name of the study>");
  calibrate->add_option("--set", calibrate_options.settings, "path.to.key=value, may be repeated")->take_all()->allow_extra_args(false);

  run::CompareOptions compare_options;
  CLI::App* compare = app.add_subcommand("compare", "rank designs of ventilation and cooling: limits, kW, energy, money");
  compare->add_option("study", compare_options.study_path, "YAML file")->required();
  compare->add_option("--out", compare_options.out, "folder of the results; by default out/<name of the study>");
  compare->add_option("--set", compare_options.settings, "path.to.key=value, may be repeated")->take_all()->allow_extra_args(false);

  bool of_study = false, of_designs = false;
  CLI::App* schema = app.add_subcommand("schema", "JSON schema of a case, for editors");
  schema->add_flag("--calibration", of_study, "of a calibration study instead");
  schema->add_flag("--comparison", of_designs, "of a study of designs instead");
  std::string key;
  CLI::App* help = app.add_subcommand("help", "what a key means: unit, range, default");
  help->add_option("key", key, "name or path of a key; nothing: the top level");
  bool as_table = false;
  help->add_flag("--reference", as_table, "all keys as a Markdown table");
  CLI::App* info = app.add_subcommand("info", "version, libraries, devices");

  log::start(world.root(), verbosity);
  int words = 0;  // what stands behind -- belongs to PETSc
  while (words < argc && std::string(argv[words]) != "--") ++words;
  try {
    app.parse(words, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return world.root() ? app.exit(error) : exit_done;  // --help, --version
    std::vector<std::string> commands;
    for (const CLI::App* command : app.get_subcommands(nullptr)) commands.push_back(command->get_name());
    const std::string first = argc > 1 && argv[1][0] != '-' ? argv[1] : "";
    if (!first.empty() && std::find(commands.begin(), commands.end(), first) == commands.end()) {
      const std::string near = input::suggest(first, commands);
      throw InputError("there is no command '{}'{}; the commands are {}", first, near.empty() ? "" : "; did you mean '" + near + "'?",
                       fmt::join(commands, ", "));
    }
    throw InputError("{}; see winze {} --help", error.what(), first);
  }
  for (int i = 0; i < argc; ++i) options.command += (i ? " " : "") + std::string(argv[i]);
  calibrate_options.command = compare_options.command = options.command;
  log::start(world.root(), verbosity);
  if (*run)
    run::run(world, options);
  else if (*check)
    run::check(world, check_options);
  else if (*mesh)
    run::mesh(world, mesh_options);
  else if (*calibrate)
    run::calibrate(world, calibrate_options);
  else if (*compare)
    run::compare(world, compare_options);
  else if (*schema)
    of_study ? run::calibrate_schema(world) : of_designs ? run::compare_schema(world) : run::schema(world);
  else if (*help)
    run::help(world, key, as_table);
  else if (*info)
    run::info(world);
  return winze::exit_done;
}

}  // namespace

int main(int argc, char** argv) {
  const winze::Session session(argc, argv);
  const winze::Comm world = winze::Comm::world();
  try {
    return execute(argc, argv, world);
  } catch (const winze::Error& error) {
    winze::log::error_text(error.what());
    return error.exit_code;
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "error: out of memory on rank %d; use more nodes or a coarser mesh\n", world.rank());
    MPI_Abort(world.handle(), winze::exit_environment);
  } catch (const std::filesystem::filesystem_error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    MPI_Abort(world.handle(), winze::exit_environment);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s (rank %d); this is a fault of winze, please report it with the case\n", error.what(), world.rank());
    MPI_Abort(world.handle(), 1);
  }
  return 1;
}
