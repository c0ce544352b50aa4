/// Block models: boxes of rock with a code, as exported by resource-modelling programs; they paint materials.
#pragma once
#include <string>
#include <vector>

#include "base/types.hpp"
#include "geometry/box_tree.hpp"
#include "geometry/frame.hpp"

namespace winze::geometry {

class BlockModel {
 public:
  static constexpr std::size_t most_blocks = 50'000'000;

  /// Columns x, y, z of the centres (also xc, x_centre, xcentre, easting …); dx, dy, dz (also xinc, x_size …) or, without all three, the smallest
  /// steps between centres; and the column `code`. `scale`: m per unit of the file. The blocks lie along the axes of the file, which `frame` turns
  /// into the model. InputError, one line with file:line: a missing column, numbers that are none, sizes that are not positive, blocks that overlap.
  BlockModel(const std::string& path, const std::string& code, double scale = 1, const Frame& frame = {});

  std::size_t size() const { return code_.size(); }
  const std::vector<std::string>& codes() const { return codes_; }  ///< distinct values, by first appearance
  /// Index into codes() of the block that holds a point of the model; −1 outside all.
  Index code_at(const Vector3& x) const;
  double volume(Index code) const;  ///< of all blocks of that code, m³

 private:
  Frame frame_;
  Vector3 origin_{};  ///< subtracted before boxes are kept, file axes, m
  BoxTree tree_;
  std::vector<Box> boxes_;  ///< in the order of the tree's leaves
  std::vector<Index> code_;
  std::vector<std::string> codes_;
};

}  // namespace winze::geometry
