#include "burst/catalogue.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"

namespace winze::burst {
namespace {

class CatalogueTest : public ::testing::Test {
 protected:
  CatalogueTest() : folder_(std::filesystem::temp_directory_path() / fmt::format("winze_catalogue_{}", getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~CatalogueTest() override { std::filesystem::remove_all(folder_); }
  Catalogue read(const std::string& text) {
    std::ofstream(folder_ / "events.csv") << text;
    keys.table = "events.csv";
    return read_catalogue(keys, folder_.string());
  }
  std::string refusal(const std::string& text) {
    try {
      read(text);
    } catch (const InputError& e) {
      return e.what();
    }
    return "";
  }
  /// Twelve rows a day apart with `row` among them.
  static std::string days(const std::string& row = "", const std::string& head = "time [d],x [m],y [m],z [m],moment [N m],energy [J],class") {
    std::string text = head + "\n";
    for (int i = 0; i < 12; ++i) text += fmt::format("{},{},0,-2000,1e10,1e5,burst\n", i, 10 * i);
    return text + row;
  }
  CatalogueKeys keys;
  std::filesystem::path folder_;
};

TEST_F(CatalogueTest, OffsetsOfDatesBecomeOneClock) {
  bool zone = false;
  EXPECT_EQ(*parse_date("1970-01-02T08:00:00+08:00", zone), 86400);
  EXPECT_TRUE(zone);
  EXPECT_EQ(*parse_date("2000-03-01T00:00Z", zone), 951868800);  // date -u -d 2000-03-01 +%s
  EXPECT_EQ(*parse_date("2000-02-29T18:30:00.25-0530", zone), 951868800.25);
  EXPECT_FALSE(parse_date("2001-02-29T00:00:00Z", zone));
  EXPECT_FALSE(parse_date("2000-03-01T25:00:00Z", zone));
  EXPECT_FALSE(parse_date("1 March 2000", zone));
  EXPECT_TRUE(parse_date("2000-03-01T00:00:00", zone));
  EXPECT_FALSE(zone);
  EXPECT_EQ(written_time(951868800.25, true), "2000-03-01T00:00:00.250Z");
}

TEST_F(CatalogueTest, UnitsOfHeadingsAreConverted) {
  std::string text = "Time [h];x [km];y [km];z [km];moment [GN m];energy [kJ]\n";
  for (int i = 0; i < 12; ++i) text += fmt::format("{};{};0;-2;10;2\n", i, 0.1 * i);
  const Catalogue c = read(text);
  EXPECT_EQ(c.events[1].time, 3600);
  EXPECT_NEAR(c.events[1].at[0], 100, 1e-9);
  EXPECT_NEAR(c.events[1].moment, 1e10, 1);
  EXPECT_NEAR(c.events[1].energy, 2000, 1e-9);
  EXPECT_NEAR(c.events[1].magnitude, 0.6, 1e-12);  // (10 − 9.1) / 1.5
  EXPECT_FALSE(c.dates);
}

TEST_F(CatalogueTest, RowsLeftOutAreCounted) {
  keys.leave_out = {"blast"};
  const Catalogue c =
      read(days("5.00000001,50.5,0,-2000,2e10,1e5,burst\n"  // 0.9 ms and 0.5 m from event 5
                "12,,0,-2000,1e10,1e5,burst\n13,0,0,-2000,,1e5,burst\n,0,0,0,1e10,1e5,burst\n14,0,0,0,1e10,1e5,blast\n"
                "11.5,0,0,0,1e10,,\n"));
  EXPECT_EQ(c.events.size(), 13u);
  const auto count = [](const std::vector<Catalogue::Count>& all, const std::string& why) {
    for (const auto& a : all)
      if (a.why == why) return a.rows;
    return 0;
  };
  EXPECT_EQ(count(c.left_out, "that repeat another event"), 1);
  EXPECT_EQ(count(c.left_out, "without a location"), 1);
  EXPECT_EQ(count(c.left_out, "without moment or magnitude"), 1);
  EXPECT_EQ(count(c.left_out, "without a time"), 1);
  EXPECT_EQ(count(c.left_out, "of class blast"), 1);
  EXPECT_EQ(count(c.notes, "without energy"), 1);
  EXPECT_EQ(count(c.notes, "without class"), 1);
  EXPECT_EQ(count(c.notes, "earlier than the row before them, sorted here"), 1);
  for (std::size_t i = 1; i < c.events.size(); ++i) EXPECT_LE(c.events[i - 1].time, c.events[i].time);
}

TEST_F(CatalogueTest, GapsAreTakenOffTheTimeObserved) {
  keys.gap = 5 * 86400.0;
  const Catalogue c = read(days("30,0,0,-2000,1e10,1e5,burst\n"));
  ASSERT_EQ(c.gaps.size(), 1u);
  EXPECT_EQ(c.gaps[0].from, 11 * 86400.0);
  EXPECT_NEAR(c.observed(), 11 * 86400.0, 1e-6);
  keys.gap.reset();
  EXPECT_TRUE(read(days()).gaps.empty());
  EXPECT_EQ(read(days("100,0,0,-2000,1e10,1e5,burst\n")).gaps.size(), 1u);  // longest by chance at the mean rate: 12 ln(1200) / 100 days' mean = 59
}

TEST_F(CatalogueTest, WhatCannotBeReadHonestlyIsRefusedWithItsLine) {
  const auto expect = [&](const std::string& text, const std::string& part) {
    const std::string said = refusal(text);
    EXPECT_NE(said.find(part), std::string::npos) << "'" << part << "' is not in: " << said;
    EXPECT_NE(said.find("events.csv"), std::string::npos) << said;
  };
  expect(days("12,0,0,-2000,0,1e5,burst\n"), ":14: moment must be above 0");
  expect(days("2026-03-01T00:00:00Z,0,0,-2000,1e9,1e5,burst\n"), ":14: time '2026-03-01T00:00:00Z' is a date, but the heading says");
  expect(days("", "time [d],x [m],y [km],z [m],moment [N m],energy [J],class"), "x, y and z are in m, km and m");
  expect(days("", "time [d],x,y [m],z [m],moment [N m],energy [J],class"), "must name its unit");
  expect(days("", "time [d],x [m],y [m],z [m],moment [J s],energy [J],class"), "must be one that converts to N m");
  expect(days("", "time,x [m],y [m],z [m],moment [N m],energy [J],class"), "must be a date like");
  expect(days("", "time [m],x [m],y [m],z [m],moment [N m],energy [J],class"), "must be s, h or d");
  expect(days("", "time [d],x [m],y [m],z [m],size [N m],energy [J],class"), "a column 'moment' is missing");
  expect("time,x [m],y [m],z [m],moment [N m]\n2026-03-01T00:00:00,0,0,0,1e10\n", ":2: time '2026-03-01T00:00:00' has no zone");
  expect("time,x [m],y [m],z [m],moment [N m],magnitude\n2026-03-01T00:00:00Z,0,0,0,1e17,0.6\n", ":2: magnitude 0.6 and moment");  // dyn cm
  expect("time,x [m],y [m],z [m],moment [N m]\n2026-03-01T00:00:00Z,0,0,0,1e10\n", "1 events are left");
  keys.leave_out = {"blast"};
  expect("time,x [m],y [m],z [m],moment [N m]\n2026-03-01T00:00:00Z,0,0,0,1e10\n", "a column 'class' is missing");
}

}  // namespace
}  // namespace winze::burst
