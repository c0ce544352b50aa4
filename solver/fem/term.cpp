#include "fem/term.hpp"

#include <algorithm>

namespace winze::fem {

template <class T>
void Term<T>::add_bounded_diagonal(const View<T>& d) const {
  const View<T> own("diagonal", d.size());
  add_diagonal(own);
  const T most = T(bound());
  parallel_for(
      "bounded diagonal", Index(d.size()), KOKKOS_LAMBDA(Index i) { d(i) += most * own(i); });
}

template <class T>
TermSum<T>::TermSum(const SharedNodes& nodes, const HangingNodes& hanging, int width, const linear::Mask& mask,
                    std::vector<std::unique_ptr<Term<T>>> terms)
    : nodes_(nodes), hanging_(hanging), width_(width), terms_(std::move(terms)) {
  std::vector<Index> held;
  for (Index i = 0; i < nodes.n_owned() * width; ++i)
    if (mask.held[i]) held.push_back(i);
  held_ = to_device(held, "held");
}

template <class T>
void TermSum<T>::set_held(const View<T>& y, T value) const {
  const View<Index> held = held_;
  parallel_for(
      "held", Index(held.extent(0)), KOKKOS_LAMBDA(Index i) { y(held(i)) = value; });
}

template <class T>
void TermSum<T>::apply(const View<T>& x, const View<T>& y) const {
  nodes_.update_ghosts(x.data(), width_);
  hanging_.fill(x.data(), width_);
  Kokkos::deep_copy(y, T(0));
  for (const auto& term : terms_) term->add(x, y);
  hanging_.add_to_masters(y.data(), width_);
  nodes_.add_to_owners(y.data(), width_);
  set_held(y, T(0));
}

template <class T>
void TermSum<T>::diagonal(const View<T>& d) const {
  Kokkos::deep_copy(d, T(0));
  for (const auto& term : terms_) term->add_diagonal(d);
  nodes_.add_to_owners(d.data(), width_);
  set_held(d, T(1));
}

template <class T>
double TermSum<T>::eigenvalue_bound() const {
  const View<T> d("diagonal", std::size_t(nodes_.n_local()) * width_), bounded("bounded", std::size_t(nodes_.n_local()) * width_);
  diagonal(d);
  for (const auto& term : terms_) term->add_bounded_diagonal(bounded);
  nodes_.add_to_owners(bounded.data(), width_);
  set_held(bounded, T(0));
  double bound = 0;
  Kokkos::parallel_reduce(
      "bound", Kokkos::RangePolicy<Device>(0, nodes_.n_owned() * width_),
      KOKKOS_LAMBDA(Index i, double& most) {
        if (d(i) > T(0)) most = std::max(most, double(bounded(i)) / double(d(i)));
      },
      Kokkos::Max<double>(bound));
  return nodes_.comm().max(bound);
}

template <class T>
std::size_t TermSum<T>::bytes() const {
  std::size_t bytes = 0;
  for (const auto& term : terms_) bytes += term->bytes();
  return bytes;
}

template class Term<double>;
template class Term<float>;
template class TermSum<double>;
template class TermSum<float>;

}  // namespace winze::fem
