#include "linear/multigrid.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "linear/coarse_solver.hpp"

namespace winze::linear {

struct Multigrid::Level {
  std::shared_ptr<const Operator<float>> a;
  View<float> inverse;         ///< of the diagonal; 0 where held
  View<float> x, older, b, w;  ///< iterate, the one before it, right-hand side, A x
  View<const Index> offset, masters;
  const HangingNodes* hanging = nullptr;
  double bound = 0;
  double seconds = 0;  ///< spent on this level, those below not counted
};

namespace {

View<const Index> on_device(std::span<const Index> host) {
  Kokkos::View<const Index*, Kokkos::HostSpace, Kokkos::MemoryTraits<Kokkos::Unmanaged>> view(host.data(), host.size());
  return Kokkos::create_mirror_view_and_copy(Device::memory_space(), view);
}

/// First step from a zero guess.
void first_step(Index n, float step, const View<float>& x, const View<float>& older, const View<float>& b, const View<float>& inverse) {
  const float *bp = b.data(), *dp = inverse.data();
  float *xp = x.data(), *op = older.data();
  parallel_for(
      "smooth from zero", n, KOKKOS_LAMBDA(Index i) {
        xp[i] = step * dp[i] * bp[i];
        op[i] = 0;
      });
}

/// Chebyshev step: older ← x + momentum (x − older) + step D⁻¹ (b − w), then the caller swaps x and older.
void chebyshev_step(Index n, float momentum, float step, const View<float>& x, const View<float>& older, const View<float>& b, const View<float>& w,
                    const View<float>& inverse) {
  const float *xp = x.data(), *bp = b.data(), *wp = w.data(), *dp = inverse.data();
  float* op = older.data();
  if (momentum == 0)
    parallel_for(
        "smooth", n, KOKKOS_LAMBDA(Index i) { op[i] = xp[i] + step * dp[i] * (bp[i] - wp[i]); });
  else
    parallel_for(
        "smooth", n, KOKKOS_LAMBDA(Index i) { op[i] = xp[i] + momentum * (xp[i] - op[i]) + step * dp[i] * (bp[i] - wp[i]); });
}

/// coarse ← Pᵀ (b − w), summed over ranks. Collective.
template <int width>
void restrict_residual(const Operator<float>& fine, const Operator<float>& coarse, const View<const Index>& offset, const View<const Index>& masters,
                       const HangingNodes* hanging, const View<float>& b, const View<float>& w, const View<float>& to) {
  Kokkos::deep_copy(to, 0.f);
  const Index *o = offset.data(), *m = masters.data();
  const float *bp = b.data(), *wp = w.data();
  float* t = to.data();
  parallel_for(
      "restrict", fine.nodes().n_owned(), KOKKOS_LAMBDA(Index node) {
        const Index begin = o[node], end = o[node + 1];
        const float weight = 1.f / float(end - begin);
        float r[width];
        for (int c = 0; c < width; ++c) r[c] = weight * (bp[std::size_t(node) * width + c] - wp[std::size_t(node) * width + c]);
        for (Index k = begin; k < end; ++k)
          for (int c = 0; c < width; ++c) scatter_add(t[std::size_t(m[k]) * width + c], r[c]);
      });
  if (hanging) hanging->add_to_masters(t, width);
  coarse.nodes().add_to_owners(t, width);
}

/// x += P coarse at unknowns. Collective.
template <int width>
void add_prolonged(const Operator<float>& fine, const Operator<float>& coarse, const View<const Index>& offset, const View<const Index>& masters,
                   const HangingNodes* hanging, const View<float>& from, const View<float>& inverse, const View<float>& x) {
  coarse.nodes().update_ghosts(from.data(), width);
  if (hanging) hanging->fill(from.data(), width);
  const Index *o = offset.data(), *m = masters.data();
  const float *f = from.data(), *d = inverse.data();
  float* xp = x.data();
  parallel_for(
      "prolong", fine.nodes().n_owned(), KOKKOS_LAMBDA(Index node) {
        const Index begin = o[node], end = o[node + 1];
        const float weight = 1.f / float(end - begin);
        float sum[width] = {};
        for (Index k = begin; k < end; ++k)
          for (int c = 0; c < width; ++c) sum[c] += f[std::size_t(m[k]) * width + c];
        for (int c = 0; c < width; ++c) {
          const std::size_t i = std::size_t(node) * width + c;
          xp[i] += d[i] != 0 ? weight * sum[c] : 0.f;
        }
      });
}

}  // namespace

Multigrid::Multigrid(std::vector<MultigridLevel> levels, const MultigridOptions& options) : options_(options) {
  for (size_t l = 0; l < levels.size(); ++l) {
    const Operator<float>& a = *levels[l].a;
    Level level;
    const double start = wall_time();
    const bool bottom = l + 1 == levels.size();
    const size_t n = size_t(a.n_local_unknowns());
    if (!bottom) {
      level.w = View<float>("w", n);
      level.older = View<float>("older", n);
    }
    level.x = View<float>("x", n);
    level.b = View<float>("b", n);
    level.inverse = View<float>("inverse diagonal", n);
    a.diagonal(level.inverse);
    const View<std::uint8_t> held = to_device(std::vector<std::uint8_t>(levels[l].held.begin(), levels[l].held.end()), "held");
    float* d = level.inverse.data();
    const std::uint8_t* h = held.data();
    parallel_for(
        "invert", a.n_owned_unknowns(), KOKKOS_LAMBDA(Index i) { d[i] = h[i] || !(d[i] > 0) ? 0.f : 1.f / d[i]; });
    level.bound = a.eigenvalue_bound();
    if (l > 0) {
      level.offset = on_device(levels[l].to_finer.offset);
      level.masters = on_device(levels[l].to_finer.masters);
      level.hanging = levels[l].hanging;
    }
    if (bottom) {
      const auto* matrix = dynamic_cast<const BlockMatrix<float>*>(levels[l].a.get());
      if (!matrix) throw SolverError("The coarsest level of a multigrid must be an assembled block matrix.");
      bottom_ = std::make_unique<CoarseSolver>(*matrix, levels[l].points, options);
    }
    level.a = std::move(levels[l].a);
    level.seconds = wall_time() - start;
    levels_.push_back(std::move(level));
  }
}

Multigrid::~Multigrid() = default;

void Multigrid::smooth(Level& level, bool from_zero) {
  const double upper = level.bound, lower = upper / options_.range, theta = (upper + lower) / 2, delta = (upper - lower) / 2, sigma = theta / delta;
  const Index n = level.a->n_owned_unknowns();
  double rho = 1 / sigma;
  for (int k = 1; k <= options_.degree; ++k) {
    if (k == 1 && from_zero) {
      first_step(n, float(1 / theta), level.x, level.older, level.b, level.inverse);
      continue;
    }
    level.a->apply(level.x, level.w);
    const double next = 1 / (2 * sigma - rho);
    const float momentum = k == 1 ? 0.f : float(next * rho), step = float(k == 1 ? 1 / theta : 2 * next / delta);
    chebyshev_step(n, momentum, step, level.x, level.older, level.b, level.w, level.inverse);
    std::swap(level.x, level.older);
    if (k > 1) rho = next;
  }
}

void Multigrid::cycle(size_t l) {
  Level& level = levels_[l];
  double start = wall_time();
  if (l + 1 == levels_.size()) {
    bottom_->solve(level.b, level.x);
    level.seconds += wall_time() - start;
    return;
  }
  Level& coarse = levels_[l + 1];
  const bool vector = level.a->width() == 3;
  smooth(level, true);
  level.a->apply(level.x, level.w);
  (vector ? restrict_residual<3> : restrict_residual<1>)(*level.a, *coarse.a, coarse.offset, coarse.masters, coarse.hanging, level.b, level.w,
                                                         coarse.b);
  level.seconds += wall_time() - start;
  cycle(l + 1);
  start = wall_time();
  (vector ? add_prolonged<3> : add_prolonged<1>)(*level.a, *coarse.a, coarse.offset, coarse.masters, coarse.hanging, coarse.x, level.inverse,
                                                 level.x);
  smooth(level, false);
  level.seconds += wall_time() - start;
}

void Multigrid::apply(const View<double>& r, const View<double>& z) {
  Level& fine = levels_.front();
  const Index n = fine.a->n_owned_unknowns();
  const double* rp = r.data();
  float* b = fine.b.data();
  parallel_for(
      "to single", n, KOKKOS_LAMBDA(Index i) { b[i] = float(rp[i]); });
  cycle(0);
  double* zp = z.data();
  const float* x = fine.x.data();
  parallel_for(
      "to double", n, KOKKOS_LAMBDA(Index i) { zp[i] = x[i]; });
}

std::string Multigrid::describe() const {
  std::string text;
  for (size_t l = 0; l < levels_.size(); ++l) {
    const Level& level = levels_[l];
    text += fmt::format("{}level {}: {} unknowns, {}, {:.3f} s", l ? "\n" : "", l, level.a->nodes().n_global() * level.a->width(),
                        l + 1 < levels_.size() ? fmt::format("λ ≤ {:.2f}", level.bound) : bottom_->describe(), level.seconds);
  }
  return text;
}

}  // namespace winze::linear
