/// Owners of PETSc objects and the translation of its error codes. Only for .cpp files of linear/.
#pragma once
#include <petscksp.h>

#include <utility>

#include "base/error.hpp"
#include "base/types.hpp"

namespace winze::linear {

/// Throws SolverError naming the call that failed. Inside a PETSc callback return the code instead: exceptions never cross PETSc frames.
inline void check(PetscErrorCode code, const char* call) {
  if (code == 0) return;
  const char* text = nullptr;
  PetscErrorMessage(code, &text, nullptr);
  throw SolverError("PETSc failed in {}: {} (code {}).", call, text ? text : "unknown error", int(code));
}
#define WINZE_PETSC(call) ::winze::linear::check(call, #call)

/// PETSc indices may be 32 bits wide.
inline PetscInt petsc_index(GlobalIndex i) {
  if (GlobalIndex(PetscInt(i)) != i) throw SolverError("{} unknowns need a PETSc built with 64-bit indices.", i);
  return PetscInt(i);
}

/// Destroys the object at the end of the scope.
template <class Object, PetscErrorCode (*destroy)(Object*)>
class Owned {
 public:
  Owned() = default;
  Owned(Owned&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  Owned& operator=(Owned&& other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Owned() {
    if (object_) destroy(&object_);
  }
  operator Object() const { return object_; }
  Object* operator&() { return &object_; }  ///< for creating calls

 private:
  Object object_ = nullptr;
};
using OwnedVec = Owned<Vec, VecDestroy>;
using OwnedMat = Owned<Mat, MatDestroy>;
using OwnedKsp = Owned<KSP, KSPDestroy>;

/// PETSc reports errors by code, without printing a trace, in this scope.
struct QuietErrors {
  QuietErrors() { PetscPushErrorHandler(PetscReturnErrorHandler, nullptr); }
  ~QuietErrors() { PetscPopErrorHandler(); }
  QuietErrors(const QuietErrors&) = delete;
};

}  // namespace winze::linear
