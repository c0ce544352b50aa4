// GoogleTest under MPI: every rank runs every test; a failure on any rank fails the program; only rank 0 prints, others print their failures.
#include <gtest/gtest.h>

#include "base/comm.hpp"
#include "base/session.hpp"

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  winze::Session session(argc, argv);
  const winze::Comm world = winze::Comm::world();
  if (world.rank() != 0) {
    auto& listeners = testing::UnitTest::GetInstance()->listeners();
    class FailuresOnly : public testing::EmptyTestEventListener {
      void OnTestPartResult(const testing::TestPartResult& result) override {
        if (result.failed()) std::fprintf(stderr, "[rank] %s:%d: %s\n", result.file_name(), result.line_number(), result.message());
      }
    };
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new FailuresOnly);
  }
  const int failed = RUN_ALL_TESTS();
  return world.max(failed);
}
