// Private to the loader: what its parts share while one folder is read.
#pragma once

#include "system/system.h"

namespace catchment::system {

/// Ids of each table read so far, for the references of later ones.
struct Loading {
  Definitions& definitions;
  System& system;
  KnownIds places, neighbourhoods, small_areas, organisations, networks, practices, sources, bodies;
  std::vector<int> organisation_lines;  // of each organisation
};

void load_settings(Loading& loading);       // system.toml, deprivation_indices
void load_organisations(Loading& loading);  // organisations.csv, successions.csv
void load_geography(Loading& loading);      // places, neighbourhoods, small areas, deprivation, postcodes
void load_practices(Loading& loading);      // networks.csv, practices.csv
void load_published(Loading& loading);      // published/*.csv
void load_bodies(Loading& loading);         // bodies.toml, body_links.csv, posts.csv
void load_strategy(Loading& loading);       // strategy.toml
void load_services(Loading& loading);       // services.csv
void load_promises(Loading& loading);       // promises.csv

}  // namespace catchment::system
