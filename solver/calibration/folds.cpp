#include "calibration/folds.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>

#include "base/random.hpp"

namespace winze::calibration {

std::vector<int> group_rows(std::span<const std::string> labels) {
  std::map<std::string, int> known;
  std::vector<int> group;
  int n = 0;
  for (const std::string& label : labels) {
    std::string bare;
    for (const char c : label)
      if (const auto u = static_cast<unsigned char>(c); u >= 0x80 || std::isalnum(u)) bare += char(std::tolower(u));
    if (bare.empty()) {
      group.push_back(n++);
      continue;
    }
    const auto [place, first] = known.try_emplace(bare, n);
    n += first;
    group.push_back(place->second);
  }
  return group;
}

std::vector<int> grouped_folds(std::span<const int> group, std::span<const int> truth, int n_folds, std::uint64_t seed) {
  const int n_groups = group.empty() ? 0 : *std::max_element(group.begin(), group.end()) + 1;
  const int n_classes = truth.empty() ? 0 : *std::max_element(truth.begin(), truth.end()) + 1;
  n_folds = std::max(1, std::min(n_folds, n_groups));
  std::vector<std::vector<double>> of_group(std::size_t(n_groups), std::vector<double>(std::size_t(n_classes), 0));
  std::vector<int> size(std::size_t(n_groups), 0);
  for (std::size_t i = 0; i < group.size(); ++i) {
    of_group[std::size_t(group[i])][std::size_t(truth[i])] += 1;
    ++size[std::size_t(group[i])];
  }
  std::vector<int> order(std::size_t(n_groups), 0);
  std::iota(order.begin(), order.end(), 0);
  Random random(seed);
  random.shuffle(order);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return size[std::size_t(a)] > size[std::size_t(b)]; });
  std::vector<std::vector<double>> in_fold(std::size_t(n_folds), std::vector<double>(std::size_t(n_classes), 0));
  std::vector<int> fold_of(std::size_t(n_groups), 0);
  for (const int g : order) {
    int best = 0;
    double least = 0;
    for (int f = 0; f < n_folds; ++f) {
      // Growth of the sum of squared class counts by adding this group: smallest where its classes are scarcest.
      double growth = 0;
      for (std::size_t k = 0; k < std::size_t(n_classes); ++k) {
        const double add = of_group[std::size_t(g)][k];
        growth += add * (2 * in_fold[std::size_t(f)][k] + add);
      }
      const double rows = std::accumulate(in_fold[std::size_t(f)].begin(), in_fold[std::size_t(f)].end(), 0.0);
      growth += 1e-6 * rows;
      if (f == 0 || growth < least) best = f, least = growth;
    }
    fold_of[std::size_t(g)] = best;
    for (std::size_t k = 0; k < std::size_t(n_classes); ++k) in_fold[std::size_t(best)][k] += of_group[std::size_t(g)][k];
  }
  std::vector<int> fold;
  for (const int g : group) fold.push_back(fold_of[std::size_t(g)]);
  return fold;
}

GroupBootstrap::GroupBootstrap(std::span<const int> group) {
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (std::size_t(group[i]) >= rows_.size()) rows_.resize(std::size_t(group[i]) + 1);
    rows_[std::size_t(group[i])].push_back(int(i));
  }
  std::erase_if(rows_, [](const std::vector<int>& rows) { return rows.empty(); });
}

std::vector<int> GroupBootstrap::sample(std::uint64_t seed, int number) const {
  Random random(Random(seed + 0x632be59bd9b4e019u * (std::uint64_t(number) + 1)).next());
  std::vector<int> drawn;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const std::vector<int>& rows = rows_[std::size_t(random.below(int(rows_.size())))];
    drawn.insert(drawn.end(), rows.begin(), rows.end());
  }
  return drawn;
}

}  // namespace winze::calibration
