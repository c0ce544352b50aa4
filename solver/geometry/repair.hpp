/// What is wrong with a triangulated solid, and its mending: as far as inside and outside stay clear, and no further.
#pragma once
#include <string>

#include "geometry/triangles.hpp"

namespace winze::geometry {

/// Counts of what was found; every place is the first of its kind.
struct Damage {
  struct Kind {
    int count = 0;
    Vector3 place{};
    void add(const Vector3& x) {
      if (count++ == 0) place = x;
    }
  };
  Kind degenerate;        ///< faces without area; removed
  Kind duplicate;         ///< faces given twice, and pairs back to back; removed
  Kind inverted;          ///< faces turned so that all look outward
  Kind loose;             ///< faces of inner walls and fins, which hang on edges of others and enclose nothing; removed
  Kind holes;             ///< closed with new faces
  Kind seams;             ///< holes without area, where an edge meets corners of its neighbours; kept
  Kind overused_edges;    ///< edges of more than two faces; kept
  Kind intersections;     ///< pairs of faces that cross, counted up to 1000; kept
  int pieces = 0;         ///< connected by edges of two faces
  double closedness = 1;  ///< 1 − share of the enclosed space whose winding number, before holes were closed, was not near a whole number

  /// A closed surface without crossings: nothing about inside and outside had to be judged.
  bool sound() const { return holes.count == 0 && seams.count == 0 && overused_edges.count == 0 && intersections.count == 0; }
  bool found() const { return degenerate.count + duplicate.count + inverted.count + loose.count > 0 || !sound(); }
  std::string text() const;  ///< one line: counts and first places; "nothing found" where clean
};

struct Mended {
  Triangles triangles;
  Damage damage;
  std::vector<Index> crossing;  ///< faces that cross others, ascending; all faces where the count stopped at its limit
};

/// Makes corners within `near` of one another one corner; faces keep their order.
void weld(Triangles& triangles, double near);

/// Corners nearer than 1e-7 of the diagonal become one. InputError, one line, where there is no solid to save: a corner that is not finite, no face
/// left, nothing enclosed, holes too large for inside and outside to be told apart.
Mended mend(Triangles raw);

}  // namespace winze::geometry
