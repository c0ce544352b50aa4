/// Lists of active elements by what their kernels may assume: constant Jacobian or not, law by law.
#pragma once
#include <memory>
#include <vector>

#include "fem/hex_kernel.hpp"
#include "fem/operators.hpp"
#include "fem/tet_kernel.hpp"
#include "fem/volume_term.hpp"

namespace winze::fem {

/// True where the map from the reference cell is affine up to rounding of the coordinates: straight-sided tets, parallelepipeds.
bool is_affine(const mesh::Mesh& mesh, Index element);

/// Throws InputError unless every element has an index into a table of n_entries, −1 where not active, and the mask has an entry per local unknown.
void check_lists(const mesh::Mesh& mesh, const std::vector<std::int32_t>& of_element, std::size_t n_entries, const linear::Mask& mask, int width);
/// check_lists, and of the other arrays of `heat`.
void check_heat(const mesh::Mesh& mesh, const HeatCoefficients& heat, const linear::Mask& mask);

/// Active elements in order of the mesh, apart by Jacobian and law. General laws on hexes gain little from a constant Jacobian: all are `curved`.
struct ElementLists {
  std::vector<Index> affine_isotropic, affine_general, curved_isotropic, curved_general;
};
/// of_element: index into the table of laws, −1 where not active; isotropic: per entry of that table.
ElementLists list_elements(const mesh::Mesh& mesh, const std::vector<std::int32_t>& of_element, const std::vector<char>& isotropic);

/// One term per list that is not empty. isotropic(element, c), general(element, c): coefficients as for VolumeTerm.
template <class T, template <class, int> class Isotropic, template <class, int> class General, class IsotropicCoefficients, class GeneralCoefficients>
std::vector<std::unique_ptr<Term<T>>> volume_terms(const mesh::Mesh& mesh, const ElementLists& lists, const IsotropicCoefficients& isotropic,
                                                   const GeneralCoefficients& general) {
  std::vector<std::unique_ptr<Term<T>>> terms;
  const auto add = [&]<template <class, int> class Kind, template <class, int> class Law>(const std::vector<Index>& list, const auto& coefficients) {
    if (!list.empty()) terms.push_back(std::make_unique<VolumeTerm<T, Kind, Law>>(mesh, list, coefficients));
  };
  switch (mesh.shape) {
    case mesh::Shape::hex27:
      add.template operator()<AffineHex27, Isotropic>(lists.affine_isotropic, isotropic);
      add.template operator()<Hex27, Isotropic>(lists.curved_isotropic, isotropic);
      add.template operator()<Hex27, General>(lists.curved_general, general);
      break;
    case mesh::Shape::hex8:
      add.template operator()<AffineHex8, Isotropic>(lists.affine_isotropic, isotropic);
      add.template operator()<Hex8, Isotropic>(lists.curved_isotropic, isotropic);
      add.template operator()<Hex8, General>(lists.curved_general, general);
      break;
    case mesh::Shape::tet10:
      add.template operator()<StraightTet10, Isotropic>(lists.affine_isotropic, isotropic);
      add.template operator()<StraightTet10, General>(lists.affine_general, general);
      add.template operator()<CurvedTet10, Isotropic>(lists.curved_isotropic, isotropic);
      add.template operator()<CurvedTet10, General>(lists.curved_general, general);
      break;
    case mesh::Shape::tet4:
      add.template operator()<Tet4, Isotropic>(lists.affine_isotropic, isotropic);
      add.template operator()<Tet4, General>(lists.affine_general, general);
      break;
  }
  return terms;
}

}  // namespace winze::fem
