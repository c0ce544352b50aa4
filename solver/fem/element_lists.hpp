/// Lists of active elements by what their kernels may assume: constant Jacobian or not, law by law.
#pragma once
#include <memory>
#include <vector>

#include "fem/constrained.hpp"
#include "fem/cut_term.hpp"
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

/// of_element with −1 at elements that have points of their own.
std::vector<std::int32_t> whole_elements(const mesh::Mesh& mesh, const std::vector<std::int32_t>& of_element);

/// Terms of the active elements with points of their own; coefficients as for volume_terms, matrix(element): its dense matrix, asked for where nodes
/// hang.
template <class T, template <class, int> class Isotropic, template <class, int> class General, class IsotropicCoefficients, class GeneralCoefficients,
          class Matrix>
std::vector<std::unique_ptr<Term<T>>> cut_terms(const mesh::Mesh& mesh, const Constrained& constrained, const std::vector<std::int32_t>& of_element,
                                                const std::vector<char>& isotropic, const IsotropicCoefficients& simple,
                                                const GeneralCoefficients& general, const Matrix& matrix) {
  constexpr int width = Isotropic<T, 1>::components;
  std::vector<Index> lists[2][2];  // [hangs][general]
  ConstrainedPart part;
  part.kind.assign(constrained.elements.size(), -1), part.scale.assign(constrained.elements.size(), 1);
  for (Index e : mesh.cuts.element) {
    if (of_element[e] < 0) continue;
    const auto at = std::lower_bound(constrained.elements.begin(), constrained.elements.end(), e);
    const bool hangs = at != constrained.elements.end() && *at == e;
    lists[hangs][!isotropic[of_element[e]]].push_back(e);
    if (!hangs) continue;
    part.kind[at - constrained.elements.begin()] = std::int32_t(part.matrix.size());
    part.matrix.push_back(matrix(e));
  }
  const auto terms_of = [&](const std::vector<Index>(&list)[2]) {
    std::vector<std::unique_ptr<Term<T>>> terms;
    if (!list[0].empty()) terms.push_back(std::make_unique<CutTerm<T, Isotropic>>(mesh, list[0], simple));
    if (!list[1].empty()) terms.push_back(std::make_unique<CutTerm<T, General>>(mesh, list[1], general));
    return terms;
  };
  std::vector<std::unique_ptr<Term<T>>> terms = terms_of(lists[0]);
  if (!part.matrix.empty())
    terms.push_back(
        std::make_unique<ConstrainedTerm<T>>(constrained, mesh::info(mesh.shape).n_nodes, width, terms_of(lists[1]), std::vector{std::move(part)}));
  return terms;
}

}  // namespace winze::fem
