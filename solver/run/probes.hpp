/// Samples of fields at points, lines and surfaces, one table per probe.
#pragma once
#include <string>
#include <vector>

#include "mesh/mesh.hpp"
#include "run/case.hpp"
#include "run/simulation.hpp"

namespace winze::run {

/// Where a probe samples: located once, evaluated after every stage.
class ProbeSampler {
 public:
  /// Collective. Throws InputError when a point lies outside the mesh or a surface does not exist.
  ProbeSampler(const std::string& name, const Probe& probe, const mesh::Mesh& mesh);

  struct Column {
    std::string name, unit;
  };
  /// x, y, z, then every component of every field. Throws InputError for fields that do not exist, naming those that do.
  std::vector<Column> columns(const Fields& fields) const;
  /// Collective. [points][columns] on every rank. Values in openings are NaN.
  std::vector<double> sample(const Fields& fields, const std::vector<std::int32_t>& material_of_element) const;
  const std::vector<Vector3>& points() const { return points_; }
  const std::string& name() const { return name_; }

 private:
  std::vector<const Fields::Entry*> chosen(const Fields& fields) const;
  std::string name_;
  std::vector<std::string> wanted_;
  const mesh::Mesh& mesh_;
  std::vector<Vector3> points_;
  struct Place {
    size_t point;
    Index element;
    Vector3 reference;
  };
  std::vector<Place> here_;  ///< points that lie on this rank
};

}  // namespace winze::run
