#pragma once

// The bodies of the headers of io/, beside bodies.hpp in one .cpp of the program. They need nlohmann/json.

#ifdef DEALTRAIL_HEADER_ONLY
#error "the bodies come with each header: DEALTRAIL_HEADER_ONLY and bodies.hpp exclude each other"
#endif

#include <dealtrail/io/detail/json_records.ipp>
#include <dealtrail/io/detail/load.ipp>
#include <dealtrail/io/detail/outcome_rules.ipp>
#include <dealtrail/io/detail/priority_rules.ipp>
#include <dealtrail/io/detail/profile.ipp>
#include <dealtrail/io/detail/read_facts.ipp>
#include <dealtrail/io/detail/read_facts_report.ipp>
