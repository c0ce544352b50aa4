// Tangents of single points on top of elastic elements.
#include "fem/tangent_term.hpp"
#include "operator_cases.hpp"

using namespace winze;
using namespace winze::fem;
using namespace winze::test;
using mesh::Shape;

// The operator with tangents at some points equals ∫ Bᵀ (C + M) B u made of the three loops of the points, symmetric or not, on straight and bent
// elements; points without tangents and elements without such points stay elastic.
TEST(TangentsRanks, EqualTheLoopsOverPoints) {
  const Moduli c = isotropic_moduli(40e9, 0.2);
  for (Shape shape : operator_shapes)
    for (Form form : {Form::distorted, Form::bent})
      for (const bool symmetric : {true, false}) {
        const mesh::Mesh m = operator_mesh(shape, form);
        const Points points = make_points(m);
        const std::vector<char> active(size_t(m.n_elements()), 1);
        const linear::Mask mask = make_mask(m, active, std::vector<std::uint8_t>(3 * size_t(m.nodes.n_local()), 0), 3);
        PointModuli tangents;
        tangents.symmetric = symmetric;
        const auto yields = [&](GlobalIndex q) { return std::sin(40 * points.position[3 * q]) + std::cos(31 * points.position[3 * q + 1]) > 0.9; };
        const auto more = [&](GlobalIndex q) {
          Moduli t{};
          for (int i = 0; i < 6; ++i)
            for (int j = 0; j < 6; ++j)
              t[i][j] =
                  -1e9 * (1 + std::cos(i + j) + (symmetric ? 0 : 0.3 * std::sin(2 * i - j)) + (i == j ? 4 : 0)) * (1 + points.position[3 * q + 2]);
          return t;
        };
        for (GlobalIndex q = 0; q < GlobalIndex(points.n_points()); ++q)
          if (yields(q)) tangents.point.push_back(q), tangents.moduli.push_back(more(q));
        EXPECT_GT(m.comm.sum(std::int64_t(tangents.point.size())), 0);
        auto term = make_tangent_term<double>(shape);
        TangentTerm<double>* set = term.get();
        const auto a = make_elastic_operator<double>(m, {{c}, std::vector<std::int32_t>(size_t(m.n_elements()), 0)}, mask, std::move(term));
        const View<double> x = wavy<double>(m, mask, 3), elastic("elastic", x.size()), y("y", x.size());
        a->apply(x, elastic);
        set->set(m, points, tangents);
        a->apply(x, y);
        const std::vector<double> u = to_host(x);
        std::vector<double> stress(6 * points.n_points(), 0), f(u.size(), 0), g(u.size(), 0);
        strain_at_points(m, points, active, u.data(), stress.data());
        std::vector<double> plain = stress;
        for (GlobalIndex q = 0; q < GlobalIndex(points.n_points()); ++q) {
          Sym3 e;
          std::copy_n(&stress[6 * q], 6, e.begin());
          Sym3 s = product(c, e);
          std::copy(s.begin(), s.end(), &plain[6 * q]);
          if (yields(q)) {
            const Sym3 t = product(more(q), e);
            for (int i = 0; i < 6; ++i) s[i] += t[i];
          }
          std::copy(s.begin(), s.end(), &stress[6 * q]);
        }
        add_internal_forces(m, points, active, stress.data(), f.data());
        add_internal_forces(m, points, active, plain.data(), g.data());
        double wrong[2] = {0, 0}, size[2] = {0, 0};
        for (Index i = 0; i < 3 * m.nodes.n_owned(); ++i) {
          wrong[0] += (y(i) - f[i]) * (y(i) - f[i]), size[0] += f[i] * f[i];
          wrong[1] += (y(i) - elastic(i) - f[i] + g[i]) * (y(i) - elastic(i) - f[i] + g[i]), size[1] += (f[i] - g[i]) * (f[i] - g[i]);
        }
        // Bent tet10 and mapped hexes have the same points in both ways; elastic straight tets are integrated exactly, as their rule is.
        EXPECT_LT(std::sqrt(m.comm.sum(wrong[0]) / m.comm.sum(size[0])), 1e-12) << mesh::info(shape).name << symmetric;
        EXPECT_LT(std::sqrt(m.comm.sum(wrong[1]) / m.comm.sum(size[1])), 1e-11) << mesh::info(shape).name << symmetric;
      }
}
