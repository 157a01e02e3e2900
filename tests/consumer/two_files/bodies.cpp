#include <dealtrail/bodies.hpp>
