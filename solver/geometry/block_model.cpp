#include "geometry/block_model.hpp"

#include <algorithm>
#include <unordered_map>

#include "geometry/text_file.hpp"

namespace winze::geometry {
namespace {

/// Smallest step between different values; 0 where all are one.
double smallest_step(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  double step = 0;
  for (std::size_t i = 1; i < x.size(); ++i)
    if (const double d = x[i] - x[i - 1]; d > 1e-6 && (step == 0 || d < step)) step = d;
  return step;
}

}  // namespace

BlockModel::BlockModel(const std::string& path, const std::string& code, double scale, const Frame& frame) : frame_(frame) {
  CsvFile csv(path);
  const std::array<int, 3> at = {csv.need({"x", "xc", "xcentre", "xcenter", "x_centre", "x_center", "centroid_x", "easting", "east"}),
                                 csv.need({"y", "yc", "ycentre", "ycenter", "y_centre", "y_center", "centroid_y", "northing", "north"}),
                                 csv.need({"z", "zc", "zcentre", "zcenter", "z_centre", "z_center", "centroid_z", "elevation", "rl"})};
  const std::array<int, 3> extent = {csv.column({"dx", "xinc", "xsize", "x_size", "dim_x"}), csv.column({"dy", "yinc", "ysize", "y_size", "dim_y"}),
                                     csv.column({"dz", "zinc", "zsize", "z_size", "dim_z"})};
  const int given = (extent[0] >= 0) + (extent[1] >= 0) + (extent[2] >= 0);
  if (given != 0 && given != 3) csv.file.wrong("give all three of dx, dy, dz or none");
  const std::string wanted = lower(code);
  const int code_column = csv.need({wanted.c_str()});
  std::unordered_map<std::string, Index> known;
  std::vector<Vector3> centres, sizes;
  std::vector<Index> codes;
  std::vector<int> lines;
  while (csv.next()) {
    if (centres.size() >= most_blocks) csv.file.wrong("more than {} blocks; split the file", most_blocks);
    const Vector3 x = scale * Vector3{csv.real(at[0]), csv.real(at[1]), csv.real(at[2])};
    if (centres.empty()) origin_ = x;
    centres.push_back(x - origin_);
    if (given == 3) {
      sizes.push_back(scale * Vector3{csv.real(extent[0]), csv.real(extent[1]), csv.real(extent[2])});
      for (double s : sizes.back())
        if (!(s > 0)) csv.file.wrong("the size of a block must be positive; it is {} m", s);
    }
    const std::string value(csv.text(code_column));
    if (value.empty()) csv.file.wrong("the value of '{}' is missing", shown(code));
    const auto [found, fresh] = known.try_emplace(value, Index(codes_.size()));
    if (fresh) codes_.push_back(value);
    codes.push_back(found->second);
    lines.push_back(csv.file.line_number());
  }
  if (centres.empty()) throw InputError("{}: there is no block below the names of columns", path);
  if (given == 0) {
    Vector3 step;
    for (int d = 0; d < 3; ++d) {
      std::vector<double> x;
      for (const Vector3& c : centres) x.push_back(c[d]);
      step[d] = smallest_step(std::move(x));
      if (!(step[d] > 0)) throw InputError("{}: all blocks have the same {}; give columns dx, dy, dz", path, "xyz"[d]);
    }
    sizes.assign(centres.size(), step);
  }
  std::vector<Box> boxes;
  for (std::size_t i = 0; i < centres.size(); ++i) boxes.push_back({centres[i] - 0.5 * sizes[i], centres[i] + 0.5 * sizes[i]});
  tree_ = BoxTree(boxes);
  for (std::size_t i = 0; i < centres.size(); ++i) {
    const Box core = boxes[i].grown(-1e-4 * std::min({sizes[i][0], sizes[i][1], sizes[i][2]}));
    tree_.search([&](const Box& b) { return b.overlaps(core); },
                 [&](std::int32_t j) {
                   if (std::size_t(j) != i && boxes[j].overlaps(core))
                     throw InputError("{}:{}: the block overlaps the one of line {}; check sizes and duplicates", path, std::max(lines[i], lines[j]),
                                      std::min(lines[i], lines[j]));
                   return false;
                 });
  }
  for (std::int32_t item : tree_.items()) boxes_.push_back(boxes[item]), code_.push_back(codes[item]);
  tree_.number_by_leaves();
}

Index BlockModel::code_at(const Vector3& x) const {
  const Vector3 local = frame_.global(x) - origin_;
  Index found = -1;
  tree_.search([&](const Box& b) { return b.contains(local); },
               [&](std::int32_t i) { return boxes_[i].contains(local) && (found = code_[i], true); });
  return found;
}

double BlockModel::volume(Index code) const {
  double sum = 0;
  for (std::size_t i = 0; i < boxes_.size(); ++i) {
    const Vector3 e = boxes_[i].high - boxes_[i].low;
    if (code_[i] == code) sum += e[0] * e[1] * e[2];
  }
  return sum;
}

}  // namespace winze::geometry
