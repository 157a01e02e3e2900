// Owns the precompiled headers of the tests; there is nothing to run here.
#include <gtest/gtest.h>
