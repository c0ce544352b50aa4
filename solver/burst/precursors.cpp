#include "burst/precursors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "base/random.hpp"

namespace winze::burst {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Alarm {
  double from, to;
};

struct Score {
  int hits = 0, false_alarms = 0, judged = 0;
};
Score score(const std::vector<Alarm>& alarms, const std::vector<double>& targets, double end) {
  Score s;
  std::vector<char> met(alarms.size(), 0);
  for (const double t : targets)
    for (std::size_t a = 0; a < alarms.size(); ++a)
      if (t > alarms[a].from && t <= alarms[a].to) {
        ++s.hits;
        met[a] = 1;
        break;
      }
  for (std::size_t a = 0; a < alarms.size(); ++a) {
    if (!met[a] && alarms[a].to > end) continue;
    ++s.judged;
    s.false_alarms += !met[a];
  }
  return s;
}

}  // namespace

Interval wilson(int k, int n, double confidence) {
  if (n == 0) return {nan, nan, nan};
  const double z = normal_quantile(0.5 + 0.5 * confidence), p = double(k) / n, zz = z * z / n;
  const double middle = (p + 0.5 * zz) / (1 + zz), half = z / (1 + zz) * std::sqrt(p * (1 - p) / n + 0.25 * zz / n);
  return {p, std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

std::vector<Window> moving_windows(const Catalogue& catalogue, const EnergyLine& line, double shear_modulus, const WarningKeys& keys) {
  std::vector<int> with;
  for (std::size_t i = 0; i < catalogue.events.size(); ++i)
    if (catalogue.events[i].energy > 0) with.push_back(int(i));
  const int n = keys.window, half = n / 2;
  if (int(with.size()) < n) throw InputError("warnings.window: {} events have an energy, a window needs {}: use a smaller window", with.size(), n);
  const auto event = [&](int k) -> const Event& { return catalogue.events[std::size_t(with[std::size_t(k)])]; };
  std::vector<double> index, volume;  // log10 of the energy index; cumulative apparent volume
  for (int k = 0; k < int(with.size()); ++k) {
    index.push_back(log_energy_index(line, event(k)));
    volume.push_back((k ? volume.back() : 0) + apparent_volume(event(k), shear_modulus));
  }
  std::vector<Window> all;
  for (int end = n - 1; end < int(with.size()); end += keys.step) {
    const int first = end - n + 1, middle = end - half;  // the earlier part ends with event `middle`
    const auto mean = [&](int a, int b) {
      double sum = 0;
      for (int k = a; k <= b; ++k) sum += index[std::size_t(k)];
      return sum / (b - a + 1);
    };
    Window w{};
    w.from = event(first).time;
    w.to = event(end).time;
    w.first = with[std::size_t(first)];
    w.last = with[std::size_t(end)];
    w.log_index = mean(first, end);
    for (int k = first; k <= end; ++k) w.index_error += (index[std::size_t(k)] - w.log_index) * (index[std::size_t(k)] - w.log_index);
    w.index_error = std::sqrt(w.index_error / (double(n) * (n - 1)));
    w.index_change = mean(middle + 1, end) - mean(first, middle);
    w.volume = volume[std::size_t(end)];
    const double early_time = event(middle).time - w.from, late_time = w.to - event(middle).time;
    const double early = volume[std::size_t(middle)] - volume[std::size_t(first)], late = w.volume - volume[std::size_t(middle)];
    w.volume_ratio = early_time > 0 && late_time > 0 ? late / late_time / (early / early_time) : nan;
    for (const auto& g : catalogue.gaps) w.in_gap = w.in_gap || (g.from < w.to && g.to > w.from);
    w.warns = !w.in_gap && w.index_change < 0 && w.index_change <= -keys.drop && w.volume_ratio >= keys.rise;
    all.push_back(w);
  }
  return all;
}

Verdict judge(const Catalogue& catalogue, const std::vector<Window>& windows, const WarningKeys& keys, double confidence) {
  Verdict v{};
  const double begin = windows.front().to, end = catalogue.events.back().time, span = end - begin;
  std::vector<Alarm> alarms;
  for (const Window& w : windows) {
    if (!w.warns) continue;
    ++v.warnings;
    if (!alarms.empty() && w.to <= alarms.back().to)
      alarms.back().to = w.to + keys.within;
    else
      alarms.push_back({w.to, w.to + keys.within});
  }
  std::vector<double> targets;
  for (const Event& e : catalogue.events)
    if (e.time > begin && e.magnitude >= keys.target) targets.push_back(e.time);
  v.alarms = int(alarms.size());
  v.targets = int(targets.size());
  for (const Alarm& a : alarms) v.alarm_share += (std::min(a.to, end) - a.from) / span;
  const Score real = score(alarms, targets, end);
  v.hits = real.hits;
  v.false_alarms = real.false_alarms;
  v.judged = real.judged;
  v.hit_rate = wilson(v.hits, v.targets, confidence);
  v.false_rate = wilson(v.false_alarms, v.judged, confidence);
  v.chance_hit_rate = v.chance_false_rate = v.p_value = nan;
  if (alarms.empty() || targets.empty() || !(span > 0)) return v;

  Random random{std::uint64_t(keys.seed)};
  double hits = 0, false_alarms = 0, judged = 0;
  int as_good = 0;
  std::vector<double> moved(targets.size());
  for (int s = 0; s < keys.shifts; ++s) {
    const double shift = span * random.uniform();
    for (std::size_t i = 0; i < targets.size(); ++i) moved[i] = begin + std::fmod(targets[i] - begin + shift, span);
    const Score by_chance = score(alarms, moved, end);
    hits += by_chance.hits;
    false_alarms += by_chance.false_alarms;
    judged += by_chance.judged;
    as_good += by_chance.hits >= real.hits;
  }
  v.chance_hit_rate = hits / keys.shifts / v.targets;
  v.chance_false_rate = judged > 0 ? false_alarms / judged : nan;
  v.p_value = (1.0 + as_good) / (1.0 + keys.shifts);
  return v;
}

}  // namespace winze::burst
