SELECT keys FROM lookup_key WHERE bucket = ?
