/// Vector work of the Krylov method on owned entries; sums over all ranks. Each pass reads and writes its vectors once.
#pragma once
#include <array>

#include "base/comm.hpp"
#include "base/kokkos.hpp"

namespace winze::linear {

/// Collective. (a, b)
double dot(const Comm& comm, Index n, const View<double>& a, const View<double>& b);
/// Collective. {(a, c), (b, c)}
std::array<double, 2> dot_two(const Comm& comm, Index n, const View<double>& a, const View<double>& b, const View<double>& c);
/// p = z + beta p
void next_direction(Index n, double beta, const View<double>& z, const View<double>& p);
/// Collective. x += alpha p, r −= alpha q; returns (r, r).
double advance(const Comm& comm, Index n, double alpha, const View<double>& p, const View<double>& q, const View<double>& x, const View<double>& r);
/// Collective. r = b − ax; returns (r, r).
double subtract(const Comm& comm, Index n, const View<double>& b, const View<double>& ax, const View<double>& r);
/// Collective. Σ (d x)²
double scaled_norm_squared(const Comm& comm, Index n, const View<double>& d, const View<double>& x);

}  // namespace winze::linear
