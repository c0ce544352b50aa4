#include "linear/vectors.hpp"

namespace winze::linear {
namespace {
template <class Body>
double reduce(const char* label, Index n, const Body& body) {
  double sum = 0;
  Kokkos::parallel_reduce(label, Kokkos::RangePolicy<Device>(0, n), body, sum);
  return sum;
}
}  // namespace

double dot(const Comm& comm, Index n, const View<double>& a, const View<double>& b) {
  const double *ap = a.data(), *bp = b.data();
  return comm.sum(reduce(
      "dot", n, KOKKOS_LAMBDA(Index i, double& s) { s += ap[i] * bp[i]; }));
}

std::array<double, 2> dot_two(const Comm& comm, Index n, const View<double>& a, const View<double>& b, const View<double>& c) {
  const double *ap = a.data(), *bp = b.data(), *cp = c.data();
  std::array<double, 2> sums{};
  Kokkos::parallel_reduce(
      "two dots", Kokkos::RangePolicy<Device>(0, n),
      KOKKOS_LAMBDA(Index i, double& s, double& t) {
        s += ap[i] * cp[i];
        t += bp[i] * cp[i];
      },
      sums[0], sums[1]);
  comm.sum(sums.data(), 2);
  return sums;
}

void next_direction(Index n, double beta, const View<double>& z, const View<double>& p) {
  const double* zp = z.data();
  double* pp = p.data();
  if (beta == 0)
    parallel_for(
        "direction", n, KOKKOS_LAMBDA(Index i) { pp[i] = zp[i]; });
  else
    parallel_for(
        "direction", n, KOKKOS_LAMBDA(Index i) { pp[i] = zp[i] + beta * pp[i]; });
}

double advance(const Comm& comm, Index n, double alpha, const View<double>& p, const View<double>& q, const View<double>& x, const View<double>& r) {
  const double *pp = p.data(), *qp = q.data();
  double *xp = x.data(), *rp = r.data();
  return comm.sum(reduce(
      "advance", n, KOKKOS_LAMBDA(Index i, double& s) {
        xp[i] += alpha * pp[i];
        const double ri = rp[i] - alpha * qp[i];
        rp[i] = ri;
        s += ri * ri;
      }));
}

double subtract(const Comm& comm, Index n, const View<double>& b, const View<double>& ax, const View<double>& r) {
  const double *bp = b.data(), *ap = ax.data();
  double* rp = r.data();
  return comm.sum(reduce(
      "subtract", n, KOKKOS_LAMBDA(Index i, double& s) {
        const double ri = bp[i] - ap[i];
        rp[i] = ri;
        s += ri * ri;
      }));
}

double scaled_norm_squared(const Comm& comm, Index n, const View<double>& d, const View<double>& x) {
  const double *dp = d.data(), *xp = x.data();
  return comm.sum(reduce(
      "scaled norm", n, KOKKOS_LAMBDA(Index i, double& s) {
        const double v = dp[i] * xp[i];
        s += v * v;
      }));
}

}  // namespace winze::linear
