// The laws at every point, and what the points say of their strength.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.hpp"
#include "base/log.hpp"
#include "rock/release.hpp"

namespace winze::rock {

void Rock::respond(const std::vector<double>& thermal, Substep& at) const {
  at.stress.assign(6 * points_.n_points(), 0);
  at.memory = state_.memory;
  at.tangents.clear();
  at.yielded = 0;
  fem::strain_at_points(mesh_, points_, active(), state_.u.data(), at.stress.data());
  const auto strain_at = [&](GlobalIndex q, bool placed) {
    Sym3 strain;
    for (int i = 0; i < 6; ++i)
      strain[i] = at.stress[6 * q + i] - (thermal.empty() ? 0 : thermal[6 * q + i]) - (placed ? state_.placed_strain[6 * q + i] : 0);
    return strain;
  };
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    const int material = state_.material[e];
    if (material == gone) continue;
    const bool placed = state_.placed[e];
    const Moduli& moduli = moduli_[material];
    materials_.entries[material].second.law.visit([&](const auto& law) {
      using Law = std::decay_t<decltype(law)>;
      const auto& ready = material::prepared(law);
      for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q) {
        Sym3 strain = strain_at(q, placed), initial{};
        if (!placed) std::copy_n(&initial_stress_[6 * q], 6, initial.begin());
        if constexpr (Law::linear) {
          const Sym3 stress = product(moduli, strain);
          for (int i = 0; i < 6; ++i) at.stress[6 * q + i] = stress[i] + initial[i];
        } else {
          const Sym3 before = product(compliance_[material], initial);
          for (int i = 0; i < 6; ++i) strain[i] += before[i];
          typename Law::State state;
          double* memory = &at.memory[size_t(memory_size_) * size_t(q)];
          std::memcpy(static_cast<void*>(&state), memory, sizeof state);
          material::Conditions conditions;
          conditions.length = length_[e];
          const material::Response response = ready.update(moduli, strain, conditions, state);
          std::copy(response.stress.begin(), response.stress.end(), &at.stress[6 * q]);
          if (!response.yielded) continue;
          std::memcpy(memory, &state, sizeof state);
          memory[memory_size_ - 1] = double(unsigned(memory[memory_size_ - 1]) | response.yielded);
          ++at.yielded;
          at.tangents.point.push_back(q);
          at.tangents.symmetric = at.tangents.symmetric && response.symmetric;
          Moduli& more = at.tangents.moduli.emplace_back(response.tangent);
          for (int i = 0; i < 6; ++i)
            for (int j = 0; j < 6; ++j) more[i][j] -= moduli[i][j];
        }
      }
    });
  }
}

void Rock::check_initial_strength() const {
  Substep at;
  respond({}, at);
  double worst = 0, most = 0;
  Vector3 where{};
  std::string name;
  for (GlobalIndex q : at.tangents.point) {
    const auto e = std::upper_bound(points_.offset.begin(), points_.offset.end(), q) - points_.offset.begin() - 1;
    double lost = 0, size = 0;
    for (int i = 0; i < 6; ++i) {
      const double s = initial_stress_[6 * q + i];
      lost += (s - at.stress[6 * q + i]) * (s - at.stress[6 * q + i]), size += s * s;
    }
    if (lost <= worst * worst * size) continue;
    worst = std::sqrt(lost / size), most = std::sqrt(lost);
    for (int d = 0; d < 3; ++d) where[d] = points_.position[3 * q + d];
    name = materials_.entries[state_.material[size_t(e)]].first;
  }
  mesh_.comm.together([&] {
    if (worst < 1e-3) return;
    const std::string text = fmt::format(
        "the initial stress at ({:.6g}, {:.6g}, {:.6g}) m lies outside the strength of material '{}' by {:.3g} MPa, {:.2g} % of it: such rock would "
        "have failed before mining; lower the stress ratio or raise the strength",
        where[0], where[1], where[2], name, most / 1e6, 100 * worst);
    if (options_.start == Start::hold) throw InputError("{}", text);
    log::warn("{}", text);
  });
}

Rock::Yielding Rock::yielding() const {
  Yielding y;
  const size_t n = size_t(mesh_.n_elements());
  y.by.assign(n, 0), y.plastic_strain.assign(n, 0), y.strength_ratio.assign(n, 0);
  const std::vector<double> stress = stress_at_points();
  for (Index e = 0; e < mesh_.n_elements(); ++e) {
    if (state_.material[e] == gone) continue;
    y.strength_ratio[size_t(e)] = material::most_strength_ratio;
    materials_.entries[state_.material[e]].second.law.visit([&](const auto& law) {
      using Law = std::decay_t<decltype(law)>;
      if constexpr (!Law::linear) {
        unsigned bits = 0;
        double volume = 0;
        for (GlobalIndex q = points_.offset[e]; q < points_.offset[e + 1]; ++q) {
          const double* memory = &state_.memory[size_t(memory_size_) * size_t(q)];
          typename Law::State state;
          std::memcpy(static_cast<void*>(&state), memory, sizeof state);
          bits |= unsigned(memory[memory_size_ - 1]);
          volume += points_.volume[q];
          y.plastic_strain[size_t(e)] += points_.volume[q] * state.equivalent;
          Sym3 s;
          std::copy_n(&stress[6 * q], 6, s.begin());
          material::Conditions conditions;
          conditions.length = length_[e];
          y.strength_ratio[size_t(e)] = std::min(y.strength_ratio[size_t(e)], law.strength_ratio(s, conditions, state));
        }
        y.by[size_t(e)] = bits;
        y.plastic_strain[size_t(e)] /= volume;
      }
    });
  }
  return y;
}

}  // namespace winze::rock
