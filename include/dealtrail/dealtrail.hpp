#pragma once

// The umbrella: core, table, aggregate and model. It needs the standard library alone.
// io (files and profiles) is opt-in, header by header.
#include <dealtrail/version.hpp>
