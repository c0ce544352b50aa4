// A refusal: an InputError whose text contains the words.
#pragma once
#include <gtest/gtest.h>

#include <string>

#include "base/error.hpp"

#define EXPECT_REFUSED(expression, words)                                                  \
  do {                                                                                     \
    try {                                                                                  \
      (void)(expression);                                                                  \
      ADD_FAILURE() << #expression " was accepted";                                        \
    } catch (const winze::InputError& error) {                                             \
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what(); \
    }                                                                                      \
  } while (false)
