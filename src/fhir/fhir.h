// FHIR R4 for the rest of the product.
// In: files and JSON bytes. Out: a subject's resources as CQL reads them, libraries and value sets found in FHIR
// resources; rows of the record and identities, and resources written back from rows (resources.h). Always: unknown resource types are carried or ignored, never an error; nothing here throws on bad
// JSON: it is a diagnostic with the file's name.
#pragma once

#include "fhir/data/answers.h"
#include "fhir/data/files.h"
#include "fhir/data/libraries.h"
#include "fhir/data/needed_resources.h"
#include "fhir/data/parameters.h"
#include "fhir/data/patient_id.h"
#include "fhir/data/subject.h"
#include "fhir/data/subjects.h"
#include "fhir/resources.h"
