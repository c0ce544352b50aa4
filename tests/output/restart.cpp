#include "output/restart.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>

#include "base/error.hpp"
#include "scattered.hpp"

namespace winze::output {
namespace {

using mesh::Shape;
constexpr std::uint64_t a_case = 42;

// Numbers that text or arithmetic would change: a last bit, a negative zero, a NaN.
double awkward(const Vector3& x, int component) {
  if (x[0] == x[1] && component == 1) return -0.0;
  if (x[2] > 1.0 && component == 2) return std::numeric_limits<double>::quiet_NaN();
  return std::nextafter(x[0] / 3 + x[1] * std::sqrt(2.0) + x[2], 9.0) * (component + 1);
}

struct State {
  std::vector<double> nodal, points;
  std::vector<std::int32_t> elemental;
  std::vector<std::uint8_t> flags;
  std::vector<GlobalIndex> offset = {0};
};
State state_of(const mesh::Mesh& m) {
  State s;
  for (Index i = 0; i < m.nodes.n_local(); ++i)
    for (int c = 0; c < 3; ++c) s.nodal.push_back(awkward(m.point(i), c));
  for (Index e = 0; e < m.n_elements(); ++e) {
    const Vector3 x = test::centre(m, e);
    s.elemental.insert(s.elemental.end(), {std::int32_t(m.original_element[e]), -7});
    s.flags.push_back(x[0] < 0.5);
    for (int p = 0; p <= m.original_element[e] % 3; ++p)
      for (int c = 0; c < 2; ++c) s.points.push_back(awkward(x, p + c));
    s.offset.push_back(GlobalIndex(s.points.size()) / 2);
  }
  return s;
}
template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

void write(const std::filesystem::path& path, const mesh::Mesh& m) {
  const FileOrder order(m, 8);
  const State s = state_of(m);
  RestartWriter w(path, order, a_case);
  w.nodal("u", s.nodal.data(), 3);
  w.elemental("tag", s.elemental.data(), 2);
  w.elemental("flag", s.flags.data(), 1);
  w.pointwise("state", s.offset, s.points.data(), 2);
  w.value("stage", 3);
  w.value("dt", 0.1);
  w.array("times", std::vector<double>{1, 2, 4});
  w.array("none", std::vector<double>{});
  w.text("name", "sink to 1500 m");
  w.close();
}

void expect_same(const std::filesystem::path& path, const mesh::Mesh& m) {
  const FileOrder order(m, 8);
  const State s = state_of(m);
  RestartReader r(path, order, a_case);
  State read;
  read.nodal.resize(s.nodal.size()), read.elemental.resize(s.elemental.size()), read.flags.resize(s.flags.size()),
      read.points.resize(s.points.size());
  r.nodal("u", read.nodal.data(), 3);
  r.elemental("tag", read.elemental.data(), 2);
  r.elemental("flag", read.flags.data(), 1);
  r.pointwise("state", s.offset, read.points.data(), 2);
  EXPECT_TRUE(same_bits(read.nodal, s.nodal));
  EXPECT_TRUE(same_bits(read.elemental, s.elemental));
  EXPECT_TRUE(same_bits(read.flags, s.flags));
  EXPECT_TRUE(same_bits(read.points, s.points));
  EXPECT_EQ(r.value<int>("stage"), 3);
  EXPECT_EQ(r.value<double>("dt"), 0.1);
  EXPECT_EQ(r.array<double>("times"), (std::vector<double>{1, 2, 4}));
  EXPECT_TRUE(r.array<double>("none").empty());
  EXPECT_EQ(r.text("name"), "sink to 1500 m");
  EXPECT_TRUE(r.has("nodal", "u"));
  EXPECT_FALSE(r.has("nodal", "v"));
}

// Message of the error that opening or reading the restart gives; "" if it gives none.
std::string refusal(const std::filesystem::path& path, const mesh::Mesh& m, std::uint64_t hash = a_case) {
  const FileOrder order(m, 8);
  const State s = state_of(m);
  try {
    RestartReader r(path, order, hash);
    std::vector<double> nodal(s.nodal.size()), points(s.points.size());
    std::vector<std::int32_t> tag(s.elemental.size());
    r.nodal("u", nodal.data(), 3);
    r.elemental("tag", tag.data(), 2);
    r.pointwise("state", s.offset, points.data(), 2);
    r.array<double>("times");
    r.text("name");
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(path.filename().string()), std::string::npos) << error.what();
    return error.what();
  }
  return "";
}

TEST(RestartRanks, EveryBitComesBack) {
  const Comm world = Comm::world();
  const auto folder = test::fresh_folder("restart", world);
  for (Shape shape : test::all_shapes) {
    const mesh::Mesh m = test::scattered_block(shape, 3, world);
    write(folder / "restart.h5", m);
    EXPECT_FALSE(std::filesystem::exists(folder / "restart.h5.part"));
    expect_same(folder / "restart.h5", m);
  }
}

TEST(RestartRanks, AnyNumberOfRanksReadsWhatAnyNumberWrote) {
  const Comm world = Comm::world();
  const auto folder = test::fresh_folder("restart_ranks", world);
  const mesh::Mesh spread = test::scattered_block(Shape::hex27, 3, world), alone = test::scattered_block(Shape::hex27, 3, Comm::self());
  write(folder / "by_all.h5", spread);
  expect_same(folder / "by_all.h5", alone);  // every rank reads the whole
  if (world.root()) write(folder / "by_one.h5", alone);
  MPI_Barrier(world.handle());
  expect_same(folder / "by_one.h5", spread);
}

TEST(RestartRanks, RefusesAnotherCaseMeshOrShape) {
  const Comm world = Comm::world();
  const auto file = test::fresh_folder("restart_foreign", world) / "restart.h5";
  const mesh::Mesh m = test::scattered_block(Shape::hex8, 3, world), other = test::scattered_block(Shape::hex8, 4, world);
  write(file, m);
  EXPECT_EQ(refusal(file, m), "");
  EXPECT_NE(refusal(file, m, a_case + 1).find("another case"), std::string::npos);
  EXPECT_NE(refusal(file, other).find("another mesh"), std::string::npos);
  EXPECT_NE(refusal(file.parent_path() / "nothing.h5", m).find("No such file"), std::string::npos);
  const FileOrder order(m, 8);
  EXPECT_THROW(RestartReader(file, order, a_case + 1), InputError);  // what was asked for is wrong, not the machine
  RestartReader r(file, order, a_case);
  std::vector<double> wrong(std::size_t(m.nodes.n_local()) * 3);
  EXPECT_THROW(r.nodal("u", wrong.data(), 1), EnvironmentError);
  EXPECT_THROW(r.nodal("v", wrong.data(), 3), EnvironmentError);
  EXPECT_THROW(r.nodal("u", reinterpret_cast<std::int64_t*>(wrong.data()), 3), EnvironmentError);
}

TEST(RestartRanks, RefusesAnotherNumberOfRanksOnlyWithoutANumbering) {
  const Comm world = Comm::world();
  const auto file = test::fresh_folder("restart_numbering", world) / "restart.h5";
  mesh::Mesh spread = test::scattered_block(Shape::hex8, 3, world), alone = test::scattered_block(Shape::hex8, 3, Comm::self());
  spread.original_element.clear(), alone.original_element.clear();
  const FileOrder order(spread, 8), other(alone, 8);
  RestartWriter(file, order, a_case).close();
  EXPECT_NO_THROW(RestartReader(file, order, a_case));
  if (world.size() == 1) return;
  EXPECT_THROW(RestartReader(file, other, a_case), EnvironmentError);
}

TEST(RestartRanks, RefusesADamagedFile) {
  const Comm world = Comm::world();
  const auto folder = test::fresh_folder("restart_damaged", world);
  const mesh::Mesh m = test::scattered_block(Shape::hex8, 3, world);
  write(folder / "restart.h5", m);
  const auto size = std::int64_t(std::filesystem::file_size(folder / "restart.h5"));
  for (const std::int64_t kept : {size - 1, size - size / 8, size / 2, size / 10, std::int64_t(40), std::int64_t(0)}) {
    MPI_Barrier(world.handle());
    if (world.root()) {
      std::filesystem::copy_file(folder / "restart.h5", folder / "short.h5", std::filesystem::copy_options::overwrite_existing);
      std::filesystem::resize_file(folder / "short.h5", std::uintmax_t(kept));
    }
    MPI_Barrier(world.handle());
    EXPECT_NE(refusal(folder / "short.h5", m), "") << "of " << size << " bytes " << kept << " kept";
  }
  if (world.root()) {  // one byte of the displacement: only the checksum can see it
    std::fstream file(folder / "restart.h5", std::ios::in | std::ios::out | std::ios::binary);
    const double value = awkward({0, 0, 0}, 0);
    std::string all(std::size_t(size), '\0');
    file.read(all.data(), size);
    std::vector<double> nodal = state_of(test::scattered_block(Shape::hex8, 3, Comm::self())).nodal;
    const char* first = reinterpret_cast<const char*>(&nodal[0]);
    const std::size_t at = all.find(std::string(first, 8));
    ASSERT_NE(at, std::string::npos) << value;
    file.seekp(std::streamoff(at));
    file.put(char(all[at] ^ 1));
  }
  MPI_Barrier(world.handle());
  EXPECT_NE(refusal(folder / "restart.h5", m).find("damaged"), std::string::npos);
}

TEST(Restart, RefusesFilesOfOthers) {
  const Comm self = Comm::self();
  const auto folder = test::fresh_folder("restart_others", self);
  const mesh::Mesh m = test::scattered_block(Shape::hex8, 2, self);
  std::ofstream(folder / "text.h5") << "stage 3\n";
  EXPECT_NE(refusal(folder / "text.h5", m), "");
  ArrayFile hdf5(self, folder / "other.h5", ArrayFile::Mode::create);
  hdf5.write("x", std::vector<double>{1});
  hdf5.close();
  EXPECT_NE(refusal(folder / "other.h5", m).find("not a restart"), std::string::npos);
  ArrayFile old(self, folder / "old.h5", ArrayFile::Mode::create);
  old.make_group("winze_restart");
  old.integer_attribute("winze_restart", "format", {0});
  old.close();
  EXPECT_NE(refusal(folder / "old.h5", m).find("format 0"), std::string::npos);
}

// A run that dies while it writes a restart keeps the one before.
TEST(RestartRanks, KeepsTheOldOneUntilTheNewOneIsWhole) {
  const Comm world = Comm::world();
  const auto file = test::fresh_folder("restart_atomic", world) / "restart.h5";
  const mesh::Mesh m = test::scattered_block(Shape::hex8, 3, world);
  write(file, m);
  {
    const FileOrder order(m, 8);
    RestartWriter w(file, order, a_case);
    w.value("stage", 4);
  }
  expect_same(file, m);
}

}  // namespace
}  // namespace winze::output
