SELECT id, code, name, neighbourhood, place, deprivation_fifth FROM area
