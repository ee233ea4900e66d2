SELECT basis, split, variant, month, place, position, grp, numerator, denominator, value, low, high, standardised, standardised_low, standardised_high, hidden
FROM figure WHERE measure = ? ORDER BY basis, split, variant, month, place, position, grp
