#include "air/strata.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "air/decay.hpp"
#include "base/error.hpp"

namespace winze::air {

namespace {

constexpr double pi = std::numbers::pi, euler = std::numbers::egamma;
constexpr double four_pi2 = 4 / (pi * pi);
constexpr double shortest = 1e-10;  // below this Fourier number the short-time series is used

// D(u) = (J0 + u/B J1)² + (Y0 + u/B Y1)² = p + q/B + r/B², free of oscillations.
struct Modulus {
  double p, q, r;
  explicit Modulus(double u) {
    const double a = ::j0(u), b = ::j1(u), c = ::y0(u), d = ::y1(u);
    p = a * a + c * c;
    q = 2 * u * (a * b + c * d);
    r = u * u * (b * b + d * d);
  }
  double at(double inverse_biot) const { return p + inverse_biot * (q + inverse_biot * r); }
};

// Eight-point Gauss rule on 0 … 1.
constexpr std::array gauss_x = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363};
constexpr std::array gauss_w = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763};
double gauss_point(int i) { return 0.5 * (1 + (i < 4 ? -gauss_x[i] : gauss_x[i - 4])); }
double gauss_weight(int i) { return 0.5 * gauss_w[i % 4]; }

// Gauss points of panels in s = ln u, ascending panel by panel. Below the first D = 1 + z² with z = (2/π)(s − ln 2 + γ − 1/B); above the last D has
// its large-u form.
struct Lattice {
  static constexpr double low = -28, high = 13.5, panel = 0.5;
  std::vector<double> square, weight;  // u², Gauss weight
  std::vector<Modulus> modulus;
  Lattice() {
    for (double s = low; s < high - 0.5 * panel; s += panel)
      for (int i = 0; i < 8; ++i) {
        const double u = std::exp(s + panel * gauss_point(i));
        square.push_back(u * u);
        weight.push_back(panel * gauss_weight(i));
        modulus.emplace_back(u);
      }
  }
};
const Lattice& lattice() {
  static const Lattice all;
  return all;
}
// (4/π²) ∫ ds/D from −∞ to s, for u = e^s small.
double low_tail(double s, double inverse_biot) {
  const double z = 2 / pi * (s - std::numbers::ln2 + euler - inverse_biot);
  return four_pi2 * 0.5 * pi * std::atan2(1, -z);  // atan z + π/2
}
// (4/π²) ∫ ds/(u² D) from u to ∞, for u large: D = (2/(π u)) (c + u²/B²), c = 1 + 1/B.
double high_tail(double u, double inverse_biot) {
  const double c = 1 + inverse_biot, z = inverse_biot * u / std::sqrt(c);
  // ∫ du/(u² (c + u²/B²)) = (1/(c u)) (1 − z arctan(1/z))
  const double factor = z < 30 ? 1 - (z > 0 ? z * std::atan(1 / z) : 0) : (1 / 3. - 1 / (5 * z * z)) / (z * z);
  return four_pi2 * 0.5 * pi * factor / (c * u);
}
void check_biot(double biot) {
  if (!(biot > 0)) throw InputError("Biot number {:.6g} must be positive: wall film, radius and conductivity all are", biot);
}
void check_fourier(double fourier, double biot) {
  if (!(fourier >= 0 && fourier <= 1e12)) throw InputError("Fourier number {:.6g} is outside the valid range 0 … 1e12", fourier);
  if (fourier == 0 && std::isinf(biot)) throw InputError("the flux into a wall whose temperature is prescribed is infinite at age zero");
}
// Mean of erfcx over 0 … z by z², that is (1/z²) ∫ 2 y erfcx(y) dy.
double erfcx_mean(double z) {
  if (z > 0.05) return (erfcx(z) - 1 + 2 * z / std::sqrt(pi)) / (z * z);
  // series Σ (−z)^n / Γ(n/2 + 2)
  double sum = 0, power = 1;
  for (int n = 0; n < 14; ++n, power *= -z) sum += power / std::tgamma(0.5 * n + 2);
  return sum;
}

}  // namespace

double equivalent_radius(double perimeter) {
  if (!(perimeter > 0)) throw InputError("perimeter {:.6g} m must be positive", perimeter);
  return perimeter / (2 * pi);
}

double erfcx(double x) {
  if (!(x >= 0)) throw InputError("erfcx is kept for x ≥ 0, not {:.6g}", x);
  if (x < 20) return std::exp(x * x) * std::erfc(x);
  const double y = 0.5 / (x * x);  // asymptotic series, six terms: 1e-14 at 20
  return (1 - y * (1 - 3 * y * (1 - 5 * y * (1 - 7 * y * (1 - 9 * y))))) / (x * std::sqrt(pi));
}

RadialFlux::RadialFlux(double biot) : biot_(biot) {
  check_biot(biot);
  const Lattice& l = lattice();
  density_.resize(l.weight.size());
  for (std::size_t i = 0; i < density_.size(); ++i) density_[i] = four_pi2 * l.weight[i] / l.modulus[i].at(1 / biot);
}

double RadialFlux::operator()(double fourier) const {
  check_fourier(fourier, biot_);
  if (fourier < shortest) {  // √p K1/K0 ≈ √p + 1/2
    if (std::isinf(biot_)) return 1 / std::sqrt(pi * fourier) + 0.5 - 0.25 * std::sqrt(fourier / pi);
    const double b = biot_ + 0.5;
    return biot_ * (1 - biot_ / b * (1 - erfcx(b * std::sqrt(fourier))));
  }
  const Lattice& l = lattice();
  double sum = low_tail(Lattice::low, 1 / biot_);
  for (std::size_t i = 0; i < density_.size(); ++i) {
    const double z = fourier * l.square[i];
    if (z > 60) break;  // within a panel the points are not in order: 60/e still counts for nothing
    sum += std::exp(-z) * density_[i];
  }
  return sum;
}

double RadialFlux::mean(double fourier) const {
  check_fourier(fourier, biot_);
  if (fourier < shortest) {
    if (std::isinf(biot_)) return 2 / std::sqrt(pi * fourier) + 0.5;
    const double b = biot_ + 0.5;
    return biot_ * (1 - biot_ / b * (1 - erfcx_mean(b * std::sqrt(fourier))));
  }
  const Lattice& l = lattice();
  double sum = low_tail(Lattice::low, 1 / biot_) + high_tail(std::exp(Lattice::high), 1 / biot_) / fourier;
  for (std::size_t i = 0; i < density_.size(); ++i) sum += mean_decay(fourier * l.square[i]) * density_[i];
  return sum;
}

double radial_flux(double fourier, double biot) { return RadialFlux(biot)(fourier); }
double radial_mean_flux(double fourier, double biot) { return RadialFlux(biot).mean(fourier); }

double plane_flux(double fourier, double biot) {
  check_biot(biot);
  check_fourier(fourier, biot);
  return biot * erfcx(biot * std::sqrt(fourier));
}
double plane_mean_flux(double fourier, double biot) {
  check_biot(biot);
  check_fourier(fourier, biot);
  return biot * erfcx_mean(biot * std::sqrt(fourier));
}

double gibson_flux(double fourier, double biot) {
  if (!(fourier >= 0.1 && fourier <= 1000))
    throw InputError("Gibson's fit holds for Fourier numbers 0.1 … 1000, not {:.6g}: take the exact solution", fourier);
  if (!(biot >= 0.01 && biot <= 1000)) throw InputError("Gibson's fit holds for Biot numbers 0.01 … 1000, not {:.6g}: take the exact solution", biot);
  const double x = std::log10(fourier), y = std::log10(biot);
  double c = x * (0.000104 * x + 0.000997) - 0.001419;
  c = -(x * (x * (x * c - 0.046223) + 0.315553) + 0.006003);
  double d = y - (x * (4 * x - 34) - 5) / 120;
  d = 0.949 + 0.1 * std::exp(-2.69035 * d * d);
  const double m = std::sqrt((y - c) * (y - c) + (216 + 5 * x) / 70 * (0.0725 + 0.01 * std::atan(x / 0.7048)));
  return std::pow(10, (y + c - m) / 2) / d;
}

double wall_temperature(double virgin, double air, double flux, double biot) {
  check_biot(biot);
  return air + (virgin - air) * flux / biot;
}

ExponentialSum::ExponentialSum(double biot, double least, double most, double tolerance)
    : biot_(biot), least_(least), most_(most), tolerance_(tolerance) {
  check_biot(biot);
  if (!(least > 0 && least < most && most <= 1e10))
    throw InputError("range of Fourier numbers {:.6g} … {:.6g} must be ascending within 0 … 1e10", least, most);
  if (!(tolerance >= 1e-6 && tolerance <= 1e-2)) throw InputError("tolerance {:.6g} of an exponential sum must be within 1e-6 … 1e-2", tolerance);
  const double inverse = 1 / biot, digits = -std::log(tolerance);
  const double h = pi * pi / (2 * (digits + 1.1));  // the trapezoid rule errs by about e^(−π²/2h) of the value
  const auto density = [&](double s) { return four_pi2 / Modulus(std::exp(s)).at(inverse); };
  // Slow end: a single exponential stands for all rates below; its error is second order in most · rate.
  const double low = 0.5 * std::log(std::min(1.0, 3 * std::sqrt(tolerance)) / most);
  const double high = 0.5 * std::log((digits + 1.5) / least);
  const int n = int(std::ceil((high - low) / h));
  for (int i = 0; i <= n; ++i) {
    const double s = low + i * h;
    rate_.push_back(std::exp(2 * s));
    weight_.push_back(h * density(s) * (i == 0 || i == n ? 0.5 : 1));
  }
  // What the trapezoid rule adds at an end where g does not vanish (Euler–Maclaurin, two terms).
  const auto end_excess = [&](auto g, double s) {
    constexpr double d = 0.02;
    const double first = (8 * (g(s + d) - g(s - d)) - (g(s + 2 * d) - g(s - 2 * d))) / (12 * d);
    const double third = (g(s + 2 * d) - 2 * g(s + d) + 2 * g(s - d) - g(s - 2 * d)) / (2 * d * d * d);
    return h * h / 12 * (first - h * h / 60 * third);
  };
  const auto integral = [](auto g, double a, double b) {
    const int panels = int(std::ceil((b - a) / Lattice::panel));
    double sum = 0;
    for (int p = 0; p < panels; ++p)
      for (int i = 0; i < 8; ++i) sum += gauss_weight(i) * g(a + (b - a) * (p + gauss_point(i)) / panels);
    return sum * (b - a) / panels;
  };
  const auto slow = [&](double s) { return density(s) * std::exp(2 * s); };
  const auto fast = [&](double s) { return density(s) * std::exp(-2 * s); };
  const double s_top = low + n * h, fastest = 4 * rate_.back(), deep = std::min(low, -13.0), far = std::max(s_top + 1, 7.0);
  const double below = low_tail(deep, inverse) + integral(density, deep, low) + end_excess(density, low);
  const double below_rate = integral(slow, deep, low) + end_excess(slow, low);
  const double above = integral(fast, s_top, far) + high_tail(std::exp(far), inverse) - end_excess(fast, s_top);
  rate_.push_back(below_rate / below);
  weight_.push_back(below);
  rate_.push_back(fastest);
  weight_.push_back(above * fastest);
}

double superposed_flux(const Strata& rock, double virgin, const RadialFlux& flux, std::span<const double> time, std::span<const double> temperature,
                       double now) {
  if (time.empty() || time.size() != temperature.size() || !std::is_sorted(time.begin(), time.end()) || !(now > time.back()))
    throw InputError("a history needs as many temperatures as ascending times, and a time after them");
  double sum = 0, before = virgin;
  for (std::size_t i = 0; i < time.size(); ++i) {
    sum += (before - temperature[i]) * flux(rock.fourier(now - time[i]));
    before = temperature[i];
  }
  return rock.scale() * sum;
}

Heading::Heading(std::vector<double> time, std::vector<double> face) : time_(std::move(time)), face_(std::move(face)) {
  if (time_.empty() || time_.size() != face_.size() || !std::is_sorted(time_.begin(), time_.end()) || !std::is_sorted(face_.begin(), face_.end()))
    throw InputError("the advance of a heading needs as many face positions as times, neither decreasing");
}
double Heading::face(double time) const {
  if (time <= time_.front()) return face_.front();
  if (time >= time_.back()) return face_.back();
  const std::size_t i = std::size_t(std::upper_bound(time_.begin(), time_.end(), time) - time_.begin());
  return face_[i - 1] + (face_[i] - face_[i - 1]) * (time - time_[i - 1]) / (time_[i] - time_[i - 1]);
}
double Heading::age(double x, double time) const {
  if (x <= face_.front()) return std::max(0.0, time - time_.front());
  const std::size_t i = std::size_t(std::lower_bound(face_.begin(), face_.end(), x) - face_.begin());
  if (i == face_.size()) return 0;
  const double passed = time_[i - 1] + (time_[i] - time_[i - 1]) * (x - face_[i - 1]) / (face_[i] - face_[i - 1]);
  return std::max(0.0, time - passed);
}
double Heading::mean_flux(const Strata& rock, const RadialFlux& flux, double x0, double x1, double time) const {
  if (!(x0 < x1 && x1 <= face(time) * (1 + 1e-12)))
    throw InputError("mean flux of a heading needs x0 < x1 ≤ face, not {:.6g} … {:.6g} m with the face at {:.6g} m", x0, x1, face(time));
  // Pieces between the points where the rate of advance changes; on each the age runs straight from old to young.
  std::vector<double> ends = {x0};
  for (double x : face_)
    if (x > ends.back() && x < x1) ends.push_back(x);
  ends.push_back(x1);
  const auto heat = [&](double f) { return f > 0 ? f * flux.mean(f) : 0; };
  double sum = 0;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    const double a = ends[i], b = ends[i + 1], tiny = 1e-9 * (b - a);
    const double old = rock.fourier(age(a + tiny, time)), young = rock.fourier(age(b - tiny, time));
    sum += (b - a) * (old - young > 1e-6 * old ? (heat(old) - heat(young)) / (old - young) : flux(0.5 * (old + young)));
  }
  return sum / (x1 - x0);
}

}  // namespace winze::air
