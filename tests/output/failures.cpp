// What a full disk, a missing right, a kill leave behind: an error that names the file, nothing that looks complete, and a program that still ends.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "base/error.hpp"
#include "output/summary.hpp"
#include "small_run.hpp"

namespace winze::output {
namespace {

namespace fs = std::filesystem;
using test::options_for;
using test::SmallRun;

/// Writes beyond `bytes` of any file fail while this lives, as on a full disk (EFBIG in place of ENOSPC).
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small = {bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_;
};

/// Everything a run writes, in its order.
void whole_run(const fs::path& folder, const FileOrder& order, bool compress) {
  const mesh::Mesh& m = order.mesh();
  ResultsOptions options = options_for(folder);
  options.compress = compress;
  Summary summary("drive", "");
  ResultsFile file(order, options);
  History history(m.comm, folder / "history.csv", {{"t", "K"}});
  SmallRun run(m);
  for (int s = 0; s < test::n_steps; ++s) {
    run.step(file, s);
    history.append(SmallRun::moment(s), {double(s)});
    RestartWriter restart(folder / "restart.h5", order, 1);
    restart.nodal("u", run.displacement.data(), 3);
    file.save(restart);
    history.save(restart);
    restart.close();
  }
  file.close({&history});
  summary.write(m.comm, folder / "summary.json", "done");
}

// The disk fills at every stage of a run, from the first byte to the last: HDF5's own structure, rows, chunks, views at close, restart.
TEST(FailuresRanks, AFullDiskIsAnErrorThatNamesTheFile) {
  const Comm world = Comm::world();
  const mesh::Mesh m = test::scattered_block(mesh::Shape::hex8, 3, world);
  const FileOrder order(m, 8);
  for (const bool compress : {false, true}) {
    auto folder = test::fresh_folder("whole", world);
    whole_run(folder, order, compress);
    rlim_t largest = 0;
    for (const auto& entry : fs::directory_iterator(folder)) largest = std::max(largest, rlim_t(entry.file_size()));
    MPI_Barrier(world.handle());
    const int n = compress ? 5 : 12;
    for (int k = 0; k <= n; ++k) {
      folder = test::fresh_folder("full", world);
      std::string message;
      {
        const SmallDisk disk(largest * rlim_t(k) / n);
        try {
          whole_run(folder, order, compress);
        } catch (const EnvironmentError& error) {
          message = error.what();
        }
      }
      EXPECT_EQ(message.empty(), k == n) << "limit " << k << "/" << n << " of the largest file";
      if (message.empty()) continue;
      EXPECT_NE(message.find("full_"), std::string::npos) << message;
      EXPECT_NE(message.find("File too large"), std::string::npos) << message;
      EXPECT_FALSE(fs::exists(folder / "drive.vtkhdf")) << message;
      EXPECT_FALSE(fs::exists(folder / "summary.json")) << message;
      if (fs::exists(folder / "restart.h5")) {
        EXPECT_NO_THROW(RestartReader(folder / "restart.h5", order, 1)) << message;
      }
      MPI_Barrier(world.handle());
    }
  }
}

TEST(Failures, TheSystemsReasonAndAWayOutAreSaid) {
  try {
    DiskFile("/dev/full", DiskFile::Mode::write).write(0, "x", 1);
    FAIL() << "/dev/full takes nothing";
  } catch (const EnvironmentError& error) {
    EXPECT_STREQ(error.what(), "/dev/full: cannot write: No space left on device; free space there or choose another folder with --out");
  }
  EXPECT_THROW(read_text("output_files/nothing"), EnvironmentError);
}

// One rank cannot open what the others can, as when a folder is not shared between machines.
TEST(FailuresRanks, OneRanksFailureIsEveryRanks) {
  const Comm world = Comm::world();
  const auto folder = test::fresh_folder("one_rank", world);
  const mesh::Mesh m = test::scattered_block(mesh::Shape::hex27, 3, world);
  const FileOrder order(m, 8);
  const std::vector<double> u(std::size_t(m.nodes.n_local()) * 3, 1.0);
  const int last = world.size() - 1;
  const auto write = [&] {
    RestartWriter w(folder / "restart.h5", order, 1);
    const SmallDisk disk(world.rank() == last ? 0 : RLIM_INFINITY);
    w.nodal("u", u.data(), 3);
    w.close();
  };
  EXPECT_THROW(write(), EnvironmentError);
  EXPECT_FALSE(fs::exists(folder / "restart.h5"));
}

TEST(Failures, NoRightToWriteIsAnError) {
  const Comm self = Comm::self();
  const auto folder = test::fresh_folder("locked", self);
  const mesh::Mesh m = test::scattered_block(mesh::Shape::hex8, 2, self);
  const FileOrder order(m, 8);
  fs::permissions(folder, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  const bool superuser = ::geteuid() == 0;  // to whom every door is open
  ASSERT_EQ(superuser ? ::seteuid(65534) : 0, 0);
  std::string message;
  try {
    ResultsFile(order, options_for(folder));
  } catch (const EnvironmentError& error) {
    message = error.what();
  }
  EXPECT_THROW(RestartWriter(folder / "restart.h5", order, 1), EnvironmentError);
  EXPECT_THROW(History(self, folder / "history.csv", {{"t", "K"}}), EnvironmentError);
  EXPECT_THROW(replace_text(folder / "summary.json", "{}"), EnvironmentError);
  EXPECT_THROW(make_folder(folder / "below"), EnvironmentError);
  ASSERT_EQ(superuser ? ::seteuid(0) : 0, 0);
  EXPECT_NE(message.find("Permission denied"), std::string::npos) << message;
  fs::permissions(folder, fs::perms::owner_all);
}

// The part that dies: run by the test below as a process of its own.
TEST(KilledWriter, DISABLED_Dies) {
  const mesh::Mesh m = test::scattered_block(mesh::Shape::hex8, 3, Comm::self());
  const FileOrder order(m, 8);
  ResultsFile file(order, options_for("output_files/killed_1"));
  SmallRun run(m);
  run.step(file, 0);
  RestartWriter restart("output_files/killed_1/restart.h5", order, 1);
  file.save(restart);
  restart.close();
  run.step(file, 1);
  RestartWriter next("output_files/killed_1/restart.h5", order, 1);
  next.nodal("u", run.displacement.data(), 3);
  std::raise(SIGKILL);
}

TEST(Failures, AKilledRunLeavesNothingThatLooksComplete) {
  const auto folder = test::fresh_folder("killed", Comm::self());
  ASSERT_EQ(folder, "output_files/killed_1");
  const std::string command = "exec " + fs::read_symlink("/proc/self/exe").string() +
                              " --gtest_also_run_disabled_tests --gtest_filter=KilledWriter.DISABLED_Dies > output_files/killed_1/log 2>&1";
  const int status = std::system(("(" + command + ")").c_str());
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 128 + SIGKILL) << status;
  EXPECT_FALSE(fs::exists(folder / "drive.vtkhdf"));
  EXPECT_FALSE(fs::exists(folder / "drive.xdmf"));
  EXPECT_TRUE(fs::exists(folder / "drive.vtkhdf.part"));
  // The restart before the kill is whole, and a resume ends as the run would have.
  const mesh::Mesh m = test::scattered_block(mesh::Shape::hex8, 3, Comm::self());
  const FileOrder order(m, 8);
  RestartReader restart(folder / "restart.h5", order, 1);
  {
    ResultsFile file(order, options_for(folder), restart);
    SmallRun run(m);
    run.step(file, 1), run.step(file, 2);
    file.close();
  }
  ResultsFile file(order, options_for(folder / "through"));
  SmallRun run(m);
  for (int s = 0; s < test::n_steps; ++s) run.step(file, s);
  file.close();
  for (const char* name : {"drive.vtkhdf", "drive.xdmf", "drive_surface.vtkhdf"})
    EXPECT_TRUE(read_text(folder / name) == read_text(folder / "through" / name)) << name;
}

}  // namespace
}  // namespace winze::output
