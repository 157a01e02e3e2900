// The bodies of room io, compiled once for dealtrail::compiled.
#include <dealtrail/bodies_io.hpp>
