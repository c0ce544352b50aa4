#include "mesh/native.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <iterator>

#include "base/error.hpp"
#include "mesh/gmsh.hpp"
#include "mesh/read.hpp"
#include "small_mesh.hpp"

using namespace winze;
using namespace winze::mesh;
using namespace winze::mesh::formats;

namespace {

Comm world() { return Comm::world(); }
constexpr Shape all_shapes[] = {Shape::hex8, Shape::hex27, Shape::tet4, Shape::tet10};

RawMesh small(Shape shape) { return read_gmsh(world(), write_file("source.msh", msh_4(two_cells(shape), true)), 1); }

std::string native_file(Shape shape) {
  const std::string path = folder() / "mesh.h5";
  write_native(world(), small(shape), path);
  return path;
}

std::string message(const std::string& path, int expected_code) {
  try {
    read_mesh(world(), path, 1);
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code, expected_code) << error.what();
    return error.what();
  }
  return "read without complaint";
}
void expect_refused(const std::string& path, int code, const std::string& part) {
  const std::string text = message(path, code);
  EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' is not in: " << text;
}

// Changes a sound file through HDF5's own interface.
std::string changed(const std::function<void(hid_t)>& change) {
  const std::string path = native_file(Shape::tet4);
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  change(file);
  H5Fclose(file);
  return path;
}
void put(hid_t file, const char* name, hid_t type, std::vector<hsize_t> size, const void* data, bool chunked = false) {
  if (H5Lexists(file, name, H5P_DEFAULT) > 0) H5Ldelete(file, name, H5P_DEFAULT);
  const hid_t space = H5Screate_simple(int(size.size()), size.data(), nullptr), creation = H5Pcreate(H5P_DATASET_CREATE);
  if (chunked) {
    std::vector<hsize_t> chunk(size.size(), 2);
    H5Pset_chunk(creation, int(size.size()), chunk.data());
    H5Pset_deflate(creation, 4);
  }
  const hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  if (data) H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
  H5Dclose(dataset), H5Pclose(creation), H5Sclose(space);
}

}  // namespace

TEST(NativeRanks, ReadsWhatItWrote) {
  for (Shape shape : all_shapes) {
    const std::string path = native_file(shape);
    EXPECT_EQ(contents(world(), read_native(world(), path)), expected(shape)) << info(shape).name;
    EXPECT_FALSE(std::filesystem::exists(path + ".partial"));
    world().all(true);
  }
}

// A file written on several ranks holds the same points and names as the mesh it came from, whoever reads it.
TEST(NativeRanks, OneRankReadsWhatManyWrote) {
  const std::string path = native_file(Shape::hex27);
  const RawMesh alone = read_native(Comm::self(), path);
  EXPECT_EQ(contents(Comm::self(), alone), expected(Shape::hex27));
  world().all(true);
}

TEST(NativeRanks, SurfacesMayBeAbsent) {
  RawMesh raw = small(Shape::hex8);
  raw.faces.clear();
  raw.surface_names.clear();
  const std::string path = folder() / "plain.h5";
  write_native(world(), raw, path);
  Contents plain = expected(Shape::hex8);
  plain.faces.clear(), plain.surfaces.clear();
  EXPECT_EQ(contents(world(), read_native(world(), path)), plain);
  world().all(true);
}

// A refined mesh on several ranks, written and read again, has the same cells; a surface between cells comes back once, not once from each side.
TEST(NativeRanks, WritesWhatWasBuilt) {
  FileMesh row;
  for (int i = 0; i <= 8; ++i)
    for (int j = 0; j < 4; ++j) row.nodes.push_back({4 * i + j + 1, {double(i), double(j == 1 || j == 2), double(j > 1)}});
  for (std::int64_t i = 0; i < 8; ++i)
    row.elements.push_back({5, 3, i < 4 ? 31 : 32, {4 * i + 1, 4 * i + 5, 4 * i + 6, 4 * i + 2, 4 * i + 4, 4 * i + 8, 4 * i + 7, 4 * i + 3}});
  for (std::int64_t i : {0, 4}) row.elements.push_back({3, 2, i == 0 ? 21 : 22, {4 * i + 1, 4 * i + 2, 4 * i + 3, 4 * i + 4}});
  row.group = {{{3, 31}, 1}, {{3, 32}, 2}, {{2, 21}, 3}, {{2, 22}, 4}};
  row.names = {{{3, 1}, "left"}, {{3, 2}, "right"}, {{2, 3}, "end"}, {{2, 4}, "middle"}};
  BuildOptions refined;
  refined.refine = 1;
  const Mesh first = build(world(), read_gmsh(world(), write_file("row.msh", msh_2(row, true)), 1), refined);
  const std::string path = folder() / "built.h5";
  write_native(first, path);
  const RawMesh raw = read_native(world(), path);
  EXPECT_EQ(world().sum<GlobalIndex>(GlobalIndex(raw.faces.size())), 4 + 4);
  const Mesh second = build(world(), raw, {});
  EXPECT_EQ(second.n_elements_global(), 64);
  EXPECT_EQ(second.nodes.n_global(), first.nodes.n_global());
  const Quality q = quality(second);
  EXPECT_EQ(second.region_names, first.region_names);
  for (double volume : q.region_volume) EXPECT_NEAR(volume, 4, 1e-12);
  for (double area : q.surface_area) EXPECT_NEAR(area, 1, 1e-12);
  // 4 faces of the outer end, and 4 of the middle from either side.
  for (const auto& [name, faces] : {std::pair("end", 4), std::pair("middle", 8)})
    EXPECT_EQ(world().sum<GlobalIndex>(GlobalIndex(second.find_surface(name)->faces.size())), faces) << name;
  world().all(true);
}

// Other sizes of numbers, compression and strings of variable length are read as documented.
TEST(Native, ReadsWhatOtherProgramsWrite) {
  const RawMesh raw = read_native(world(), native_file(Shape::tet4));
  const std::string path = changed([&](hid_t file) {
    std::vector<std::int32_t> cells(raw.cell_nodes.begin(), raw.cell_nodes.end());
    std::vector<float> points(raw.points.begin(), raw.points.end());
    put(file, "cells", H5T_NATIVE_INT32, {2, 4}, cells.data(), true);
    put(file, "points", H5T_NATIVE_FLOAT, {hsize_t(raw.n_nodes), 3}, points.data(), true);
    const hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, H5T_VARIABLE);
    const char* names[2] = {"shaft", "upper rock"};
    put(file, "region_names", text, {2}, names);
    H5Tclose(text);
  });
  EXPECT_EQ(contents(world(), read_native(world(), path)), expected(Shape::tet4));
}

TEST(NativeRanks, WritingWhereItCannotLeavesNothing) {
  const RawMesh raw = small(Shape::tet4);
  const std::string path = folder() / "no_such_folder" / "mesh.h5";
  EXPECT_EQ(exit_code_of([&] { write_native(world(), raw, path); }), exit_environment);
  EXPECT_FALSE(std::filesystem::exists(path));
  world().all(true);
}

// A disk that fills up while the mesh is written: the old file stays, no partial one is left.
TEST(NativeRanks, AFullDiskLeavesTheOldFile) {
  const std::string path = native_file(Shape::tet4);
  RawMesh large = small(Shape::tet4);
  large.n_nodes = 50000;
  large.points.assign(3 * (block_begin(50000, world().size(), world().rank() + 1) - block_begin(50000, world().size(), world().rank())), 1.0);
  rlimit before, small_files;
  getrlimit(RLIMIT_FSIZE, &before);
  small_files = {200000, before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small_files);
  EXPECT_EQ(exit_code_of([&] { write_native(world(), large, path); }), exit_environment);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(std::filesystem::exists(path + ".partial"));
  EXPECT_EQ(contents(world(), read_native(world(), path)), expected(Shape::tet4));
  world().all(true);
}

TEST(NativeDamaged, TruncatedFilesAreRefused) {
  const std::string path = native_file(Shape::hex27);
  std::ifstream in(path, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(in), {}};
  for (std::size_t length = 0; length < whole.size(); length += 1 + whole.size() / 40)
    EXPECT_EQ(exit_code_of([&] { read_native(world(), write_file("cut.h5", whole.substr(0, length))); }), exit_environment)
        << length << " of " << whole.size();
  EXPECT_EQ(exit_code_of([&] { read_native(world(), write_file("cut.h5", whole.substr(0, whole.size() - 1))); }), exit_environment);
}

TEST(NativeDamaged, WhatIsWrongIsNamed) {
  const double nan = std::nan("");
  const double one_third[3] = {0, 0, nan};
  const std::int64_t cells[8] = {0, 1, 2, 3, 1, 4, 2, 99}, version = 2;
  const std::int32_t regions[3] = {0, 5, 0};
  expect_refused("missing.h5", exit_environment, "No such file");
  expect_refused(write_file("text.h5", "this is not HDF5"), exit_environment, "is not HDF5");
  expect_refused(changed([](hid_t f) { H5Adelete(f, "format"); }), exit_input, "not a winze mesh: it has no attribute 'format'");
  expect_refused(changed([](hid_t f) { H5Ldelete(f, "points", H5P_DEFAULT); }), exit_input, "has no dataset /points");
  expect_refused(changed([](hid_t f) { H5Ldelete(f, "surface_names", H5P_DEFAULT); }), exit_input, "has no dataset /surface_names");
  expect_refused(changed([&](hid_t f) {
                   const hid_t a = H5Aopen(f, "version", H5P_DEFAULT);
                   H5Awrite(a, H5T_NATIVE_INT64, &version);
                   H5Aclose(a);
                 }),
                 exit_input, "version 2; this winze reads version 1");
  expect_refused(changed([&](hid_t f) {
                   put(f, "points", H5T_NATIVE_DOUBLE, {1, 3}, one_third);
                 }),
                 exit_input, "point 0 has a coordinate that is not finite");
  expect_refused(changed([&](hid_t f) { put(f, "points", H5T_NATIVE_DOUBLE, {3}, one_third); }), exit_input, "rank 1, expected 2");
  expect_refused(changed([&](hid_t f) { put(f, "cells", H5T_NATIVE_INT64, {2, 4}, cells); }), exit_input, "cell 1 has node 99");
  expect_refused(changed([&](hid_t f) { put(f, "cells", H5T_NATIVE_INT64, {4, 2}, cells); }), exit_input, "2 columns, expected 4");
  expect_refused(changed([&](hid_t f) { put(f, "cells", H5T_NATIVE_INT64, {0, 4}, nullptr); }), exit_input, "0 cells, but 2 values");
  expect_refused(changed([&](hid_t f) { put(f, "cell_region", H5T_NATIVE_INT32, {2}, regions); }), exit_input, "cell 1 has region 5");
  expect_refused(changed([&](hid_t f) { put(f, "cell_region", H5T_NATIVE_INT32, {3}, regions); }), exit_input, "2 cells, but 3 values");
  expect_refused(changed([&](hid_t f) { put(f, "face_surface", H5T_NATIVE_INT32, {1}, regions + 1); }), exit_input, "face 0 has surface 5");
  expect_refused(changed([&](hid_t f) { put(f, "faces", H5T_NATIVE_INT64, {1, 4}, cells); }), exit_input, "face 0 has vertex 3");
  expect_refused(changed([&](hid_t f) { put(f, "cells", H5T_NATIVE_DOUBLE, {2, 4}, nullptr); }), exit_input, "not integers");
  expect_refused(changed([&](hid_t f) { put(f, "cells", H5T_NATIVE_INT64, {1000000000000, 4}, nullptr); }), exit_environment, "does not hold them");
  expect_refused(changed([&](hid_t f) {
                   put(f, "points", H5T_NATIVE_DOUBLE, {1000000000000, 3}, nullptr, true);
                 }),
                 exit_environment, "does not hold them");
}

TEST(NativeRanks, EveryRankThrowsTheSame) {
  const std::string path = write_file("text.h5", "\211HDF\r\n\032\n and no more");
  const std::string text = message(path, exit_environment);
  EXPECT_EQ(text, world().broadcast(text));
  world().all(true);
}
