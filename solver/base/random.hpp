/// Random numbers that are the same on every machine: the standard library's distributions are not.
#pragma once
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace winze {

/// SplitMix64 (Steele, Lea and Flood 2014, Proc. OOPSLA, fig. 17).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// 0 … n − 1, n > 0; the bias is below n / 2^64.
  int below(int n) { return int(next() % std::uint64_t(n)); }
  /// In [0, 1).
  double uniform() { return double(next() >> 11) * 0x1p-53; }
  /// Standard normal (Box and Muller 1958).
  double normal() { return std::sqrt(-2 * std::log(1 - uniform())) * std::cos(2 * M_PI * uniform()); }
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (int i = int(items.size()) - 1; i > 0; --i) std::swap(items[std::size_t(i)], items[std::size_t(below(i + 1))]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace winze
