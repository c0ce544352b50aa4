#include "output/results.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "base/error.hpp"
#include "fem/points.hpp"
#include "small_run.hpp"

namespace winze::output {
namespace {

using mesh::Shape;
using test::n_steps;
using test::options_for;
using test::SmallRun;
namespace fs = std::filesystem;

const char* const finished[] = {"drive.vtkhdf", "drive.xdmf", "drive_surface.vtkhdf", "drive_surface.xdmf"};
const char* const unfinished[] = {"drive.vtkhdf.part", "drive_surface.vtkhdf.part"};

fs::path write_run(const fs::path& folder, const mesh::Mesh& m, ResultsOptions options) {
  const FileOrder order(m, 8);
  ResultsFile file(order, options);
  SmallRun run(m);
  for (int s = 0; s < n_steps; ++s) run.step(file, s);
  file.close();
  return folder;
}

/// The volume by winze's own quadrature, for the reader to find again by VTK's shape functions.
double volume(const mesh::Mesh& m) {
  double sum = 0;
  for (double v : fem::make_points(m).volume) sum += v;
  return m.comm.sum(sum);
}

TEST(ResultsRanks, VtkReadsWhatWasWritten) {
  const Comm world = Comm::world();
  struct Kind {
    Shape shape;
    bool compress, single;
  };
  const auto folder = test::fresh_folder("reading", world);
  std::string command = std::string(WINZE_PYTHON) + " " WINZE_SOURCE_DIR "/tests/output/read_results.py";
  for (const Kind kind :
       {Kind{Shape::hex27, false, false}, Kind{Shape::hex8, true, false}, Kind{Shape::tet4, false, true}, Kind{Shape::tet10, true, true}}) {
    mesh::Mesh whole = test::block(kind.shape, 2);
    test::bend(whole);
    if (kind.shape == Shape::tet10) test::straighten(whole);  // winze's rule for tet10 finds the volume exactly only then
    const mesh::Mesh m = test::scatter(whole, world);
    const std::string name = mesh::info(kind.shape).name;
    ResultsOptions options = options_for(folder / name);
    options.compress = kind.compress, options.single_precision = kind.single;
    write_run(options.folder, m, options);
    command += fmt::format(" {} drive {} {:.17g} {}", fs::absolute(options.folder).string(), name, volume(m), kind.single ? 4 : 8);
  }
  const int code = world.max(world.root() ? WEXITSTATUS(std::system(command.c_str())) : 0);
  if (code == 77) GTEST_SKIP() << "no VTK for " WINZE_PYTHON;
  EXPECT_EQ(code, 0);
}

/// Files of one rank are the reference: the bytes may not depend on how the mesh is spread.
TEST(ResultsRanks, BytesAreTheSameOnAnyNumberOfRanks) {
  const Comm world = Comm::world();
  const auto folder = test::fresh_folder("bytes", world);
  for (const bool compress : {false, true}) {
    const mesh::Mesh spread = test::scattered_block(Shape::hex27, 3, world), alone = test::scattered_block(Shape::hex27, 3, Comm::self());
    ResultsOptions options = options_for(folder / "all");
    options.compress = compress;
    write_run(folder / "all", spread, options);
    options.folder = folder / "one";
    if (world.root()) {
      write_run(folder / "one", alone, options);
      for (const char* name : finished) {
        EXPECT_TRUE(read_text(folder / "one" / name) == read_text(folder / "all" / name)) << name;
        EXPECT_GT(fs::file_size(folder / "one" / name), 1000u);
      }
    }
    MPI_Barrier(world.handle());
  }
}

/// Two steps, a restart, a third step that is lost (with other numbers, cut off where `lost` says), and the rest after a resume.
enum class Lost { nothing, step, half_a_step, after_the_end };
void write_resumed(const fs::path& folder, const mesh::Mesh& m, ResultsOptions options, Lost lost) {
  const FileOrder order(m, 8);
  SmallRun run(m);
  {
    ResultsFile file(order, options);
    run.step(file, 0);
    run.step(file, 1);
    RestartWriter restart(folder / "restart.h5", order, 1);
    file.save(restart);
    restart.close();
    if (lost != Lost::nothing) run.step(file, 2, 1e3);
    if (lost == Lost::after_the_end) file.close();
  }
  if (lost == Lost::half_a_step && m.comm.root()) {  // what a kill in the middle of HDF5's own writing may do: any structure rewritten, a torn tail
    for (const char* name : unfinished) {
      const auto size = fs::file_size(folder / name);
      std::fstream torn(folder / name, std::ios::in | std::ios::out | std::ios::binary);
      torn.seekp(8);
      torn << std::string(80, '\xee');
      fs::resize_file(folder / name, size - 100);
    }
  }
  MPI_Barrier(m.comm.handle());
  RestartReader restart(folder / "restart.h5", order, 1);
  ResultsFile file(order, options, restart);
  if (m.comm.root()) {
    for (const char* name : finished) EXPECT_FALSE(fs::exists(folder / name)) << name;
  }
  run.step(file, 2);
  file.close();
}

TEST(ResultsRanks, AResumedRunWritesTheBytesOfOneNeverStopped) {
  const Comm world = Comm::world();
  const auto folder = test::fresh_folder("resumed", world);
  for (const auto& [compress, lost] :
       {std::pair{false, Lost::nothing}, {false, Lost::step}, {true, Lost::half_a_step}, {true, Lost::after_the_end}}) {
    const mesh::Mesh m = test::scattered_block(Shape::hex8, 3, world);
    ResultsOptions options = options_for(folder / "through");
    options.compress = compress;
    write_run(folder, m, options);
    options.folder = folder / "stopped";
    write_resumed(options.folder, m, options, lost);
    MPI_Barrier(world.handle());
    if (world.root()) {
      for (const char* name : finished)
        EXPECT_TRUE(read_text(folder / "through" / name) == read_text(folder / "stopped" / name)) << name << " " << int(lost);
      for (const char* name : unfinished) EXPECT_FALSE(fs::exists(folder / "stopped" / name));
    }
    MPI_Barrier(world.handle());
  }
}

TEST(ResultsRanks, ResumesOnAnotherNumberOfRanks) {
  const Comm world = Comm::world();
  const auto folder = test::fresh_folder("other_ranks", world);
  const mesh::Mesh spread = test::scattered_block(Shape::tet10, 2, world), alone = test::scattered_block(Shape::tet10, 2, Comm::self());
  write_run(folder / "through", spread, options_for(folder / "through"));
  const FileOrder order(spread, 8);
  {
    ResultsFile file(order, options_for(folder / "stopped"));
    SmallRun run(spread);
    run.step(file, 0), run.step(file, 1);
    RestartWriter restart(folder / "restart.h5", order, 1);
    file.save(restart);
    restart.close();
  }
  if (world.root()) {
    const FileOrder one(alone, 8);
    RestartReader restart(folder / "restart.h5", one, 1);
    ResultsFile file(one, options_for(folder / "stopped"), restart);
    SmallRun(alone).step(file, 2);
    file.close();
    for (const char* name : finished) EXPECT_TRUE(read_text(folder / "through" / name) == read_text(folder / "stopped" / name)) << name;
  }
  MPI_Barrier(world.handle());
}

TEST(ResultsRanks, ANewRunRemovesTheResultsOfTheLastOne) {
  const Comm world = Comm::world();
  const auto folder = test::fresh_folder("again", world);
  const mesh::Mesh m = test::scattered_block(Shape::hex8, 2, world);
  write_run(folder, m, options_for(folder));
  for (const char* name : finished) EXPECT_TRUE(fs::exists(folder / name)) << name;
  MPI_Barrier(world.handle());
  const FileOrder order(m, 8);
  {
    ResultsFile file(order, options_for(folder));
    SmallRun(m).step(file, 0);
  }
  MPI_Barrier(world.handle());
  for (const char* name : finished) EXPECT_FALSE(fs::exists(folder / name)) << name;
}

TEST(ResultsRanks, FieldsKeepTheirMeaning) {
  const Comm world = Comm::world();
  const auto folder = test::fresh_folder("meaning", world);
  const mesh::Mesh m = test::scattered_block(Shape::hex8, 2, world);
  const FileOrder order(m, 8);
  const std::vector<double> values(std::size_t(std::max(m.nodes.n_local(), m.n_elements())) * 3, 1.0);
  const std::vector<char> active(m.n_elements(), 1);
  const auto write = [&](std::vector<Field> second) {
    ResultsFile file(order, options_for(folder));
    file.write({0, "a", 0}, {{"t", "K", Centre::node, 1, values.data()}}, active);
    file.write({1, "b", 1}, second, active);
  };
  EXPECT_NO_THROW(write({{"t", "K", Centre::node, 1, values.data()}}));
  EXPECT_THROW(write({{"t", "degC", Centre::node, 1, values.data()}}), std::logic_error);
  EXPECT_THROW(write({{"t", "K", Centre::element, 1, values.data()}}), std::logic_error);
  EXPECT_THROW(write({{"t", "K", Centre::node, 3, values.data()}}), std::logic_error);
  EXPECT_THROW(write({{"t", "K", Centre::node, 1, values.data()}, {"t", "K", Centre::node, 1, values.data()}}), std::logic_error);
  EXPECT_THROW(write({{"active", "", Centre::node, 1, values.data()}}), std::logic_error);
  ResultsFile file(order, options_for(folder));
  EXPECT_THROW(file.close(), std::logic_error);  // no step
}

}  // namespace
}  // namespace winze::output
