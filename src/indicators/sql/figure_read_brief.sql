-- Without a split, by deprivation, by ethnic group and by sex: the numbers of enum Split.
SELECT basis, split, variant, month, place, position, grp, numerator, denominator, value, low, high, standardised, standardised_low, standardised_high, hidden
FROM figure WHERE measure = ? AND split IN (0, 5, 6, 8) ORDER BY basis, split, variant, month, place, position, grp
