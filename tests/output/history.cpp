#include "output/history.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <stdexcept>

#include "base/error.hpp"
#include "output/results.hpp"
#include "scattered.hpp"

namespace winze::output {
namespace {

const std::vector<History::Column> columns = {{"wall.temperature", "degC"}, {"sigma_theta, most", "MPa"}, {"count", ""}};
const double nan = std::numeric_limits<double>::quiet_NaN();

class HistoryRanks : public testing::Test {
 protected:
  HistoryRanks() : folder(test::fresh_folder("history", world)), mesh(test::scattered_block(mesh::Shape::hex8, 2, world)), order(mesh, 8) {}
  void append(History& h, int step) const {
    h.append({step, step == 1 ? "dig \"A\", bolt" : "wait", 43200.0 * step},
             world.root() ? std::vector<double>{27.5 + step, 0.1, nan} : std::vector<double>{});
  }
  std::string text() const { return read_text(folder / "history.csv"); }

  const Comm world = Comm::world();
  std::filesystem::path folder;
  mesh::Mesh mesh;
  FileOrder order;
};

TEST_F(HistoryRanks, IsATableThatSpreadsheetsRead) {
  History h(world, folder / "history.csv", columns);
  append(h, 0);
  append(h, 1);
  EXPECT_EQ(text(),
            "stage,step,time [s],time [d],wall.temperature [degC],\"sigma_theta, most [MPa]\",count\n"
            "wait,0,0,0,27.5,0.1,\n"
            "\"dig \"\"A\"\", bolt\",1,43200,0.5,28.5,0.1,\n");
  const History::Table table = h.read();
  EXPECT_EQ(table.stage, (std::vector<std::string>{"wait", "dig \"A\", bolt"}));
  EXPECT_EQ(table.values[0], (std::vector<double>{27.5, 28.5}));
  EXPECT_EQ(table.time, (std::vector<double>{0, 43200}));
  EXPECT_TRUE(std::isnan(table.values[2][1]));
}

TEST_F(HistoryRanks, SeveralRowsMayShareAStep) {
  History h(world, folder / "history.csv", columns);
  h.append({0, "a", 0}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(h.read().values[1], (std::vector<double>{2, 5}));
  EXPECT_THROW(h.append({1, "b", 1}, {1, 2}), std::logic_error);
}

TEST_F(HistoryRanks, AResumeDropsTheRowsAfterTheRestart) {
  std::string before;
  {
    History h(world, folder / "history.csv", columns);
    append(h, 0);
    before = text();
    RestartWriter restart(folder / "restart.h5", order, 1);
    h.save(restart);
    restart.close();
    append(h, 7);
  }
  EXPECT_NE(text(), before);
  MPI_Barrier(world.handle());
  RestartReader restart(folder / "restart.h5", order, 1);
  History h(world, folder / "history.csv", columns, restart);
  EXPECT_EQ(text(), before);
  MPI_Barrier(world.handle());
  append(h, 1);
  EXPECT_EQ(text().substr(0, before.size()), before);
  EXPECT_EQ(h.read().step, (std::vector<double>{0, 1}));

  const std::vector<History::Column> others = {{"x", "m"}};
  EXPECT_THROW(History(world, folder / "history.csv", others, restart), EnvironmentError);
  MPI_Barrier(world.handle());
  if (world.root()) std::ofstream(folder / "history.csv") << std::string(before.size(), '7');
  MPI_Barrier(world.handle());
  EXPECT_THROW(History(world, folder / "history.csv", columns, restart), EnvironmentError);
  MPI_Barrier(world.handle());
  if (world.root()) std::filesystem::remove(folder / "history.csv");
  MPI_Barrier(world.handle());
  EXPECT_THROW(History(world, folder / "history.csv", columns, restart), EnvironmentError);
}

TEST_F(HistoryRanks, IsKeptInTheResultsToo) {
  History h(world, folder / "history.csv", columns);
  append(h, 0);
  append(h, 1);
  ResultsFile file(order, {folder, "drive", "", false, false});
  file.write({0, "wait", 0}, {}, std::vector<char>(mesh.n_elements(), 1));
  file.close({&h});
  EXPECT_FALSE(std::filesystem::exists(file.surface_path()));
  ArrayFile results(world, file.path(), ArrayFile::Mode::read);
  EXPECT_EQ(results.read<double>("/history/history/wall.temperature"), (std::vector<double>{27.5, 28.5}));
  EXPECT_EQ(results.read<double>("/history/history/time_s"), (std::vector<double>{0, 43200}));
}

}  // namespace
}  // namespace winze::output
