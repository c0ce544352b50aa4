/// The idiom of a rockburst indicator: a plain struct in a file of its own, named in burst/indicators.hpp. Every struct has
///   name, title   as in the case file; its formula in words or symbols
///   doc           one sentence
///   unit          of value(), SI
///   source        author and year, and whether the limits were read there
///   place         where it is evaluated unless the case says otherwise
///   severity      whether larger or smaller values are worse
///   limits        in class order: limits[i] parts class i from class i + 1. The lower bound of an interval belongs to it
///   labels        of the classes, one more than limits
///   keys()        as in input/key.hpp; most have none
///   needs()       what a sample must carry
///   value(sample)
/// An indicator orders places by published experience. It is not a prediction, and no label may call it one.
#pragma once
#include <concepts>
#include <cstdint>
#include <string>

#include "burst/sample.hpp"
#include "input/key.hpp"

namespace winze::burst {

enum class Confidence { published, recalled };
struct Source {
  const char* reference;
  Confidence confidence;  ///< recalled: quoted from the literature without the paper at hand
};

enum class Severity { rises, falls };  ///< with the value

struct Needs {
  bool wall = false;            ///< a point on an excavation surface, with its normal
  bool elastic = false;         ///< stress of a solution in which no rock can yield
  bool ucs = false;             ///< laboratory
  bool modulus = false;         ///< laboratory
  bool in_situ = false;         ///< stress before any excavation
  bool previous_stage = false;  ///< staged solution
};

template <class I>
concept IndicatorStruct = input::HasKeys<I> && requires(const I indicator, const Sample& sample) {
  { I::name } -> std::convertible_to<const char*>;
  { I::title } -> std::convertible_to<const char*>;
  { I::doc } -> std::convertible_to<const char*>;
  { I::unit } -> std::convertible_to<const char*>;
  { I::source } -> std::convertible_to<Source>;
  { I::place } -> std::convertible_to<Place>;
  { I::severity } -> std::convertible_to<Severity>;
  requires I::labels.size() == I::limits.size() + 1;
  { indicator.needs() } -> std::same_as<Needs>;
  { indicator.value(sample) } -> std::same_as<double>;
};

/// Class of a value: 0 is the least severe.
template <IndicatorStruct I>
std::int8_t class_of(double value) {
  std::int8_t number = 0;
  for (const double limit : I::limits) number += I::severity == Severity::rises ? value >= limit : value < limit;
  return number;
}

}  // namespace winze::burst
