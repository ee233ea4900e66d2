// access: who may see what, for which purpose, and the proof afterwards.
// In: a Subject (an account working in one role for one purpose), an Object (what is asked for).
// Out: a Decision with its reason; a records::RowFilter, without which nothing that holds person data or counts
// can be read; one row of the audit chain.
// Always holds: only a Gate makes a RowFilter, and only after the audit row is on disk; a refusal is
// recorded as fully as a permission; when the audit cannot be written nothing is answered; passwords,
// session tokens and person data are never in an error or a log.
#pragma once

#include "access/accounts.h"
#include "access/audit.h"
#include "access/backup.h"
#include "access/decide.h"
#include "access/secret.h"
#include "access/sessions.h"
#include "access/subject.h"
