/// Index types used everywhere: local counts fit in 32 bits, global ones need 64. PetscInt stays inside linear/.
#pragma once
#include <cstdint>
namespace winze {
using Index = std::int32_t;
using GlobalIndex = std::int64_t;
}  // namespace winze
