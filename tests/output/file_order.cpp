#include "output/file_order.hpp"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "mesh/raw.hpp"
#include "scattered.hpp"

namespace winze::output {
namespace {

using Place = std::array<double, 3>;

std::map<Place, GlobalIndex> rows_by_place(const mesh::Mesh& m, const FileOrder& order) {
  std::map<Place, GlobalIndex> rows;
  for (Index i = 0; i < m.nodes.n_local(); ++i) rows[m.point(i)] = order.node_rows()[i];
  return rows;
}

// The mesh of one rank is the reference: the order of files may not depend on how elements and nodes are spread and numbered.
TEST(FileOrderRanks, IsTheSameOnAnyNumberOfRanks) {
  for (mesh::Shape shape : test::all_shapes) {
    const mesh::Mesh alone = test::scattered_block(shape, 3, Comm::self()), spread = test::scattered_block(shape, 3, Comm::world());
    const FileOrder reference(alone, 8), order(spread, 8);
    EXPECT_TRUE(order.any_ranks());
    EXPECT_EQ(order.fingerprint(), reference.fingerprint());
    EXPECT_EQ(order.nodes().slab().n_global, alone.nodes.n_global());
    const auto expected = rows_by_place(alone, reference);
    for (const auto& [place, row] : rows_by_place(spread, order)) EXPECT_EQ(row, expected.at(place));
  }
}

// Meshes as the program builds them: generators, refinement, both partitions.
TEST(FileOrderRanks, BuiltMeshesHaveTheSameOrderOnAnyNumberOfRanks) {
  using mesh::BuildOptions;
  const auto order_of = [](const Comm& comm, mesh::Shape shape, BuildOptions::Partition partition) {
    BuildOptions options;
    options.refine = 1, options.partition = partition;
    const mesh::Mesh m = mesh::build(comm, mesh::box(comm, shape, {0, 0, 0}, {3, 2, 1}, {3, 2, 2}), options);
    const FileOrder order(m, 8);
    EXPECT_TRUE(order.any_ranks());
    return order.fingerprint();
  };
  for (mesh::Shape shape : test::all_shapes)
    for (auto partition : {BuildOptions::Partition::curve, BuildOptions::Partition::ptscotch})
      EXPECT_EQ(order_of(Comm::world(), shape, partition), order_of(Comm::self(), shape, BuildOptions::Partition::curve)) << mesh::info(shape).name;
}

TEST(FileOrderRanks, FingerprintTellsMeshesApart) {
  const Comm world = Comm::world();
  const mesh::Mesh a = test::scattered_block(mesh::Shape::hex8, 3, world), b = test::scattered_block(mesh::Shape::hex8, 4, world);
  mesh::Mesh turned = test::block(mesh::Shape::hex8, 3);
  std::swap(turned.element_nodes[0], turned.element_nodes[1]);
  EXPECT_NE(FileOrder(a).fingerprint(), FileOrder(b).fingerprint());
  EXPECT_NE(FileOrder(a).fingerprint(), FileOrder(test::scatter(turned, world)).fingerprint());
}

TEST(FileOrderRanks, RowsGoToTheFileAndBack) {
  const mesh::Mesh m = test::scattered_block(mesh::Shape::hex27, 3, Comm::world());
  const FileOrder order(m, 8);
  std::vector<std::array<GlobalIndex, 2>> items(m.nodes.n_owned()), back(items.size());
  for (Index i = 0; i < m.nodes.n_owned(); ++i) items[i] = {order.node_rows()[i], 7};
  std::vector<std::array<GlobalIndex, 2>> rows(order.nodes().slab().n);
  order.nodes().to_file(items.data(), sizeof items[0], rows.data());
  for (std::size_t k = 0; k < rows.size(); ++k) EXPECT_EQ(rows[k][0], order.nodes().slab().begin + GlobalIndex(k));
  order.nodes().from_file(rows.data(), sizeof rows[0], back.data());
  EXPECT_EQ(back, items);
}

// Elements of different numbers of points: 1 + (number mod 4) entries, each saying whose it is.
TEST(FileOrderRanks, RowsOfDifferentLengthsGoToTheFileAndBack) {
  const mesh::Mesh m = test::scattered_block(mesh::Shape::tet4, 3, Comm::world());
  const FileOrder order(m, 8);
  std::vector<GlobalIndex> offset = {0};
  std::vector<double> entries;
  for (GlobalIndex e : m.original_element) {
    for (int p = 0; p <= e % 4; ++p) entries.push_back(double(e) + 0.1 * p);
    offset.push_back(GlobalIndex(entries.size()));
  }
  std::vector<char> bytes;
  const std::vector<GlobalIndex> lengths = order.elements().to_file(offset, entries.data(), sizeof(double), bytes);
  const double* file = reinterpret_cast<const double*>(bytes.data());
  for (std::size_t k = 0; k < lengths.size(); ++k) {
    const GlobalIndex e = order.elements().slab().begin + GlobalIndex(k);
    ASSERT_EQ(lengths[k], 1 + e % 4);
    for (int p = 0; p < lengths[k]; ++p) EXPECT_EQ(*file++, double(e) + 0.1 * p);
  }
  std::vector<double> back(entries.size());
  order.elements().from_file(lengths, bytes.data(), sizeof(double), offset, back.data());
  EXPECT_EQ(back, entries);
}

TEST(FileOrderRanks, RefusesNumbersThatAreNoPermutation) {
  mesh::Mesh m = test::scattered_block(mesh::Shape::hex8, 3, Comm::world());
  if (m.comm.root()) m.original_element[0] = m.original_element[1];
  EXPECT_THROW(FileOrder{m}, std::logic_error);
  if (m.comm.root()) m.original_element[0] = 1000;
  EXPECT_THROW(FileOrder{m}, std::logic_error);
}

TEST(FileOrderRanks, FollowsTheRanksWhereTheMeshHasNoNumbering) {
  mesh::Mesh m = test::scattered_block(mesh::Shape::hex8, 3, Comm::world());
  m.original_element.clear();
  const FileOrder order(m, 8);
  EXPECT_FALSE(order.any_ranks());
  EXPECT_EQ(order.elements().slab().n_global, 27);
}

}  // namespace
}  // namespace winze::output
