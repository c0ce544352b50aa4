/// Physical groups of an MSH file: their names, and which of them the entities of the geometry belong to. Not collective.
#pragma once
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mesh/gmsh_file.hpp"

namespace winze::mesh {

/// Numbers the groups of one dimension that elements are found in.
class UsedGroups {
 public:
  /// Number of a group in order of first use; groups of one name share it.
  std::int32_t number(std::int32_t tag, const std::string& name);
  /// Names in ascending order of the group's lowest tag, and where each number() stands among them.
  std::vector<std::string> names() const;
  std::vector<std::int32_t> order() const;

 private:
  struct Group {
    std::string name;
    std::int32_t lowest_tag;
  };
  std::vector<std::int32_t> sorted() const;
  std::vector<Group> groups_;
  std::map<std::int32_t, std::int32_t> number_of_tag_;
};

class GmshGroups {
 public:
  void read_names(GmshFile& file);     ///< $PhysicalNames, after its first line and up to its last
  void read_entities(GmshFile& file);  ///< $Entities of MSH 4.1, likewise
  /// Physical tags of an entity; empty if it has none.
  const std::vector<std::int32_t>& of_entity(int dimension, std::int32_t tag) const;
  std::int32_t region(std::int32_t tag) { return regions.number(tag, name(3, tag)); }
  std::int32_t surface(std::int32_t tag) { return surfaces.number(tag, name(2, tag)); }
  std::string name(int dimension, std::int32_t tag) const;

  UsedGroups regions, surfaces;

 private:
  std::map<std::pair<int, std::int32_t>, std::string> names_;
  std::array<std::map<std::int32_t, std::vector<std::int32_t>>, 4> entities_;
};

}  // namespace winze::mesh
