/// The list of constitutive laws. A law is a plain struct in a file of its own; adding one is one file and one name here.
#pragma once
#include <concepts>
#include <type_traits>

#include "input/key.hpp"
#include "material/drucker_prager.hpp"
#include "material/elastic.hpp"
#include "material/hoek_brown.hpp"
#include "material/mohr_coulomb.hpp"
#include "material/transversely_isotropic.hpp"

namespace winze::material {

/// name, doc, keys()   as in input/key.hpp; check(input::Check&) where a bound joins several parameters
/// linear              true: stress = moduli() · strain always, so no point needs update()
/// moduli()            elastic moduli in the global frame, computed once per block of points
/// State               what a point remembers between accepted steps; State{} is virgin rock. Unless linear: doubles only, the inelastic strain
/// first,
///                     and stress = moduli · (strain − inelastic strain) after update
/// strength_ratio      unless linear: strength over stress at this confinement, ≤ 1 at yield, most_strength_ratio and less elsewhere
/// update              `moduli`: the law's own moduli(). `strain`: total strain − thermal strain + inverse(moduli) · initial stress, so that zero
///                     strain means zero stress. `at`: element size, time step, temperature, age. `state`: the last accepted state in, the state of
///                     this update out. Never fails, for any finite strain.
template <class L>
concept ConstitutiveLaw = input::HasKeys<L> &&
    requires(const L law, const Moduli& moduli, const Sym3& strain, const Conditions& at, typename L::State& state) {
  { L::name } -> std::convertible_to<const char*>;
  { L::doc } -> std::convertible_to<const char*>;
  { L::linear } -> std::convertible_to<bool>;
  { law.moduli() } -> std::same_as<Moduli>;
  { law.update(moduli, strain, at, state) } -> std::same_as<Response>;
};

template <ConstitutiveLaw... L>
using LawList = input::Choice<L...>;

using Law = LawList<Elastic, TransverselyIsotropic, MohrCoulomb, HoekBrown, DruckerPrager>;

/// The law as loops over points should call it: with what its points share computed once, where the law has that.
template <ConstitutiveLaw L>
decltype(auto) prepared(const L& law) {
  if constexpr (requires { law.prepared(); })
    return law.prepared();
  else
    return (law);
}

/// Doubles that a point of this law remembers.
template <ConstitutiveLaw L>
constexpr int state_size() {
  if constexpr (L::linear) {
    return 0;
  } else {
    static_assert(std::is_trivially_copyable_v<typename L::State> && sizeof(typename L::State) % sizeof(double) == 0);
    return int(sizeof(typename L::State) / sizeof(double));
  }
}

}  // namespace winze::material
