#include "mesh/raw_nodes.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

using namespace winze;
using namespace winze::mesh;

// Dense and sparse lists (direct table and hashing) give the same answers as a set.
TEST(NumberSet, FindsEveryNumberAndNoOther) {
  for (const GlobalIndex range : {GlobalIndex(3000), GlobalIndex(1) << 40}) {
    std::mt19937_64 random(11);
    std::uniform_int_distribution<GlobalIndex> number(0, range);
    std::vector<GlobalIndex> list(5000);
    for (GlobalIndex& x : list) x = number(random);
    const std::set<GlobalIndex> expected(list.begin(), list.end());
    const NumberSet set(list);
    EXPECT_EQ(set.numbers(), std::vector<GlobalIndex>(expected.begin(), expected.end()));
    for (Index i = 0; i < set.size(); ++i) ASSERT_EQ(set.find(set.numbers()[i]), i);
    for (int i = 0; i < 1000; ++i) {
      const GlobalIndex x = number(random);
      ASSERT_EQ(set.find(x) >= 0, expected.count(x) == 1);
    }
    EXPECT_EQ(set.find(range + 1), -1);
  }
  EXPECT_EQ(NumberSet({}).find(0), -1);
}
