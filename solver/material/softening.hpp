/// Tables of strength over equivalent plastic strain: strain softening, hardening, CWFS and brittle drops, made independent of the mesh by a length.
#pragma once
#include <algorithm>
#include <initializer_list>

#include "input/key.hpp"
#include "material/response.hpp"

namespace winze::material {

struct Rated {
  double value = 0, rate = 0;  ///< rate: d value / d κ
};
/// Value and right-hand slope of a table.
Rated rated(const input::Curve& table, double x);

/// Plastic strain of softening rock gathers in a band of one element, so a table over strain dissipates less the finer the mesh. Tables are therefore
/// tables of the displacement `reference_length` · κ: a point in an element of size h reads them at κ h/reference_length, and the work per area of
/// band no longer depends on h (fracture-energy scaling: Bažant & Oh 1983; Crook, Willson, Yu & Owen 2003).
struct Softening {
  double reference_length = 0;  ///< m, the size of body whose plastic strain the tables state; 0: no table softens, none is scaled
  bool brittle = false;         ///< the first yielding takes every table at once to its last row

  double scale(const Conditions& at) const { return reference_length > 0 && at.length > 0 ? at.length / reference_length : 1; }
  /// Where in the tables a point of equivalent plastic strain κ stands.
  double place(double equivalent, const Conditions& at) const {
    if (brittle) return equivalent > 0 ? 1e30 : 0;
    return equivalent * scale(at);
  }
};

/// The first abscissa beyond x where any of the tables bends; infinite where none does.
double next_knot(std::initializer_list<const input::Curve*> tables, double x);
/// True where a table falls anywhere.
bool any_falling(std::initializer_list<const input::Curve*> tables);

}  // namespace winze::material
