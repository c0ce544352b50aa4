#include "output/summary.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "scattered.hpp"

namespace winze::output {
namespace {

using json = nlohmann::json;

TEST(SummaryRanks, SaysWhatTheRunFoundAndCost) {
  const Comm world = Comm::world();
  const auto folder = test::fresh_folder("summary", world);
  Summary summary("drive", "winze run drive.yaml");
  summary.number({"wall_temperature", 301.25, "K"});
  summary.number({"wall_temperature", 302.5, "K"});
  summary.number({"safety", std::nan(""), ""});
  summary.mesh("elements", 12345678901);
  summary.fact("russenes", "moderate");
  summary.step({0, "dig \xff", 86400}, {{"iterations", 11, ""}, {"residual", 1e-9, ""}});
  Timings::global().add("solve", 1.0 + world.rank());
  summary.write(world, folder / "summary.json", "done");
  const json all = json::parse(read_text(folder / "summary.json"));
  EXPECT_EQ(all["status"], "done");
  EXPECT_EQ(all["ranks"], world.size());
  EXPECT_EQ(all["numbers"]["wall_temperature"], (json{{"value", 302.5}, {"unit", "K"}}));
  EXPECT_TRUE(all["numbers"]["safety"]["value"].is_null());
  EXPECT_EQ(all["mesh"]["elements"], 12345678901);
  EXPECT_EQ(all["steps"][0]["numbers"]["residual"]["value"], 1e-9);
  EXPECT_EQ(all["steps"][0]["time_d"], 1);
  EXPECT_EQ(all["timings"]["solve_s"], double(world.size()));  // the slowest rank
  const double largest = all["memory"]["peak_mb_largest_rank"], sum = all["memory"]["peak_mb_sum"];
  EXPECT_GT(largest, 1);
  EXPECT_LE(largest, sum);
  EXPECT_LE(sum, largest * world.size() * (1 + 1e-12));
}

TEST(SummaryRanks, GoesOnAfterARestart) {
  const Comm world = Comm::world();
  const auto folder = test::fresh_folder("summary_restart", world);
  const mesh::Mesh m = test::scattered_block(mesh::Shape::hex8, 2, world);
  const FileOrder order(m, 8);
  const auto first = [](Summary& s) {
    s.number({"a", 0.1, "m"});
    s.step({0, "one", 0}, {{"iterations", 9, ""}});
  };
  const auto second = [](Summary& s) {
    s.number({"a", 0.3, "m"});
    s.step({1, "two", 1}, {{"iterations", 8, ""}});
  };
  Summary through("drive", ""), stopped("drive", ""), resumed("drive", "");
  first(through), second(through), first(stopped);
  RestartWriter writer(folder / "restart.h5", order, 1);
  stopped.save(writer);
  writer.close();
  RestartReader reader(folder / "restart.h5", order, 1);
  resumed.restore(reader);
  second(resumed);
  through.write(world, folder / "through.json", "done");
  resumed.write(world, folder / "resumed.json", "done");
  const json a = json::parse(read_text(folder / "through.json")), b = json::parse(read_text(folder / "resumed.json"));
  for (const char* part : {"numbers", "steps", "warnings", "mesh", "facts"}) EXPECT_EQ(a[part], b[part]) << part;
}

}  // namespace
}  // namespace winze::output
