// Rows of Parquet chunks through a RowProgram.
#pragma once

#include "intake/reading.h"

namespace catchment::intake {

/// Texts of the batch point into the chunks. `line` is the row's number in the file, from 1.
void run_chunks(RowProgram& program, const Work& work, bool keep_raw, Batch& batch);

}  // namespace catchment::intake
