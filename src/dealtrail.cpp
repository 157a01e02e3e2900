// The umbrella header as one translation unit of the compiled target: it must build without any opt-in header.
#include <dealtrail/dealtrail.hpp>
