#include "burst/evaluation.hpp"

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace winze::burst {
namespace {

void require_place(const Description& indicator, Place place) {
  if (indicator.needs.wall && place != Place::surface)
    throw InputError(
        "indicator {} is defined on excavation surfaces only; evaluate it on a surface, or choose failure_contour or an energy within the rock",
        indicator.name);
}

void require_solution(const Description& indicator, Solution solution) {
  if (indicator.needs.elastic && solution != Solution::elastic)
    throw InputError(
        "indicator {} needs the stress of an elastic solution, because plastic stress never exceeds the strength it is compared with; use elastic "
        "laws, "
        "or choose strain_energy or bpi",
        indicator.name);
}

void require_rock(const Description& indicator, const Rock& rock) {
  if (indicator.needs.ucs && !rock.ucs)
    throw InputError("indicator {} needs the uniaxial compressive strength of material {}; give strength: {{ucs: ... MPa}}", indicator.name,
                     rock.name);
  if (indicator.needs.modulus && !rock.modulus)
    throw InputError(
        "indicator {} needs one modulus of the uniaxial test, and material {} is not isotropic; give strength: {{unloading_modulus: ... GPa}}",
        indicator.name, rock.name);
}

void require_sample(const Description& indicator, const Sample& sample) {
  if (indicator.needs.wall && !sample.normal) throw InputError("indicator {} needs the normal of the excavation surface", indicator.name);
  if (indicator.needs.in_situ && !sample.in_situ)
    throw InputError("indicator {} needs the in-situ stress of material {}; give in_situ: {{stress: ...}}", indicator.name, sample.rock->name);
  if (indicator.needs.previous_stage && !sample.energy_before)
    throw InputError("indicator {} counts from the stage before, and there is none; choose since: virgin or evaluate it after a second stage",
                     indicator.name);
}

/// The place among all ranks that comes first by x, y, z; `found` says whether this rank has one.
Vector3 first_place(const Comm& comm, bool found, const Vector3& mine) {
  const std::vector<double> all = comm.all_gather(found ? std::vector<double>{mine[0], mine[1], mine[2]} : std::vector<double>{});
  Vector3 first = {all[0], all[1], all[2]};
  for (std::size_t i = 3; i < all.size(); i += 3) {
    const Vector3 other = {all[i], all[i + 1], all[i + 2]};
    if (other < first) first = other;
  }
  return first;
}

template <class I>
Evaluation evaluate_one(const Comm& comm, const I& indicator, const Samples& samples) {
  constexpr double equal = 1e-6;
  constexpr double nothing = -std::numeric_limits<double>::infinity();
  const double sign = I::severity == Severity::rises ? 1 : -1;
  const Description description = describe(Indicator{indicator});

  Evaluation result;
  result.label = fmt::format("{} indicator: {} ({}{})", I::name, I::title, I::source.reference,
                             I::source.confidence == Confidence::recalled ? ", recalled" : "");
  result.class_label.assign(I::labels.begin(), I::labels.end());
  result.value.resize(samples.n);
  result.severity.resize(samples.n);

  std::vector<double> sums(I::labels.size() + 3, 0.0);  // amounts, integral, area, area above the strength
  double worst = nothing;
  GlobalIndex n_smooth = 0;
  comm.together([&] {
    require_place(description, samples.place);
    require_solution(description, samples.solution);
    const Rock* known = nullptr;
    for (std::size_t i = 0; i < samples.n; ++i) {
      const Sample sample = samples.at(i);
      if (sample.rock != known) require_rock(description, *sample.rock);
      known = sample.rock;
      require_sample(description, sample);
      const double value = indicator.value(sample);
      if (!std::isfinite(value) || !std::isfinite(dot(sample.stress, sample.stress)))
        throw SolverError("indicator {} is not finite at ({:.6g}, {:.6g}, {:.6g}) m in material {}: the stress there is not valid", I::name,
                          sample.position[0], sample.position[1], sample.position[2], sample.rock->name);
      result.value[i] = value;
      result.severity[i] = class_of<I>(value);
      if (!sample.singular) worst = std::max(worst, sign * value), ++n_smooth;
      sums[result.severity[i]] += sample.weight;
      sums[I::labels.size()] += sample.weight * value;
      if (description.needs.wall) {
        sums[I::labels.size() + 1] += sample.weight;
        if (major_compression(sample.stress) > *sample.rock->ucs) sums[I::labels.size() + 2] += sample.weight;
      }
    }
  });

  result.n_samples = comm.sum(GlobalIndex(samples.n));
  comm.sum(sums.data(), int(sums.size()));
  result.amount.assign(sums.begin(), sums.begin() + I::labels.size());
  result.integral = sums[I::labels.size()];
  const double area = sums[I::labels.size() + 1], crushed = sums[I::labels.size() + 2];
  if (crushed > 0.5 * area)
    result.warnings.push_back(fmt::format(
        "indicator {} is saturated: the elastic wall stress exceeds the uniaxial strength over {:.0f} % of the surface, so it no longer tells places "
        "apart; compare energy and depth of failure",
        I::name, 100 * crushed / area));

  worst = comm.max(worst);
  if (comm.sum(n_smooth) == 0) {
    result.most_severe = std::numeric_limits<double>::quiet_NaN();
    result.at = {result.most_severe, result.most_severe, result.most_severe};
    return result;
  }
  result.most_severe = sign * worst;
  bool found = false;
  Vector3 mine{};
  for (std::size_t i = 0; i < samples.n; ++i) {
    if (sign * result.value[i] < worst - equal * std::abs(worst)) continue;
    const Sample sample = samples.at(i);
    if (sample.singular) continue;
    const Vector3 position = sample.position;
    if (!found || position < mine) mine = position;
    found = true;
  }
  result.at = first_place(comm, found, mine);
  return result;
}

}  // namespace

Rock::Rock(std::string rock_name, const material::Material& material)
    : name(std::move(rock_name)),
      compliance(material::inverse(material.moduli())),
      ucs(material.strength.ucs),
      modulus(material.strength.unloading_modulus) {
  if (const auto* elastic = std::get_if<material::Elastic>(&material.law.value); elastic && !modulus) modulus = elastic->young;
}

double contour_depth(std::span<const double> distance, std::span<const double> value) {
  if (distance.empty() || distance.size() != value.size())
    throw InputError("depth of the failure contour needs as many values as distances along the line, at least 1; got {} and {}", value.size(),
                     distance.size());
  if (value[0] < 1) return 0;
  for (std::size_t i = 1; i < value.size(); ++i)
    if (value[i] < 1) return distance[i - 1] + (distance[i] - distance[i - 1]) * (value[i - 1] - 1) / (value[i - 1] - value[i]);
  throw InputError("the line ends inside the failure contour, {:.6g} m from the wall (value {:.4g}); make it longer", distance.back(), value.back());
}

Description describe(const Indicator& indicator) {
  return indicator.visit([]<class I>(const I& i) {
    return Description{.name = I::name,
                       .title = I::title,
                       .doc = I::doc,
                       .unit = I::unit,
                       .source = I::source,
                       .place = I::place,
                       .severity = I::severity,
                       .limits = {I::limits.begin(), I::limits.end()},
                       .labels = {I::labels.begin(), I::labels.end()},
                       .needs = i.needs()};
  });
}

void check(const Indicator& indicator, Solution solution, std::span<const Rock> rocks) {
  const Description description = describe(indicator);
  require_solution(description, solution);
  for (const Rock& rock : rocks) require_rock(description, rock);
}

Evaluation evaluate(const Comm& comm, const Indicator& indicator, const Samples& samples) {
  return indicator.visit([&](const auto& i) { return evaluate_one(comm, i, samples); });
}

}  // namespace winze::burst
