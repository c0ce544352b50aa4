/// Which side of each face is out.
#pragma once
#include "geometry/repair.hpp"

namespace winze::geometry {

/// Turns faces until every piece (connected over edges of two faces) agrees with itself and encloses a positive volume, or lies as a cavity in
/// another. Inner walls and fins, which hang on edges of others and enclose nothing, are removed. Corners must be welded. Adds to pieces, inverted,
/// loose and overused_edges. InputError where a piece has only one side (a twisted band).
void face_outward(Triangles& triangles, Damage& damage);

}  // namespace winze::geometry
