#include "calibration/proportional_odds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace winze::calibration {
namespace {

constexpr int most_iterations = 60;
constexpr double largest_effect = 60;  ///< |β| × standard deviation of its predictor: odds of e⁶⁰ for one deviation are perfect separation

double logistic(double t) { return t >= 0 ? 1 / (1 + std::exp(-t)) : std::exp(t) / (1 + std::exp(t)); }
double slope(double t) { return logistic(t) * logistic(-t); }
double curvature(double t) { return slope(t) * (logistic(-t) - logistic(t)); }
/// logistic(a) − logistic(b) without cancellation, a > b.
double between(double a, double b) { return a + b > 0 ? logistic(-b) - logistic(-a) : logistic(a) - logistic(b); }

/// Cholesky factors in the lower triangle of the n × n matrix; false unless it is positive definite.
bool factorise(std::vector<double>& a, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    double d = a[j * n + j];
    const double scale = d;
    for (std::size_t k = 0; k < j; ++k) d -= a[j * n + k] * a[j * n + k];
    if (!(d > 1e-12 * scale) || !(scale > 0)) return false;
    a[j * n + j] = std::sqrt(d);
    for (std::size_t i = j + 1; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k) a[i * n + j] -= a[i * n + k] * a[j * n + k];
      a[i * n + j] /= a[j * n + j];
    }
  }
  return true;
}
void solve(const std::vector<double>& l, std::size_t n, std::vector<double>& b) {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= l[i * n + k] * b[k];
    b[i] /= l[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= l[k * n + i] * b[k];
    b[i] /= l[i * n + i];
  }
}

/// Log-likelihood of θ = (c, β) on predictors of mean 0 and deviation 1, with gradient and information (its negative Hessian) where asked for.
struct Likelihood {
  const std::vector<double>& x;
  std::span<const int> truth;
  std::size_t n_cuts, n_predictors;

  double value(const std::vector<double>& theta) const {
    double sum = 0;
    for (std::size_t row = 0; row < truth.size(); ++row) {
      const auto [a, b] = ends(theta, row);
      const double p = between(a, b);
      if (!(p > 0)) return -std::numeric_limits<double>::infinity();
      sum += std::log(p);
    }
    return sum;
  }
  void derive(const std::vector<double>& theta, std::vector<double>& gradient, std::vector<double>& information) const {
    const std::size_t n = n_cuts + n_predictors;
    gradient.assign(n, 0);
    information.assign(n * n, 0);
    for (std::size_t row = 0; row < truth.size(); ++row) {
      const auto [a, b] = ends(theta, row);
      const double p = between(a, b), fa = slope(a) / p, fb = slope(b) / p;
      const double aa = fa * fa - curvature(a) / p, bb = fb * fb + curvature(b) / p, ab = -fa * fb;
      const std::size_t y = std::size_t(truth[row]);
      const double* at = x.data() + row * n_predictors;
      const auto add = [&](std::size_t i, std::size_t j, double v) {
        information[i * n + j] += v;
        if (i != j) information[j * n + i] += v;
      };
      const bool upper = y<n_cuts, lower = y> 0;
      if (upper) gradient[y] += fa, add(y, y, aa);
      if (lower) gradient[y - 1] -= fb, add(y - 1, y - 1, bb);
      if (upper && lower) add(y, y - 1, ab);
      for (std::size_t i = 0; i < n_predictors; ++i) {
        gradient[n_cuts + i] -= (fa - fb) * at[i];
        if (upper) add(n_cuts + i, y, -(aa + ab) * at[i]);
        if (lower) add(n_cuts + i, y - 1, -(bb + ab) * at[i]);
        for (std::size_t j = 0; j <= i; ++j) add(n_cuts + i, n_cuts + j, (aa + bb + 2 * ab) * at[i] * at[j]);
      }
    }
  }

 private:
  /// Arguments of the two distribution functions whose difference is the probability of the row's class.
  std::pair<double, double> ends(const std::vector<double>& theta, std::size_t row) const {
    constexpr double far = 1e4;  // logistic(±far) is 1 or 0, its slope and curvature 0
    double eta = 0;
    for (std::size_t i = 0; i < n_predictors; ++i) eta += theta[n_cuts + i] * x[row * n_predictors + i];
    const std::size_t y = std::size_t(truth[row]);
    return {y < n_cuts ? theta[y] - eta : far, y > 0 ? theta[y - 1] - eta : -far};
  }
};

}  // namespace

std::vector<double> ProportionalOdds::probability(std::span<const double> x) const {
  double eta = 0, below = 0;
  for (std::size_t i = 0; i < beta.size(); ++i) eta += beta[i] * x[i];
  std::vector<double> p;
  for (double c : cut) {
    const double up_to = logistic(c - eta);
    p.push_back(up_to - below);
    below = up_to;
  }
  p.push_back(1 - below);
  return p;
}

ProportionalOdds fit_proportional_odds(std::span<const double> x, int n_predictors, std::span<const int> truth, int n_classes) {
  const std::size_t m = std::size_t(n_predictors), cuts = std::size_t(n_classes - 1), n = cuts + m, rows = truth.size();
  std::vector<double> mean(m, 0), deviation(m, 0), scaled(x.begin(), x.end());
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < m; ++i) mean[i] += x[row * m + i] / double(rows);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < m; ++i) deviation[i] += (x[row * m + i] - mean[i]) * (x[row * m + i] - mean[i]) / double(rows);
  for (std::size_t i = 0; i < m; ++i) {
    deviation[i] = std::sqrt(deviation[i]);
    if (!(deviation[i] > 1e-12 * std::abs(mean[i]))) throw InputError("predictor {} of the model is the same in all {} rows", i + 1, rows);
  }
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < m; ++i) scaled[row * m + i] = (x[row * m + i] - mean[i]) / deviation[i];

  std::vector<double> theta(n, 0), gradient, information;
  double up_to = 0;
  for (std::size_t k = 0; k <= cuts; ++k) {
    const double count = double(std::count(truth.begin(), truth.end(), int(k)));
    if (count == 0) throw InputError("no row is of class {}: the model cannot place its limits", k);
    up_to += count;
    if (k < cuts) theta[k] = std::log(up_to / (double(rows) - up_to));
  }
  const Likelihood likelihood{scaled, truth, cuts, m};
  ProportionalOdds fit;
  double value = likelihood.value(theta);
  while (true) {
    likelihood.derive(theta, gradient, information);
    if (!factorise(information, n)) throw InputError("the predictors of the model depend on each other, or part the classes perfectly");
    std::vector<double> step = gradient;
    solve(information, n, step);
    double promised = 0;
    for (std::size_t i = 0; i < n; ++i) promised += step[i] * gradient[i];
    if (promised < 1e-12 * (1 + std::abs(value))) {  // the next step is exact to rounding, and rounding hides its gain
      for (std::size_t i = 0; i < n; ++i) theta[i] += step[i];
      value = likelihood.value(theta);
      likelihood.derive(theta, gradient, information);
      factorise(information, n);
      break;
    }
    if (++fit.iterations > most_iterations)
      throw InputError("no most likely model in {} Newton steps: do its predictors part the classes perfectly?", most_iterations);
    // The likelihood is concave: halving ends.
    double length = 1, next = value;
    std::vector<double> tried = theta;
    for (; length > 1e-10; length /= 2) {
      for (std::size_t i = 0; i < n; ++i) tried[i] = theta[i] + length * step[i];
      next = likelihood.value(tried);
      if (next > value) break;
    }
    if (length <= 1e-10) throw InputError("the most likely model cannot be told from its neighbours: do its predictors depend on each other?");
    theta = tried;
    value = next;
    for (std::size_t i = 0; i < m; ++i)
      if (std::abs(theta[cuts + i]) > largest_effect)
        throw InputError("predictor {} of the model parts the classes perfectly: there is no most likely slope", i + 1);
  }
  fit.log_likelihood = value;
  // Back to the predictors as given: β = b / deviation, c = c' + Σ β mean; errors by the same linear map of the covariance.
  fit.cut.assign(theta.begin(), theta.begin() + std::ptrdiff_t(cuts));
  for (std::size_t i = 0; i < m; ++i) {
    fit.beta.push_back(theta[cuts + i] / deviation[i]);
    for (double& c : fit.cut) c += fit.beta[i] * mean[i];
  }
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> row(n, 0), solved;
    if (i < cuts) {
      row[i] = 1;
      for (std::size_t j = 0; j < m; ++j) row[cuts + j] = mean[j] / deviation[j];
    } else {
      row[i] = 1 / deviation[i - cuts];
    }
    solved = row;
    solve(information, n, solved);
    double variance = 0;
    for (std::size_t j = 0; j < n; ++j) variance += row[j] * solved[j];
    fit.error.push_back(std::sqrt(variance));
  }
  return fit;
}

}  // namespace winze::calibration
