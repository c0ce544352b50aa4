#include "mesh/gmsh_groups.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "base/error.hpp"

namespace winze::mesh {

std::int32_t UsedGroups::number(std::int32_t tag, const std::string& name) {
  const auto known = number_of_tag_.find(tag);
  if (known != number_of_tag_.end()) return known->second;
  std::size_t i = 0;
  while (i < groups_.size() && groups_[i].name != name) ++i;
  if (i == groups_.size()) groups_.push_back({name, tag});
  groups_[i].lowest_tag = std::min(groups_[i].lowest_tag, tag);
  return number_of_tag_[tag] = std::int32_t(i);
}

std::vector<std::int32_t> UsedGroups::sorted() const {
  std::vector<std::int32_t> numbers(groups_.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  std::sort(numbers.begin(), numbers.end(), [&](auto a, auto b) { return groups_[a].lowest_tag < groups_[b].lowest_tag; });
  return numbers;
}

std::vector<std::string> UsedGroups::names() const {
  std::vector<std::string> names;
  for (std::int32_t number : sorted()) names.push_back(groups_[number].name);
  return names;
}

std::vector<std::int32_t> UsedGroups::order() const {
  const std::vector<std::int32_t> numbers = sorted();
  std::vector<std::int32_t> order(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) order[numbers[i]] = std::int32_t(i);
  return order;
}

void GmshGroups::read_names(GmshFile& file) {
  const bool binary = std::exchange(file.binary, false);  // this section is text in binary files, too
  file.record();
  const std::int64_t n = file.count("physical names", file.int64("the number of physical names"), 4, 4);
  file.end_record();
  for (std::int64_t i = 0; i < n; ++i) {
    file.record();
    const std::int32_t dimension = file.int32("the dimension of a physical group"), tag = file.int32("the tag of a physical group");
    std::string_view text = file.rest();
    const std::size_t begin = text.find('"'), end = text.rfind('"');
    if (dimension < 0 || dimension > 3 || begin == end) file.wrong("a physical name should read: dimension, tag, \"name\"");
    names_[{dimension, tag}] = text.substr(begin + 1, end - begin - 1);
  }
  file.binary = binary;
}

void GmshGroups::read_entities(GmshFile& file) {
  std::array<std::int64_t, 4> n;
  file.record();
  for (std::int64_t& count : n) count = file.int64("the number of entities");
  file.end_record();
  for (int dimension = 0; dimension < 4; ++dimension) {
    file.count("entities", n[dimension], 10, 36);
    for (std::int64_t i = 0; i < n[dimension]; ++i) {
      file.record();
      const std::int32_t tag = file.int32("the tag of an entity");
      for (int k = 0; k < (dimension == 0 ? 3 : 6); ++k) file.real("the box of an entity");
      const std::int64_t n_groups = file.count("physical groups", file.int64("the number of physical groups"), 2, 4);
      std::vector<std::int32_t>& groups = entities_[dimension][tag];
      for (std::int64_t k = 0; k < n_groups; ++k)
        groups.push_back(std::int32_t(std::abs(std::int64_t(file.int32("a physical tag")))));  // < 0: reversed orientation
      if (dimension > 0) {
        const std::int64_t n_bounds = file.count("bounding entities", file.int64("the number of bounding entities"), 2, 4);
        for (std::int64_t k = 0; k < n_bounds; ++k) file.int32("a bounding entity");
      }
      file.end_record();
    }
  }
}

const std::vector<std::int32_t>& GmshGroups::of_entity(int dimension, std::int32_t tag) const {
  static const std::vector<std::int32_t> none;
  const auto found = entities_[dimension].find(tag);
  return found == entities_[dimension].end() ? none : found->second;
}

std::string GmshGroups::name(int dimension, std::int32_t tag) const {
  const auto found = names_.find({dimension, tag});
  if (found != names_.end() && !found->second.empty()) return found->second;
  return fmt::format("{}_{}", dimension == 3 ? "volume" : "surface", tag);
}

}  // namespace winze::mesh
