SELECT bytes FROM block WHERE person = ?
