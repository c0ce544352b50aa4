#include "linear/algebraic.hpp"

namespace winze::linear {
namespace {

void set_default(const std::string& option, const std::string& value) {
  PetscBool given = PETSC_FALSE;
  WINZE_PETSC(PetscOptionsHasName(nullptr, nullptr, option.c_str(), &given));
  if (!given) WINZE_PETSC(PetscOptionsSetValue(nullptr, option.c_str(), value.c_str()));
}

}  // namespace

void set_near_null_space(Mat matrix, const std::vector<double>& points, const std::vector<Index>& kept, const std::vector<std::uint8_t>& held,
                         int width) {
  OwnedVec coordinates;
  WINZE_PETSC(MatCreateVecs(matrix, &coordinates, nullptr));
  MatNullSpace modes = nullptr;
  if (width == 3) {
    PetscScalar* to = nullptr;
    WINZE_PETSC(VecSetBlockSize(coordinates, 3));
    WINZE_PETSC(VecGetArray(coordinates, &to));
    for (size_t k = 0; k < kept.size(); ++k)
      for (int c = 0; c < 3; ++c) to[3 * k + c] = points[3 * size_t(kept[k]) + c];
    WINZE_PETSC(VecRestoreArray(coordinates, &to));
    WINZE_PETSC(MatNullSpaceCreateRigidBody(coordinates, &modes));
    const Vec* vectors = nullptr;
    PetscInt n = 0;
    WINZE_PETSC(MatNullSpaceGetVecs(modes, nullptr, &n, &vectors));
    for (PetscInt m = 0; m < n; ++m) {
      WINZE_PETSC(VecGetArray(vectors[m], &to));
      for (size_t k = 0; k < kept.size(); ++k)
        for (int c = 0; c < 3; ++c)
          if (held[3 * size_t(kept[k]) + c]) to[3 * k + c] = 0;
      WINZE_PETSC(VecRestoreArray(vectors[m], &to));
    }
  } else {
    WINZE_PETSC(MatNullSpaceCreate(PetscObjectComm(PetscObject(Mat(matrix))), PETSC_TRUE, 0, nullptr, &modes));
  }
  const PetscErrorCode code = MatSetNearNullSpace(matrix, modes);
  MatNullSpaceDestroy(&modes);
  check(code, "MatSetNearNullSpace");
}

void use_gamg(PC pc, const std::string& prefix) {
  WINZE_PETSC(PCSetType(pc, PCGAMG));
  PetscReal threshold[] = {0};
  WINZE_PETSC(PCGAMGSetThreshold(pc, threshold, 1));
#if PETSC_VERSION_GE(3, 19, 0)
  set_default("-" + prefix + "pc_gamg_aggressive_coarsening", "0");
#else
  set_default("-" + prefix + "pc_gamg_square_graph", "0");
#endif
}

bool use_boomer(PC pc, const std::string& prefix, int width) {
  {
    QuietErrors quiet;
    if (PCSetType(pc, PCHYPRE) != 0) return false;
  }
  WINZE_PETSC(PCHYPRESetType(pc, "boomeramg"));
  const std::string option = "-" + prefix + "pc_hypre_boomeramg_";
  set_default(option + "numfunctions", std::to_string(width));
  set_default(option + "strong_threshold", "0.5");
  set_default(option + "coarsen_type", "HMIS");
  set_default(option + "interp_type", "ext+i");
  set_default(option + "P_max", "4");
  return true;
}

}  // namespace winze::linear
