// Codes and the lists of them that definitions use.
// In: the folder codelists/ and code_names.csv of a definition folder; FHIR value sets and CSV codelists. Out: codelists with their
// version and content hash; value sets that answer CQL.
// Always holds: a codelist's id is unique; within one list a code of a system stands once; the hash
// depends on the codes and their match, not on the order of rows or the wording of displays.
#pragma once

#include "terminology/code_names.h"
#include "terminology/codelists.h"
#include "terminology/value_sets.h"
