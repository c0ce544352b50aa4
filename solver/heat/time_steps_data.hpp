/// Work of TimeSteps: systems by step length, nodal arrays.
#pragma once
#include <memory>
#include <vector>

#include "heat/time_steps.hpp"

namespace winze::heat {

/// An operator without its prescribed rows; its columns meet zeros by contract.
class OnUnknowns : public linear::Operator<double> {
 public:
  OnUnknowns(std::shared_ptr<linear::Operator<double>> full, const linear::Mask& mask);
  const SharedNodes& nodes() const override { return full_->nodes(); }
  int width() const override { return 1; }
  void apply(const View<double>& x, const View<double>& y) const override;
  void diagonal(const View<double>& d) const override;
  double eigenvalue_bound() const override { return full_->eigenvalue_bound(); }

 private:
  void set(const View<double>& y, double value) const;
  std::shared_ptr<linear::Operator<double>> full_;
  View<Index> held_;
};

/// A = M + weight · K, K with convection.
struct TimeSteps::System {
  double weight;
  std::vector<double> coefficient;                 ///< of convection, per condition
  std::shared_ptr<linear::Operator<double>> full;  ///< columns of prescribed nodes included; null: conductivity has changed
  std::unique_ptr<OnUnknowns> unknowns;
  View<double> diagonal;
  std::unique_ptr<linear::Preconditioner> preconditioner;
  std::vector<double> preconditioner_coefficient, preconditioner_factor;  ///< what it was made for: it may lag behind
};

/// Arrays [n_local], of which the owned entries count. Entries of dead nodes are 0.
struct TimeSteps::Vectors {
  explicit Vectors(std::size_t n) {
    for (View<double>* v :
         {&start, &now, &middle, &next, &mass_now, &mass_middle, &mass_next, &z1, &z2, &z3, &slope, &bend, &secant, &rhs, &residual, &product, &x})
      *v = View<double>("heat", n);
  }
  View<double> now, middle, next;                 ///< temperature at the stages, K
  View<double> mass_now, mass_middle, mass_next;  ///< M T
  View<double> z1, z2, z3;                        ///< M dT/dt at the stages, W
  View<double> start;                             ///< M T at the beginning of the interval
  View<double> slope, bend;                       ///< dT/dt now, K/s, and half of d²T/dt², K/s²; 0 while unknown
  View<double> secant;                            ///< mean dT/dt over the last step, K/s
  int n_steps = 0;                                ///< since the beginning of the interval
  double moved = 0;                               ///< norm of M dT/dt of the unknowns over the last step, W
  View<double> rhs, residual, product, x;
};

/// body(i) for the owned nodes.
template <class Body>
void each(Index n, const Body& body) {
  parallel_for("heat", n, body);
}
template <class Body>
double sum_over(Index n, const Body& body) {
  double sum = 0;
  Kokkos::parallel_reduce("heat", Kokkos::RangePolicy<Device>(0, n), body, sum);
  return sum;
}

}  // namespace winze::heat
