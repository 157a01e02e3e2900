// The bodies of room io, compiled once: they need nlohmann/json.hpp.
#include <dealtrail/io/detail/json_records.ipp>
#include <dealtrail/io/detail/load.ipp>
#include <dealtrail/io/detail/outcome_rules.ipp>
#include <dealtrail/io/detail/priority_rules.ipp>
#include <dealtrail/io/detail/profile.ipp>
#include <dealtrail/io/detail/read_facts.ipp>
#include <dealtrail/io/detail/read_report.ipp>
