// The shapes of the app API, one struct for each schema of api/openapi.json, with its names, a header for each page.
// `fields` names every member once; write.h turns it into JSON. The file is the contract: tests hold
// every answer against it.
#pragma once

#include "api/model/cohorts.h"
#include "api/model/evidence.h"
#include "api/model/feeds.h"
#include "api/model/figure.h"
#include "api/model/measures.h"
#include "api/model/population.h"
#include "api/model/residents.h"
#include "api/model/review.h"
#include "api/model/session.h"
#include "api/model/start.h"
#include "api/model/structure.h"
